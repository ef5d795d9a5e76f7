#!/usr/bin/python3
"""A serial cable between two pseudo-terminals, as root.   cable.py LINK LINK

It behaves as UARTs do: no end is kept open, and one that its last user lets go of is free again. A pseudo-terminal
would remember the lock (TIOCEXCL) of a user that was killed.
"""
import fcntl
import os
import select
import sys
import termios
import time

names, in_use = {}, {}
for link in sys.argv[1:3]:
    master, slave = os.openpty()
    names[master], in_use[master] = os.ttyname(slave), False
    os.symlink(names[master], link)
    os.close(slave)
    os.set_blocking(master, False)


def unlock(end):
    slave = os.open(names[end], os.O_RDWR | os.O_NOCTTY)
    fcntl.ioctl(slave, termios.TIOCNXCL)
    os.close(slave)


poll = select.poll()
for end in names:
    poll.register(end, select.POLLIN)
while True:
    events = dict(poll.poll(100))
    for end in names:
        event = events.get(end, 0)
        if event & select.POLLIN:
            data = os.read(end, 512)
            try:
                os.write(next(other for other in names if other != end), data)
            except OSError:
                pass  # a full line, or nobody there: as on a wire, it is lost
        if in_use[end] and event & select.POLLHUP:
            unlock(end)
        in_use[end] = not event & select.POLLHUP
    if any(event == select.POLLHUP for event in events.values()):
        time.sleep(0.005)  # nobody at one end
