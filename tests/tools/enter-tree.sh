#!/bin/bash
# Runs a command in a Debian tree with its own processes and mounts, which end with it.
#   enter-tree.sh TREE COMMAND...      as root
set -eu

# The tree is named by its whole path: what is mounted on it is found by that.
tree=$(realpath "$1")
shift
# shellcheck disable=SC2016
exec unshare --mount --pid --fork --kill-child --propagation private bash -euc '
    tree=$1; shift
    mount --bind "$tree" "$tree" # so that its root is a mount, as on a machine
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
