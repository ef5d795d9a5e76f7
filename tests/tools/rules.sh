#!/bin/sh
# Checks that every section of the protocol's reference with a rule for a wired slave has a unit test that names it
# (TAP). A comment "mbus-protocol 7.2" (also "7.1, 7.4 and 16.4", "13.1 to 13.3") within a test, or before it, belongs
# to that test. With an empty line behind it, it is a heading: of all tests that follow, up to the next one with dashes
# where it has such itself.
#   rules.sh [--table] [TESTS]      --table: print section, file and test instead
set -eu

# Sections with rules for a wired slave; the rest describes the medium, masters and formats of others.
rules="3.1 3.2 4 5.1 5.2 5.3 5.4 5.5 5.6 6 7.1 7.2 7.3 7.4 7.5 7.6 7.7 8.1 9 10.1 10.2 10.3 10.4 10.5 10.6 10.7
    11 11.1 12 13.1 13.2 13.3 13.4 13.5 13.6 13.7 14.1 14.2 14.3
    16.1 16.2 16.3 16.4 16.5 16.6 16.7 16.8 16.9 16.10 16.11 16.12"
others="2.1 2.2 2.3 2.4 2.5 3 3.3 5 7 8 8.2 10 11.2 11.3 11.4 13 13.8 14 15 15.1 15.2 15.3 15.4 15.5 15.6 15.7 15.8
    15.9 16 17"

table=
if [ "${1:-}" = --table ]; then
    table=1
    shift
fi
tests=${1:-${SRCDIR:-.}/tests/unit}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "section file test" of each citation by a test that main() runs.
find "$tests" -name 'test_*.c' | LC_ALL=C sort | while read -r file; do
    awk -v file="${file#"$tests/"}" '
        function cite(section) {
            if (test != "") print section, file, test
            else newest = newest " " section
        }
        function cite_all(sections,    list, count, i) {
            count = split(sections, list, " ")
            for (i = 1; i <= count; i++) print list[i], file, test
        }
        # All that stand between two of them: 13.1 to 13.3.
        function cite_range(from, to,    a, b, i) {
            split(from, a, "."); split(to, b, ".")
            if (a[1] == b[1] && a[2] != "" && b[2] != "") for (i = a[2]; i <= b[2]; i++) cite(a[1] "." i)
            else for (i = a[1]; i <= b[1]; i++) cite(i)
        }
        function read_comment(text,    list, parts, count, i, ends) {
            gsub(/[ \t]+/, " ", text)
            while (match(text, /mbus-protocol [0-9]+(\.[0-9]+)?((,| and| to|, and) [0-9]+(\.[0-9]+)?)*/)) {
                list = substr(text, RSTART + 14, RLENGTH - 14)
                text = substr(text, RSTART + RLENGTH)
                gsub(/(,? and|,) /, ";", list)
                count = split(list, parts, ";")
                for (i = 1; i <= count; i++) {
                    if (split(parts[i], ends, " to ") == 2) cite_range(ends[1], ends[2])
                    else cite(parts[i])
                }
            }
        }
        NR == FNR { if (match($0, /cmocka_unit_test\([a-z0-9_]+\)/)) {
                rest = $0
                while (match(rest, /cmocka_unit_test\([a-z0-9_]+\)/)) {
                    run[substr(rest, RSTART + 17, RLENGTH - 18)] = 1
                    rest = substr(rest, RSTART + RLENGTH)
                } }
            next }
        /^static void [a-z0-9_]+\(void \*\*state\)/ {
            name = $3; sub(/\(.*/, "", name)
            if (name in run) {
                test = name
                cite_all(pending newest whole_file heading)
                pending = newest = ""
            }
        }
        # What the comment is that ended in the line before.
        ended && /^$/ { if (dashes) heading = newest; else whole_file = whole_file newest }
        ended && !/^$/ { pending = pending newest }
        ended { newest = ""; ended = 0 }
        /^}/ { test = "" }
        {
            line = $0
            while (line != "") {
                if (!inside) {
                    at = index(line, "/*")
                    if (!at) break
                    inside = 1; comment = ""; line = substr(line, at + 2)
                }
                at = index(line, "*/")
                part = at ? substr(line, 1, at - 1) : line
                sub(/^[ \t]*\* /, " ", part)
                comment = comment " " part
                if (!at) break
                line = substr(line, at + 2); inside = 0
                read_comment(comment)
                if (test == "") { ended = 1; dashes = index(comment, "----") }
            }
        }' "$file" "$file"
done | LC_ALL=C sort -u >"$work/citations"

if [ -n "$table" ]; then
    sort -t. -k1,1n -k2,2n "$work/citations" | while read -r section file test; do
        case " $(echo $rules) " in *" $section "*) printf '%-6s %-28s %s\n' "$section" "$file" "$test" ;; esac
    done
    exit 0
fi

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
for section in $rules; do
    grep -q "^$section " "$work/citations" && problem= || problem="no test names mbus-protocol $section"
    result "mbus-protocol $section is tested" "$problem"
done
# A wrong number proves nothing.
printf '%s\n' $rules $others >"$work/sections"
result "no test names a section that there is not" "$(awk 'NR == FNR { known[$1] = 1; next }
    !($1 in known) { print $2 ": " $3 " names mbus-protocol " $1 }' "$work/sections" "$work/citations")"
echo "1..$n"
