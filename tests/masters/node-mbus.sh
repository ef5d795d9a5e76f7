#!/bin/bash
# Reads, searches and configures meters with node-mbus (npm), a master that nobody here wrote (TAP).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/masters/node-mbus/common.bash
. "$here/node-mbus/common.bash"

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

# This master takes 0.6 s for each meter that a search finds: 250 are in node-mbus-scan.sh.
several_meters() {
    many_meters 12 12345678 "$work/bus" >"$work/several.conf"
    start --config "$work/several.conf"
    until_true test -e "$work/bus" || true
    node_read pty "$work/bus" 9600 scan 1 12 1234568374520100 1234569074520100
    equal "12 meters: a search finds all" "$(all_found 12 12345678)" "$(line 1)"
    matches "12 meters: the first by primary address" '*"Id":12345678,*"Value":1}]}' "$(line 2)"
    matches "12 meters: the last by primary address" '*"Id":12345689,*"Value":12}]}' "$(line 3)"
    matches "12 meters: one by secondary address" '*"Id":12345683,*"Value":6}]}' "$(line 4)"
    matches "12 meters: nobody has this secondary address" '{"error":*}' "$(line 5)"
    stop "12 meters"
}

# 40 values, some 280 bytes of records: three telegrams with L of at most 128. This master makes a record without a
# value of each 1F.
several_telegrams() {
    local i separator=" "
    {
        printf 'port = { device = "pty"; link = "%s"; baud = 9600; };\n' "$work/bus"
        printf 'meter = { address = 5; id = "12345678"; max_telegram = 128; records = (\n'
        for ((i = 0; i < 40; i++)); do
            printf '%s { name = "s%d"; unit = "m3"; storage = %d; value = %d; }\n' "$separator" "$i" "$i" $((1000 + i))
            separator=,
        done
        printf '); };\n'
    } >"$work/telegrams.conf"
    start --config "$work/telegrams.conf"
    until_true test -e "$work/bus" || true
    node_read pty "$work/bus" 9600 5 5 1234567874520100
    local values
    values=$(seq -s, 1000 1039)
    for i in 1 2 3; do
        equal "several telegrams: read $i has all values in order" "$values" \
            "$(line "$i" | grep -o '"Value":[0-9][0-9]*' | cut -d: -f2 | paste -sd,)"
    done
    stop "several telegrams"
}

set_address() {
    mkdir "$work/state"
    "$src/tests/tools/try-config.sh" "$stock" "device = \"pty\"; link = \"$work/bus\"; baud = 9600;" >"$work/set.conf"
    printf 'state = { directory = "%s"; };\n' "$work/state" >>"$work/set.conf"
    start --config "$work/set.conf"
    until_true test -e "$work/bus" || true
    node_read pty "$work/bus" 9600 3 set:3:42 42 3 set:1234567874520100:43 43
    matches "set address: before" '*"Value":1234}*' "$(line 1)"
    equal "set address: by primary address" '"set"' "$(line 2)"
    matches "set address: the new address answers" '*"Value":1234}*' "$(line 3)"
    matches "set address: the old one does not" '{"error":*}' "$(line 4)"
    equal "set address: by secondary address" '"set"' "$(line 5)"
    matches "set address: the newer address answers" '*"Value":1234}*' "$(line 6)"
    stop "set address"
    start --config "$work/set.conf"
    until_true test -e "$work/bus" || true
    node_read pty "$work/bus" 9600 43 3
    matches "set address: after a restart it answers" '*"Value":1234}*' "$(line 1)"
    matches "set address: and the address of the file does not" '{"error":*}' "$(line 2)"
    stop "set address, after a restart"
}
several_meters
several_telegrams
set_address
echo "1..$n"
