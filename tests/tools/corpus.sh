#!/bin/bash
# Telegrams of real meters, and broken ones, through mbus-slavectl (TAP). They are not ours to keep: the folder is
# looked for beside the repository.
#   corpus.sh    $CORPUS: the folder; $SRCDIR: top of the repository; $MBUS_SLAVECTL: the program
set -u

src=${SRCDIR:-.}
ctl=${MBUS_SLAVECTL:-$src/build/mbus-slavectl}
corpus=${CORPUS:-$src/../shared/corpus}
if [ ! -d "$corpus" ] || [ -z "$(ls "$corpus"/*.hex 2>/dev/null)" ]; then
    echo "1..0 # SKIP there is no corpus of telegrams beside the repository; CORPUS= says where one is"
    exit 0
fi

# Where our XML says something else than libmbus on purpose: file, record, and why.
exceptions='
ACW_Itron-BM-plus-m 2: the date is 00 00, which no calendar has
ELS_Elster-F96-Plus 4: BCD with letters is no number, the digits are shown
ELS_Elster-F96-Plus 5: BCD with letters is no number, the digits are shown
REL-Relay-Padpuls2 1: the time has the bit that says it is invalid
SEN_Pollustat 12: VIFE 50, a duration of a limit exceeded, not a flow
SEN_Pollustat 13: VIFE 58, a duration of a limit exceeded, not a flow
landis+gyr_ultraheat_t230 19: VIFE 6F, the end of the last maximum: a date, which was never set
landis+gyr_ultraheat_t230 20: VIFE 6F, the end of the last maximum: a date, which was never set
landis+gyr_ultraheat_t230 21: VIFE 6F, the end of the last maximum: a date
landis+gyr_ultraheat_t230 22: VIFE 6F, the end of the last maximum: a date
landis+gyr_ultraheat_t230 32: year 127 is every year
sen_pollutherm 2: VIF 7B without extension is a reserved code with a value; libmbus leaves the record empty
siemens_wfh21 3: the date is 00 00, which no calendar has
'
# malformed/: exit status and, where it is not 0, the offset and a word of the reason.
verdicts='
application_busy 0
error 0
invalid_length 1 1 length
invalid_length2 1 22 16 bytes
manual_frame1 1 0 start
manual_frame4 1 4 master
premature_end_of_data1 1 32 value
premature_end_of_dif1 1 30 DIFE
premature_end_of_record 0
premature_end_of_var_vif1 1 44 plain text
premature_end_of_vif1 1 31 VIF
svm_f22_telegram2 0
too_long_var_vif 1 46 plain text
too_many_dife 1 40 DIFE
too_many_readouts 0
too_many_vife 1 42 VIFE
too_short_header 1 12 header
unimplemented_ci 0
'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
result() { # TEXT PROBLEMS
    n=$((n + 1))
    if [ -z "$2" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        echo "$2" | sed 's/^/# /'
    fi
}
# "record|text" of each element, without what differs by agreement: the declaration, the name of the product.
elements() {
    awk '/<\?xml/ || /<ProductName>/ { next }
        /<SlaveInformation>/ { record = "header" }
        /<DataRecord/ { match($0, /[0-9]+/); record = substr($0, RSTART, RLENGTH) }
        NF { sub(/^ +/, ""); print record "|" $0 }' "$1"
}
# The records that differ, one a line; all are named when their number differs.
differing() { # THEIRS OURS
    diff <(elements "$1") <(elements "$2") | sed -n 's/^[<>] \([^|]*\)|.*/\1/p' | sort -un
}

decoded=0 again=0 same=0 excepted=0
for file in "$corpus"/*.hex; do
    name=$(basename "$file" .hex)
    problems=
    if "$ctl" decode "$file" >"$work/table" 2>"$work/err"; then
        decoded=$((decoded + 1))
    else
        problems=$(cat "$work/err")
    fi
    if "$ctl" decode --hex "$file" 2>&1 | cmp -s - <(tr -d '\r' <"$file"); then
        again=$((again + 1))
    else
        problems="$problems
the bytes do not come back"
    fi
    "$ctl" decode --json "$file" >"$work/json" 2>&1
    "$ctl" decode --xml "$file" >"$work/xml" 2>&1
    known=0
    for record in $(differing "$corpus/$name.xml" "$work/xml"); do
        if echo "$exceptions" | awk -v n="$name" -v r="$record:" '$1 == n && $2 == r { f = 1 } END { exit !f }'; then
            known=$((known + 1))
        else
            problems="$problems
record $record: the XML differs"
        fi
    done
    [ "$known" -eq "$(echo "$exceptions" | awk -v n="$name" '$1 == n { k++ } END { print k + 0 }')" ] || problems="$problems
an exception is no longer one"
    [ "$known" -gt 0 ] && excepted=$((excepted + known)) || same=$((same + 1))
    result "$name" "$problems"
done

right=0
for file in "$corpus"/malformed/*.hex; do
    name=$(basename "$file" .hex)
    read -r _ wanted offset word <<<"$(echo "$verdicts" | grep "^$name ")"
    status=0
    "$ctl" decode "$file" >"$work/table" 2>"$work/err" || status=$?
    problems=
    [ "$status" = "${wanted:-none}" ] || problems="exit status $status, not ${wanted:-none: it has no verdict here}"
    [ "${wanted:-0}" = 0 ] || grep -q ", offset $offset: .*$word" "$work/err" ||
        problems="$problems
$(cat "$work/err")"
    [ -n "$problems" ] || right=$((right + 1))
    result "malformed/$name" "$problems"
done
echo "# $decoded decoded, $again back to the byte, $same with the same XML, $excepted records excepted, $right verdicts right"
echo "1..$n"
