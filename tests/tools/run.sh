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

No master at hand? This line, in another terminal, asks the meter and shows the bytes of its answer:

  bash -c 'exec 3<>/dev/tcp/127.0.0.1/$port; printf "\\x10\\x5B\\x03\\x5E\\x16" >&3; timeout 2 head -c 30 <&3 | od -An -tx1 -w30'

To stop it: press Ctrl-C here. The meter is described in $config; yours would be in /etc/mbus-slave.conf.

TEXT

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
