#!/bin/bash
# Makes a small Debian tree as a tar file, with the mirrors that this machine uses; one of this week is left as it is.
#   debian-tree.sh [--arch A,B...] SUITE FILE PACKAGE...      as root; 1: it could not be made, and why
# --arch: the first is what the tree runs, others only lend libraries (PACKAGE:B); this machine's without it.
set -eu

# Libraries of several architectures go together in one version only, and updates come to each in its own time: such a
# tree is the release as it is.
architecture=() updates='[^ ]*'
if [ "$1" = --arch ]; then
    architecture=("--architectures=$2")
    [ "$2" = "${2#*,}" ] || updates=
    shift 2
fi
suite=$1 tree=$2
shift 2
packages=$(IFS=,; echo "$*")
# A tree with other packages is another tree.
if [ -e "$tree" ] && [ -z "$(find "$tree" -mtime +6)" ] && [ "$(cat "$tree.packages" 2>/dev/null)" = "$packages" ]; then
    exit 0
fi

begun=$SECONDS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The mirrors and the network settings of apt that this machine uses for its own suite; mmdebstrap's choice otherwise.
own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
signed='' keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=()
[ ! -e "$keyring" ] || signed="[signed-by=$keyring]"
mirrors=$(apt-get indextargets --format "deb $signed \$(SITE) \$(RELEASE) \$(COMPONENT)" \
    'Created-By: Packages' 'Origin: Debian' 2>/dev/null |
    sed -n "s/ $own\($updates\) / $suite\1 /p" | sort -u || true)
if [ -n "$mirrors" ]; then
    echo "$mirrors" >"$work/sources.list"
fi
while read -r setting; do
    options+=(--aptopt="$setting")
done < <(apt-config dump |
    grep -E '^Acquire::((https?|ftp)::(Proxy|Timeout|No-Cache)|Retries|Check-(Date|Valid-Until)|ForceIPv4)[^ ]* "[^"]+";')

mkdir -p "$(dirname "$tree")"
if ! mmdebstrap --variant=minbase --format=tar --include="$packages" "${architecture[@]}" "${options[@]}" \
    "$suite" "$tree.new" ${mirrors:+"$work/sources.list"} >"$work/log" 2>&1 </dev/null; then
    tail -n 20 "$work/log" | sed 's/^/# /'
    exit 1
fi
echo "$packages" >"$tree.packages"
mv "$tree.new" "$tree"
echo "# a tree of $suite was made in $((SECONDS - begun)) s"
