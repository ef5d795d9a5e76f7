#!/bin/bash
# Lets this machine run programs of other processors, through qemu-user-static; what was so before stays so.
#   foreign-programs.sh start FILE PROCESSOR...      as root (aarch64, arm); FILE remembers what stop undoes
#   foreign-programs.sh stop FILE
set -eu

registry=/proc/sys/fs/binfmt_misc
what=$1 file=$2
shift 2
if [ "$what" = stop ]; then
    [ -e "$file" ] || exit 0
    while read -r entry; do
        if [ "$entry" = mount ]; then umount "$registry"; else echo -1 >"$registry/$entry"; fi
    done < <(tac "$file")
    rm "$file"
    exit 0
fi

: >"$file"
if [ ! -e $registry/register ]; then
    mount -t binfmt_misc none $registry
    echo mount >>"$file"
fi
for processor in "$@"; do
    [ ! -e "$registry/qemu-$processor" ] || continue
    cat "/usr/lib/binfmt.d/qemu-$processor.conf" >$registry/register
    echo "qemu-$processor" >>"$file"
done
