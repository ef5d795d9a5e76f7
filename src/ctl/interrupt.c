#include "ctl/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>

#include "base/macros.h"
#include "sys/clock.h"

static const int signals[] = { SIGINT, SIGTERM };

/* What a program can know of a signal that came: the first one. */
static volatile sig_atomic_t caught;

/* The mask from before: signals come only while we wait, so that none is missed between a look and
 * the wait. */
static sigset_t open_mask;

static void note(int number)
{
    if (caught == 0)
        caught = number;
}

void interrupt_catch(void)
{
    struct sigaction action = { .sa_handler = note };
    sigset_t mask;

    sigemptyset(&mask);
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
        (void)sigaction(signals[i], &action, NULL);
        sigaddset(&mask, signals[i]);
    }
    (void)sigprocmask(SIG_BLOCK, &mask, &open_mask);
}

bool interrupted(void)
{
    return caught != 0;
}

void interrupt_forget(void)
{
    caught = 0;
}

int interrupt_poll(struct pollfd *fds, unsigned n, usec_t until)
{
    usec_t now = clock_now();
    usec_t left = until > now ? until - now : 0;
    struct timespec timeout = { .tv_sec = (time_t)(left / USEC_PER_SEC),
                                .tv_nsec = (long)(left % USEC_PER_SEC * 1000) };
    int r;

    if (interrupted())
        return -EINTR;
    r = ppoll(fds, n, until == USEC_NEVER ? NULL : &timeout, &open_mask);
    return r < 0 ? -errno : r;
}

int interrupt_wait_readable(int fd, usec_t until)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };

    return interrupt_poll(&p, 1, until);
}

void interrupt_obey(void)
{
    if (!interrupted())
        return;
    fflush(stdout);
    (void)signal(caught, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, &open_mask, NULL);
    (void)raise(caught);
}
