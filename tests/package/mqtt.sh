#!/bin/bash
# The MQTT bridge of the examples in the booted Debian of container.sh: a real mosquitto, and a master that reads.
#   mqtt.sh PORT      values.sh has run; leaves the bridge running
set -u

port=$1
. "${BASH_SOURCE%/*}/steps.sh"
. "${BASH_SOURCE%/*}/readings.sh"

examples=/usr/share/doc/mbus-slave/examples
runs 'systemd-analyze verify of the MQTT bridge' systemd-analyze verify --man=no $examples/mbus-slave-mqtt.service
equal '... has nothing to say' '' "$(cat command.log)"
systemd-analyze security --no-pager --offline=true --threshold=15 $examples/mbus-slave-mqtt.service >command.log 2>&1
ok 'systemd-analyze security of the MQTT bridge: 1.5 or better' $? command.log
sed -n 's/.*\(Overall.*\)/# \1/p' command.log >&8

sed "s|device = \"/dev/ttyAMA0\"|device = \"tcp:$port\"|" $examples/mqtt-bridge.conf >$conf
systemctl restart mbus-slave
cp $examples/mbus-slave-mqtt.service /etc/systemd/system/
systemctl daemon-reload
equal 'before anything is published, power is an error' 'error -' "$(reading 10 1)"
runs 'the MQTT bridge starts' systemctl enable --now mbus-slave-mqtt
runs 'what is published is read by a master' within 20 published heat/power 4350 10 1
runs '... and so is a counter' within 5 published heat/energy 1234.5 10 0
runs '... of the other meter too, in litres' within 5 published water/volume 12.345 11 0 12345
bridge_says() { journalctl -u mbus-slave-mqtt -o cat --since "@$since" | grep -qF -- "$1"; }
since=$(date +%s)
publish heat/colour blue
publish heat/power warm
runs 'a topic that is no record is told in the journal' within 5 bridge_says heat/colour
runs '... and a payload that is no number' within 5 bridge_says warm
equal '... which changes nothing' 'instantaneous 4350' "$(reading 10 1)"

bridge() { systemctl show -P MainPID mbus-slave-mqtt; }
before=$(bridge)
systemctl restart mbus-slave
runs 'the slave was restarted: counters are as they were' within 5 reads 10 0 'instantaneous 1234.5'
runs '... and what is published is read again' within 10 published heat/power 4351 10 1
systemctl restart mosquitto
runs 'the broker was restarted: what is published is read again' within 30 published heat/power 4352 10 1
equal '... through the same bridge' "$before" "$(bridge)"
kill -KILL "$before"
runs 'feed was killed: the bridge starts anew' within 30 published heat/power 4353 10 1
