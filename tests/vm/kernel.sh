#!/bin/bash
# Builds a user-mode Linux with gpio-sim from Debian's linux-source-6.1; minutes the first time, nothing after that.
#   kernel.sh DIRECTORY      leaves DIRECTORY/linux
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)
source=$(find /usr/src -maxdepth 1 -name 'linux-source-6.*.tar.xz' | sort -V | tail -n 1)
[ -n "$source" ] || { echo "linux-source-6.1 is not installed" >&2; exit 1; }

# The kernel is made again when its source or this recipe has changed.
stamp=$(cksum <"$here/kernel.sh")-$(stat -Lc '%s %Y' "$source")
exec 9>"$dir/lock"
flock 9
if [ -x "$dir/linux" ] && [ "$(cat "$dir/stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

begun=$SECONDS
tree=$dir/source
rm -rf "$tree"
mkdir "$tree"
tar -C "$tree" --strip-components=1 -xf "$source"
cd "$tree"
# The serial line's driver refuses every setting; behind a host's pty, each is as good as the other.
sed -i -e '/^static const struct tty_operations ssl_ops/i \
static void ssl_set_termios(struct tty_struct *tty, const struct ktermios *old) { }\n' \
    -e 's/^\t\.hangup\t.*line_hangup.*/&\n\t.set_termios = ssl_set_termios,/' arch/um/drivers/ssl.c
make -s ARCH=um defconfig
# UML_PCI_OVER_VIRTIO: without it there are 64 interrupts, too few for gpio-sim's lines.
./scripts/config -e GPIOLIB -e GPIO_CDEV -e GPIO_CDEV_V1 -e GPIO_SIM -e CONFIGFS_FS -e HOSTFS -e TMPFS -e DEVTMPFS \
    -e HIGH_RES_TIMERS -e SIGNALFD -e TIMERFD -e EPOLL -e FHANDLE -e UNIX -e NET -e PTY_CHAN -e SSL -e SECCOMP \
    -e VIRTIO_UML -e UML_PCI_OVER_VIRTIO --set-val UML_PCI_OVER_VIRTIO_DEVICE_ID 1234 \
    -d MODULES -d DEBUG_INFO -d SOUND -d WIRELESS -d EXT4_FS -d REISERFS_FS -d BLK_DEV_UBD -d IPV6
make -s ARCH=um olddefconfig
nice make -s ARCH=um "-j$(nproc)"
strip -o "$dir/linux.new" linux
mv "$dir/linux.new" "$dir/linux"
echo "$stamp" >"$dir/stamp"
cd "$dir"
rm -rf "$tree"
echo "kernel: user-mode Linux was built in $((SECONDS - begun)) s"
