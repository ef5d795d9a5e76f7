/*
 * Work that may block for ever, such as the file of a sensor whose bus is dead, done by threads
 * beside the event loop. What nobody waits for any more is abandoned: it costs its thread for as
 * long as it hangs, and nothing else. Work that does end, in its order, is for sys/worker.h.
 */
#ifndef SYS_POOL_H
#define SYS_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-event.h>

struct pool;

enum pool_job_state {
    POOL_JOB_IDLE,     /* the owner's */
    POOL_JOB_WAITING,  /* for a thread */
    POOL_JOB_RUNNING,  /* the thread's */
    POOL_JOB_FINISHED, /* to be reported */
};

/*
 * A job, on the heap as part of whatever wants it done. What it works on belongs to the thread
 * while it runs, to the loop at all other times; release() frees it when the owner has abandoned
 * it.
 */
struct pool_job {
    void (*run)(void *userdata);     /* in a thread, all signals blocked */
    void (*done)(void *userdata);    /* in the loop; may submit or abandon the job */
    void (*release)(void *userdata); /* frees the job; in the loop or in a thread */
    void *userdata;

    /* The pool's own; zero before the first submission. */
    struct pool_job *next;
    struct pool_job **link; /* what points to it in its list */
    enum pool_job_state state;
    bool is_abandoned;
};

/*
 * Makes a pool of at most `max_threads` (> 0) threads, each begun when there is work for it and
 * kept. Results come to `event` at `priority`. 0 or a negative errno; *ret is for pool_free().
 */
int pool_new(sd_event *event, int64_t priority, size_t max_threads, struct pool **ret);

/*
 * Ends a pool and waits for nobody; accepts NULL. Jobs that wait, run or are not reported yet are
 * abandoned. Not to be called from a done().
 */
void pool_free(struct pool *pool);

/*
 * Puts a job at the end of the queue; allocates nothing. 0, and then done() is called once, unless
 * the job is abandoned before; -EALREADY when it waits or runs already; what pthread_create() says
 * when there is no thread at all. While all threads hang a job waits in the queue.
 */
int pool_submit(struct pool *pool, struct pool_job *job);

/*
 * Gives up a job in whatever state it is: its done() is not called any more, its release() is,
 * once: in here, or, while a thread is at it, by that thread when it comes back. Another thread may
 * then take the place of that one.
 */
void pool_abandon(struct pool *pool, struct pool_job *job);

/* How many jobs wait for a thread. */
size_t pool_n_waiting(struct pool *pool);

#endif
