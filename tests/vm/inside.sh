#!/bin/bash
# The first process of the machine that uml.sh boots: makes GPIO chips, runs the daemon on them, writes TAP.
#   results/tap           the tests, a plan at the end
#   results/serial.*      the part with a master: uml.sh is the master, on the host's end of /dev/ttyS0
set -u

here=/srv/vm results=/srv/results program=/srv/mbus-slave/build/mbus-slave
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /run
mount -t configfs configfs /sys/kernel/config
exec >"$results/tap" 2>&1 </dev/null

power_off() { # there is no init to ask
    echo "1..$n"
    sync
    perl -e 'syscall(169, 0xfee1dead - 0x100000000, 672274793, 0x4321fedc)'
}
n=0
trap power_off EXIT
ok() { # TEXT COMMAND...: and the daemon's log when it fails
    n=$((n + 1))
    local text=$1
    shift
    if "$@" >/dev/null 2>&1; then
        echo "ok $n - $text"
    else
        echo "not ok $n - $text"
        sed 's/^/# /' "$log"
    fi
}
log=/run/log # of the daemon that was started last
says() { grep -qF -- "$1" "$log"; }
until_true() { # COMMAND...: within 10 s
    for ((i = 0; i < 200; i++)); do
        ! "$@" 2>/dev/null || return 0
        sleep 0.05
    done
    return 1
}

# ---- the chips ---------------------------------------------------------------------------------
sim=/sys/kernel/config/gpio-sim
make_chip() { # NAME LABEL LINES [OFFSET=NAME | OFFSET!HOLDER]...
    local bank=$sim/$1/bank0
    mkdir -p "$bank"
    echo "$3" >"$bank/num_lines"
    echo "$2" >"$bank/label"
    for line in "${@:4}"; do
        local offset=${line%%[=!]*} what=${line#*[=!]}
        mkdir -p "$bank/line$offset"
        case $line in
        *=*) echo "$what" >"$bank/line$offset/name" ;;
        *!*)
            mkdir "$bank/line$offset/hog"
            echo "$what" >"$bank/line$offset/hog/name"
            echo output-low >"$bank/line$offset/hog/direction"
            ;;
        esac
    done
    echo 1 >"$sim/$1/live"
}
pin() { # NAME OFFSET: the file that shows the level of a pin
    echo "/sys/devices/platform/$(cat "$sim/$1/dev_name")/$(cat "$sim/$1/bank0/chip_name")/sim_gpio$2"
}
level() { cat "$(pin "$1" "$2")/value"; }
is() { test "$(level "$1" "$2")" = "$3"; }
consumer() { # CHIP OFFSET: who holds a line
    gpioinfo | awk -v chip="$(cat "$sim/$1/bank0/chip_name")" -v offset="$2" '
        $1 == chip { inside = 1; next } /^gpiochip/ { inside = 0 }
        inside && $1 == "line" && $2 == offset ":" { print }'
}

# ---- the daemon --------------------------------------------------------------------------------
meter='meter = { address = 3; id = "12345678"; records = (
  { name = "voltage"; unit = "V"; type = "int16"; value = 1234; },
  { name = "volume"; unit = "m3"; type = "int16"; value = 456; } ); };'
configure() { # HAT [DEVICE]
    printf 'port = { device = "%s"; baud = 2400; };\n%s\nhat = { %s };\n' "${2:-pty}" "$meter" "$1" >/run/conf
}
daemon=
start() { # [COMMAND...]
    log=/run/log
    "$@" "$program" --config /run/conf >$log 2>&1 &
    daemon=$!
    until_true grep -qE 'point a master at|open, |^hat\.' $log
}
stop() { # SIGNAL
    kill "-$1" "$daemon"
    wait "$daemon"
    status=$?
}
fails() { # TEXT CONFIG MESSAGE: the daemon ends with 1 and one line
    configure "$2"
    log=/run/log.failed
    timeout 10 "$program" --config /run/conf >$log 2>&1
    status=$?
    ok "$1: exit status 1" test "$status" = 1
    ok "$1: says $3" says "$3"
    grep '^hat' $log | sed 's/^/# /'
}

fails "no chip at all" 'enable = { line = "GPIO26"; };' 'hat.enable: GPIO26: this machine has no GPIO chip'

make_chip hat hat-sim 32 26=GPIO26 17=GPIO17 27=GPIO27 7!board-hog
make_chip pi pinctrl-bcm2711 54
hat=$(cat $sim/hat/bank0/chip_name) pi=$(cat $sim/pi/bank0/chip_name)

# ---- from start to stop ------------------------------------------------------------------------
for signal in TERM INT; do
    configure 'enable = { line = "GPIO26"; }; activity = { chip = "hat-sim"; offset = 3; };
        transmit = { chip = "'"$hat"'"; offset = 4; active_low = true; };'
    start
    ok "enable is high while the daemon runs" is hat 26 1
    ok "activity is low" is hat 3 0
    ok "transmit, active low, is high" is hat 4 1
    ok "the line names its consumer" grep -q mbus-slave <<<"$(consumer hat 26)"
    echo "# $(consumer hat 26)"
    echo "# $(consumer hat 4)"
    stop $signal
    ok "SIG$signal: exit status 0" test "$status" = 0
    ok "SIG$signal: enable is low" is hat 26 0
    ok "SIG$signal: the line is free" grep -qv mbus-slave <<<"$(consumer hat 26)"
done

# A released pin of gpio-sim shows its pull, so the level alone does not tell who pulled it low.
configure 'enable = { line = "GPIO26"; active_low = true; };'
echo pull-up >"$(pin hat 26)/pull"
start strace -e trace=ioctl,close -o /run/strace -ff
ok "enable, active low, is low" is hat 26 0
pkill -TERM -x mbus-slave
wait "$daemon"
ok "and its pull shows after the end" is hat 26 1
echo pull-down >"$(pin hat 26)/pull"
grep -h GPIO /run/strace.* | tail -n 3 | sed 's/^/# /'
ok "the last call to the line drove it inactive" \
    grep -qE 'SET_LINE_VALUES_IOCTL, \{values=\[0,|SET_VALUES_IOCTL, \{bits=0,' <<<"$(grep -h GPIO /run/strace.* | tail -n 1)"

configure ''
rm /run/strace.*
start strace -e trace=openat -o /run/strace -ff
ok "without a line in the file no chip is looked at" test "$(cat /run/strace.* | grep -c gpiochip)" = 0
pkill -TERM -x mbus-slave
wait "$daemon"

configure 'enable = { line = "GPIO9"; };'
start
ok "GPIOn that no chip names is a pin of the Pi's chip" is pi 9 1
stop TERM

configure 'enable = { chip = "/dev/'"$pi"'"; offset = 10; drive = "open_drain"; bias = "pull_up"; };'
start
ok "a chip by its path, with drive and bias" grep -q 'open-drain.*pull-up\|pull-up.*open-drain' <<<"$(consumer pi 10)"
echo "# $(consumer pi 10)"
stop TERM

# ---- what cannot be had ------------------------------------------------------------------------
fails "unknown line" 'enable = { line = "RELAY"; };' "hat.enable: RELAY: no chip has a line of that name; looked at"
fails "missing chip" 'transmit = { chip = "pinctrl-rp1"; offset = 3; };' \
    "hat.transmit: offset 3 of pinctrl-rp1: there is no such chip; looked at"
fails "missing path" 'activity = { chip = "/dev/gpiochip9"; offset = 3; };' \
    "hat.activity: offset 3: chip /dev/gpiochip9 cannot be opened: No such file or directory"
fails "no such offset" 'enable = { chip = "hat-sim"; offset = 32; };' \
    "hat.enable: offset 32 of $hat [hat-sim]: the chip has 32 lines"
fails "held by the kernel" 'enable = { chip = "hat-sim"; offset = 7; };' \
    "hat.enable: offset 7 of $hat [hat-sim] is in use by \"board-hog\""

if gpioset --help | grep -q -- --mode; then gpioset --mode=signal "$hat" 17=1 & else gpioset -c "$hat" 17=1 & fi
holder=$!
until_true is hat 17 1
fails "held by gpioset" 'enable = { line = "GPIO17"; };' "hat.enable: GPIO17 of $hat [hat-sim] is in use by \"gpioset\""
mkfifo /run/end
chrt -f 50 "$here/levels" "enable=$(pin hat 26)/value" </run/end >/run/levels &
exec 8>/run/end
fails "one of two held" 'enable = { line = "GPIO26"; }; transmit = { line = "GPIO17"; };' "hat.transmit: GPIO17 of"
exec 8>&-
wait $!
ok "... and the other was not asserted" test "$(grep -c 'enable 1' /run/levels)" = 0
kill $holder

configure 'enable = { line = "GPIO26"; };'
start
fails "held by another daemon" 'enable = { line = "GPIO26"; };' "is in use by \"mbus-slave\""

# ---- reload ------------------------------------------------------------------------------------
log=/run/log
chrt -f 50 "$here/levels" "enable=$(pin hat 26)/value" </run/end >/run/levels &
exec 8>/run/end
configure 'enable = { line = "GPIO26"; }; activity = { line = "GPIO27"; }; transmit = { chip = "hat-sim"; offset = 7; };'
until_true grep -q enable /run/levels
kill -HUP "$daemon"
until_true says 'was read again'
ok "reload: a line that cannot be had is an error" says 'hat.transmit: offset 7 of '
ok "reload: a new line is requested" grep -q mbus-slave <<<"$(consumer hat 27)"
exec 8>&-
sleep 0.2
ok "reload: a line that is the same stays as it is" test "$(grep -c enable /run/levels)" = 1
stop TERM
ok "reload: all is let go at the end" test -z "$(gpioinfo | grep mbus-slave)"

# ---- with a master, on the serial port ---------------------------------------------------------
configure 'enable = { line = "GPIO26"; }; activity = { line = "GPIO27"; pulse = "200 ms"; };
    transmit = { line = "GPIO17"; active_low = true; };' /dev/ttyS0
start
ok "the serial port opens" says '/dev/ttyS0: open, 2400 baud'
chrt -f 50 "$here/levels" "enable=$(pin hat 26)/value" "activity=$(pin hat 27)/value" "transmit=$(pin hat 17)/value" \
    </run/end >$results/serial.levels &
exec 8>/run/end
dmesg | sed -n "s/.*Serial line 0 assigned device '\(.*\)'.*/\1/p" >$results/serial.pty
touch $results/serial.ready
until_true test -e $results/serial.done || until_true test -e $results/serial.done
stop TERM
ok "serial: exit status 0" test "$status" = 0
exec 8>&-
wait
