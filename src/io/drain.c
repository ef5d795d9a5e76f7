#include "io/drain.h"

#include <linux/serial.h>
#include <sys/ioctl.h>
#include <termios.h>

bool drain_is_busy(int fd)
{
    unsigned lsr = 0;
    int queued = 0;

    if (ioctl(fd, TIOCOUTQ, &queued) == 0 && queued > 0)
        return true;
    /* The shift register too: the PL011 and 8250 drivers have it, most USB adapters and a pty not.
     */
    return ioctl(fd, TIOCSERGETLSR, &lsr) == 0 && !(lsr & TIOCSER_TEMT);
}
