#include "ctl/way.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#include "ctl/way_tcp.h"
#include "io/termios.h"

#define TCP "tcp:"

/* Device majors of the slave sides of UNIX 98 ptys. */
#define PTY_MAJOR_FIRST 136U
#define PTY_MAJOR_LAST 143U

bool way_is_tcp(const char *device)
{
    return strncmp(device, TCP, strlen(TCP)) == 0;
}

static bool take_service(const char *text, struct way_tcp *ret)
{
    size_t n = strlen(text);
    unsigned long port = strtoul(text, NULL, 10);

    if (n == 0 || n >= sizeof(ret->service) || strspn(text, "0123456789") != n || port == 0 ||
        port > UINT16_MAX)
        return false;
    memcpy(ret->service, text, n + 1);
    return true;
}

static bool take_host(const char *text, size_t n, struct way_tcp *ret)
{
    if (n == 0 || n >= sizeof(ret->host))
        return false;
    memcpy(ret->host, text, n);
    ret->host[n] = '\0';
    return true;
}

bool way_parse_tcp(const char *device, struct way_tcp *ret)
{
    const char *text = device + strlen(TCP), *end;

    if (!way_is_tcp(device))
        return false;
    if (*text == '[') {
        end = strchr(text, ']');
        return end && end[1] == ':' && take_host(text + 1, (size_t)(end - text - 1), ret) &&
               take_service(end + 2, ret);
    }
    end = strchr(text, ':');
    if (end == NULL)
        return take_host("localhost", strlen("localhost"), ret) && take_service(text, ret);
    return take_host(text, (size_t)(end - text), ret) && take_service(end + 1, ret);
}

bool way_has_baud(unsigned baud)
{
    struct termios t = { 0 };

    return termios_set_baud(&t, baud) == 0;
}

/* What people can do something about has words of its own. */
static const char *reason(int error)
{
    switch (error) {
    case EBUSY:
        return "another program has it open";
    case ENOTTY:
    case EISDIR:
        return "it is no serial port";
    case EACCES:
        return "permission denied (a serial port wants a member of the group dialout)";
    case EIO:
        return "it does not take this rate with 8 bits and even parity";
    default:
        return strerror(error);
    }
}

/* By number, not by path: links and containers give a pty any name. */
static bool is_pty(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && major(st.st_rdev) >= PTY_MAJOR_FIRST &&
           major(st.st_rdev) <= PTY_MAJOR_LAST;
}

const char *way_open(const char *device, unsigned baud, struct transport *ret)
{
    struct port_config port = {
        .device = (char *)device, .kind = PORT_SERIAL, .baud = baud, .parity_even = true
    };
    struct way_tcp tcp;
    int r;

    if (way_parse_tcp(device, &tcp))
        return way_connect(&tcp, ret);
    r = serial_open(&port, ret);
    if (r < 0)
        return reason(-r);
    if (is_pty(ret->fd))
        ret->kind = PORT_PTY;
    return NULL;
}
