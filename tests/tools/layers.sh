#!/bin/sh
# Checks the arrows between the folders of src: who may include whom, and where a library's header may appear (TAP).
#   layers.sh [SRC]
set -eu

src=${1:-${SRCDIR:-.}/src}

# folder: the folders it may include beside its own (src/README.md draws the picture).
allowed='
base:
mbus:    base
meter:   base mbus
slave:   base mbus meter
config:  base mbus meter slave
sys:     base mbus meter slave config
io:      base mbus meter slave config sys
source:  base mbus meter slave config sys io
store:   base mbus meter slave config sys
control: base mbus meter slave config sys source
daemon:  base mbus meter slave config sys io source store control
ctl:     base mbus meter sys io
'
# header: the files, below src, that may include it.
libraries='
systemd/:     sys/* io/* source/* store/* control/* daemon/* ctl/*
libconfig.h:  config/*
gpiod.h:      io/gpio_v*.c
'

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

row() { # TABLE KEY: the words of a row; fails if there is none
    echo "$1" | awk -v key="$2:" '$1 == key { $1 = ""; print; found = 1 } END { exit !found }'
}

includes() { # FILE: "line what", what with its quotes or angle brackets
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*\(["<][^">]*[">]\).*/\1/;t print
            b
            :print
            =;p' "$1" | paste -d' ' - -
}

matches() { # WORD PATTERN...
    word=$1
    shift
    for pattern in "$@"; do
        # shellcheck disable=SC2254
        case $word in $pattern) return 0 ;; esac
    done
    return 1
}

# The problems of one folder's includes of our own files.
check_arrows() { # FOLDER
    targets=$(row "$allowed" "$1") || { echo "src/$1: no row in tests/tools/layers.sh says what it may include"; return; }
    find "$src/$1" -name '*.[ch]' | sort | while read -r file; do
        includes "$file" | while read -r line what; do
            case $what in \"*) ;; *) continue ;; esac
            path=${what#\"} path=${path%\"}
            # shellcheck disable=SC2086
            case $path in
            ../* | */../* | ./*) echo "$file:$line: $what: write it as \"folder/file.h\"" ;;
            */*) matches "${path%%/*}" "$1" $targets ||
                echo "$file:$line: $what: $1 may include only:${targets:- nothing but its own folder}" ;;
            *) echo "$file:$line: $what: write it as \"folder/file.h\"" ;;
            esac
        done
    done
}

# The problems of a library's header: included where it may not be.
check_library() { # HEADER
    set -f
    places=$(row "$libraries" "$1")
    find "$src" -name '*.[ch]' | sort | while read -r file; do
        includes "$file" | while read -r line what; do
            header=${what#[\"<]} header=${header%[\">]}
            case $header in "$1"*) ;; *) continue ;; esac
            # shellcheck disable=SC2086
            matches "${file#"$src/"}" $places || echo "$file:$line: $what: only for$places"
        done
    done
    set +f
}

# sd-event takes accuracy 0 as its default of 250 ms: say 1 (microsecond) or a real figure.
check_accuracy() {
    find "$src" -name '*.c' | sort | while read -r file; do
        awk -v file="$file" '
            { sub(/\/\/.*/, ""); text = text $0 "\n" }
            END {
                line = 1
                while (match(text, /sd_event_add_time(_relative)?[[:space:]]*\(/)) {
                    head = substr(text, 1, RSTART + RLENGTH - 1)
                    text = substr(text, RSTART + RLENGTH)
                    at = line + gsub(/\n/, "\n", head); line = at
                    depth = 1; arg = 1; what = ""
                    for (i = 1; i <= length(text) && depth; i++) {
                        c = substr(text, i, 1)
                        if (c == "(") depth++
                        if (c == ")") depth--
                        if (c == "," && depth == 1) arg++
                        else if (arg == 5 && depth) what = what c
                    }
                    gsub(/[[:space:]]/, "", what)
                    if (what ~ /^\(*(0+|0x0+)[uUlL]*\)*$/)
                        print file ":" at ": accuracy 0 means 250 ms to sd-event"
                }
            }' "$file"
    done
}

for folder in "$src"/*/; do
    [ -n "$(find "$folder" -name '*.[ch]')" ] || continue
    folder=$(basename "$folder")
    result "src/$folder includes only what is below it" "$(check_arrows "$folder")"
done
for header in systemd/ libconfig.h gpiod.h; do
    result "$header only where it belongs" "$(check_library "$header")"
done
result "sd-event timers say their accuracy" "$(check_accuracy)"
result "no source file outside a folder" "$(find "$src" -maxdepth 1 -name '*.[ch]')"
echo "1..$n"
