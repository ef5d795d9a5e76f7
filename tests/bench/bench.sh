#!/bin/bash
# make bench: measures the built daemon beside a bare loop and prints the table of the README.
#   bench.sh MBUS_SLAVE BENCH FLOOR        IDLE=N: seconds of the idle measurement (60)
set -eu

daemon=$1 bench=$2 floor=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The stock meter among so many: 250 have a primary address, the others a secondary one alone.
bus_of() { # METERS
    local i address
    echo 'meters = ('
    sed -n '/^meter/,/^};/p' etc/mbus-slave.conf | sed 's/^meter = {/{/; s/^};/}/'
    for ((i = 2; i <= $1; i++)); do
        address=$((i + 2 <= 250 ? i + 2 : 0))
        printf ', { name = "m%d"; address = %d; id = "%08d"; records = (' "$i" "$address" "$i"
        printf ' { name = "energy"; unit = "kWh"; value = %d; } ); }\n' "$i"
    done
    echo ');'
}

# Instructions in user space that COUNT answers of one of METERS meters take, start and stop included.
instructions() { # COUNT METERS
    local port=$((20000 + RANDOM % 20000)) pid
    printf 'port = { device = "tcp:%d"; };\nlog = { level = "error"; };\n' "$port" >"$work/conf"
    bus_of "$2" >>"$work/conf"
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
    for meters in 1 1000; do
        few=$(instructions 1000 "$meters")
        many=$(instructions 3000 "$meters")
        echo "| instructions an answer, one of $meters meters (user space, callgrind) | $(((many - few) / 2000)) | |"
    done
else
    echo '| instructions an answer | not measured: no valgrind here | |'
fi
