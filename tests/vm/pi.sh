#!/bin/bash
# The arm64 package on an emulated Raspberry Pi 3: Debian's kernel, the real PL011 and GPIO drivers, systemd's sandbox;
# this test is the master on its UART and reads its pins from outside (TAP).
#   pi.sh      as root; minutes, twice that the first time: by hand, before a release
set -eu

here=$(cd "$(dirname "$0")" && pwd)
src=$(cd "${SRCDIR:-$here/../..}" && pwd)
tools=$src/tests/tools
cache=$(realpath -m "${VM_DIR:-${BUILD:-build}/vm}")
modules=$(realpath -m "${NODE_MBUS_DIR:-${BUILD:-build}/node-mbus}")
suite=bookworm

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all "only root can make a Debian tree"
for tool in qemu-system-aarch64 qemu-aarch64-static mmdebstrap arch-test cpio fdtput stty; do
    command -v "$tool" >/dev/null ||
        skip_all "$tool is missing; it takes qemu-system-arm qemu-user-static mmdebstrap arch-test cpio device-tree-compiler"
done

mkdir -p "$cache"
work=$(mktemp -d)
tree=$(mktemp -d "$cache/tree.XXXXXX")
machine=
cleanup() {
    [ -z "$machine" ] || kill -KILL "$machine" 2>/dev/null || true
    "$tools/foreign-programs.sh" stop "$work/programs"
    rm -rf --one-file-system "$work" "$tree"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
"$tools/foreign-programs.sh" start "$work/programs" aarch64 || skip_all "no program of arm64 runs here"

n=0
ok() { # TEXT STATUS [FILE]: the end of FILE explains a failure
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        [ ! -e "${3:-}" ] || tail -n 60 "$3" | tr -d '\r' | sed 's/^/# /'
    fi
}
status_of() { if "$@" >/dev/null 2>&1; then echo 0; else echo 1; fi; }
give_up() { # TEXT FILE
    ok "$1" 1 "$2"
    echo "1..$n"
    exit 0
}

# ---- the machine: its kernel, and a root with the package --------------------------------------
begun=$SECONDS
"$tools/cross-deb.sh" arm64 "$work/deb" >"$work/log" 2>&1 || give_up "the package for arm64 builds" "$work/log"
ok "the package for arm64 builds" 0
"$tools/debian-tree.sh" --arch arm64 "$suite" "$cache/pi-$suite.tar" systemd systemd-sysv dbus udev gpiod libconfig9 \
    kmod procps || skip_all "no Debian tree; is there a network?"
tar -C "$tree" -xf "$cache/pi-$suite.tar"
if [ ! -e "$cache/pi-kernel/vmlinuz" ]; then
    rm -rf "$cache/pi-kernel" "$work/kernel"
    mkdir -p "$cache/pi-kernel"
    cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"
    # shellcheck disable=SC2016
    "$tools/enter-tree.sh" "$tree" sh -euc 'apt-get -qq update; cd /tmp
        apt-get -qq download "$(apt-cache depends linux-image-arm64 | sed -n "s/.*Depends: //p" | head -n 1)"' \
        >"$work/log" 2>&1 || give_up "the kernel is there" "$work/log"
    dpkg -x "$tree"/tmp/linux-image-*.deb "$work/kernel"
    find "$work/kernel" -name bcm2837-rpi-cm3-io3.dtb -exec cp {} "$cache/pi-kernel/dtb" \;
    cp "$work"/kernel/boot/vmlinuz-* "$cache/pi-kernel/vmlinuz"
    rm -rf "$tree"/tmp/*.deb "$work/kernel" "$tree"/var/lib/apt/lists/*_*
fi
cp "$work"/deb/mbus-slave_*_arm64.deb "$tree/tmp/"
"$tools/enter-tree.sh" "$tree" sh -c 'dpkg -i /tmp/mbus-slave_*.deb && rm /tmp/mbus-slave_*.deb' >"$work/log" 2>&1 ||
    give_up "the package installs" "$work/log"
ok "the package installs" 0
cp "$here/pi-inside.sh" "$tree/usr/local/sbin/"
cat >"$tree/etc/systemd/system/pi-test.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
# What to do stands on the kernel's command line.
ExecStart=/bin/sh -c 'exec /usr/local/sbin/pi-inside.sh $$(sed "s/.*pi-test=//" /proc/cmdline)'
StandardError=journal+console
UNIT
mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
ln -s ../pi-test.service "$tree/etc/systemd/system/multi-user.target.wants/"
# The mini UART, which this board leaves off, is our way in; and once, the other is off, as on a fresh Pi.
cp "$cache/pi-kernel/dtb" "$work/dtb"
fdtput -t s "$work/dtb" /soc/serial@7e215040 status okay
cp "$work/dtb" "$work/dtb.missing"
fdtput -t s "$work/dtb.missing" /soc/serial@7e201000 status disabled
ln -sf /sbin/init "$tree/init"
rm -rf "$tree"/var/cache/apt/* "$tree"/usr/share/{doc,locale,man} "$tree"/dev/*
(cd "$tree" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/root.gz"
echo "# made in $((SECONDS - begun)) s"

# ---- power, the wires to it, and what it asks for ----------------------------------------------
power_on() { # WHAT WORD...: on the command line of the kernel
    local what=$1 pty dtb=$work/dtb
    shift
    [ ! -e "$dtb.$what" ] || dtb+=.$what
    : >"$work/qemu" # the machine's own output comes there in its own time
    qemu-system-aarch64 -M raspi3b -m 1G -smp 4 -display none -no-reboot -kernel "$cache/pi-kernel/vmlinuz" \
        -dtb "$dtb" -initrd "$work/root.gz" \
        -append "$* quiet systemd.show_status=0 pi-test=$what" \
        -chardev pty,id=bus -serial chardev:bus -chardev pty,id=results -serial chardev:results \
        -chardev pty,id=monitor -mon chardev=monitor >>"$work/qemu" 2>&1 </dev/null &
    machine=$!
    for ((i = 0; i < 100; i++)); do
        [ "$(grep -c redirected "$work/qemu")" -lt 3 ] || break
        sleep 0.1
    done
    for pty in bus results monitor; do stty -F "$(wire $pty)" raw -echo; done
    exec 5<>"$(wire monitor)" 6<>"$(wire results)" 7<>"$(wire bus)"
}
wire() { sed -n "s/.*redirected to \(.*\) (label $1).*/\1/p" "$work/qemu"; }
power_off() {
    exec 5>&- 6>&- 7>&-
    kill "$machine" 2>/dev/null || true
    wait "$machine" 2>/dev/null || true
    machine=
}

monitor() { # COMMAND: what QEMU's monitor says to it
    local line text=
    echo "$1" >&5
    while IFS= read -r -t 5 -d ')' line <&5; do # up to the next "(qemu)"
        text+=$line
        [[ $line != *'(qemu' ]] || [[ $text != *"$1"* ]] || break
    done
    echo "$text"
}
levels() { # GPLEV0 of the BCM2837: lines 0 to 31
    monitor 'xp /1wx 0x3f200034' | tr -d '\r' | sed -n 's/.*3f200034: \(0x[0-9a-f]*\).*/\1/p' | tail -n 1
}
ask() { # HEX: prints the answer in hex
    local answer
    # shellcheck disable=SC2059
    printf "$(sed 's/\([0-9A-F][0-9A-F]\) */\\x\1/g' <<<"$1")" >&7
    answer=$(timeout 1 cat <&7 | od -An -v -tx1 | tr -s ' \n' ' ' || true)
    echo "${answer:1}" | sed 's/ $//'
}
stock='68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 ?? 00 00 00 02 fd 49 d2 04 02 16 c8 01 ?? 16'
equal() { # TEXT PATTERN FOUND
    # shellcheck disable=SC2053
    ok "$1 ($3)" "$(if [[ $3 == $2 ]]; then echo 0; else echo 1; fi)"
}

step() { # NAME [WORD...]
    local all seen=()
    case $1 in
    pins)
        all=$(levels)
        for word in "${@:2}"; do
            equal "pin GPIO${word%=*}, from outside, is ${word#*=}: $all" "${word#*=}" "$((all >> ${word%=*} & 1))"
        done
        ;;
    read)
        equal "SND_NKE is acknowledged" e5 "$(ask '10 40 03 43 16')"
        equal "REQ_UD2 is answered" "$stock" "$(ask '10 7B 03 7E 16')"
        equal "another address gets silence" '' "$(ask '10 7B 09 84 16')"
        equal "FF, which the driver doubles, is one: selection" e5 \
            "$(ask '68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16')"
        equal "... and what was selected answers" "$stock" "$(ask '10 7B FD 78 16')"
        ;;
    transmit)
        printf '\x10\x7B\x03\x7E\x16' >&7
        for ((i = 0; i < 40; i++)); do
            all=$(levels)
            seen+=($((all >> 17 & 1)))
        done
        timeout 0.3 cat <&7 >/dev/null || true
        equal "transmit is active around an answer, and no longer" '?(0)10' \
            "$(tr -d ' ' <<<"${seen[*]}" | tr -s 01)"
        echo "# transmit, seen again and again: ${seen[*]}"
        ;;
    break) monitor 'chardev-send-break bus' >/dev/null ;;
    node)
        if [ -e "$modules/node_modules/node-mbus" ] && command -v node >/dev/null; then
            node "$modules/read.js" pty "$(wire bus)" 9600 3 >"$work/node" 2>&1 </dev/null || true
            stty -F "$(wire bus)" raw -echo
            ok "node-mbus reads the meter" "$(status_of grep -q '"Value":1234' "$work/node")" "$work/node"
        else
            n=$((n + 1))
            echo "ok $n - node-mbus reads the meter # SKIP node-mbus is not installed (tests/masters)"
        fi
        ;;
    esac
}
run() { # TEXT WHAT WORD...
    local text=$1 what=$2 line reached=1 begun=$SECONDS
    shift
    power_on "$@"
    while IFS= read -r -t 120 line <&6; do
        line=${line%$'\r'}
        echo "$line" >>"$work/console.$what"
        case $line in
        '@ ok '*) ok "$text: ${line#@ ok }" 0 ;;
        '@ not ok '*) ok "$text: ${line#@ not ok }" 1 ;;
        '@ # '*) echo "${line#@ }" ;;
        '@ step '*)
            # shellcheck disable=SC2086
            step ${line#@ step }
            echo go >&6
            ;;
        '@ end') reached=0; break ;;
        esac
    done
    ok "$text: it came to its end" "$reached" "$work/console.$what"
    power_off
    echo "# $text: $((SECONDS - begun)) s"
}
run "the UART is free" bus console=tty0
run "the console is on the UART" console console=ttyAMA0
run "there is no UART" missing console=tty0
echo "1..$n"
