#!/bin/sh
# Installs what building or testing needs, as Debian packages, and says so first; nothing to do, nothing said.
#   deps.sh [run|check|deb|ci]      run: build it; check (default): and test it; deb: and make its packages;
#                                   ci: and everything make check-all runs
set -eu

purpose=${1:-check}
build='gcc libc6-dev make pkgconf libsystemd-dev libconfig-dev libgpiod-dev'
check='libcmocka-dev dbus-daemon'
deb='debhelper'
# systemd.pc, which names systemd's folders, has moved from systemd to systemd-dev after Debian 12.
[ -e /usr/share/pkgconfig/systemd.pc ] || if apt-cache show systemd-dev >/dev/null 2>&1; then
    deb="$deb systemd-dev"
else
    deb="$deb systemd"
fi
ci='git sudo clang libclang-rt-14-dev clang-format-14 clang-tidy cppcheck mmdebstrap g++ python3 systemd-container lintian mandoc'
# A user-mode Linux with gpio-sim (tests/vm).
ci="$ci linux-source-6.1 xz-utils flex bison bc libelf-dev libssl-dev"
# Debian's Node only where there is none: its libnode-dev would replace the headers of another.
command -v node >/dev/null && command -v npm >/dev/null || ci="$ci nodejs libnode-dev npm"

case $purpose in
run) wanted=$build why='to build mbus-slave' ;;
check) wanted="$build $check" why='to build and test mbus-slave' ;;
deb) wanted="$build $check $deb" why='to make the packages of mbus-slave' ;;
ci) wanted="$build $check $deb $ci" why='to build and test mbus-slave in every way' ;;
*) echo "deps.sh: run, check, deb or ci, not $purpose" >&2; exit 2 ;;
esac

missing=
for package in $wanted; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "These Debian packages are needed $why and will be installed now:"
echo " $missing"
sudo=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "That takes root's rights, and there is no sudo here. As root, run:"
        echo "  apt-get update && apt-get install --no-install-recommends$missing"
        exit 1
    fi
    echo "(with sudo, which may ask for your password)"
    sudo=sudo
fi

# apt's lists may be absent or old: fetch them when a package is unknown, and when one could not be had.
install() { # [OPTION]
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@" install $missing </dev/null
}
update() {
    echo "Fetching the list of packages first."
    $sudo apt-get -qq update
}
fail() {
    echo "They could not be installed; see above. Is there a network, and is this Debian or Raspberry Pi OS?" >&2
    exit 1
}
updated=
if ! install --simulate >/dev/null 2>&1; then
    update || fail
    updated=1
fi
if ! install -o=Dpkg::Use-Pty=0; then
    [ -z "$updated" ] || fail
    update || fail
    install -o=Dpkg::Use-Pty=0 || fail
fi
