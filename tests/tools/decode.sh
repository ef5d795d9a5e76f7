#!/bin/bash
# mbus-slavectl as people and programs call it: forms of input and output, exit statuses, help (TAP).
#   decode.sh    $SRCDIR: top of the repository; $MBUS_SLAVECTL: the program
set -u

src=${SRCDIR:-.}
ctl=${MBUS_SLAVECTL:-$src/build/mbus-slavectl}
data=$src/tests/data/telegrams
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

n=0
ok() { # TEXT STATUS: with what was printed when it is not as wanted
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        sed 's/^/# /' "$work/out" "$work/err"
    fi
}
run() { # ARGUMENT...: its output goes to out and err, its exit status to $status
    status=0
    "$ctl" "$@" >"$work/out" 2>"$work/err" || status=$?
}
ends() { # TEXT STATUS PATTERN ARGUMENT...: exit status, and a line that it must print somewhere
    local text=$1 wanted=$2 pattern=$3
    shift 3
    run "$@" </dev/null
    ok "$text" "$([ "$status" -eq "$wanted" ] && cat "$work/out" "$work/err" | grep -qE -- "$pattern"; echo $?)"
}
same() { # TEXT FILE ARGUMENT...: prints the file and ends well
    local text=$1 file=$2
    shift 2
    run "$@"
    ok "$text" "$([ "$status" -eq 0 ] && [ ! -s "$work/err" ] && cmp -s "$file" "$work/out"; echo $?)"
}
hex() { grep -v '^#' "$1" | grep .; }

# ---- telegrams with a dissection, and what each form makes of them
for file in worked_records kinds heat_meter rich; do
    same "$file --json" "$data/$file.json" decode --json "$data/$file.hex"
    hex "$data/$file.hex" >"$work/bytes"
    same "$file --hex gives the same bytes" "$work/bytes" decode --hex "$data/$file.hex"
done
same "heat_meter as a table" "$data/heat_meter.table" decode "$data/heat_meter.hex"
same "rich as a table" "$data/rich.table" decode "$data/rich.hex"
same "heat_meter --xml" "$data/heat_meter.xml" decode --xml "$data/heat_meter.hex"

# ---- forms of input
meter="68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 57 16"
echo "$meter" >"$work/meter"
answers() { # TEXT: what stands in $work/in is that meter
    run decode --hex <"$work/in"
    ok "$1" "$([ "$status" -eq 0 ] && cmp -s "$work/meter" "$work/out"; echo $?)"
}
cp "$work/meter" "$work/in" && answers "hex with blanks, from standard input"
tr -d ' ' <"$work/meter" >"$work/in" && answers "hex without blanks"
tr 'A-F ' 'a-f:' <"$work/meter" >"$work/in" && answers "small letters and colons"
sed 's/\([0-9A-F][0-9A-F]\) */0x\1, /g; s/$/\r/' "$work/meter" >"$work/in" && answers "0x, commas and CR"
fold -w 24 "$work/meter" >"$work/in" && answers "hex over several lines"
{ echo "# a meter"; sed 's/$/ # 1234 V/' "$work/meter"; } >"$work/in" && answers "comments"
printf '%b' "$(sed 's/ *\([0-9A-F][0-9A-F]\)/\\x\1/g' "$work/meter")" >"$work/in" && answers "the bytes themselves"
cat "$work/in" "$work/in" >"$work/two"
run decode --json "$work/two"
ok "two telegrams in a binary file" "$([ "$status" -eq 0 ] && [ "$(grep -c '^{' "$work/out")" -eq 2 ]; echo $?)"
run decode --json "$work/two" "$work/in" - <"$work/meter"
ok "several files, - is standard input" "$([ "$status" -eq 0 ] && [ "$(grep -c '^{' "$work/out")" -eq 4 ]; echo $?)"
printf '%s\n%s\n' "${meter% 57 16}" "$meter" >"$work/in"
run decode --json "$work/in"
ok "a telegram that is cut off does not spoil the next" \
    "$([ "$status" -eq 1 ] && grep -q '"malformed":{"offset":28,' "$work/out" && grep -q '"value":456' "$work/out"; echo $?)"

# ---- what is promised in so many words
echo "68 13 13 68 08 03 72 78 56 34 12 74 52 01 07 00 00 00 00 02 16 C8 01 40 16" >"$work/in"
cat >"$work/json" <<'JSON'
[
{"c":8,"a":3,"ci":114,"id":"12345678","manufacturer":"TST","version":1,"medium":"water","access":0,"status":0,"configuration":0,"records":[{"function":"instantaneous","storage":0,"tariff":0,"subunit":0,"quantity":"volume","unit":"m3","modifiers":[],"value":456,"raw":"0216C801","error":null}],"manufacturer_data":"","more":false}
]
JSON
same "the example of the form" "$work/json" decode --json "$work/in"
run decode "$data/kinds.hex"
ok "no control character comes out" "$(! tr -d '\n' <"$work/out" | LC_ALL=C grep -q '[[:cntrl:]]'; echo $?)"
run decode --xml "$data/kinds.hex"
ok "none in XML either" "$(! tr -d '\n' <"$work/out" | LC_ALL=C grep -q '[[:cntrl:]]'; echo $?)"


# ---- XML is one document
document() { # TEXT ROOT MBUSDATA: what went to out has one root, and so many elements of a telegram in it
    ok "$1" "$([ "$(grep -c '<?xml' "$work/out")" -eq 1 ] && [ "$(sed -n 2p "$work/out")" = "<$2>" ] &&
        [ "$(tail -n 1 "$work/out")" = "</$2>" ] && [ "$(grep -c '^<MBusData>' "$work/out")" -eq "$3" ] &&
        { ! command -v xmllint >/dev/null || xmllint --noout "$work/out"; } >"$work/err" 2>&1; echo $?)"
}
run decode --xml "$work/in"
document "one telegram is its root" MBusData 1
run decode --xml "$work/in" "$work/two"
document "several have one root around them" MBusTelegrams 3
run decode --xml /dev/null
document "none: an empty root" MBusTelegrams 0
run decode --xml <<<"68 04 04 68 08 01 71 A8 22 16"
document "an alarm" MBusData 1
ok "... keeps its code" "$(grep -q '<Alarm>A8</Alarm>' "$work/out"; echo $?)"

frame() { # BYTE...: a telegram that carries these, from C to the last (at most 250)
    local sum=0 byte
    for byte; do sum=$((sum + 0x$byte)); done
    printf '68 %02X %02X 68 %s %02X 16\n' $# $# "$*" $((sum & 255))
}
bytes=$(printf ' %02X' {1..191})
# shellcheck disable=SC2046,SC2086
frame 08 01 78 0D FD 3B BF $bytes >"$work/in"
run decode --xml "$work/in"
ok "the longest value is whole" "$(grep -q "<Value>${bytes# }</Value>" "$work/out"; echo $?)"

frame 08 01 78 02 DB 7B 0A 00 01 FD 9B 74 03 >"$work/in"
ends "a constant is in the value of XML" 0 '<Value>11\.000000</Value>' decode --xml "$work/in"
ends "a factor is not in bits" 0 '<Value>3\.000000</Value>' decode --xml "$work/in"
ends "... nor in those of the table" 0 ' 0x3  *bits 0 1' decode "$work/in"

frame 08 01 73 78 56 34 12 0A 00 7E A9 23 01 00 00 56 04 00 00 >"$work/in"
ends "a reserved medium of the fixed structure" 0 ', 12345678, reserved, access' decode "$work/in"
ends "historic is a word of the second counter" 0 '"records":.{"function":"instantaneous","storage":0,"tariff":0,"subunit":0,"quantity":"reserved","unit":null' decode --json "$work/in"

frame 08 01 70 10 >"$work/in"
ends "codes of errors are hex" 0 '^  application error 10h: access denied' decode "$work/in"
frame 08 01 71 A8 >"$work/in"
ends "those of alarms too" 0 '^  alarm A8h' decode "$work/in"

frame 08 01 78 01 13 05 04 13 01 02 >"$work/in"
ends "what is not decoded stands in JSON" 1 '"malformed":."offset":12,"reason":"the value is cut off","missing":2,"raw":"04130102"' decode --json "$work/in"
ends "... all of what is no telegram" 1 '"malformed":.*"missing":1,"raw":"680303"' decode --json <(echo 68 03 03)

# ---- what is no answer
ends "a request is none" 1 'offset 0: ' decode <(echo "10 5B 03 5E 16")
ends "what the master sends is none" 1 'offset 4: ' decode <(echo "68 06 06 68 53 FE 51 01 7A 08 25 16")
ends "a wrong checksum" 1 ':1: telegram 1, offset 28: the checksum is wrong' decode <(echo "${meter/57 16/58 16}")
ends "no hex" 1 ':2:1: neither hex nor binary' decode <(printf '%s\nhello\n' "$meter")
ends "half a byte" 1 ':1:4: half a byte' decode <(echo "68 1")
ends "nothing" 1 'no telegram' decode /dev/null
ends "a file that is not there" 1 'No such file' decode "$work/none"
ends "a folder" 1 'Is a directory' decode "$work"

# ---- usage
ends "no command" 2 'a command is missing'
ends "an unknown command" 2 'did you mean decode' decoed
ends "an unknown option of the program" 2 'did you mean --version' --verison
ends "an unknown option of a command" 2 'did you mean --json' decode --jsn
ends "an unknown letter" 2 '^-x: no such option' decode -x
ends "two forms" 2 'exclude each other' decode --json --xml
ends "units takes no argument" 2 'takes no argument' units kWh
ends "--help" 0 '^  decode \[FILE\.\.\.\]' --help
commands='status list show set feed telegram monitor forget decode units read scan'
ends "--version" 0 '^mbus-slavectl [0-9]' --version
for command in $commands; do
    ends "$command --help" 0 "^mbus-slavectl $command" "$command" --help
done
ends "units: a quantity with its units" 0 'volume_flow .* l_per_h m3_per_h .*3[8]\.\.3F' units
ends "units: a type" 0 '^  bcd12 ' units
ends "units: a modifier" 0 '^  phase_l1 +FC 01' units

# ---- the manual and the completion know every command and option
"$ctl" --help | sed -n 's/^  \(--\)\{0,1\}\([a-z]*\)  *.*/\1\2/p' >"$work/words"
for command in $commands; do
    "$ctl" "$command" --help | sed -n 's/^  \(--[a-z]*\) .*/\1/p'
done >>"$work/words"
ok "words were found" "$([ "$(sort -u "$work/words" | grep -c .)" -ge 6 ]; echo $?)"
manual=$src/src/man/mbus-slavectl.1 completion=$src/src/completion/mbus-slavectl
sort -u "$work/words" | while read -r word; do
    macro=$(echo "$word" | sed 's/^--/Fl Fl /; /^Fl/!s/^/Ss /')
    grep -q "^\(\.\|\.It \|\.Op \)$macro\b" "$manual" || echo "$word is not in the manual"
    grep -q -- "[' ]${word}[' ]" "$completion" || echo "$word is not in the completion"
done >"$work/out"
ok "each is in the manual and in the completion" "$([ ! -s "$work/out" ]; echo $?)"
completes() { # WANTED WORD...: what bash offers for the last word
    local wanted=$1
    shift
    bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mbus_slavectl
        echo "${COMPREPLY[*]}"' bash "$completion" "$@" >"$work/out" 2>"$work/err"
    ok "completion of ${*:2}" "$([ "$(cat "$work/out")" = "$wanted" ]; echo $?)"
}
completes 'decode' mbus-slavectl de
completes 'read' mbus-slavectl r
completes '--json --instance --help' mbus-slavectl status --
completes '--strip' mbus-slavectl feed --s
completes '--json --hex --instance --help' mbus-slavectl telegram --
completes '--json --xml --hex --help' mbus-slavectl decode --
completes '--secondary' mbus-slavectl scan --s
completes '9600' mbus-slavectl read --baud 9
completes "$data/kinds.hex" mbus-slavectl decode "$data/kinds.h"

# A second opinion, where there is one: what is compared above has been through it.
run units --json
if command -v jq >/dev/null; then
    ok "units --json is JSON" "$(jq -e '.quantities | length > 60' "$work/out" >/dev/null; echo $?)"
    for file in worked_records kinds heat_meter rich; do
        ok "$file.json is JSON" "$(jq -e . "$data/$file.json" >/dev/null; echo $?)"
    done
fi
if [ -e /dev/full ]; then
    status=0
    "$ctl" units >/dev/full 2>"$work/err" || status=$?
    ok "a full disk is said" "$([ "$status" -eq 1 ] && grep -q 'No space' "$work/err"; echo $?)"
    # Here what fails is a write long before the end.
    status=0
    "$ctl" decode "$data/rich.hex" "$data/rich.hex" "$data/rich.hex" >/dev/full 2>"$work/err" || status=$?
    ok "... and nothing else is" "$([ "$status" -eq 1 ] && grep -qx 'standard output: \(No space.*\|not all .*\)' "$work/err"; echo $?)"
fi
if command -v script >/dev/null; then
    TERM=xterm script -qec "$ctl decode $data/heat_meter.hex" /dev/null >"$work/out" </dev/null
    ok "colours on a terminal" "$(grep -q $'\033\\[1m' "$work/out"; echo $?)"
    NO_COLOR=1 TERM=xterm script -qec "$ctl decode $data/heat_meter.hex" /dev/null >"$work/out" </dev/null
    ok "... unless NO_COLOR is set" "$(! grep -q $'\033' "$work/out"; echo $?)"
fi
echo "1..$n"
