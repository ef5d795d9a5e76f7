#!/bin/bash
# clang-tidy, cppcheck, clang-format and a look for paths of one machine, over all C files (TAP).
#   lint.sh      from the top of the repository; $LINT_FLAGS are the flags the files are compiled with,
#                $LINT_SKIP a file that this machine does not compile
set -eu

read -ra flags <<<"${LINT_FLAGS:--Isrc -D_GNU_SOURCE -std=gnu11} -DMBUS_SLAVE_VERSION=\"lint\""
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
jobs=$(nproc)
format=clang-format-14 # another version lays out differently

n=0
result() { # TEXT STATUS FILE
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        sed 's/^/# /' "$3"
    fi
}

mapfile -t sources < <(find src tests -name '*.c' | sort)
# For the other libgpiod: this machine's headers do not fit it.
mapfile -t compiled < <(printf '%s\n' "${sources[@]}" | grep -vxF "${LINT_SKIP:-none}")
mapfile -t headers < <(find src tests -name '*.h' | sort)

# One result for each file, several files at a time.
tidy() { # FILE FLAG...
    local log status=0
    log=$work/$(echo "$1" | tr / _)
    clang-tidy --quiet --warnings-as-errors='*' "$1" -- "${@:2}" >"$log" 2>"$log.err" || status=$?
    [ "$status" -eq 0 ] || grep -v 'warnings* generated\|^Suppressed\|^Use -header' "$log.err" >>"$log" || true
    echo "$status" >"$log.status"
}
export -f tidy
export work
printf '%s\0' "${compiled[@]}" | xargs -0 -P "$jobs" -I{} bash -c 'tidy "$@"' tidy {} "${flags[@]}"
for file in "${compiled[@]}"; do
    log=$work/$(echo "$file" | tr / _)
    result "clang-tidy $file" "$(cat "$log.status")" "$log"
done

# memleak, leakReturnValNotUsed: cppcheck follows neither owners in structs nor the cleanup attribute;
# LeakSanitizer sees real leaks. For tests: it does not know that cmocka's fail() ends
# one, nor that what a test builds is read by the code under test, nor the macros of its headers. The rest are
# matters of taste.
status=0
cppcheck --quiet -j "$jobs" --std=c11 --error-exitcode=1 --inline-suppr \
    --enable=warning,style,performance,portability --library=posix \
    --suppress=missingIncludeSystem --suppress=unmatchedSuppression --suppress=memleak \
    --suppress=leakReturnValNotUsed --suppress=variableScope \
    --suppress='invalidFunctionArg:tests/*' --suppress='nullPointerRedundantCheck:tests/*' \
    --suppress='autoVariables:tests/*' --suppress='unreadVariable:tests/*' \
    --suppress='unknownMacro:tests/*' --suppress='usleepCalled:tests/*' --suppress=redundantContinue \
    --suppress=constParameter --suppress=constParameterCallback -Isrc -D_GNU_SOURCE -D__linux__ src tests \
    >"$work/cppcheck" 2>&1 || status=$?
result "cppcheck" "$status" "$work/cppcheck"

status=0
"$format" --dry-run -Werror "${sources[@]}" "${headers[@]}" >"$work/format.all" 2>&1 || status=$?
sed -n 's/^\([^: ]*\.[ch]\):[0-9].*/\1 (make format lays it out)/p' "$work/format.all" | uniq -c >"$work/format"
[ -s "$work/format" ] || cp "$work/format.all" "$work/format"
result "clang-format" "$status" "$work/format"

# What belongs to the repository: all that git does not ignore, or all there is.
files() {
    git ls-files -co --exclude-standard 2>/dev/null || find . -type f ! -path './build/*' ! -path './.git/*'
}
files | tr '\n' '\0' | xargs -0 grep -InE '(^|[^A-Za-z0-9_.-])/(home|work|Users)/[A-Za-z]' >"$work/paths" 2>/dev/null || true
result "no path of somebody's home or work folder" "$([ -s "$work/paths" ] && echo 1 || echo 0)" "$work/paths"

echo "1..$n"
