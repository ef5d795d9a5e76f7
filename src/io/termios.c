#include "io/termios.h"

#include <errno.h>
#include <stddef.h>

#include "base/macros.h"

/* mbus-protocol 2.1 */
static const struct {
    unsigned baud;
    speed_t speed;
} rates[] = {
    { 300, B300 },   { 600, B600 },   { 1200, B1200 },   { 2400, B2400 },
    { 4800, B4800 }, { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 },
};

int termios_set_baud(struct termios *t, unsigned baud)
{
    for (size_t i = 0; i < ARRAY_SIZE(rates); i++)
        if (rates[i].baud == baud)
            return cfsetspeed(t, rates[i].speed) < 0 ? -EINVAL : 0;
    return -EINVAL;
}

int termios_for_port(const struct port_config *port, struct termios *ret)
{
    struct termios t = {
        /* INPCK with parity none as well: without it drivers hide framing errors too. */
        .c_iflag = INPCK | PARMRK,
        .c_cflag = CS8 | CREAD | CLOCAL,
    };
    int r = termios_set_baud(&t, port->baud);

    if (r < 0)
        return r;
    if (port->parity_even)
        t.c_cflag |= PARENB;
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    *ret = t;
    return 0;
}

bool termios_taken(const struct termios *want, const struct termios *got, bool is_pty)
{
    tcflag_t frame = CSIZE | CSTOPB | PARENB | PARODD | CMSPAR | CREAD | CLOCAL | CRTSCTS;

    if (is_pty)
        frame &= ~(tcflag_t)PARENB;
    return ((want->c_cflag ^ got->c_cflag) & frame) == 0 && want->c_iflag == got->c_iflag &&
           want->c_lflag == got->c_lflag && ((want->c_oflag ^ got->c_oflag) & OPOST) == 0 &&
           cfgetispeed(want) == cfgetispeed(got) && cfgetospeed(want) == cfgetospeed(got);
}
