#!/bin/bash
# make deb: builds the Debian packages of this tree into a folder; nothing outside it is written.
#   deb.sh FOLDER      from the top of the repository, with the packages of `deps.sh deb`
set -eu

target=$1
work=$target/deb
rm -rf "$work"
mkdir -p "$work/mbus-slave"
target=$(realpath "$target")

# dpkg-buildpackage writes beside the tree that it builds: so it gets a copy, of all that git does not ignore.
files() {
    if [ "$(git rev-parse --show-toplevel 2>/dev/null)" -ef . ]; then # not a repository further up
        git ls-files -z -co --exclude-standard
    else
        find . -type f ! -path './build/*' ! -path './.git/*' -print0
    fi
}
inside=$(realpath --relative-to=. "$target")
files | while IFS= read -r -d '' file; do
    case ${file#./} in "$inside"/*) continue ;; esac
    [ ! -e "$file" ] || printf '%s\0' "$file"
done | tar --null -T - -c | tar -C "$work/mbus-slave" -x

# Variables of the make that called us are not meant for the package.
cd "$work/mbus-slave"
status=0
env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES -u MFLAGS -u BUILD -u CC -u CFLAGS -u CPPFLAGS -u LDFLAGS -u DESTDIR \
    -u V -u WERROR -u SANITIZE -u prefix DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS-parallel=$(nproc)}" \
    dpkg-buildpackage -us -uc >../build.log 2>&1 </dev/null || status=$?
if [ "$status" -ne 0 ]; then
    tail -n 40 ../build.log
    echo "The package could not be built; all of the story is in ${work}/build.log" >&2
    exit 1
fi
cd ..
rm -f "$target"/mbus-slave_*.deb "$target"/mbus-slave-dbgsym_*.deb
for package in *.deb; do
    cp "$package" "$target/"
    echo "$target/$package"
done
