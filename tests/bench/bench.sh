#!/bin/bash
# make bench: measures the built daemon beside a bare loop and prints the table of the README.
#   bench.sh MBUS_SLAVE BENCH FLOOR        IDLE=N: seconds of the idle measurement (60)
set -eu

daemon=$1 bench=$2 floor=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Instructions in user space that COUNT answers take, start and stop included.
instructions() {
    local port=$((20000 + RANDOM % 20000)) pid
    printf 'port = { device = "tcp:%d"; };\nlog = { level = "error"; };\n' "$port" >"$work/conf"
    sed -n '/^meter/,/^};/p' etc/mbus-slave.conf >>"$work/conf"
    rm -f "$work/out"
    valgrind --quiet --tool=callgrind --callgrind-out-file="$work/out" "$daemon" --config "$work/conf" &
    pid=$!
    "$bench" load "$port" "$1"
    kill "$pid"
    wait "$pid"
    sed -n 's/^\(summary\|totals\): *//p' "$work/out" | head -1
}

# Pages of a program that was only just built count as dirty until they are on the disk.
sync -f "$daemon"

echo "Measured on $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(uname -sr), $(. /etc/os-release && echo "$PRETTY_NAME")."
echo
echo '| figure | value | ratio |'
echo '|---|---|---|'
"$bench" "$daemon" "$floor"
if command -v valgrind >/dev/null; then
    few=$(instructions 1000)
    many=$(instructions 3000)
    echo "| instructions an answer (user space, callgrind) | $(((many - few) / 2000)) | |"
else
    echo '| instructions an answer | not measured: no valgrind here | |'
fi
