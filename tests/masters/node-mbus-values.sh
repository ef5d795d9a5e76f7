#!/bin/bash
# Live values as node-mbus (npm) reads them, a master that nobody here wrote: each kind of source before, during and
# after its failure (TAP).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/masters/node-mbus/common.bash
. "$here/node-mbus/common.bash"
command -v dbus-daemon >/dev/null || skip_all "dbus-daemon is not installed"
ctl=$(realpath "${MBUS_SLAVECTL:-$build/mbus-slavectl}")

cat >"$work/bus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path=$work/system-bus</listen><auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
END
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$work/system-bus
dbus-daemon --config-file="$work/bus.conf" --nofork --nosyslog 2>"$work/bus.log" &
bus=$!
trap 'kill "$bus" 2>/dev/null || true; cleanup' EXIT
until_true test -S "$work/system-bus" || true

mkdir "$work/sensors" "$work/state" "$work/run"
cat >"$work/program" <<END
#!/bin/sh
cat "$work/answer"
exit "\$(cat "$work/status")"
END
chmod +x "$work/program"
echo 23125 >"$work/sensors/temperature"
echo 'power: 230 W' >"$work/answer"
echo 0 >"$work/status"
cat >"$work/values.conf" <<END
port = { device = "pty"; link = "$work/bus"; baud = 9600; };
state = { directory = "$work/state"; };
meter = { address = 5; id = "12345678"; allow = [ "clock" ]; records = (
  { name = "constant"; unit = "V"; value = 3; },
  { name = "temperature"; quantity = "flow_temperature"; unit = "degC"; resolution = 0.01;
    file = { path = "$work/sensors/*"; scale = 0.001; interval = "200 ms"; }; },
  { name = "power"; quantity = "power"; unit = "W";
    command = { argv = [ "$work/program" ]; pattern = "power: (.*) W"; interval = 1; }; max_age = 0; },
  { name = "volume"; unit = "m3"; type = "int16"; pushed = { start = 7; }; },
  { name = "double"; quantity = "power"; unit = "W"; storage = 1;
    derived = { copy = [ "power" ]; factor = 2; }; },
  { name = "answers"; quantity = "count"; internal = { counter = "answers"; }; },
  { name = "time"; quantity = "datetime"; clock = { zone = "UTC"; }; }
); };
END
RUNTIME_DIRECTORY=$work/run start --config "$work/values.conf"
until_true test -e "$work/bus" || true
until_true sh -c "$ctl status >/dev/null 2>&1" || true

record() { # ID: function and value of a record of the newest read
    node -e '
        const [id] = process.argv.slice(1);
        const lines = require("fs").readFileSync(0, "utf8").trim().split("\n");
        const record = (JSON.parse(lines[0]).DataRecord || [])[Number(id)] || {};
        console.log(record.Function + ": " + record.Value);' "$1" <"$work/lines"
}
# It prints the status in hex.
status() { grep -o '"Status":[0-9]*' "$work/lines" | cut -d: -f2; }
good="Instantaneous value"
bad="Value during error state"
shown() { # COMMAND...: until a meter's records are as mbus-slavectl is to show them
    until_true sh -c "$ctl show meter 2>/dev/null | grep -q '$1'" || true
}

shown 'temperature.* 23.12 '
shown 'power.* 230 '
node_read pty "$work/bus" 9600 5
equal "all is good: the status says so" 0 "$(status)"
equal "a constant" "$good: 3" "$(record 0)"
equal "a file" "$good: 2313" "$(record 1)"
equal "a command" "$good: 230" "$(record 2)"
equal "pushed: its start" "$good: 7" "$(record 3)"
equal "derived" "$good: 460" "$(record 4)"
matches "internal: the E5 before counts" "$good: [1-9]*" "$(record 5)"
matches "a clock" "$good: $(date -u +%Y-%m-%dT)*" "$(record 6)"

rm "$work/sensors/temperature"
echo 'power: a lot W' >"$work/answer"
"$ctl" set meter.volume 99999 >"$work/out" 2>&1 || true
shown 'temperature.*data_error'
shown 'power.*data_error'
node_read pty "$work/bus" 9600 5
equal "sources fail: the status says temporary error" 10 "$(status)"
equal "a constant stays" "$good: 3" "$(record 0)"
matches "a file that is gone" "$bad: *" "$(record 1)"
matches "a command that prints no number" "$bad: *" "$(record 2)"
matches "pushed: too much for 16 bits" "$bad: *" "$(record 3)"
matches "derived of what is none" "$bad: *" "$(record 4)"

echo 3 >"$work/status"
echo -1500 >"$work/sensors/outside"
shown 'temperature.* -1.5'
"$ctl" set meter.volume 12 >"$work/out" 2>&1 || true
node_read pty "$work/bus" 9600 5
equal "one still fails: the status stays" 10 "$(status)"
equal "a file is there again" "$good: -150" "$(record 1)"
matches "a command that ends with 3" "$bad: *" "$(record 2)"
equal "pushed: good again" "$good: 12" "$(record 3)"

echo 'power: 1000 W' >"$work/answer"
echo 0 >"$work/status"
shown 'power.* 1000 '
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null || true
RUNTIME_DIRECTORY=$work/run start --config "$work/values.conf"
until_true test -e "$work/bus" || true
shown 'power.* 1000 '
node_read pty "$work/bus" 9600 5
equal "after kill -9 all is good: the status" 0 "$(status)"
equal "a command works again" "$good: 1000" "$(record 2)"
equal "pushed: kept over kill -9" "$good: 12" "$(record 3)"
equal "derived follows" "$good: 2000" "$(record 4)"
stop "live values"
echo "1..$n"
