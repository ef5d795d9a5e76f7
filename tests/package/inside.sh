#!/bin/bash
# Runs inside the booted Debian of container.sh, where the package is: one line a result, to the file `results`.
#   inside.sh PORT      a free TCP port; /dev/ttyAMA0 and /dev/ttyMASTER are the ends of a serial cable
set -u

port=$1
cd /srv/test || exit 1
exec 8>results
conf=/etc/mbus-slave.conf

ok() { # TEXT STATUS [FILE]
    if [ "$2" -eq 0 ]; then
        echo "ok $1" >&8
    else
        echo "not ok $1" >&8
        [ ! -e "${3:-}" ] || tail -n 25 "$3" | sed 's/^/# /' >&8
    fi
}
equal() { # TEXT WANTED FOUND
    if [ "$2" = "$3" ]; then
        echo "ok $1" >&8
    else
        printf 'not ok %s\n# wanted: %s\n# found:  %s\n' "$1" "$2" "$3" >&8
    fi
}
runs() { # TEXT COMMAND...: it must end with 0
    local text=$1 status=0
    shift
    "$@" >command.log 2>&1 || status=$?
    ok "$text" "$status" command.log
}
fails() { # TEXT COMMAND...: it must not
    local text=$1
    shift
    if "$@" >command.log 2>&1; then ok "$text" 1 command.log; else ok "$text" 0; fi
}
within() { # SECONDS COMMAND...: until it is true
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}
property() { systemctl show -P "$1" mbus-slave; }
pid() { property MainPID; }
is() { [ "$(property "$1")" = "$2" ]; }
entries() { journalctl -u mbus-slave --output json "$@" 2>/dev/null; }
message() { awk -v name="$1" '$1 == name { print "MESSAGE_ID=" $2 }' ids; }
logged() { entries "$(message "$1")" "${@:2}" | grep -q .; }

# What a meter at an address sends when it is asked, in hex: over TCP, and over a terminal.
request() { printf '\x10\x5b%b%b\x16' "\\x$(printf %02x "$1")" "\\x$(printf %02x $((0x5b + $1)))"; }
answer() { timeout 3 head -c 30 <&3 | od -An -v -tx1 -w30 | sed 's/^ //'; }
ask_tcp() { # ADDRESS
    (exec 3<>"/dev/tcp/127.0.0.1/$port" && request "$1" >&3 && answer) 2>/dev/null
}
ask_tty() { # PATH ADDRESS
    (exec 3<>"$1" && stty raw -echo <&3 && request "$2" >&3 && answer) 2>/dev/null
}
# The answer of the stock meter, whatever its access number.
meter() { # ADDRESS ANSWER
    [[ $2 == "68 18 18 68 08 $(printf %02x "$1") 72 78 56 34 12 74 52 01 00 "??" 00 00 00 02 fd 49 d2 04 02 16 c8 01 "??" 16" ]]
}
answers() { meter "$1" "$(ask_tcp "$1")"; }

configure() { # ADDRESS
    cat >$conf <<CONF
ports = (
  { device = "/dev/ttyAMA0"; baud = 9600; },
  { device = "/dev/ttyAMA9"; },
  { device = "pty"; link = "/run/mbus-slave/pty"; },
  { device = "tcp:$port"; }
);
meter = {
  address = $1;
  id = "12345678";
  manufacturer = "TST";
  records = (
    { name = "voltage"; unit = "V";  type = "int16"; value = 1234; },
    { name = "volume";  unit = "m3"; type = "int16"; value = 456; }
  );
};
CONF
}
break_config() {
    configure 7
    sed -i 's/unit = "m3"/unit = "m4"/' $conf
}

# ---- installed, and no more
apt-get -qq update >apt.log 2>&1
runs 'apt install ./mbus-slave_*.deb' apt-get -y -o Dpkg::Use-Pty=0 install ./mbus-slave_*.deb
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
new_process() { [ "$(pid)" != "$before" ] && [ "$(pid)" != 0 ] && is SubState running; }
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
runs 'installed again, as in an upgrade' apt-get -y -o Dpkg::Use-Pty=0 reinstall ./mbus-slave_*.deb
runs '... it runs the new program' within 5 new_process
runs '... with the configuration as it was' within 5 answers 5

# ---- wrong
break_config
fails 'a start with a wrong configuration fails' systemctl restart mbus-slave
equal '... with status 78' 78 "$(property ExecMainStatus)"
sleep 3
equal '... and is not tried again' 'failed 0' "$(property ActiveState) $(property NRestarts)"

# ---- at the end
configure 5
systemctl start mbus-slave
runs 'started again' within 5 answers 5
systemctl stop mbus-slave
equal 'stopped cleanly' 'inactive success 0' "$(property ActiveState) $(property Result) $(property ExecMainStatus)"
runs '... having said what it counted' logged counters
equal '... and the link is gone' 1 "$([ -L /run/mbus-slave/pty ]; echo $?)"
apt-get -y -o Dpkg::Use-Pty=0 reinstall ./mbus-slave_*.deb >apt.log 2>&1
equal 'an upgrade does not start what was stopped' inactive "$(systemctl is-active mbus-slave)"
systemctl start mbus-slave
touch /var/lib/mbus-slave/state
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

apt-get -y -o Dpkg::Use-Pty=0 install ./mbus-slave_*.deb >apt.log 2>&1
runs 'debian/tests/service' tests/service

touch end
