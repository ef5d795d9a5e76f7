#!/bin/bash
# make bench: measures the built daemon and prints the tables of the README.
#   bench.sh BENCH [TABLE...]      $MBUS_SLAVE, $MBUS_SLAVECTL, $FLOOR: the programs; IDLE=N: seconds of the idle
#                                  measurement (30)
set -eu

# Pages of a program that was only just built count as dirty until they are on the disk.
sync -f "$MBUS_SLAVE"

echo "Measured on $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(uname -sr), $(. /etc/os-release && echo "$PRETTY_NAME")."
exec "$@"
