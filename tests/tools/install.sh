#!/bin/bash
# `make install` puts files where those who read them look, by hand and in a package (TAP).
#   install.sh      $SRCDIR: top of the repository; $BUILD: where its programs are
set -eu

src=$(cd "${SRCDIR:-.}" && pwd)
build=${BUILD:-$src/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

n=0
look() { # TEXT FILE...: they are there
    local text=$1 missing=
    shift
    for file; do
        [ -f "$file" ] || missing="$missing ${file#"$work/"}"
    done
    n=$((n + 1))
    if [ -z "$missing" ]; then
        echo "ok $n - $text"
    else
        printf 'not ok %s\n# not there:%s\n' "$n - $text" "$missing"
        sed 's/^/# /' "$work/log"
    fi
}
policy=dbus-1/system.d/io.github.mbus_slave1.conf
check() { # PREFIX POLICY
    local root=$work/${1//\//_} unit
    make -s -C "$src" install BUILD="$build" prefix="$1" DESTDIR="$root" >"$work/log" 2>&1 || true
    look "prefix=$1: programs and manual" "$root$1/sbin/mbus-slave" "$root$1/bin/mbus-slavectl" \
        "$root$1/share/man/man8/mbus-slave.8"
    look "prefix=$1: configuration" "$root/etc/mbus-slave.conf"
    look "prefix=$1: policy, where dbus-daemon reads it" "$root$2/$policy"
    unit=$(find "$root" -name mbus-slave.service)
    grep -sx "ExecStart=$1/sbin/mbus-slave" "$unit" >"$work/exec" || true
    n=$((n + 1))
    [ -s "$work/exec" ] || printf 'not '
    echo "ok $n - prefix=$1: the unit starts the program that was installed"
}
check /usr/local /etc
check /usr /usr/share
echo "1..$n"
