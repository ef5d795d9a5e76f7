#!/bin/bash
# Runs test programs that speak TAP and counts what they say; the last line is "N passed, N failed, N skipped".
#
#   run-tests.sh [--no-skip] [--timeout SECONDS] [--jobs N] [--counts FILE] [--label TEXT] PROGRAM...
#   run-tests.sh [--no-skip] --sum FILE
#
# --no-skip (or NO_SKIP=1): a skipped test fails the run. --counts: also append the counts to FILE;
# --jobs (or TEST_JOBS): so many programs run at a time, most of which wait most of the time; reports keep the
# order. --sum: print what all runs that appended to FILE make together.
set -eu

no_skip=${NO_SKIP:-}
timeout=${TEST_TIMEOUT:-300}
jobs=${TEST_JOBS:-1}
counts="" sum="" label=""
while [ $# -gt 0 ]; do
    case $1 in
    --no-skip) no_skip=1 ;;
    --timeout) timeout=$2; shift ;;
    --jobs) jobs=$2; shift ;;
    --counts) counts=$2; shift ;;
    --label) label="$2: "; shift ;;
    --sum) sum=$2; shift ;;
    --) shift; break ;;
    -*) echo "run-tests.sh: unknown option $1" >&2; exit 2 ;;
    *) break ;;
    esac
    shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# Reads the standard output of one program, writes its report, and its counts to the file `result`.
cat >"$work/report.awk" <<'AWK'
function finish() {         # the test read last is complete: its comment lines are all there
    if (state == "fail") text = text "    FAILED  " name "\n" diag
    if (state == "skip") text = text "    skipped " name ": " (reason != "" ? reason : "no reason given") "\n"
    state = ""
}
function begin(kind, title) {
    finish()
    state = kind; name = title; diag = ""; reason = note; note = ""
}
function broken(why) {
    failed++
    text = text "    FAILED  " why "\n"
    show_stderr = 1
}
/^1\.\.0/ && /# *[Ss][Kk][Ii][Pp]/ {
    plan_seen = 1; skipped++
    why = $0; sub(/^.*# *[Ss][Kk][Ii][Pp][a-z]*:? */, "", why)
    begin("skip", "all of it"); reason = why
    next
}
/^1\.\.[0-9]+/ { plan_seen = 1; planned += substr($0, 4) + 0; next }
/^(not )?ok [0-9]+/ {
    title = $0
    sub(/^(not )?ok [0-9]+ *-? */, "", title)
    seen++
    if (match(title, /# *[Ss][Kk][Ii][Pp][a-z]*/)) {
        skipped++
        after = substr(title, RSTART + RLENGTH); sub(/^:? */, "", after)
        before = substr(title, 1, RSTART - 1); sub(/ *$/, "", before)
        if (before == "") begin("skip", after)          # cmocka: not ok N # SKIP name
        else { begin("skip", before); reason = after }   # TAP:    ok N - name # SKIP reason
    } else if ($1 == "ok") {
        passed++; begin("pass", title)
    } else {
        failed++; begin("fail", title); diag = pending
    }
    pending = ""
    next
}
/^Bail out!/ { broken($0); next }
/^# *skip: / {
    why = $0; sub(/^# *skip: /, "", why)
    if (state == "skip" && reason == "") reason = why; else note = why
    next
}
/^# (not )?ok - / || /^(not )?ok - / { next }            # cmocka: end of a group
/^#/ {
    line = $0; sub(/^# ?/, "", line)
    if (state == "fail") diag = diag "            " line "\n"
    next
}
{ if (state == "fail") diag = diag "            " $0 "\n" }
END {
    finish()
    if (status == 124 || status == 137 && took >= limit) broken("no end within " limit " s")
    else if (status >= 128) broken("killed by signal " (status - 128))
    else if (status != 0 && !failed) broken("exit status " status " with no failed test")
    else if (!plan_seen) broken("no test plan (1..N) was printed")
    else if (seen != planned) broken(planned " tests planned, " seen " seen")
    printf "%-4s %s%s  %d passed", failed ? "FAIL" : passed ? "ok" : "skip", label, program, passed
    if (failed) printf ", %d failed", failed
    if (skipped) printf ", %d skipped", skipped
    printf "\n%s", text
    if (failed) while ((getline line < errors) > 0) if (++lines <= 60) print "    stderr  " line
    printf "%d %d %d\n", passed, failed, skipped > result
}
AWK

total_passed=0 total_failed=0 total_skipped=0
add() { # PASSED FAILED SKIPPED
    total_passed=$((total_passed + $1))
    total_failed=$((total_failed + $2))
    total_skipped=$((total_skipped + $3))
}

start() { # NUMBER PROGRAM, in the background; leaves NUMBER.out, .err and .end: its status, and how long it took
    (
        case $2 in */*) program=$2 ;; *) program=./$2 ;; esac
        begun=$SECONDS status=0
        CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 "$timeout" "$program" \
            >"$work/$1.out" 2>"$work/$1.err" </dev/null || status=$?
        echo "$status $((SECONDS - begun))" >"$work/$1.end"
    ) &
}
report() { # NUMBER PROGRAM
    read -r status took <"$work/$1.end"
    awk -v program="$2" -v label="$label" -v status="$status" -v limit="$timeout" \
        -v took="$took" -v errors="$work/$1.err" -v result="$work/result" \
        -f "$work/report.awk" "$work/$1.out"
    read -r passed failed skipped <"$work/result"
    add "$passed" "$failed" "$skipped"
}
run_all() { # PROGRAM...
    local programs=("$@") started=0 reported=0 running=0
    while [ "$reported" -lt $# ]; do
        while [ "$started" -lt $# ] && [ "$running" -lt "$jobs" ]; do
            start "$started" "${programs[started]}"
            started=$((started + 1)) running=$((running + 1))
        done
        wait -n || true
        running=$((running - 1))
        while [ -e "$work/$reported.end" ]; do
            report "$reported" "${programs[reported]}"
            reported=$((reported + 1))
        done
    done
}

if [ -n "$sum" ]; then
    while read -r passed failed skipped _; do
        add "$passed" "$failed" "$skipped"
    done <"$sum"
else
    run_all "$@"
    if [ $# -eq 0 ]; then
        echo "FAIL ${label}no test program was named"
        total_failed=1
    fi
fi
if [ -n "$counts" ]; then
    echo "$total_passed $total_failed $total_skipped $label" >>"$counts"
fi

echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
[ "$total_failed" -eq 0 ] || exit 1
[ -z "$no_skip" ] || [ "$total_skipped" -eq 0 ] || exit 1
