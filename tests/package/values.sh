#!/bin/bash
# Live values in the booted Debian of container.sh: what the service may read and run, who may do what over D-Bus,
# failures in the journal, counters that last.
#   values.sh PORT      service.sh has run
set -u

port=$1
. "${BASH_SOURCE%/*}/steps.sh"
. "${BASH_SOURCE%/*}/readings.sh"

mkdir -p /srv/sensor
echo 21.5 >/srv/sensor/temperature
useradd -m house
home=$(getent passwd house | cut -d: -f6)
chmod 0755 "$home"
echo 17.25 >"$home/room"
echo 42 >/etc/secret
chmod 0600 /etc/secret
cat >/usr/local/bin/sensor <<'SCRIPT'
#!/bin/sh
echo "user: $(id -u), power: $((6 * 7)).5 W"
SCRIPT
chmod 0755 /usr/local/bin/sensor

live() { # INTERVAL of the sensors; their order is that of `records` in readings.sh
    cat >$conf <<CONF
port = { device = "tcp:$port"; };
state = { interval = "1 h"; };
meter = { name = "live"; address = 10; id = "00000010"; records = (
  { name = "count"; unit = "Wh"; pushed = { start = 0; }; },
  { name = "power"; quantity = "power"; unit = "W"; pushed = { }; },
  { name = "mtu"; quantity = "count"; file = { path = "/sys/class/net/lo/mtu"; interval = "$1"; }; },
  { name = "load"; quantity = "count"; type = "real32"; file = { path = "/proc/loadavg"; field = 1; interval = "$1"; }; },
  { name = "room"; unit = "degC"; quantity = "flow_temperature"; resolution = 0.01;
    file = { path = "$home/*"; interval = "$1"; }; },
  { name = "temperature"; unit = "degC"; quantity = "return_temperature"; resolution = 0.1;
    file = { path = "/srv/sensor/temperature"; interval = "$1"; }; },
  { name = "secret"; quantity = "count"; file = { path = "/etc/secret"; interval = "$1"; }; },
  { name = "awk"; quantity = "count"; command = { argv = [ "/usr/bin/awk", "BEGIN { print 6 * 7 }" ]; interval = "$1"; }; },
  { name = "script"; quantity = "power"; unit = "W"; resolution = 0.1;
    command = { argv = [ "/usr/local/bin/sensor" ]; pattern = "power: ([0-9.]+)"; interval = "$1"; }; },
  { name = "user"; quantity = "count";
    command = { argv = [ "/usr/local/bin/sensor" ]; pattern = "user: ([0-9]+)"; interval = "$1"; }; },
  { name = "time"; quantity = "datetime"; clock = { zone = "Asia/Kathmandu"; }; }
); };
CONF
}

# ---- sources, as the unit lets them
live '1 s'
runs 'mbus-slave --check of live values' mbus-slave --check
systemctl restart mbus-slave
runs 'a meter of live values answers' within 10 shows script 'instantaneous 42.5'
equal 'a file below /sys' "instantaneous $(cat /sys/class/net/lo/mtu)" "$(on_wire mtu)"
runs 'a file below /proc' matches '^instantaneous [0-9.]+$' "$(on_wire load)"
equal 'a file in a home, found by a *' 'instantaneous 17.25' "$(on_wire room)"
equal 'a file elsewhere' 'instantaneous 21.5' "$(on_wire temperature)"
equal 'awk as a command' 'instantaneous 42' "$(on_wire awk)"
equal 'a script as a command, run by the user of the service' "instantaneous $(id -u mbus-slave)" "$(on_wire user)"
equal 'a clock in a zone of its own' "instantaneous $(TZ=Asia/Kathmandu date +%F)" "$(on_wire time)"
equal 'a file that only root may read is an error for the master' 'error -' "$(on_wire secret)"
entries "$(message failed)" MBUS_METER=live MBUS_RECORD=secret >command.log
ok '... for the journal, with its path' \
    "$(grep -q '"MESSAGE":"live.secret: file: Permission denied (/etc/secret)"' command.log; echo $?)" command.log
mbus-slavectl status >command.log 2>&1
ok '... and for mbus-slavectl status' "$(grep -q 'live.secret: data_error: Permission denied' command.log; echo $?)" command.log

modes() { stat -c '%a %U:%G %n' "$@"; }
equal 'state and ledger are where they belong, and the service'\''s alone' \
    "$(printf '%s mbus-slave:mbus-slave %s\n' 750 /var/lib/mbus-slave 600 /var/lib/mbus-slave/state \
        755 /run/mbus-slave 600 /run/mbus-slave/ledger)" \
    "$(modes /var/lib/mbus-slave /var/lib/mbus-slave/state /run/mbus-slave /run/mbus-slave/ledger)"

# ---- D-Bus
name=io.github.mbus_slave1 path=/io/github/mbus_slave1
as_nobody() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
outcome() { # COMMAND...: its status and what it says
    local status=0 said
    said=$("$@" 2>&1 </dev/null) || status=$?
    echo "$status ${said//$'\n'/ / }"
}
useradd -G mbus-slave member
as_member() { setpriv --reuid=member --regid=member --init-groups "$@"; }
runs 'the name is on the system bus' busctl --quiet status $name
equal '... and belongs to the service' "$(pid)" "$(busctl status $name | sed -n 's/^PID=//p')"
as_nobody busctl --no-pager introspect $name $path/meter/live/power >command.log 2>&1
ok 'everybody may introspect it' "$(grep -q '^\.Value  *property  *v ' command.log; echo $?)" command.log
as_nobody busctl --no-pager --list tree $name >command.log 2>&1
ok '... see its objects' "$(grep -q "^$path/meter/live/temperature\$" command.log; echo $?)" command.log
equal '... read a property' 'v d 21.5' "$(as_nobody busctl get-property $name $path/meter/live/temperature $name.Record Value)"
as_nobody mbus-slavectl show live >command.log 2>&1
ok '... show a meter' "$(grep -q '^  temperature  file .* 21\.5  degC' command.log; echo $?)" command.log
as_nobody mbus-slavectl monitor >monitor.log 2>&1 &
watcher=$!
runs '... and watch the bus' within 10 sh -c "mbus-slavectl read tcp:localhost:$port 10; grep -q 'tcp:$port.*RSP_UD' monitor.log"
kill $watcher
denied='permission denied: that is for root and for members of group mbus-slave'
equal 'not everybody may set' "1 $denied" "$(outcome as_nobody mbus-slavectl set live.power 1)"
equal '... nor through the interface of a record' '1 Call failed: Access denied' \
    "$(outcome as_nobody busctl call $name $path/meter/live/power $name.Record Set v d 1)"
echo 'live.power 1' >lines
equal '... nor feed' "1 $denied" "$(outcome as_nobody sh -c 'mbus-slavectl feed <lines' | sed 's, / .*,,')"
equal '... nor forget' "1 $denied" "$(outcome as_nobody mbus-slavectl forget live)"
equal '... and nothing has changed' 'error -' "$(on_wire power)"
equal 'a member of group mbus-slave may set' '0 ' "$(outcome as_member mbus-slavectl set live.power 4350)"
equal '... which a master reads' 'instantaneous 4350' "$(on_wire power)"
equal 'root may' '0 ' "$(outcome mbus-slavectl set live.power=4351 live.count=7)"
equal '... which a master reads' 'instantaneous 4351, instantaneous 7' "$(on_wire power), $(on_wire count)"
equal 'of many values one is wrong: said' '1 live.nothing: live has no such record' \
    "$(outcome as_member mbus-slavectl set live.power=1 live.nothing=2)"
equal '... and none is taken' 'instantaneous 4351' "$(on_wire power)"
# This Debian has no libnss-systemd.
runs 'a user whom the bus cannot look up is told so' matches '^1 the system bus does not let this user in' \
    "$(outcome systemd-run --quiet --wait --pipe -p DynamicUser=yes mbus-slavectl status)"
sed -i '1i control = { name = "attic"; };' $conf
systemctl restart mbus-slave
runs 'a daemon with a name of its own lets everybody look' within 10 as_nobody mbus-slavectl show --instance attic live
runs '... and ask how it is' as_nobody mbus-slavectl status --instance attic
equal '... and not everybody set' "1 $denied" "$(outcome as_nobody mbus-slavectl set --instance attic live.power 1)"
equal '... but a member of the group' '0 ' "$(outcome as_member mbus-slavectl set --instance attic live.power 2)"
live '1 s'
systemctl restart mbus-slave
runs 'without that name it has the plain one again' within 10 busctl --quiet status $name

# ---- a sensor fails and recovers
stories() { entries "$(message "$1")" MBUS_METER=live MBUS_RECORD=temperature --since "@$since" | grep -c .; }
has_story() { [ "$(stories "$1")" -gt 0 ]; }
since=$(date +%s)
rm /srv/sensor/temperature
runs 'a sensor that fails is an error for the master' within 10 shows temperature 'error -'
runs '... and in the journal, with its meter and record' within 5 has_story failed
equal '... the others are as before' 'instantaneous 17.25' "$(on_wire room)"
sleep 2.5
equal '... said once' 1 "$(stories failed)"
echo 22.5 >/srv/sensor/temperature
runs 'when it recovers the master reads it' within 10 shows temperature 'instantaneous 22.5'
runs '... and the journal says so, with its meter and record' within 5 has_story good
equal '... once' 1 "$(stories good)"
journalctl -u mbus-slave -x --no-pager --since "@$since" >command.log 2>&1
ok 'journalctl -x explains the failure' "$(grep -q 'masters read "value during error state" and' command.log; echo $?)" command.log
ok '... and the recovery' "$(grep -q 'Subject: A value of meter live is good again' command.log; echo $?)" command.log

# ---- reloaded while values are pushed
push() { # counts up until `pushing` is gone, 50 values at a time
    local i=0
    while [ -e pushing ]; do
        i=$((i + 1))
        echo "live.count $i"
        [ $((i % 50)) -ne 0 ] || sleep 0.02
    done
    echo "$i" >pushed
}
touch pushing
(push | mbus-slavectl feed >feed.log 2>&1; echo $? >feed.status) &
before=$(pid)
reloads=0
for interval in '2 s' '3 s' '4 s' '5 s' '1 s'; do
    live "$interval"
    systemctl reload mbus-slave && mbus-slavectl read "tcp:localhost:$port" 10 >/dev/null && reloads=$((reloads + 1))
    sleep 0.3
done
rm pushing
wait
equal 'five reloads while values are pushed, the meter answers after each' 5 "$reloads"
equal '... from the same process' "$before" "$(pid)"
equal '... feed has nothing to say' '0' "$(cat feed.status feed.log)"
equal '... and the last value is there' "instantaneous $(cat pushed)" "$(on_wire count)"
echo "# $(cat pushed) values pushed" >&8

# ---- what was counted is kept (the state itself would be written once an hour)
before=$(pid)
mbus-slavectl set live.count 1000001
kill -KILL "$before"
runs 'kill -9: it starts again' within 15 new_process
runs '... and the counter is as it was' within 10 shows count 'instantaneous 1000001'
before=$(pid)
mbus-slavectl set live.count 1000002
systemctl restart mbus-slave
runs 'restarted: the counter is as it was' within 10 shows count 'instantaneous 1000002'
before=$(pid)
mbus-slavectl set live.count 1000003
runs 'upgraded' install_package reinstall
runs '... it runs the new program' within 10 new_process
runs '... and the counter is as it was' within 10 shows count 'instantaneous 1000003'
cp $conf live.conf

# ---- the bus goes and comes
systemctl stop dbus.socket dbus.service
equal 'without a system bus the meter answers' 'instantaneous 1000003' "$(on_wire count)"
runs '... mbus-slavectl says that there is none' matches '^1 the system bus cannot be reached' "$(outcome mbus-slavectl status)"
systemctl start dbus.socket dbus.service
runs 'when the bus is back, so is the name' within 60 busctl --quiet status $name
