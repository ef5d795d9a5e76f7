#!/bin/bash
# Reads both stock configurations over a pty and TCP with node-mbus (npm), a master that nobody here wrote (TAP).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
src=${SRCDIR:-$here/../..}
build=${BUILD:-build}
program=$(realpath "${MBUS_SLAVE:-$build/mbus-slave}")
modules=${NODE_MBUS_DIR:-$build/node-mbus} # where the npm package is installed, once for all builds
work=$(mktemp -d)
daemon=
cleanup() {
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

install() { # the package, built against the headers of the Node that will run it
    mkdir -p "$modules"
    exec 9>"$modules/lock"
    flock 9 # two checks at once on one tree
    cp "$here/node-mbus/package.json" "$here/node-mbus/read.js" "$modules"
    if [ -e "$modules/node_modules/node-mbus/build/Release/mbus.node" ] &&
        [ "$(cat "$modules/made-by" 2>/dev/null)" = "$(node --version)" ]; then
        return
    fi
    # Without a network npm would try for minutes: ask for one small thing first.
    export npm_config_fetch_retries=1 npm_config_fetch_retry_mintimeout=1000 npm_config_update_notifier=false
    timeout 30 npm view node-mbus@2.2.6 version >"$work/install.log" 2>&1 </dev/null || return 1
    local prefix
    prefix=$(node -p "require('path').dirname(require('path').dirname(process.execPath))")
    [ ! -d "$prefix/include/node" ] || export npm_config_nodedir=$prefix
    [ ! -x /usr/bin/python3 ] || export npm_config_python=/usr/bin/python3
    (
        cd "$modules"
        rm -rf node_modules
        timeout 240 npm install --no-package-lock --no-audit --no-fund
        # An npm that refuses to run a package's install script leaves it unbuilt.
        [ -e node_modules/node-mbus/build/Release/mbus.node ] ||
            (cd node_modules/node-mbus && timeout 240 npx --no-install node-gyp rebuild)
        node -e "require('node-mbus')"
    ) >"$work/install.log" 2>&1 </dev/null || return 1
    node --version >"$modules/made-by"
}


for tool in node npm g++ make python3; do
    command -v "$tool" >/dev/null || skip_all "$tool is not installed (node-mbus needs it)"
done
installed=yes
install || installed=
exec 9>&- # not for the daemon to inherit
if [ -z "$installed" ]; then
    sed 's/^/# /' "$work/install.log" | tail -n 20
    skip_all "npm could not install node-mbus; is there a network?"
fi

n=0
equal() { # TEXT WANTED FOUND
    n=$((n + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        printf '# wanted: %s\n# found:  %s\n' "$2" "$3"
        [ ! -s "$work/log" ] || sed 's/^/# daemon: /' "$work/log"
        [ ! -s "$work/node.err" ] || sed 's/^/# node: /' "$work/node.err"
    fi
}
matches() { # TEXT PATTERN FOUND
    # shellcheck disable=SC2053
    if [[ $3 == $2 ]]; then equal "$1" "$3" "$3"; else equal "$1" "$2" "$3"; fi
}

start() { # ARGUMENT...: the daemon under test
    "$program" "$@" >"$work/log" 2>&1 &
    daemon=$!
}
stop() { # TEXT: it must end with 0
    local status=0
    kill -TERM "$daemon" 2>/dev/null || true
    wait "$daemon" || status=$?
    daemon=
    equal "$1: the daemon stopped cleanly" 0 "$status"
}
until_true() { # COMMAND...: within 5 s
    for ((i = 0; i < 100; i++)); do
        ! "$@" 2>/dev/null || return 0
        sleep 0.05
    done
    return 1
}
connects() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }
free_port() {
    local port
    for ((i = 0; i < 50; i++)); do
        port=$((20000 + RANDOM % 10000))
        connects "$port" 2>/dev/null || break
    done
    echo "$port"
}
node_read() { node "$modules/read.js" "$@" >"$work/lines" 2>"$work/node.err" </dev/null || true; }
line() { sed -n "$1p" "$work/lines"; }

variable() { # ACCESS NUMBER: what node-mbus makes of etc/mbus-slave.conf
    printf '%s' '{"SlaveInformation":{"Id":12345678,"Manufacturer":"TST","Version":1,"ProductName":"",' \
        "\"Medium\":\"Other\",\"AccessNumber\":$1,\"Status\":0,\"Signature\":0},\"DataRecord\":[" \
        '{"id":0,"Function":"Instantaneous value","StorageNumber":0,"Unit":" V","Value":1234},' \
        '{"id":1,"Function":"Instantaneous value","StorageNumber":0,"Unit":"Volume ( m^3)","Value":456}]}'
}
fixed() { # ACCESS NUMBER: and of etc/examples/fixed-structure.conf
    printf '%s' "{\"SlaveInformation\":{\"Id\":12345678,\"Medium\":\"Water\",\"AccessNumber\":$1,\"Status\":0}," \
        '"DataRecord":[{"id":0,"Function":"Actual value","Unit":"l","Value":123},' \
        '{"id":1,"Function":"Actual value","Unit":"reserved but historic","Value":456}]}'
}

# One conversation: three addressed reads, the last a repetition, then the test address, nobody's address,
# the secondary address and that of another meter. As in a search, FF is any.
conversation() { # TEXT EXPECTATION KIND WHERE FIGURE
    node_read "$3" "$4" "$5" 3 3 3! 254 9 12345678FFFFFFFF 12345679FFFFFFFF
    equal "$1: first read, access number 0" "$($2 0)" "$(line 1)"
    equal "$1: second read, access number 1" "$($2 1)" "$(line 2)"
    equal "$1: the same FCB again gets the same telegram" "$($2 1)" "$(line 3)"
    equal "$1: address 254" "$($2 2)" "$(line 4)"
    matches "$1: nobody has address 9" '{"error":*send/receive*}' "$(line 5)"
    equal "$1: selected by its secondary address" "$($2 3)" "$(line 6)"
    matches "$1: nobody has another secondary address" '{"error":*}' "$(line 7)"
}

over_tcp() { # TEXT EXPECTATION CONFIG
    local port
    port=$(free_port)
    start --config "$3" --device "tcp:$port"
    until_true connects "$port" || true
    conversation "$1 over TCP" "$2" tcp "$port" 300
    stop "$1 over TCP"
}
over_pty() { # TEXT EXPECTATION CONFIG FOUND: the master cannot open a pty at 2400 baud, so both take 9600
    "$src/tests/tools/try-config.sh" "$3" "device = \"pty\"; link = \"$work/bus\";" >"$work/pty.conf"
    start --config "$work/pty.conf" --baud 9600
    until_true test -e "$work/bus" || true
    conversation "$1 over a pty" "$2" pty "$work/bus" 9600
    node_read pty "$work/bus" 9600 scan
    equal "$1 over a pty: a search finds it" "$4" "$(line 1)"
    stop "$1 over a pty"
}

stock=$src/etc/mbus-slave.conf
example=$src/etc/examples/fixed-structure.conf
over_tcp "stock meter" variable "$stock"
over_pty "stock meter" variable "$stock" '["1234567874520100"]'
over_tcp "fixed structure" fixed "$example"
# This master selects a meter of the fixed structure, but cannot tell its address from what it answers.
over_pty "fixed structure" fixed "$example" '[]'
echo "1..$n"
