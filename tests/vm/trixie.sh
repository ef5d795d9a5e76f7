#!/bin/bash
# The same as uml.sh with Debian 13 and libgpiod 2.x: builds without a warning, unit tests, lines on gpio-sim (TAP).
exec "$(dirname "$0")/uml.sh" trixie
