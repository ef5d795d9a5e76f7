#!/bin/bash
# After a reboot of the Debian of container.sh: what was counted is there, and all works without a hand.
#   rebooted.sh PORT      mqtt.sh has run before it
set -u

port=$1
. "${BASH_SOURCE%/*}/steps.sh"
. "${BASH_SOURCE%/*}/readings.sh"

runs 'rebooted: the service has started' within 10 is SubState running
equal '... a counter is as it was' 'instantaneous 1234.5' "$(reading 10 0)"
equal '... of the other meter too' 'instantaneous 12345' "$(reading 11 0)"
runs '... the name is on the system bus' within 10 busctl --quiet status io.github.mbus_slave1
runs '... and what is published is read' within 30 published heat/power 4354 10 1
systemctl disable --now mbus-slave-mqtt
rm /etc/systemd/system/mbus-slave-mqtt.service
systemctl daemon-reload

cp live.conf $conf
systemctl restart mbus-slave
runs 'a record that comes back to the configuration goes on counting' within 10 shows count 'instantaneous 1000003'
