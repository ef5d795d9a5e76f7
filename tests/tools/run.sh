#!/bin/bash
# make run: starts the built daemon on a pty and a TCP port with the stock meter, and says how to talk to it.
#   run.sh PROGRAM      from the top of the repository; PORT=N takes another TCP port, BUILD another folder
set -eu

program=$1
port=${PORT:-10001}
build=${BUILD:-build}
link=$(realpath -m "$build/bus")
config=$build/run.conf

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "TCP port $port is taken by another program (perhaps another make run). Take a free one: make run PORT=$((port + 1))"
    exit 1
fi
if [ -n "${link//[!\"\\]/}" ]; then
    echo "The path $link has a quotation mark or a backslash in it, which this script cannot handle."
    exit 1
fi
"$(dirname "$0")/try-config.sh" etc/mbus-slave.conf \
    "device = \"pty\"; link = \"$link\"; baud = 2400;" "device = \"tcp:$port\";" >"$config"

cat <<TEXT

An M-Bus meter is starting up on this machine. Point any M-Bus master at one of these:

  serial port   $link      2400 baud, 8E1
  TCP           127.0.0.1 port $port

It answers at primary address 3 (and 254, the address for tests) and reports 1234 V and 456 m3.
It is number 12345678 of manufacturer TST, version 1, medium "other": as a secondary address 1234567874520100.

To stop it: press Ctrl-C here. The meter is described in $config; yours would be in /etc/mbus-slave.conf.

TEXT

# A newcomer sees a reading without any other program: mbus-slavectl asks as a master would, once the port that was
# free a moment ago is taken, which is the daemon's last step before it is ready.
show_reading() {
    local told
    printf -v told '%q read %q 3' "$build/mbus-slavectl" "$link"
    for ((i = 0; i < 100; i++)); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo
            echo "This is what a master reads:"
            echo
            "$build/mbus-slavectl" read "$link" 3 || true
            cat <<TEXT

To ask again, in another terminal:

  $told

The meter keeps answering until you press Ctrl-C here.

TEXT
            return
        fi
        kill -0 $$ 2>/dev/null || return # it has ended
        sleep 0.1
    done
}
(show_reading </dev/null &) # nobody's child: this script becomes the daemon

# What masters set stays here, not with an installed mbus-slave.
export STATE_DIRECTORY=$build/run.state
mkdir -p "$STATE_DIRECTORY"

# m gives the daemon the terminal: Ctrl-C reaches it alone, and this script and make end as it ends.
if [ -t 0 ]; then
    set -m
    "$program" --config "$config"
else
    exec "$program" --config "$config"
fi
