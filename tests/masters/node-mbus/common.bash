# shellcheck shell=bash
# What both scripts with node-mbus share: the package installed, the daemon under test, TAP. To be sourced, with
# $here set to the folder of the scripts.

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
# Meters 1 to COUNT, with ids in a row from FIRST on: every search runs into collisions down to the last digit.
many_meters() { # COUNT FIRST LINK
    printf 'port = { device = "pty"; link = "%s"; baud = 9600; };\nmeters = (\n' "$3"
    local i separator=" "
    for ((i = 0; i < $1; i++)); do
        printf '%s { name = "m%d"; address = %d; id = "%08d"; records = (\n' "$separator" $((i + 1)) $((i + 1)) $(($2 + i))
        printf '    { name = "volume"; unit = "m3"; type = "int16"; value = %d; } ); }\n' $((i + 1))
        separator=,
    done
    printf ');\n'
}
# What a search prints when it has found them all.
all_found() { # COUNT FIRST
    local i
    printf '['
    for ((i = 0; i < $1; i++)); do
        [ "$i" -eq 0 ] || printf ','
        printf '"%08d74520100"' $(($2 + i))
    done
    printf ']'
}
node_read() { node "$modules/read.js" "$@" >"$work/lines" 2>"$work/node.err" </dev/null || true; }
line() { sed -n "$1p" "$work/lines"; }

