#include "sys/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

int thread_start(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                 void *userdata)
{
    sigset_t all, before;
    int r;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    r = pthread_create(thread, attributes, run, userdata);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -r;
}

int thread_wakeup_taken(int fd)
{
    uint64_t n;

    return read(fd, &n, sizeof(n)) < 0 && errno != EAGAIN && errno != EINTR ? -errno : 0;
}
