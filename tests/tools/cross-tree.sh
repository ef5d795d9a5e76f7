#!/bin/bash
# Lays out a Debian tree that compiles for arm64 and armhf, with a copy of our files in srv/mbus-slave.
#   cross-tree.sh SUITE DIRECTORY      as root; the tree is made once a week (TREE_DIR)
set -eu

suite=$1 directory=$2
tools=$(cd "$(dirname "$0")" && pwd)
src=$(cd "$tools/../.." && pwd)
cache=$(realpath -m "${TREE_DIR:-${BUILD:-build}/trees}")

packages=(build-essential crossbuild-essential-arm64 crossbuild-essential-armhf debhelper dh-sequence-installsysusers
    systemd procps dbus-daemon)
for architecture in arm64 armhf; do
    for library in libsystemd-dev libconfig-dev libgpiod-dev libcmocka-dev pkgconf; do
        packages+=("$library:$architecture")
    done
done
[ "$suite" = bookworm ] || packages+=(systemd-dev)
"$tools/debian-tree.sh" --arch amd64,arm64,armhf "$suite" "$cache/$suite-cross.tar" "${packages[@]}"
tar -C "$directory" -xf "$cache/$suite-cross.tar"
mkdir -p "$directory/srv/mbus-slave"
(cd "$src" && find LICENSE README.md Makefile src tests etc debian systemd -type f | tar -cf - -T -) |
    tar -C "$directory/srv/mbus-slave" -xf -
