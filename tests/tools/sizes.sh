#!/bin/sh
# Checks that no function of src is longer than 80 lines and no file longer than 400 (TAP).
#   sizes.sh [--report] [SRC]      --report: print the figures instead
set -eu

max_function=80
max_file=400
# Files that are tables of data, below src: no limit on their length.
tables='mbus/vif_tables.c'

report=
if [ "${1:-}" = --report ]; then
    report=1
    shift
fi
src=${1:-${SRCDIR:-.}/src}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find "$src" -name '*.[ch]' | sort >"$work/list"

# "lines file" of each file, and "lines file:line name" of each function: from its first line to its closing
# brace in column 0, as .clang-format lays it out.
: >"$work/files"
: >"$work/functions"
while read -r file; do
    echo "$(wc -l <"$file") ${file#"$src/"}" >>"$work/files"
    awk -v file="${file#"$src/"}" '
        function signature(text) {
            gsub(/__attribute__\(\([^)]*\)\)/, "", text); sub(/[ \t]*\(.*/, "", text); sub(/.*[ \t*]/, "", text)
            return text
        }
        !inside && /^[A-Za-z_].*\)[ \t]*\{[ \t]*$/ { if (!head) head = NR; first = $0; start = head; inside = 1; head = 0; next }
        !inside && /^\{/ && head { start = head; inside = 1; head = 0; next }
        inside && /^\}/ { print NR - start + 1, file ":" start, signature(first); inside = 0; first = ""; next }
        inside { next }
        /^[A-Za-z_]/ && !/^(typedef|extern)/ && !/[;=][ \t]*(\/\*.*)?$/ { if (!head) head = NR; if (first == "" && /\(/) first = $0; next }
        /^[ \t]+[^ \t]/ && head && !/;[ \t]*$/ { if (first == "" && /\(/) first = $0; next }
        { head = 0; first = "" }
        END { if (inside) print 99999, file ":" start, signature(first) }
    ' "$file" >>"$work/functions"
done <"$work/list"

figures() { # FILE OF "LINES NAME": count, median, 90th percentile, largest
    sort -n "$1" | awk '
        { lines[NR] = $1; name = $2 " " $3 }
        END {
            if (NR) printf "%d, median %d, 90%% up to %d, largest %d (%s)\n",
                NR, lines[int((NR + 1) / 2)], lines[int(NR * 0.9 + 0.999)], lines[NR], name
        }' | sed 's/ )$/)/'
}

if [ -n "$report" ]; then
    grep '\.c$' "$work/files" >"$work/c" || true
    grep '\.h$' "$work/files" >"$work/h" || true
    echo "lines of functions: $(figures "$work/functions")"
    echo "lines of .c files:  $(figures "$work/c")"
    echo "lines of .h files:  $(figures "$work/h")"
    exit 0
fi

result() { # NUMBER TEXT PROBLEMS
    if [ -z "$3" ]; then
        echo "ok $1 - $2"
    else
        echo "not ok $1 - $2"
        echo "$3" | sed 's/^/# /'
    fi
}
result 1 "no function is longer than $max_function lines" \
    "$(awk -v max=$max_function '$1 > max { print $2 ": " $3 "() has " $1 " lines" }' "$work/functions")"
result 2 "no file is longer than $max_file lines" \
    "$(awk -v max=$max_file -v tables=" $tables " '
        $1 > max && !index(tables, " " $2 " ") { print $2 " has " $1 " lines" }' "$work/files")"
# A reader that finds no function in a file full of code is broken, or the file is laid out in a way it cannot read.
result 3 "functions were found" "$([ -s "$work/functions" ] || echo "none in $src")"
echo 1..3
