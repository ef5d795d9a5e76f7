#!/bin/bash
# Runs on the Raspberry Pi that pi.sh emulates: lines "@ ..." on the mini UART are results, and steps that wait for it.
#   pi-inside.sh bus        the Hat's UART is free
#   pi-inside.sh console    the kernel's console is on it
#   pi-inside.sh missing    it is not there
set -u

console=/dev/$(grep -l aux-uart /sys/class/tty/ttyS*/device/of_node/compatible | cut -d/ -f5)
exec 3<>$console
stty -F $console raw -echo
cd /run || exit 1
tty=/dev/ttyAMA0

say() { printf '@ %s\n' "$*" >&3; }
step() { # NAME [WORD...]: the other end looks at the pins, or is the master, and says when it has done
    say "step $*"
    read -r _ <&3
}
show() { sed 's/^/@ # /' >&3; }
ok() { # TEXT COMMAND...
    local text=$1 status=0
    shift
    "$@" >command.log 2>&1 || status=$?
    if [ "$status" -eq 0 ]; then say "ok $text"; else
        say "not ok $text"
        tail -n 15 command.log | show
        journalctl -u mbus-slave -n 15 --no-pager -o cat | show
    fi
}
within() { # SECONDS COMMAND...: until it is true
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.2
    done
}
mark() { since=$(journalctl -n 0 --show-cursor -q | sed -n 's/^-- cursor: //p'); }
logged() { journalctl -u mbus-slave -o cat --after-cursor "$since" | grep -qF -- "$1"; }
configure() { # DEVICE BAUD HAT
    cat >/etc/mbus-slave.conf <<CONF
port = { device = "$1"; baud = $2; };
meter = { address = 3; id = "12345678"; records = (
  { name = "voltage"; unit = "V"; type = "int16"; value = 1234; },
  { name = "volume"; unit = "m3"; type = "int16"; value = 456; } ); };
hat = { $3 };
CONF
}
line_is() { # WORD...: stty shows each
    local settings=" $(stty -F $tty -a | tr ';\n' '  ') "
    echo "$settings"
    for word in "$@"; do [[ $settings == *" $word "* ]] || return 1; done
}
# TIOCSERGETLSR: 1 when the shift register is empty; unknown ioctls fail.
shifted_out() {
    perl -e 'open F, "+<", $ARGV[0] or die; $l = pack("L", 0); ioctl(F, 0x5459, $l) or die "$!"; exit !unpack("L", $l)' $tty
}
holds() { gpioinfo | grep -E "GPIO$1\"? .*mbus-slave"; }
sandboxed() { # the process, not the file of the unit
    local status
    status=$(cat "/proc/$(systemctl show -P MainPID mbus-slave)/status")
    echo "$status"
    grep -q 'NoNewPrivs:	1' <<<"$status" && grep -q 'Seccomp:	2' <<<"$status" &&
        grep -q 'CapEff:	0000000000000000' <<<"$status"
}
own_users() { # PrivateUsers=
    local pid
    pid=$(systemctl show -P MainPID mbus-slave)
    [ "$(readlink "/proc/$pid/ns/user")" != "$(readlink /proc/self/ns/user)" ]
}

bus() {
    configure $tty 2400 'enable = { line = "GPIO26"; }; transmit = { line = "GPIO17"; }; activity = { line = "GPIO27"; };'
    gpiodetect | show
    step pins 26=0 17=0 27=0
    mark
    ok 'systemctl start' systemctl start mbus-slave
    ok 'the port opens' within 5 logged "$tty: open, 2400 baud"
    ok 'the UART has nothing to be explained' \
        sh -c '! journalctl -u mbus-slave -o cat | grep -E "config.txt|cmdline.txt"'
    ok '8E1, faults marked' line_is 'speed 2400 baud' parenb -parodd -cstopb cs8 inpck parmrk -ignpar -istrip \
        cread clocal -crtscts -opost -icanon -echo
    ok 'the PL011 tells whether it has sent all' within 5 shifted_out
    ok 'enable is ours' holds 26
    ok 'its sandbox is around the process' sandboxed
    ok 'PrivateUsers=' own_users
    ok 'systemd-analyze security of the loaded unit: 1.5 or better' \
        systemd-analyze security --no-pager --threshold=15 mbus-slave.service
    sed -n 's/.*\(Overall.*\)/\1/p' command.log | show
    step pins 26=1 17=0
    step read
    step transmit
    mark
    step break
    systemctl kill -s USR1 mbus-slave
    ok 'a break is seen as one' within 5 logged '1 bad break'
    configure $tty 9600 'enable = { line = "GPIO26"; }; transmit = { line = "GPIO17"; };'
    ok 'systemctl reload' systemctl reload mbus-slave
    ok '9600 baud' within 5 line_is 'speed 9600 baud' parenb
    step node

    ok 'systemctl stop' systemctl stop mbus-slave
    step pins 26=0 17=0
    ok 'status 0' test "$(systemctl show -P Result -P ExecMainStatus mbus-slave | tr '\n' ' ')" = 'success 0 '
}

console() {
    configure $tty 2400 ''
    mark
    ok 'systemctl start' systemctl start mbus-slave
    ok 'a console on the UART is explained' within 5 logged "the kernel's console is on this UART"
    configure $console 2400 ''
    mark
    ok 'systemctl restart' systemctl restart mbus-slave
    ok 'the mini UART is explained' within 5 logged 'this is the mini UART'
    systemctl stop mbus-slave
    stty -F $console raw -echo
}

missing() {
    configure $tty 2400 'enable = { line = "GPIO26"; };'
    mark
    ok 'a start without the UART is a start' systemctl start mbus-slave
    ok '... that explains how to switch it on' within 5 logged 'this UART is not switched on'
    ok '... and drives the Hat' holds 26
    step pins 26=1
    systemctl stop mbus-slave
    step pins 26=0
}

say "# $(tr -d '\0' </proc/device-tree/model), $(uname -r -m), $(awk '{ print $1 }' /proc/uptime) s after the start"
ok 'installed: neither enabled nor running' sh -c '! systemctl is-enabled mbus-slave && ! systemctl is-active mbus-slave'
"$1"
journalctl -u mbus-slave --no-pager -o short-precise | sed 's/^/journal: /' | show
say end
