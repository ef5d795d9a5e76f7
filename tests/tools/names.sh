#!/bin/bash
# Holds the manual, the sample file and the journal's catalog against the source: nothing missing, nothing made up (TAP).
#   names.sh      $SRCDIR: top of the repository; $BUILD: where `make tests` put tests/tools/settings
set -eu

src=${SRCDIR:-.}
settings=${BUILD:-$src/build}/tests/tools/settings
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
# The lines that are in one file and not in the other.
missing() { # SENTENCE FILE-WITH FILE-WITHOUT
    comm -23 <(sort -u "$2") <(sort -u "$3") | sed "s/\$/: $1/"
}

"$settings" >"$work/facts"
fact() { awk -F'\t' -v kind="$1" '$1 == kind' "$work/facts"; }
fact setting | awk -F'\t' '{ print $2 " " $3 }' >"$work/schema"

# ---- mbus-slave.conf(5): "GROUP NAME" of each item between .Sh SETTINGS and the next .Sh, and what it says
manual=$src/src/man/mbus-slave.conf.5
awk '
    /^\.Sh / { inside = /SETTINGS/; depth = 0; next }
    !inside { next }
    /^\.Ss / { group = $2; next }
    /^\.Bl/ { depth++; next }
    /^\.El/ { depth--; next }
    depth == 1 && /^\.It Cm / { item = group " " $3; print item "\t"; next }
    { text = $0; gsub(/\\\(dq/, " ", text); gsub(/\\\(de/, "°", text); print item "\t" text }
' "$manual" >"$work/manual.text"
cut -f1 "$work/manual.text" | sort -u | sed '/^$/d' >"$work/manual"
result "every setting is in mbus-slave.conf(5)" "$(missing 'not in the manual' "$work/schema" "$work/manual")"
result "mbus-slave.conf(5) has no other" "$(missing 'not in the schema' "$work/manual" "$work/schema")"
result "mbus-slave.conf(5) has every word and every default" "$(awk -F'\t' '
    NR == FNR { text[$1] = text[$1] " " $2; next }
    { item = $2 " " $3; words = text[item]; gsub(/[.,;:]+( |$)/, " ", words) }
    $1 == "word" && !index(words " ", " " $4 " ") { print item ": " $4 " is not there" }
    $1 == "setting" && $4 != "" && !index(text[item] " ", "Default: " $4 ". ") { print item ": not Default: " $4 "." }
' "$work/manual.text" "$work/facts")"

# ---- etc/mbus-slave.conf: "GROUP NAME<tab>VALUE" of each setting, in force or in a comment
sample=$src/etc/mbus-slave.conf
awk '
    function group() {
        if (!depth) return "top"
        if (stack[depth] == "records") return "record"
        if (stack[depth - 1] == "hat") return "line"
        sub(/^ports$/, "port", stack[depth]); sub(/^meters$/, "meter", stack[depth])
        return stack[depth]
    }
    /^ *# *([a-z0-9_]+ = |\{ |[}\]);]+$)/ { sub(/# */, "") }
    { sub(/#.*/, "") }
    {
        while (match($0, /[a-z0-9_]+ = |[{(})]/)) {
            token = substr($0, RSTART, RLENGTH); $0 = substr($0, RSTART + RLENGTH)
            if (token == "{" || token == "(") stack[++depth] = token == "{" && name == "" ? stack[depth - 1] : name
            else if (token == "}" || token == ")") depth--
            else {
                name = token; sub(/ = /, "", name)
                value = $0; sub(/;.*/, "", value); gsub(/"/, "", value)
                print group() " " name "\t" value
                if (value ~ /^[{(]/) continue
            }
            name = ""
        }
    }
    END { if (depth) print "braces do not match" }
' "$sample" >"$work/sample.text"
cut -f1 "$work/sample.text" | sort -u >"$work/sample"
result "every setting is in etc/mbus-slave.conf" "$(missing 'not in the sample' "$work/schema" "$work/sample")"
result "etc/mbus-slave.conf has no other" "$(missing 'not in the schema' "$work/sample" "$work/schema")"
# What is in force there may differ from the default; what stands in a comment may not.
grep -E '^ *# +[a-z0-9_]+ = [^{(]' "$sample" | sed 's/^ *# *//; s/;.*//; s/"//g; s/\[ \(.*\) \]/\1/' | tr -d '\r' >"$work/commented"
result "etc/mbus-slave.conf shows the defaults" "$(awk -F'\t' '
    NR == FNR { split($0, a, " = "); shown[a[1]] = shown[a[1]] "|" a[2] "|"; next }
    $1 == "setting" && $4 != "" && ($3 in shown) && !index(shown[$3], "|" $4 "|") {
        print $3 ": the default is " $4 ", the sample shows " shown[$3] }
' "$work/commented" "$work/facts")"

# ---- the journal's catalog
sed -n 's/^#define MESSAGE_[A-Z_]* "\([0-9a-f]*\)"$/\1/p' "$src/src/sys/messages.h" >"$work/ids"
sed -n 's/^-- \([0-9a-f]*\)$/\1/p' "$src/systemd/mbus-slave.catalog" >"$work/catalog"
result "message ids were found" "$([ -s "$work/ids" ] || echo none)"
result "every message id has an entry in the catalog" "$(missing 'no entry' "$work/ids" "$work/catalog")"
result "the catalog has no other" "$(missing 'not in messages.h' "$work/catalog" "$work/ids")"
result "no id twice" "$(sort "$work/ids" | uniq -d; sort "$work/catalog" | uniq -d)"
result "every entry has a subject and a text" "$(awk '
    function finish() { if (id != "" && (!subject || lines < 2)) print id }
    /^-- / { finish(); id = $2; subject = lines = 0; next }
    /^Subject: ./ { subject = 1 }
    id != "" && NF && !/^[A-Z][A-Za-z-]*: / { lines++ }
    END { finish() }' "$src/systemd/mbus-slave.catalog")"

# ---- the command line, the manual's pages, the version
sed -n 's/^    { "\([a-z-]*\)", [a-z_]*argument, NULL, OPTION_\([A-Z]*\) },$/\1 \2/p' "$src/src/daemon/options.c" |
    sed -n '/ LATER$/!s/ .*//p' >"$work/options"
sed -n 's/^\.It Fl Fl \([a-z-]*\).*/\1/p' "$src/src/man/mbus-slave.8" >"$work/manual.options"
result "options were found" "$([ -s "$work/options" ] || echo none)"
result "every option is in mbus-slave(8)" "$(missing 'not in the manual' "$work/options" "$work/manual.options")"
result "mbus-slave(8) has no other" "$(missing 'no such option' "$work/manual.options" "$work/options")"
result "the package has the version of the program" "$(
    program=$(sed -n 's/^VERSION := //p' "$src/Makefile")
    package=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$src/debian/changelog")
    [ "${package%%[-~+]*}" = "$program" ] || echo "Makefile: $program, debian/changelog: $package")"
n=$((n + 1))
if ! command -v mandoc >/dev/null; then
    echo "ok $n - mandoc finds nothing to say about the manual # SKIP mandoc is not installed"
else
    # Whether pages that are referred to are installed on this machine is none of its business.
    problems=$(mandoc -T lint "$src"/src/man/*.[1-9] 2>/dev/null | grep -v 'referenced manual not found' || true)
    n=$((n - 1))
    result "mandoc finds nothing to say about the manual" "$problems"
fi
echo "1..$n"
