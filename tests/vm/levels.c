/*
 * Watches pins from outside: prints a line for each change of a file that holds 0 or 1 (gpio-sim's
 * sim_gpioN/value), until its standard input ends.
 *
 *     levels NAME=PATH...        prints "MICROSECONDS NAME LEVEL", the levels at the start first
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PINS_MAX 8

struct pin {
    char *name;
    int fd;
    char level;
};

static long long now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void look_at(struct pin *pin)
{
    char level;

    if (pread(pin->fd, &level, 1, 0) != 1 || level == pin->level)
        return;
    pin->level = level;
    printf("%lld %s %c\n", now_us(), pin->name, level);
}

/* Waits for 100 us; true at the end of standard input. */
static int is_over(void)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    const struct timespec pause = { .tv_nsec = 100000 };
    char any;

    return ppoll(&input, 1, &pause, NULL) > 0 && read(STDIN_FILENO, &any, 1) <= 0;
}

int main(int argc, char *argv[])
{
    struct pin pins[PINS_MAX] = { { 0 } };
    int n = argc - 1 < PINS_MAX ? argc - 1 : PINS_MAX;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < n; i++) {
        char *path = strchr(argv[i + 1], '=');

        if (path == NULL)
            return 2;
        *path++ = '\0';
        pins[i] = (struct pin){ .name = argv[i + 1], .fd = open(path, O_RDONLY | O_CLOEXEC) };
        if (pins[i].fd < 0) {
            fprintf(stderr, "levels: %s: %s\n", path, strerror(errno));
            return 1;
        }
    }
    while (!is_over()) {
        for (int i = 0; i < n; i++)
            look_at(&pins[i]);
    }
    return 0;
}
