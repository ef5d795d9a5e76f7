/* Threads beside the event loop. */
#ifndef SYS_THREAD_H
#define SYS_THREAD_H

#include <pthread.h>

/* Starts a thread with all signals blocked, since signals are for the loop. `attributes` may be
 * NULL. 0 or a negative errno. */
int thread_start(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                 void *userdata);

/* Empties the eventfd by which a thread has woken the loop. 0 or a negative errno. */
int thread_wakeup_taken(int fd);

#endif
