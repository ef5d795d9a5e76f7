#!/bin/bash
# On a bare Debian 12, does a clone need no more than `make run` and `make check`? As root and as a user with sudo (TAP).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
src=$(cd "${SRCDIR:-$here/../..}" && pwd)
cache=$(realpath -m "${FRESH_DIR:-${BUILD:-build}/fresh}")
suite=bookworm
bare=$cache/$suite.tar

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all "only root can make a Debian tree and enter it"
for tool in mmdebstrap unshare chroot git script; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
git -C "$src" rev-parse -q --verify HEAD >/dev/null 2>&1 || skip_all "nothing is committed, so there is nothing to clone"
unshare --mount --pid --fork true 2>/dev/null || skip_all "this machine lets nobody make a mount namespace"

work=$(mktemp -d)
# What is mounted and run for the test lives in namespaces of its own and is gone with them.
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM

"$here/../tools/debian-tree.sh" "$suite" "$bare" git make sudo ca-certificates ||
    skip_all "mmdebstrap could not make a Debian tree; is there a network?"

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
content() { cat "$1" 2>/dev/null || echo nothing; }
status_of() { if "$@"; then echo 0; else echo 1; fi; }

# Runs a command in a tree with its own processes and mounts, which end with it.
enter() { # TREE COMMAND...
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
        for n in 0 1 2; do ln -s "fd/$n" "$tree/dev/std$(echo in out err | cut -d" " -f$((n + 1)))"; done
        exec chroot "$tree" "$@"
    ' enter "$@" </dev/null
}

free_port() {
    local port=10001
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

if ! git -C "$src" diff --quiet HEAD 2>/dev/null || [ -n "$(git -C "$src" status --porcelain)" ]; then
    echo "# the work tree has changes that are not committed: what is tested here is the last commit"
fi

newcomer() { # root | user: a tree of its own, the clone in it, the two commands
    local who=$1 tree=$work/$1 home=/srv/newcomer begun=$SECONDS as=()
    mkdir "$tree"
    tar -C "$tree" -xf "$bare"
    cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"
    hostname >"$tree/etc/hostname"
    mkdir -p "$tree$home"
    git clone -q "$src" "$tree$home/mbus-slave"
    cp "$here/inside.sh" "$tree$home/"
    if [ "$who" = user ]; then
        chroot "$tree" useradd -d "$home" -s /bin/bash newcomer
        chroot "$tree" chown -R newcomer: "$home"
        echo 'newcomer ALL=(ALL) NOPASSWD: ALL' >"$tree/etc/sudoers.d/newcomer"
        as=(setpriv --reuid=newcomer --regid=newcomer --init-groups)
    fi
    ok "$who: the tree is bare (no compiler)" "$(status_of test ! -e "$tree/usr/bin/gcc")"

    enter "$tree" "${as[@]}" env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin \
        HOME="$home" TERM=dumb LANG=C.UTF-8 \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        "$home/inside.sh" "$home/mbus-slave" "$(free_port)" >"$work/inside.log" 2>&1 || true

    local results=$tree$home
    ok "$who: inside.sh ran to its end" "$(status_of test -e "$results/result.check")" "$work/inside.log"
    ok "$who: make run says what it installs" \
        "$(status_of grep -q 'libsystemd-dev' "$results/result.run.out")" "$results/result.run.out"
    ok "$who: make run shows a reading" \
        "$(status_of grep -q 'access number 0, ' "$results/result.run.out")" "$results/result.run.out"
    ok "$who: make run answers again as it told the newcomer to ask" \
        "$(status_of grep -q ' voltage  *1234  V' "$results/result.answer")" "$results/result.run.out"
    ok "$who: make run has its pty" \
        "$(status_of grep -q '^/dev/pts/' "$results/result.link")" "$results/result.run.out"
    ok "$who: Ctrl-C ends make run with 0" \
        "$(status_of test "$(content "$results/result.run")" = 0)" "$results/result.run.out"
    ok "$who: ... and leaves nothing running" "$(status_of test ! -s "$results/result.left")" "$results/result.left"
    ok "$who: make check passes" \
        "$(status_of test "$(content "$results/result.check")" = 0)" "$results/result.check.out"
    echo "# $who: $(grep -s ' passed, .* skipped$' "$results/result.check.out" | tail -n 1) in $((SECONDS - begun)) s," \
        "the packages included"
    rm -rf --one-file-system "$tree"
}
newcomer root
newcomer user
echo "1..$n"
