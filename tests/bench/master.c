#include "tests/bench/master.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "tests/bench/figures.h"
#include "tests/bench/rig.h"

/* How long it waits: beyond the window at any rate. */
#define MASTER_PATIENCE_S 1

/* ---- ways to the meter ----------------------------------------------------------------------- */

int connect_tcp(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval patience = { .tv_sec = MASTER_PATIENCE_S };
    int on = 1;

    for (int i = 0; i < 500; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
            return fd;
        }
        close(fd);
        poll(NULL, 0, 10);
    }
    die("connect");
}

int connect_pty(const char *link)
{
    struct termios t;
    int fd = -1;

    for (int i = 0; i < 500 && fd < 0; i++) {
        fd = open(in_folder(link), O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
            poll(NULL, 0, 10);
    }
    if (fd < 0)
        die("pty");
    tcgetattr(fd, &t);
    cfmakeraw(&t);
    t.c_cc[VMIN] = 0;
    t.c_cc[VTIME] = MASTER_PATIENCE_S * 10;
    tcsetattr(fd, TCSANOW, &t);
    return fd;
}

/* ---- the dialogue ---------------------------------------------------------------------------- */

double window_opens_us(unsigned baud)
{
    double us = 11e6 / baud;

    return us > 2000 ? us : 2000;
}

double window_closes_us(unsigned baud)
{
    return 330e6 / baud + 50e3;
}

static bool is_whole(const unsigned char *answer, size_t n)
{
    return n >= 2 && n >= (size_t)answer[1] + 6;
}

double ask(int fd, unsigned char address, bool toggle)
{
    const unsigned char c = toggle ? 0x7B : 0x5B;
    const unsigned char request[5] = { 0x10, c, address, (unsigned char)(c + address), 0x16 };
    unsigned char answer[512];
    double begin = now_us(), first = -1;
    size_t n = 0;

    if (write(fd, request, sizeof(request)) != sizeof(request))
        die("write");
    while (!is_whole(answer, n)) {
        ssize_t more = read(fd, answer + n, sizeof(answer) - n);

        if (more < 0 && errno != EAGAIN)
            die("the port is gone");
        if (more <= 0)
            return -1;
        if (n == 0)
            first = now_us() - begin;
        n += (size_t)more;
    }
    return first;
}

double ask_surely(int fd, unsigned char address, bool toggle)
{
    double us = ask(fd, address, toggle);

    if (us < 0)
        die("no answer");
    return us;
}
