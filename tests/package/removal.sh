#!/bin/bash
# The end of the package in the booted Debian of container.sh: stopped, removed, purged, and Debian's own tests of it.
#   removal.sh PORT
set -u

port=$1
. "${BASH_SOURCE%/*}/steps.sh"

configure 5
systemctl restart mbus-slave
runs 'started again' within 5 answers 5
systemctl stop mbus-slave
equal 'stopped cleanly' 'inactive success 0' "$(property ActiveState) $(property Result) $(property ExecMainStatus)"
runs '... having said what it counted' logged counters
equal '... and the link is gone' 1 "$([ -L /run/mbus-slave/pty ]; echo $?)"
install_package reinstall >apt.log 2>&1
equal 'an upgrade does not start what was stopped' inactive "$(systemctl is-active mbus-slave)"
systemctl start mbus-slave
before=$(pid)
runs 'apt remove' apt-get -y -o Dpkg::Use-Pty=0 remove mbus-slave
equal '... stops it' 1 "$([ -e "/proc/$before" ]; echo $?)"
runs '... and leaves configuration and state' test -e $conf -a -e /var/lib/mbus-slave/state
journalctl -u mbus-slave --no-pager -o short-precise >journal.txt
runs 'apt purge' apt-get -y -o Dpkg::Use-Pty=0 purge mbus-slave
journalctl --list-catalog >catalog 2>/dev/null
ok '... takes the catalog entries along' "$(grep -q mbus-slave catalog; [ $? -eq 1 ]; echo $?)" catalog
find / -xdev \( -path /proc -o -path /srv -o -path /sys -o -path /var/lib/apt/lists \) -prune -o \
    -name '*mbus[-_]slave*' -print >command.log 2>/dev/null
ok '... and leaves no file' "$([ ! -s command.log ]; echo $?)" command.log
runs '... only its user' getent passwd mbus-slave

install_package install >apt.log 2>&1
runs 'debian/tests/values' tests/values
runs 'debian/tests/service' tests/service
