#!/bin/bash
# The package and its unit in the booted Debian of container.sh: installed, started, read, reloaded, killed, upgraded.
#   service.sh PORT      a free TCP port; /dev/ttyAMA0 and /dev/ttyMASTER are the ends of a serial cable
set -u

port=$1
. "${BASH_SOURCE%/*}/steps.sh"

# ---- installed, and no more
apt-get -qq update >apt.log 2>&1
runs 'apt install ./mbus-slave_*.deb' install_package install
equal 'it is not enabled' disabled "$(systemctl is-enabled mbus-slave 2>&1)"
equal 'it is not started' inactive "$(systemctl is-active mbus-slave 2>&1)"
equal 'its user is in groups dialout and gpio' 'dialout gpio' "$(id -nG mbus-slave | tr ' ' '\n' | grep -v mbus | sort | xargs)"
runs 'the stock configuration is good' mbus-slave --check
journalctl --list-catalog >catalog 2>/dev/null
catalog=/usr/lib/systemd/catalog/mbus-slave.catalog
equal 'the catalog is in the journal'\''s database' "$(grep -c '^-- ' $catalog)" \
    "$(grep '^-- ' $catalog | cut -c4- | while read -r one; do grep "^$one" catalog; done | grep -c .)"
# NAME ID: the ids that are looked for below, by the subject of their entry.
named() { awk -v subject="$2" '/^-- /{ id = $2 } /^Subject: / && index($0, subject) { print "'"$1"' " id; exit }' $catalog; }
{
    named started 'has started'
    named open 'is open'
    named waiting 'cannot be opened'
    named reloaded 'taken over'
    named refused 'has refused'
    named wrong 'slave is wrong'
    named counters 'has counted'
    named stopped 'is stopping'
    named failed 'is not good'
    named good 'is good again'
} >ids

runs 'debian/tests/smoke' tests/smoke

# ---- the unit
unit=$(property FragmentPath)
systemd-analyze security --no-pager --offline=true --threshold=15 "$unit" >security.txt 2>&1
ok 'systemd-analyze security of the unit file: 1.5 or better' $? security.txt
runs 'systemd-analyze security of the service: 1.5 or better' \
    systemd-analyze security --no-pager --threshold=15 mbus-slave.service
sed -n 's/.*\(Overall.*\)/# \1/p' security.txt command.log >&8
runs 'systemd-analyze verify' systemd-analyze verify --man=no mbus-slave.service
equal '... has nothing to say' '' "$(cat command.log)"

# ---- started
configure 3
runs 'systemctl enable --now mbus-slave' systemctl enable --now mbus-slave
equal 'it is enabled' enabled "$(systemctl is-enabled mbus-slave)"
equal 'it is active' active "$(systemctl is-active mbus-slave)"
equal 'it runs as mbus-slave' mbus-slave "$(stat -c %U "/proc/$(pid)")"
equal 'the status says what is open and what is not' \
    "meter at address 3; on /dev/ttyAMA0; waiting for /dev/ttyAMA9 (No such file or directory); on /run/mbus-slave/pty; on tcp:$port" \
    "$(property StatusText)"
runs 'the journal has the start' within 5 logged started
runs 'the journal has the open port, with its field' logged open MBUS_PORT=/dev/ttyAMA0
runs 'the journal has the missing port, with its field' logged waiting MBUS_PORT=/dev/ttyAMA9
entries "$(message waiting)" >command.log
ok 'a missing port is a warning of mbus-slave' \
    "$(grep '"PRIORITY":"4"' command.log | grep -q '"SYSLOG_IDENTIFIER":"mbus-slave"'; echo $?)" command.log
journalctl -u mbus-slave -x --no-pager >command.log 2>&1
ok 'journalctl -x explains the open port' "$(grep -q 'Subject: Port /dev/ttyAMA0 is open' command.log; echo $?)" command.log
ok 'journalctl -x says what to do about the missing one' \
    "$(grep -q 'No such file or directory: there is no device of that name' command.log; echo $?)" command.log

# ---- read
runs 'the meter answers over TCP' meter 3 "$(ask_tcp 3)"
runs 'the meter answers over the serial port' meter 3 "$(ask_tty /dev/ttyMASTER 3)"
runs 'the meter answers over the pty' meter 3 "$(ask_tty /run/mbus-slave/pty 3)"
runs '... which everyone may open' setpriv --reuid=nobody --regid=nogroup --clear-groups test -w /run/mbus-slave/pty
for way in tcp serial; do
    touch $way.wanted
    within 40 test -e $way.done
    if [ -e $way.skip ]; then
        echo "skip node-mbus reads the meter ($way): $(cat $way.skip)" >&8
    else
        cat $way.lines $way.err >command.log 2>&1
        ok "node-mbus reads the meter ($way)" "$(grep -q '"Id":12345678.*"Value":1234.*"Value":456' $way.lines; echo $?)" command.log
    fi
done

serial_answers() { meter "$1" "$(ask_tty /dev/ttyMASTER "$1")"; }

# ---- reloaded
before=$(pid)
configure 5
runs 'systemctl reload' systemctl reload mbus-slave
runs '... and the new address answers' within 5 answers 5
equal '... the old one does not' '' "$(ask_tcp 3)"
runs '... and the journal says so' logged reloaded
break_config
fails 'systemctl reload of a wrong file fails' systemctl reload mbus-slave
runs '... and the meter answers as before' answers 5
equal '... from the same process' "$before" "$(pid)"
systemctl kill -s HUP mbus-slave
runs 'SIGHUP with a wrong file is refused' within 5 logged refused
entries "$(message wrong)" >command.log
ok '... with file, line and setting' "$(grep -q '"MESSAGE":"/etc/mbus-slave.conf:13: .*m4' command.log; echo $?)" command.log
runs '... and the meter answers as before' answers 5
configure 5
runs 'after a correction reload works again' systemctl reload mbus-slave

# ---- stopped by others
drop_in=/run/systemd/system/mbus-slave.service.d
mkdir -p $drop_in
printf '[Service]\nWatchdogSec=2s\n' >$drop_in/watchdog.conf
systemctl daemon-reload
systemctl restart mbus-slave
before=$(pid)
restarts=$(property NRestarts)
kill -STOP "$before"
runs 'SIGSTOP: the watchdog starts it again' within 15 new_process
runs '... and the journal has the watchdog' sh -c 'journalctl -u mbus-slave --no-pager | grep -q "Watchdog timeout"'
runs '... and the meter answers over TCP' within 5 answers 5
runs '... and over the serial port' within 5 serial_answers 5
rm -r $drop_in
systemctl daemon-reload
systemctl restart mbus-slave
before=$(pid)
kill -KILL "$before"
runs 'kill -9: it starts again' within 10 new_process
runs '... and the meter answers over TCP' within 5 answers 5
runs '... and over the serial port' within 5 serial_answers 5
ok '... which systemd counts as restarts' "$([ "$(property NRestarts)" -gt "$restarts" ]; echo $?)"

# ---- changed by a master
set_address() { # 5 becomes 9: the acknowledge, in hex
    (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf '\x68\x06\x06\x68\x53\x05\x51\x01\x7a\x09\x2d\x16' >&3 &&
        timeout 3 head -c 1 <&3 | od -An -v -tx1 | tr -d ' ') 2>/dev/null
}
state_owner() { stat -c %U:%G /var/lib/mbus-slave/state; }
equal 'a master sets another address' e5 "$(set_address)"
before=$(pid)
kill -KILL "$before"
runs 'kill -9: it starts again' within 10 new_process
runs '... and the meter answers at the address that the master has set' within 5 answers 9
equal '... and not at that of the file' '' "$(ask_tcp 5)"
journalctl -u mbus-slave --no-pager >command.log 2>&1
ok '... which the journal says' "$(grep -q 'answers at 9, set by a master; the file says 5' command.log; echo $?)" command.log
equal 'the state is the service'\''s' mbus-slave:mbus-slave "$(state_owner)"
fails '--forget while the service runs' mbus-slave --forget meter
systemctl stop mbus-slave
runs '--forget when it is stopped' mbus-slave --forget meter
equal '... leaves the state to the service' mbus-slave:mbus-slave "$(state_owner)"
systemctl start mbus-slave
runs '... and the meter answers at the address of the file' within 5 answers 5

before=$(pid)
runs 'installed again, as in an upgrade' install_package reinstall
runs '... it runs the new program' within 5 new_process
runs '... with the configuration as it was' within 5 answers 5

# ---- wrong
break_config
fails 'a start with a wrong configuration fails' systemctl restart mbus-slave
equal '... with status 78' 78 "$(property ExecMainStatus)"
sleep 3
equal '... and is not tried again' 'failed 0' "$(property ActiveState) $(property NRestarts)"
