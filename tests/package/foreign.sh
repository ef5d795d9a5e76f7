#!/bin/bash
# Builds for arm64 and armhf without a warning and runs the unit and system tests there, under qemu-user (TAP).
#   foreign.sh [SUITE]      as root; bookworm (default) or trixie
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../tools
suite=${1:-bookworm}
# What qemu-user cannot do: it knows no TIOCGEXCL, and these tests say so.
cannot='test_exclusive_is_taken_back test_not_exclusive test_released'

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all "only root can make a Debian tree and enter it"
for tool in mmdebstrap arch-test qemu-aarch64-static qemu-arm-static unshare chroot; do
    command -v "$tool" >/dev/null || skip_all "$tool is missing; it takes mmdebstrap arch-test qemu-user-static"
done

work=$(mktemp -d)
cleanup() {
    # shellcheck disable=SC2046
    kill $(jobs -p) 2>/dev/null || true
    wait
    "$tools/foreign-programs.sh" stop "$work/programs"
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
"$tools/foreign-programs.sh" start "$work/programs" aarch64 arm || skip_all "no program of arm64 and armhf runs here"

begun=$SECONDS
mkdir "$work/tree"
"$tools/cross-tree.sh" "$suite" "$work/tree" || skip_all "no Debian tree; is there a network?"

n=0
ok() { # TEXT STATUS FILE: the end of FILE explains a failure
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $suite: $1"
    else
        echo "not ok $n - $suite: $1"
        tail -n 60 "$3" | sed 's/^/# /'
    fi
}
enter() { "$tools/enter-tree.sh" "$work/tree" "$@"; }
build() { # TRIPLET
    enter make -C /srv/mbus-slave "-j$(nproc)" -s "BUILD=build/$1" "CC=$1-gcc" "AR=$1-ar" "PKG_CONFIG=$1-pkg-config" \
        WERROR=1 tests
}
run() { # TRIPLET
    enter sh -c "cd /srv/mbus-slave && MBUS_SLAVE=\$PWD/build/$1/mbus-slave SRCDIR=\$PWD BUILD=\$PWD/build/$1 \
        tests/tools/run-tests.sh build/$1/tests/unit/*/test_* build/$1/tests/system/test_*"
}

triplets=(aarch64-linux-gnu arm-linux-gnueabihf) tests=()
for triplet in "${triplets[@]}"; do
    status=0
    build "$triplet" >"$work/build" 2>&1 || status=$?
    ok "$triplet: builds without a warning" "$status" "$work/build"
done
# They wait more than they work: both at once.
for triplet in "${triplets[@]}"; do
    (run "$triplet" >"$work/$triplet" 2>&1 && touch "$work/$triplet.good") &
    tests[${#tests[@]}]=$!
done
wait "${tests[@]}" || true
for triplet in "${triplets[@]}"; do
    log=$work/$triplet
    ok "$triplet: the tests pass ($(tail -n 1 "$log"))" "$([ -e "$log.good" ]; echo $?)" "$log"
    skipped=$(sed -n 's/^ *skipped \([^:]*\):.*/\1/p' "$log" | sort | xargs)
    ok "$triplet: none is skipped but what qemu-user cannot do" "$([ "$skipped" = "$cannot" ]; echo $?)" "$log"
done
echo "# took $((SECONDS - begun)) s"
echo "1..$n"
