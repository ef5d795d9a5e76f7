# What the scripts that run inside the booted Debian of container.sh share; they source it.
#   $port      a free TCP port
# shellcheck shell=bash
cd /srv/test || exit 1
exec 8>>results # one line a result
conf=/etc/mbus-slave.conf

ok() { # TEXT STATUS [FILE]
    if [ "$2" -eq 0 ]; then
        echo "ok $1" >&8
    else
        echo "not ok $1" >&8
        [ ! -e "${3:-}" ] || tail -n 25 "$3" | sed 's/^/# /' >&8
    fi
}
equal() { # TEXT WANTED FOUND
    if [ "$2" = "$3" ]; then
        echo "ok $1" >&8
    else
        printf 'not ok %s\n# wanted: %s\n# found:  %s\n' "$1" "$2" "$3" >&8
    fi
}
runs() { # TEXT COMMAND...: it must end with 0
    local text=$1 status=0
    shift
    "$@" >command.log 2>&1 || status=$?
    ok "$text" "$status" command.log
}
fails() { # TEXT COMMAND...: it must not
    local text=$1
    shift
    if "$@" >command.log 2>&1; then ok "$text" 1 command.log; else ok "$text" 0; fi
}
within() { # SECONDS COMMAND...: until it is true
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}
install_package() { apt-get -y -o Dpkg::Use-Pty=0 "$@" ./mbus-slave_*.deb; }

# ---- the service
property() { systemctl show -P "$1" mbus-slave; }
pid() { property MainPID; }
is() { [ "$(property "$1")" = "$2" ]; }
new_process() { [ "$(pid)" != "$before" ] && [ "$(pid)" != 0 ] && is SubState running; } # not $before

# ---- the journal
entries() { journalctl -u mbus-slave --output json "$@" 2>/dev/null; }
message() { awk -v name="$1" '$1 == name { print "MESSAGE_ID=" $2 }' ids; }
logged() { entries "$(message "$1")" "${@:2}" | grep -q .; }

# ---- what a meter at an address sends when it is asked, in hex: over TCP, and over a terminal
request() { printf '\x10\x5b%b%b\x16' "\\x$(printf %02x "$1")" "\\x$(printf %02x $((0x5b + $1)))"; }
answer() { timeout 3 head -c 30 <&3 | od -An -v -tx1 -w30 | sed 's/^ //'; }
ask_tcp() { # ADDRESS
    (exec 3<>"/dev/tcp/127.0.0.1/$port" && request "$1" >&3 && answer) 2>/dev/null
}
ask_tty() { # PATH ADDRESS
    (exec 3<>"$1" && stty raw -echo <&3 && request "$2" >&3 && answer) 2>/dev/null
}
# The answer of the stock meter, whatever its access number.
meter() { # ADDRESS ANSWER
    [[ $2 == "68 18 18 68 08 $(printf %02x "$1") 72 78 56 34 12 74 52 01 00 "??" 00 00 00 02 fd 49 d2 04 02 16 c8 01 "??" 16" ]]
}
answers() { meter "$1" "$(ask_tcp "$1")"; }

# The stock meter.
configure() { # ADDRESS
    cat >$conf <<CONF
ports = (
  { device = "/dev/ttyAMA0"; baud = 9600; },
  { device = "/dev/ttyAMA9"; },
  { device = "pty"; link = "/run/mbus-slave/pty"; },
  { device = "tcp:$port"; }
);
meter = {
  address = $1;
  id = "12345678";
  manufacturer = "TST";
  records = (
    { name = "voltage"; unit = "V";  type = "int16"; value = 1234; },
    { name = "volume";  unit = "m3"; type = "int16"; value = 456; }
  );
};
CONF
}
break_config() {
    configure 7
    sed -i 's/unit = "m3"/unit = "m4"/' $conf
}
