#!/bin/bash
# Searches 250 meters on one bus with node-mbus (npm), a master that nobody here wrote (TAP). At 9600 baud it takes
# 0.2 s to be sure that an answer is over and as long for each that does not come, some three minutes in all, nearly
# all of it waiting; at no other rate is it quicker. So this is a test of its own.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/masters/node-mbus/common.bash
. "$here/node-mbus/common.bash"

many_meters 250 12345000 "$work/bus" >"$work/many.conf"
start --config "$work/many.conf"
until_true test -e "$work/bus" || true
node_read pty "$work/bus" 9600 scan 1 250 1234500074520100 1234524974520100
equal "250 meters: a search finds all" "$(all_found 250 12345000)" "$(line 1)"
matches "250 meters: the first by primary address" '*"Id":12345000,*"Value":1}]}' "$(line 2)"
matches "250 meters: the last by primary address" '*"Id":12345249,*"Value":250}]}' "$(line 3)"
matches "250 meters: the first by secondary address" '*"Id":12345000,*"Value":1}]}' "$(line 4)"
matches "250 meters: the last by secondary address" '*"Id":12345249,*"Value":250}]}' "$(line 5)"
stop "250 meters"
echo "1..$n"
