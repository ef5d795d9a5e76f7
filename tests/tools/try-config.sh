#!/bin/sh
# Prints the configuration FILE with its port replaced by others: what make run and the tests start the daemon on.
#   try-config.sh FILE PORT...      PORT is what goes between the braces: 'device = "pty"; baud = 2400;'
set -eu

file=$1
shift
ports=
for port in "$@"; do
    ports="${ports:+$ports,
}  { $port }"
done
# ENVIRON, not -v: the text is taken as it is.
PORTS=$ports awk '
    /^port = \{/ { print "ports = ("; print ENVIRON["PORTS"]; print ");"; skipping = found = 1 }
    !skipping { print }
    /^\};/ { skipping = 0 }
    END { if (!found) { print FILENAME ": no line begins with \"port = {\"" > "/dev/stderr"; exit 1 } }
' "$file"
