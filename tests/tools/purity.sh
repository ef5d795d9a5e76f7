#!/bin/sh
# Checks that the pure layers call nothing of the outer world and keep no variable of their own (TAP).
#   purity.sh [ARCHIVE...]      default: the archives of base, mbus, meter and slave in $BUILD
set -eu

build=${BUILD:-build}
[ $# -gt 0 ] || set -- "$build/libbase.a" "$build/libmbus.a" "$build/libmeter.a" "$build/libslave.a"

# What even a pure layer may call: memory and string comparison (bcmp is clang's memcmp), strtod (the nearest double
# is not for us to find; it looks at the locale, and no program here sets one), and what compilers add.
allowed='^(mem[a-z]*|bcmp|str[a-z]*cmp|strn?len|str(r|n)?chr|strspn|strcspn|strtod'
allowed="$allowed|__(mem|str)[a-z]*_chk|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_"
allowed="$allowed|__(asan|ubsan|sanitizer|lsan)_.*)\$"
# Variables that a sanitizer adds.
sanitizer='^(_*(asan|ubsan|odr_asan)[._].*|\.L.*|__unnamed_.*|___asan_.*)$'

n=0
result() { # TEXT PROBLEMS
    n=$((n + 1))
    if [ -z "$2" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        echo "$2" | sed 's/^/# /'
    fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for archive in "$@"; do
    [ -f "$archive" ] && continue
    echo "not ok 1 - $archive is not there: build it first"
    echo 1..1
    exit 0
done
# Name|Value|Class|Type|Size|Line|Section, once for each symbol, blanks taken out.
symbols() { nm --format=sysv "$1" 2>/dev/null | tr -d ' \t' | grep '|' | grep -v '^Name|' || true; }

for archive in "$@"; do symbols "$archive"; done | awk -F'|' '$3 ~ /^[A-TV-Z]$/ { print $1 }' | sort -u >"$work/defined"

for archive in "$@"; do
    name=$(basename "$archive")
    symbols "$archive" >"$work/symbols"
    calls=$(awk -F'|' '$3 == "U" || $3 == "w" { print $1 }' "$work/symbols" | sort -u |
        comm -23 - "$work/defined" | grep -vE "$allowed" | sed 's/^/calls /' || true)
    result "$name calls nothing of the outer world" "$calls"
    # A constant table of pointers sits in .data.rel.ro: written by the linker alone.
    variables=$(awk -F'|' '$3 != "U" && $7 ~ /^(\.t?data|\.t?bss|\*COM\*|COMMON)/ && $7 !~ /^\.data\.rel\.ro/ {
        print $1, "in", $7 }' "$work/symbols" | sort -u | grep -vE "${sanitizer%$} in " || true)
    result "$name has no variable" "$variables"
done
echo "1..$n"
