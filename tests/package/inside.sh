#!/bin/bash
# Runs inside the Debian of container.sh at each of its boots, and leaves one line a result in the file `results`.
#   inside.sh PORT      a free TCP port; /dev/ttyAMA0 and /dev/ttyMASTER are the ends of a serial cable
set -u

here=${BASH_SOURCE%/*}
if [ ! -e "$here/rebooted" ]; then
    "$here/service.sh" "$1"
    "$here/values.sh" "$1"
    "$here/mqtt.sh" "$1"
    touch "$here/rebooted" "$here/rebooting"
    systemctl reboot --no-block
else
    "$here/rebooted.sh" "$1"
    "$here/removal.sh" "$1"
    touch "$here/end"
    systemctl poweroff --no-block
fi
