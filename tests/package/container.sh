#!/bin/bash
# Builds the package, twice, and lives with it in a booted Debian 12: install, start, read, reload, fail, meter what
# is there, reboot, purge (TAP). What happens inside is in inside.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
src=$(cd "${SRCDIR:-$here/../..}" && pwd)
build=$(realpath -m "${BUILD:-build}")
cache=$(realpath -m "${TREE_DIR:-$build/trees}")
modules=$(realpath -m "${NODE_MBUS_DIR:-$build/node-mbus}")
suite=bookworm
tree_packages=(systemd systemd-sysv dbus udev ca-certificates mosquitto mosquitto-clients)

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all "only root can make a Debian tree and boot it"
for tool in mmdebstrap systemd-nspawn dpkg-buildpackage dh lintian python3; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done

work=$(mktemp -d)
tree=$work/tree
container='' relay='' group=''
cleanup() {
    [ -z "$relay" ] || kill "$relay" 2>/dev/null || true
    if [ -n "$container" ] && kill -0 "$container" 2>/dev/null; then
        kill "$container" 2>/dev/null || true # asks the container to power off
        for ((i = 0; i < 50; i++)); do
            kill -0 "$container" 2>/dev/null || break
            sleep 0.1
        done
        [ -z "$group" ] || echo 1 >"$group/cgroup.kill" 2>/dev/null || true
        kill -KILL "$container" 2>/dev/null || true
    fi
    rm -rf --one-file-system "$work"
    if [ -n "$group" ]; then
        sleep 0.1
        find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
    fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

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
status_of() { if "$@"; then echo 0; else echo 1; fi; }

# ---- the package
cd "$src"
status=0
begun=$SECONDS
tests/tools/deb.sh "$work/first" >"$work/deb.log" 2>&1 || status=$?
ok "the package builds" "$status" "$work/deb.log"
[ "$status" -eq 0 ] || { echo "1..$n"; exit 0; }
echo "# built in $((SECONDS - begun)) s"

lintian --allow-root -EIL +pedantic "$work"/first/deb/*.changes >"$work/lintian" 2>&1 || true
grep -v '^N:\|^running with root privileges' "$work/lintian" >"$work/lintian.tags" || true
ok "lintian -EIL +pedantic finds nothing" "$(status_of test ! -s "$work/lintian.tags")" "$work/lintian.tags"

# Elsewhere, later, by somebody with other habits.
mkdir "$work/second"
(umask 0077 && TZ=Pacific/Chatham LC_ALL=C.UTF-8 DEB_BUILD_OPTIONS='nocheck parallel=3' \
    tests/tools/deb.sh "$work/second/elsewhere") >"$work/deb2.log" 2>&1 || true
sums() { (cd "$1" && sha256sum -- *.deb); }
sums "$work/first" >"$work/sums"
ok "a second build gives the same packages" \
    "$(sums "$work/second/elsewhere" 2>&1 | cmp - "$work/sums" >"$work/cmp" 2>&1; echo $?)" "$work/deb2.log"

# ---- a machine for it
bare=$cache/$suite-systemd.tar
tests/tools/debian-tree.sh "$suite" "$bare" "${tree_packages[@]}" ||
    skip_all "mmdebstrap could not make a Debian tree; is there a network?"
mkdir "$tree"
tar -C "$tree" -xf "$bare"
cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"
[ -z "${http_proxy:-}" ] || echo "Acquire::http::Proxy \"$http_proxy\";" >"$tree/etc/apt/apt.conf.d/98proxy"
echo pi >"$tree/etc/hostname"
mkdir -p "$tree/srv/test"
cp -r "$here"/*.sh "$src/debian/tests" "$work"/first/mbus-slave_*.deb "$tree/srv/test/"

free_port() {
    local port
    for ((i = 0; i < 50; i++)); do
        port=$((20000 + RANDOM % 10000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}
port=$(free_port)
cat >"$tree/etc/systemd/system/package-test.service" <<UNIT
[Unit]
Description=Test of the package
After=multi-user.target
[Service]
Type=oneshot
Environment=HOME=/root DEBIAN_FRONTEND=noninteractive
ExecStart=/srv/test/inside.sh $port
StandardOutput=append:/srv/test/output
StandardError=append:/srv/test/output
TimeoutStartSec=420
# A test that hangs ends here as well.
ExecStopPost=/bin/sh -c 'rm /srv/test/rebooting || systemctl poweroff --no-block'
UNIT
mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
ln -s ../package-test.service "$tree/etc/systemd/system/multi-user.target.wants/"

# A cable between two serial ports: the meter's end is the container's /dev/ttyAMA0, as udev would leave it.
"$here/cable.py" "$work/master" "$work/slave" &
relay=$!
for ((i = 0; i < 50; i++)); do
    [ ! -e "$work/slave" ] || [ ! -e "$work/master" ] || break
    sleep 0.1
done
chown root:dialout "$(realpath "$work/slave")"
chmod 0660 "$(realpath "$work/slave")"

# Where systemd runs, it makes a scope for the container; elsewhere it needs a control group of its own.
nspawn=(systemd-nspawn --quiet -D "$tree" -M "mbus-slave-$$" --register=no --link-journal=no --resolv-conf=off
    --timezone=off "--bind=$(realpath "$work/slave"):/dev/ttyAMA0" "--bind=$(realpath "$work/master"):/dev/ttyMASTER")
if [ ! -d /run/systemd/system ]; then
    nspawn+=(--keep-unit)
    unified=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
    if [ -n "$unified" ]; then
        export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
        group=$unified/mbus-slave-test-$$
        mkdir "$group" 2>/dev/null || group=
    fi
fi
enter_group() { [ -z "$group" ] || echo "$BASHPID" >"$group/cgroup.procs"; }
if ! (enter_group && "${nspawn[@]}" --pipe true) >"$work/probe" 2>&1 </dev/null; then
    skip_all "systemd-nspawn cannot run here: $(tail -n 1 "$work/probe" | tr -d '\r')"
fi

# ---- what happens in it: results come as lines "ok TEXT" and "not ok TEXT"
begun=$SECONDS
shared=$tree/srv/test

# inside.sh asks for a read by node-mbus, a master that nobody here wrote.
node_read() { # NAME ARGUMENT...
    local name=$1
    shift
    if [ -e "$modules/node_modules/node-mbus" ] && command -v node >/dev/null; then
        timeout 30 node "$modules/read.js" "$@" >"$shared/$name.lines" 2>"$shared/$name.err" </dev/null || true
    else
        echo 'node-mbus is not installed; tests/masters/node-mbus.sh does that' >"$shared/$name.skip"
    fi
    mv "$shared/$name.wanted" "$shared/$name.done"
}
boot() { # until the container powers off (0) or reboots (133)
    (enter_group && exec "${nspawn[@]}" -b --console=pipe) >>"$work/boot.log" 2>&1 </dev/null &
    container=$!
    while kill -0 "$container" 2>/dev/null; do
        [ ! -e "$shared/tcp.wanted" ] || node_read tcp tcp "$port" 1000 3
        [ ! -e "$shared/serial.wanted" ] || node_read serial pty "$work/master" 9600 3
        sleep 0.1
    done
    local status=0
    wait "$container" || status=$?
    container=
    return $status
}
# In a unit of its own systemd-nspawn starts a container that reboots again by itself; elsewhere that is for us.
status=0
boot || status=$?
[ "$status" -ne 133 ] || boot || true
took=$((SECONDS - begun))

keep=$build/package
mkdir -p "$keep"
for file in journal.txt security.txt; do
    [ ! -e "$shared/$file" ] || cp "$shared/$file" "$keep/"
done
while read -r verdict text; do
    case $verdict in
    ok) ok "$text" 0 ;;
    skip) n=$((n + 1)); echo "ok $n - ${text%%: *} # SKIP ${text#*: }" ;;
    not) ok "${text#ok }" 1 ;;
    *) echo "$verdict $text" ;;
    esac
done < <(cat "$shared/results" 2>/dev/null)
ok "the test in the container ran to its end" "$(status_of test -e "$shared/end")" \
    "$([ -s "$shared/output" ] && echo "$shared/output" || echo "$work/boot.log")"
echo "# in the container: $took s"
echo "1..$n"
