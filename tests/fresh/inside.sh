#!/bin/bash
# Runs inside the bare tree of fresh-machine.sh: a newcomer's two commands, each one's exit status in a file.
#   inside.sh FOLDER PORT      FOLDER: the clone; results go to FOLDER/../result.*
set -eu

cd "$1"
port=$2
results=$(dirname "$1")
variable=
[ "$port" = 10001 ] || variable="PORT=$port" # only where the usual port is taken on the host

# `make run` in a terminal, so that Ctrl-C can be pressed in it: `script` makes one, the fifo is its keyboard.
mkfifo "$results/keys"
(
    status=0
    script -qec "make run $variable" /dev/null <"$results/keys" >"$results/result.run.out" 2>&1 || status=$?
    echo "$status" >"$results/result.run"
) &
exec 9>"$results/keys"

# What `make run` tells a newcomer to try, once it is there.
for ((i = 0; i < 2400; i++)); do
    [ ! -e "$results/result.run" ] || break
    if grep -q 'keeps answering' "$results/result.run.out" 2>/dev/null; then
        bash -c "$(sed -n 's/^ *\(.*mbus-slavectl read .*\)/\1/p' "$results/result.run.out" | tr -d '\r')" \
            >"$results/result.answer" 2>&1 || true
        readlink build/bus >"$results/result.link" || true
        break
    fi
    sleep 0.25
done
[ -e "$results/result.run" ] || printf '\003' >&9
exec 9>&-
for ((i = 0; i < 40; i++)); do
    [ ! -e "$results/result.run" ] || break
    sleep 0.25
done
for stat in /proc/[0-9]*/stat; do
    grep -s '(mbus-slave)' "$stat" || true
done >"$results/result.left"

status=0
make check >"$results/result.check.out" 2>&1 || status=$?
echo "$status" >"$results/result.check"
