#!/bin/sh
# End of a `make install` on this very machine: makes the unit's user and tells systemd, udev and D-Bus what is new.
#   installed.sh SYSUSERS-FOLDER      each step only where the tool is there; the package does the same in its own way
set -eu

step() { # COMMAND...
    command -v "$1" >/dev/null || return 0
    "$@" || echo "  ('$*' failed; see above)"
}
if [ "$(id -u)" -ne 0 ]; then
    echo "  Not root: the user mbus-slave, the journal's catalog, udev's rules and D-Bus are still to be set up"
    exit 0
fi
step systemd-sysusers "$1/mbus-slave.conf"
step journalctl --update-catalog
if [ -e /run/udev/control ]; then
    step udevadm control --reload
    step udevadm trigger --subsystem-match=gpio --action=change
fi
if [ -e /run/systemd/system ] && [ -e /run/dbus/system_bus_socket ]; then
    step systemctl reload dbus
fi
