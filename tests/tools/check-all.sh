#!/bin/bash
# make check-all: every kind of build, all tests on each, lint, the foreign master, the package in a container and
# the fresh machine; nothing skipped.
#   check-all.sh      from the top of the repository, with the packages of `deps.sh ci`
set -u

build=${BUILD:-build}
counts=$build/check-all.counts
tools=tests/tools
jobs=-j$(nproc)
export NO_SKIP=1 NODE_MBUS_DIR=${NODE_MBUS_DIR:-$build/node-mbus} FRESH_DIR=${FRESH_DIR:-$build/fresh} VM_DIR=${VM_DIR:-$build/vm}
unset MAKEFLAGS MAKELEVEL
mkdir -p "$build"
rm -f "$counts"

phase() { # LABEL MAKE-ARGUMENT...: build, then run the tests; a build that fails counts as one failure
    local label=$1 begun=$SECONDS
    shift
    printf '\n==== %s\n' "$label"
    if make "$jobs" "$@" tests; then
        make -s run-tests COUNTS="$counts" LABEL="$label" "$@"
    else
        echo "FAIL $label: the build"
        echo "0 1 0 $label: build" >>"$counts"
    fi
    echo "($label: $((SECONDS - begun)) s)"
}
scripts() { # LABEL COMMAND...: a command that ends in run-tests.sh
    local label=$1 begun=$SECONDS
    shift
    printf '\n==== %s\n' "$label"
    "$@"
    echo "($label: $((SECONDS - begun)) s)"
}

phase gcc BUILD="$build/gcc" CC=gcc WERROR=1 MASTERS="$(echo tests/masters/*.sh)"
phase clang BUILD="$build/clang" CC=clang WERROR=1 MASTERS=
phase sanitizers BUILD="$build/sanitize" CC=clang WERROR=1 SANITIZE=1 MASTERS=
# A bounded look for inputs that break a target; `make fuzz` looks as long as one likes.
printf '\n==== fuzz\n'
if make -s "$jobs" fuzz BUILD="$build/fuzzers" FUZZ_SECONDS=10; then
    echo "1 0 0 fuzz" >>"$counts"
else
    echo "FAIL fuzz: an input breaks a target, or the build"
    echo "0 1 0 fuzz" >>"$counts"
fi
scripts lint make -s lint COUNTS="$counts"
scripts package $tools/run-tests.sh --timeout 1200 --counts "$counts" tests/package/container.sh
scripts "Hat lines" $tools/run-tests.sh --timeout 1500 --counts "$counts" tests/vm/uml.sh tests/vm/trixie.sh
scripts "fresh machine" $tools/run-tests.sh --timeout 1500 --counts "$counts" tests/fresh/fresh-machine.sh

printf '\n%s\n' "$($tools/sizes.sh --report)"
$tools/run-tests.sh --sum "$counts"
