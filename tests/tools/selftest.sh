#!/bin/bash
# Proves that the checks in tests/tools can fail: each gets a bad sample and must say so (TAP).
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cc=${CC:-gcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset NO_SKIP BUILD SRCDIR TEST_TIMEOUT

n=0
ok() { # TEXT STATUS: one TAP line, with what the check printed when it is not as wanted
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        sed 's/^/# /' out
    fi
}
run() { # COMMAND...: its output goes to `out`, its exit status to $status
    status=0
    "$@" >out 2>&1 </dev/null || status=$?
}
says() { grep -qE -- "$1" out; }
refuses() { # TEXT PATTERN COMMAND...: the check must print a failing test and a line with the pattern
    local text=$1 pattern=$2
    shift 2
    run "$@"
    ok "$text" "$(says '^not ok' && says "$pattern" && echo 0 || echo 1)"
}
accepts() { # TEXT COMMAND...
    local text=$1
    shift
    run "$@"
    ok "$text" "$(! says '^not ok' && says '^ok' && echo 0 || echo 1)"
}
source_file() { # PATH, text on standard input: the only file of a new src
    rm -rf src
    mkdir -p "src/$(dirname "$1")"
    cat >"src/$1"
}

# ---- layers.sh
source_file mbus/a.c <<<'#include "base/bytes.h"'
accepts "layers: an arrow down is fine" "$tools/layers.sh" src
source_file mbus/a.c <<<'#include "slave/slave.h"'
refuses "layers: an arrow up" 'mbus/a.c:1: .*slave/slave.h' "$tools/layers.sh" src
source_file mbus/a.c <<<'  #  include "../slave/slave.h"'
refuses "layers: a way round through .." 'mbus/a.c:1' "$tools/layers.sh" src
source_file mbus/a.h <<<'#include "b.h"'
refuses "layers: a name without its folder" 'mbus/a.h:1' "$tools/layers.sh" src
source_file store/a.c <<<'#include "io/tcp.h"'
refuses "layers: a neighbour not named in the table" 'store/a.c:1' "$tools/layers.sh" src
source_file attic/a.c <<<'int a;'
refuses "layers: a folder the table does not know" 'src/attic' "$tools/layers.sh" src
source_file config/a.c <<<'#include <systemd/sd-journal.h>'
refuses "layers: systemd below sys" 'config/a.c:1' "$tools/layers.sh" src
source_file io/a.c <<<'#include <libconfig.h>'
refuses "layers: libconfig outside config" 'io/a.c:1' "$tools/layers.sh" src
source_file io/hat.c <<<'#include <gpiod.h>'
refuses "layers: gpiod outside its seam" 'io/hat.c:1' "$tools/layers.sh" src
source_file io/gpio_v2.c <<<'#include <gpiod.h>'
accepts "layers: gpiod in its seam is fine" "$tools/layers.sh" src
source_file io/a.c <<<$'int f(void)\n{\n    return sd_event_add_time(e, &s, CLOCK_MONOTONIC,\n        now(a, b), 0, cb, NULL);\n}'
refuses "layers: a timer with 250 ms of slack" 'io/a.c:3: accuracy' "$tools/layers.sh" src
source_file io/a.c <<<'int f(void) { return sd_event_add_time_relative(e, &s, c, 0, 1, cb, 0); }'
accepts "layers: a timer that says its accuracy is fine" "$tools/layers.sh" src

# ---- purity.sh
archive() { # C text on standard input: lib.a
    rm -f lib.a
    $cc -O0 -fPIE -x c -c -o a.o - && ar rcs lib.a a.o
}
archive <<<'#include <string.h>
const char *const names[] = { "a", "b" };
const int numbers[] = { 1, 2 };
int f(const char *a, const char *b);
int f(const char *a, const char *b) { return strcmp(a, names[numbers[*b & 1] & 1]); }
void g(char *a, const char *b, unsigned long n);
void g(char *a, const char *b, unsigned long n) { memmove(a, b, n); }'
accepts "purity: constants and memmove are fine" "$tools/purity.sh" lib.a
archive <<<'#include <stdlib.h>
void *f(void); void *f(void) { return malloc(3); }'
refuses "purity: a call of malloc" 'malloc' "$tools/purity.sh" lib.a
archive <<<'#include <time.h>
long f(void); long f(void) { return (long)time(0); }'
refuses "purity: a look at the clock" 'calls time' "$tools/purity.sh" lib.a
archive <<<'int counter = 3;'
refuses "purity: a global variable" 'counter in' "$tools/purity.sh" lib.a
archive <<<'int f(void); int f(void) { static int calls; return ++calls; }'
refuses "purity: a static variable in a function" 'calls' "$tools/purity.sh" lib.a
archive <<<'static const char *name = "a"; const char *f(int a); const char *f(int a) { if (a) name = "b"; return name; }'
refuses "purity: a variable pointer to a constant" 'name in' "$tools/purity.sh" lib.a
archive <<<'__thread int t;'
refuses "purity: a thread's variable" 't in' "$tools/purity.sh" lib.a
refuses "purity: an archive that is not there" 'none.a' "$tools/purity.sh" none.a

# ---- sizes.sh
body() { for ((i = 0; i < $1; i++)); do echo "    x();"; done; }
function_of() { printf 'static int f(int a,\n             int b)\n{\n'; body $(($1 - 4)); echo '}'; }
function_of 80 | source_file base/a.c
accepts "sizes: a function of 80 lines is fine" "$tools/sizes.sh" src
function_of 81 | source_file base/a.c
refuses "sizes: a function of 81 lines" 'base/a.c:1: f\(\) has 81 lines' "$tools/sizes.sh" src
{ for ((k = 0; k < 10; k++)); do function_of 40; done; echo '/**/'; } | source_file base/a.c
refuses "sizes: a file of 401 lines" 'base/a.c has 401 lines' "$tools/sizes.sh" src
{ function_of 9; body 500; } | source_file mbus/vif_tables.c
accepts "sizes: a table is as long as it is" "$tools/sizes.sh" src

# ---- rules.sh
rules=$(sed -n '/^rules="/,/"$/p' "$tools/rules.sh" | sed 's/^rules=//; s/"//g' | xargs | sed 's/ /, /g')
a_test() { # COMMENT WHAT_MAIN_RUNS
    mkdir -p rules/slave
    printf '/* %s */\nstatic void a(void **state)\n{\n}\n\nint main(void)\n{\n    cmocka_unit_test(%s),\n}\n' "$1" "$2" \
        >rules/slave/test_a.c
}
a_test "mbus-protocol $rules." a
accepts "rules: every section named is fine" "$tools/rules.sh" rules
a_test "mbus-protocol ${rules/7.2, /}." a
refuses "rules: a section that no test names" 'no test names mbus-protocol 7.2' "$tools/rules.sh" rules
a_test "mbus-protocol $rules." b
refuses "rules: a test that nobody runs" 'no test names mbus-protocol 7.2' "$tools/rules.sh" rules
a_test "mbus-protocol $rules; mbus-protocol 13.9." a
refuses "rules: a section that there is not" 'a names mbus-protocol 13.9' "$tools/rules.sh" rules
a_test "mbus-protocol ${rules/13.1, 13.2, 13.3/13.1 to 13.3}." a
accepts "rules: a range of sections is fine" "$tools/rules.sh" rules

# ---- names.sh
names_tree() { # a repository with one setting, one message, one option
    rm -rf tree
    mkdir -p tree/src/man tree/src/sys tree/src/daemon tree/etc tree/systemd tree/debian tree/build/tests/tools
    printf '#!/bin/sh\nprintf "setting\\ttop\\tport\\t\\nsetting\\tport\\tbaud\\t2400\\nword\\tport\\tbaud\\t300\\n"\n' \
        >tree/build/tests/tools/settings
    chmod +x tree/build/tests/tools/settings
    printf '.Dd May 1, 2026\n.Dt A 5\n.Os\n.Sh NAME\n.Nm a\n.Nd a\n.Sh SETTINGS\n.Ss top\n.Bl -tag -width Ds\n%s\n%s\n' \
        $'.It Cm port\nA group.\n.El' $'.Ss port\n.Bl -tag -width Ds\n.It Cm baud\n300 or 2400.\nDefault: 2400.\n.El' \
        >tree/src/man/mbus-slave.conf.5
    printf '.Dd May 1, 2026\n.Dt A 8\n.Os\n.Sh NAME\n.Nm a\n.Nd a\n.Sh DESCRIPTION\n.Bl -tag -width Ds\n%s\n.El\n' \
        $'.It Fl Fl check\nCheck.' >tree/src/man/mbus-slave.8
    printf 'port = {\n  # baud = 2400;   # or 300\n};\n' >tree/etc/mbus-slave.conf
    echo '#define MESSAGE_A "0123456789abcdef0123456789abcdef"' >tree/src/sys/messages.h
    printf -- '-- 0123456789abcdef0123456789abcdef\nSubject: A\n\nIt is so.\nDo this.\n' >tree/systemd/mbus-slave.catalog
    echo '    { "check", no_argument, NULL, OPTION_CHECK },' >tree/src/daemon/options.c
    echo 'VERSION := 1.2' >tree/Makefile
    echo 'a (1.2) unstable; urgency=low' >tree/debian/changelog
}
names() { # TEXT PATTERN FILE SED-SCRIPT: a change of one file must be found
    names_tree
    sed -i "$4" "tree/$3"
    refuses "names: $1" "$2" env SRCDIR=tree BUILD=tree/build "$tools/names.sh"
}
names_tree
accepts "names: all of them everywhere is fine" env SRCDIR=tree BUILD=tree/build "$tools/names.sh"
names "a setting that the manual lacks" 'port baud: not in the manual' src/man/mbus-slave.conf.5 's/Cm baud/Cm rate/'
names "a setting that only the manual has" 'port rate: not in the schema' src/man/mbus-slave.conf.5 's/Cm baud/Cm rate/'
names "a word that the manual lacks" 'port baud: 300 is not there' src/man/mbus-slave.conf.5 's/^300 or //'
names "another default in the manual" 'port baud: not Default: 2400' src/man/mbus-slave.conf.5 's/Default: 2400/Default: 300/'
names "a setting that the sample lacks" 'port baud: not in the sample' etc/mbus-slave.conf '/baud/d'
names "a setting that only the sample has" 'port rate: not in the schema' etc/mbus-slave.conf 's/baud/rate/'
names "a setting at another place of the sample" 'top baud: not in the schema' etc/mbus-slave.conf 's/^};/};\nbaud = 2400;/'
names "another default in the sample" 'the default is 2400' etc/mbus-slave.conf 's/= 2400/= 300/'
names "a message without an entry" 'f: no entry' systemd/mbus-slave.catalog '/^-- /s/f$/e/'
names "an entry without a message" 'e: not in messages.h' systemd/mbus-slave.catalog '/^-- /s/f$/e/'
names "an entry that says nothing" '0123456789abcdef' systemd/mbus-slave.catalog '/^It/d'
names "an option that the manual lacks" 'check: not in the manual' src/man/mbus-slave.8 's/Fl check/Fl chuck/'
names "another version in the package" 'Makefile: 1.2, debian/changelog: 1.1' debian/changelog 's/1.2/1.1/'

# ---- run-tests.sh
program() { # NAME, shell text on standard input
    { echo '#!/bin/sh'; cat; } >"$1"
    chmod +x "$1"
}
last() { # TEXT LINE STATUS COMMAND...: the last line and the exit status must be these
    local text=$1 line=$2 wanted=$3
    shift 3
    run "$@"
    ok "$text" "$([ "$(tail -n 1 out)" = "$line" ] && [ "$status" -eq "$wanted" ] && echo 0 || echo 1)"
}
program good <<<'echo 1..2; echo "ok 1 - a"; echo "ok 2 - b"'
program bad <<<'echo 1..2; echo "ok 1 - a"; echo "not ok 2 - b"; echo "# a.c:5: 3 is not 4"; exit 1'
program cmocka <<<'echo 1..3; echo "ok 1 - a"; echo "# skip: no such device"; echo "not ok 2 # SKIP b"
echo "not ok 3 - c"; echo "# a.c:7: error"; echo "# not ok - group"; exit 1'
program groups <<<'echo 1..1; echo "ok 1 - a"; echo "# ok - one"; echo 1..1; echo "ok 1 - b"; echo "# ok - two"'
program skips <<<'echo 1..2; echo "ok 1 - a # SKIP no network"; echo "ok 2 - b"'
program skips_all <<<'echo "1..0 # SKIP no npm"'
program crash <<<'echo 1..2; echo "ok 1 - a"; kill -SEGV $$'
program silent <<<'exit 0'
program short <<<'echo 1..3; echo "ok 1 - a"'
program lies <<<'echo 1..1; echo "ok 1 - a"; echo "leak" >&2; exit 1'
program hangs <<<'echo 1..2; echo "ok 1 - a"; sleep 30; echo "ok 2 - b"'

last "run-tests: passes are counted" "2 passed, 0 failed, 0 skipped" 0 "$tools/run-tests.sh" good
last "run-tests: a failure fails" "3 passed, 1 failed, 0 skipped" 1 "$tools/run-tests.sh" bad good
ok "run-tests: ... and shows the name and the reason" "$(says 'FAILED  b' && says '3 is not 4' && echo 0 || echo 1)"
last "run-tests: cmocka's skip is no failure" "1 passed, 1 failed, 1 skipped" 1 "$tools/run-tests.sh" cmocka
ok "run-tests: ... and shows the reason" "$(says 'skipped b: no such device' && echo 0 || echo 1)"
last "run-tests: several groups in one program" "2 passed, 0 failed, 0 skipped" 0 "$tools/run-tests.sh" groups
last "run-tests: a skip" "1 passed, 0 failed, 1 skipped" 0 "$tools/run-tests.sh" skips
last "run-tests: a skip fails with --no-skip" "1 passed, 0 failed, 1 skipped" 1 "$tools/run-tests.sh" --no-skip skips
last "run-tests: a skipped program" "0 passed, 0 failed, 1 skipped" 0 "$tools/run-tests.sh" skips_all
ok "run-tests: ... and shows the reason" "$(says 'no npm' && echo 0 || echo 1)"
last "run-tests: a crash" "1 passed, 1 failed, 0 skipped" 1 "$tools/run-tests.sh" crash
last "run-tests: no plan" "0 passed, 1 failed, 0 skipped" 1 "$tools/run-tests.sh" silent
last "run-tests: fewer tests than planned" "1 passed, 1 failed, 0 skipped" 1 "$tools/run-tests.sh" short
last "run-tests: an exit status that no test explains" "1 passed, 1 failed, 0 skipped" 1 "$tools/run-tests.sh" lies
ok "run-tests: ... and shows what was said" "$(says 'stderr  leak' && echo 0 || echo 1)"
last "run-tests: a test that does not end" "1 passed, 1 failed, 0 skipped" 1 "$tools/run-tests.sh" --timeout 1 hangs
last "run-tests: a program that is not there" "0 passed, 1 failed, 0 skipped" 1 "$tools/run-tests.sh" nowhere
last "run-tests: nothing to run" "0 passed, 1 failed, 0 skipped" 1 "$tools/run-tests.sh"
"$tools/run-tests.sh" --counts sum good >/dev/null
"$tools/run-tests.sh" --counts sum skips >/dev/null
last "run-tests: runs add up" "3 passed, 0 failed, 1 skipped" 0 "$tools/run-tests.sh" --sum sum
last "run-tests: ... and a skip is remembered" "3 passed, 0 failed, 1 skipped" 1 "$tools/run-tests.sh" --no-skip --sum sum

# ---- corpus.sh: a corpus of one telegram, and a program that prints what a file says
mkdir -p corpus/malformed
echo 'E5' | tee corpus/a.hex >corpus/malformed/error.hex
printf '<?xml?>\n<DataRecord id="0">\n<Value>1</Value>\n</DataRecord>\n' | tee corpus/a.xml >ours.xml
cat >ctl <<'SH'
#!/bin/sh
case $2 in --hex) cat ours.hex ;; --xml) cat ours.xml ;; esac
SH
chmod +x ctl
cp corpus/a.hex ours.hex
corpus() { CORPUS=corpus MBUS_SLAVECTL=./ctl "$tools/corpus.sh"; }
accepts "corpus: the same bytes and the same XML are fine" corpus
echo '10' >ours.hex
refuses "corpus: other bytes" 'do not come back' corpus
cp corpus/a.hex ours.hex
sed 's/1</2</' corpus/a.xml >ours.xml
refuses "corpus: another value" 'record 0: the XML differs' corpus
cp corpus/a.xml ours.xml
cp corpus/a.hex corpus/malformed/new.hex
refuses "corpus: a broken telegram without a verdict" 'not none' corpus
CORPUS=nowhere run "$tools/corpus.sh"
ok "corpus: skipped where there is none" "$(says '^1..0 # SKIP' && echo 0 || echo 1)"

echo "1..$n"
