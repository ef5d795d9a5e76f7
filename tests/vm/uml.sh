#!/bin/bash
# The Hat's lines on a real kernel: gpio-sim in a user-mode Linux that runs a Debian tree, and the daemon on that
# machine's serial port with this test as its master (TAP).
#   uml.sh [SUITE]      bookworm (default) has libgpiod 1.6; trixie, 2.x: there the unit tests run too
set -eu

here=$(cd "$(dirname "$0")" && pwd)
src=$(cd "${SRCDIR:-$here/../..}" && pwd)
cache=$(realpath -m "${VM_DIR:-${BUILD:-build}/vm}")
modules=$(realpath -m "${NODE_MBUS_DIR:-${BUILD:-build}/node-mbus}")
suite=${1:-bookworm}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all "only root can make a Debian tree and enter it"
for tool in mmdebstrap unshare chroot perl gcc make flex bison bc; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
[ "$(uname -m)" = x86_64 ] || skip_all "user-mode Linux runs on x86-64 only"
unshare --mount --pid --fork true 2>/dev/null || skip_all "this machine lets nobody make a mount namespace"

mkdir -p "$cache"
work=$(mktemp -d)
tree=$(mktemp -d "$cache/tree.XXXXXX")
machine=
cleanup() {
    [ -z "$machine" ] || kill -KILL -- "-$machine" 2>/dev/null || true
    rm -rf --one-file-system "$work" "$tree"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

"$src/tests/tools/debian-tree.sh" "$suite" "$cache/$suite.tar" gcc libc6-dev make pkgconf libsystemd-dev libconfig-dev \
    libgpiod-dev libcmocka-dev dbus-daemon gpiod procps strace || skip_all "no Debian tree; is there a network?"
if ! "$here/kernel.sh" "$cache" >"$work/kernel" 2>&1 </dev/null; then
    tail -n 20 "$work/kernel" | sed 's/^/# /'
    skip_all "the kernel could not be built"
fi
sed -n 's/^kernel: /# /p' "$work/kernel"

n=0
ok() { # TEXT STATUS [FILE]: the end of FILE explains a failure
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $suite: $1"
    else
        echo "not ok $n - $suite: $1"
        [ ! -e "${3:-}" ] || tail -n 60 "$3" | tr -d '\r' | sed 's/^/# /'
    fi
}
status_of() { if "$@" >/dev/null 2>&1; then echo 0; else echo 1; fi; }

# ---- the tree, and the program built in it -----------------------------------------------------
# Runs a command in the tree with its own processes and mounts, which end with it.
enter() { # COMMAND...
    # shellcheck disable=SC2016
    unshare --mount --pid --fork --kill-child --propagation private bash -euc '
        tree=$1; shift
        mount -t proc proc "$tree/proc"
        mount -t tmpfs -o mode=0755 tmpfs "$tree/dev"
        for node in null zero full random urandom tty; do
            touch "$tree/dev/$node"; mount --bind "/dev/$node" "$tree/dev/$node"
        done
        mkdir -m 1777 "$tree/dev/shm"; mkdir "$tree/dev/pts"
        mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$tree/dev/pts"
        ln -s pts/ptmx "$tree/dev/ptmx"; ln -s /proc/self/fd "$tree/dev/fd"
        exec chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"
    ' enter "$tree" "$@" </dev/null
}
tar -C "$tree" -xf "$cache/$suite.tar"
mkdir -p "$tree/srv/mbus-slave" "$tree/srv/vm" "$tree/srv/results"
cp "$here/inside.sh" "$tree/srv/vm"
(cd "$src" && find Makefile src tests etc systemd -type f | tar -cf - -T -) | tar -C "$tree/srv/mbus-slave" -xf -

version=$(enter pkg-config --modversion libgpiod)
targets=all
[ "$suite" = bookworm ] || targets=tests
result=0
enter make -C /srv/mbus-slave "-j$(nproc)" -s WERROR=1 "$targets" >"$work/build" 2>&1 || result=$?
ok "builds with libgpiod $version, no warning" "$result" "$work/build"
if [ "$targets" = tests ]; then
    result=0
    # shellcheck disable=SC2016
    enter sh -c 'cd /srv/mbus-slave && tests/tools/run-tests.sh build/tests/unit/*/test_*' >"$work/unit" 2>&1 || result=$?
    ok "the unit tests pass ($(tail -n 1 "$work/unit"))" "$result" "$work/unit"
fi
enter gcc -O2 -D_GNU_SOURCE -o /srv/vm/levels /srv/mbus-slave/tests/vm/levels.c >"$work/build" 2>&1 || true
if [ ! -x "$tree/srv/mbus-slave/build/mbus-slave" ]; then
    echo "1..$n"
    exit 0
fi

# ---- the machine -------------------------------------------------------------------------------
results=$tree/srv/results
begun=$SECONDS
setsid "$cache/linux" mem=256M root=/dev/root rootfstype=hostfs rootflags="$tree" rw con=null con0=fd:0,fd:1 \
    ssl0=pts uml_dir="$work" init=/srv/vm/inside.sh quiet >"$work/console" 2>&1 </dev/null &
machine=$!
alive() { kill -0 "$machine" 2>/dev/null; }
wait_for() { # FILE: while the machine runs, at most 90 s
    for ((i = 0; i < 900; i++)); do
        [ ! -e "$1" ] || return 0
        alive || return 1
        sleep 0.1
    done
    return 1
}

# The master: requests in hex and how many bytes come back.
ask() { # HEX: prints the answer in hex
    local answer
    # shellcheck disable=SC2059
    printf "$(sed 's/\([0-9A-F][0-9A-F]\) */\\x\1/g' <<<"$1")" >&7
    answer=$(timeout 0.6 cat <&7 | od -An -v -tx1 | tr -s ' \n' ' ' || true)
    echo "${answer:1}" | sed 's/ $//'
}
stock='68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 00 00 00 00 02 fd 49 d2 04 02 16 c8 01 57 16'
if wait_for "$results/serial.ready"; then
    pty=$(cat "$results/serial.pty")
    stty -F "$pty" raw -echo
    exec 7<>"$pty"
    ok "ttyS0: SND_NKE is acknowledged" "$(status_of test "$(ask '10 40 03 43 16')" = e5)"
    ok "ttyS0: REQ_UD2 is answered" "$(status_of test "$(ask '10 7B 03 7E 16')" = "$stock")"
    ok "ttyS0: another address gets silence" "$(status_of test -z "$(ask '10 7B 09 84 16')")"
    # Two good frames 50 ms apart: the pulses of 200 ms become one.
    printf '\x10\x7B\x09\x84\x16' >&7
    sleep 0.05
    ok "ttyS0: and a second time" "$(status_of test -z "$(ask '10 7B 09 84 16')")"
    ok "ttyS0: a frame with a bad checksum gets silence" "$(status_of test -z "$(ask '10 7B 03 7F 16')")"
    exec 7>&-
    cp "$results/serial.levels" "$work/levels"
    if [ -e "$modules/node_modules/node-mbus" ] && command -v node >/dev/null; then
        node "$modules/read.js" pty "$pty" 9600 3 >"$work/node" 2>&1 </dev/null || true
        ok "ttyS0: node-mbus reads the meter" "$(status_of grep -q '"Value":1234' "$work/node")" "$work/node"
    else
        n=$((n + 1))
        echo "ok $n - $suite: ttyS0: node-mbus reads the meter # SKIP node-mbus is not installed (tests/masters)"
    fi
    touch "$results/serial.done"
else
    ok "the machine came to the serial part" 1 "$work/console"
fi
for ((i = 0; i < 200; i++)); do
    alive || break
    sleep 0.1
done
echo "# the machine ran for $((SECONDS - begun)) s"
ok "the machine ended by itself" "$(if alive; then echo 1; else echo 0; fi)" "$work/console"

# What the pins did while the master asked: "MICROSECONDS NAME LEVEL".
pulses() { # NAME LEVEL: how long each pulse of that level was, in microseconds
    awk -v name="$1" -v level="$2" '$2 != name { next } $3 == level { begun = $1; next }
        begun { print $1 - begun; begun = 0 }' "$work/levels" 2>/dev/null | paste -sd' '
}
within() { # "FROM-TO..." "VALUE...": each value in its range
    local ranges=($1) values=($2)
    [ "${#ranges[@]}" -eq "${#values[@]}" ] || return 1
    for i in "${!ranges[@]}"; do
        [ "${values[i]}" -ge "${ranges[i]%-*}" ] && [ "${values[i]}" -le "${ranges[i]#*-}" ] || return 1
    done
}
[ ! -e "$work/levels" ] || sed 's/^/# pin: /' "$work/levels"
transmit=$(pulses transmit 0) activity=$(pulses activity 1)
# At 2400 baud an acknowledge lasts 4.6 ms, a telegram of 30 characters 137.5 ms. The ranges allow for a machine of one
# processor, which watches and is watched, on a host that has other work.
ok "transmit, active low, around both answers ($transmit us)" \
    "$(status_of within "1000-60000 130000-250000" "$transmit")"
ok "activity: one pulse a good frame, two close ones joined ($activity us)" \
    "$(status_of within "190000-450000 190000-450000 190000-450000 230000-600000" "$activity")"
ok "enable was high all the time" "$(status_of test "$(grep -c ' enable ' "$results/serial.levels")" = 2)"

# What the machine found by itself.
while read -r line; do
    case $line in
    "ok "* | "not ok "*)
        n=$((n + 1))
        echo "$line" | sed -E "s/^(not )?ok [0-9]+ - /\1ok $n - $suite: /"
        ;;
    1..*) planned=$line ;;
    *) echo "$line" ;;
    esac
done <"$results/tap"
ok "the machine came to the end of its tests" "$(status_of test -n "${planned:-}")" "$work/console"
echo "1..$n"
