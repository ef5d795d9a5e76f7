/* The floor of the benchmark: a bare loop that reads 5 bytes and writes a constant answer. It
 * checks nothing and keeps no window; what it costs is the kernel's part. floor tcp PORT | floor
 * pty LINK */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

static const unsigned char answer[] = {
    0x68, 0x18, 0x18, 0x68, 0x08, 0x03, 0x72, 0x78, 0x56, 0x34, 0x12, 0x74, 0x52, 0x01, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x02, 0xFD, 0x49, 0xD2, 0x04, 0x02, 0x16, 0xC8, 0x01, 0x57, 0x16,
};

static void serve(int fd)
{
    unsigned char request[5];

    while (read(fd, request, sizeof(request)) == sizeof(request)) {
        if (write(fd, answer, sizeof(answer)) != sizeof(answer))
            return;
    }
}

static void serve_tcp(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 8) < 0)
        exit(1);
    for (;;) {
        int fd = accept(listener, NULL, NULL);

        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        serve(fd);
        close(fd);
    }
}

static void serve_pty(const char *link)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY), keeper;
    struct termios t;

    if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0)
        exit(1);
    keeper = open(ptsname(fd), O_RDWR | O_NOCTTY);
    tcgetattr(keeper, &t);
    cfmakeraw(&t);
    tcsetattr(keeper, TCSANOW, &t);
    if (symlink(ptsname(fd), link) < 0)
        exit(1);
    serve(fd);
    close(keeper);
    close(fd);
}

int main(int argc, char *argv[])
{
    if (argc == 3 && strcmp(argv[1], "tcp") == 0)
        serve_tcp((int)strtol(argv[2], NULL, 10));
    if (argc == 3 && strcmp(argv[1], "pty") == 0)
        serve_pty(argv[2]);
    fprintf(stderr, "floor tcp PORT | floor pty LINK\n");
    return 2;
}
