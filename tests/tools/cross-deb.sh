#!/bin/bash
# Builds the package for another architecture, in a tree of Debian that has its compiler, and runs the unit tests there.
#   cross-deb.sh arm64|armhf FOLDER [SUITE]      as root, from any place, while its programs run (foreign-programs.sh)
set -eu

architecture=$1 target=$2 suite=${3:-bookworm}
tools=$(cd "$(dirname "$0")" && pwd)
src=$(cd "$tools/../.." && pwd)

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM
"$tools/cross-tree.sh" "$suite" "$work"
mkdir -p "$work/srv/deb" "$target"
mv "$work/srv/mbus-slave" "$work/srv/deb/"
"$tools/enter-tree.sh" "$work" sh -euc "cd /srv/deb/mbus-slave
    DEB_BUILD_OPTIONS=parallel=$(nproc) dpkg-buildpackage -us -uc -b -a$architecture"
cp "$work"/srv/deb/*.deb "$target/"
