/*
 * Work that may block, such as fsync() or the file of a slow sensor, done by a thread beside the
 * event loop. Worker and loop share the queue and nothing else: a job belongs to the thread between
 * its run() and its done(), to the loop at all other times.
 *
 * One worker is one thread, and its jobs run in the order in which they came. Jobs that must not
 * wait for one another belong to different workers.
 */
#ifndef SYS_WORKER_H
#define SYS_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include <systemd/sd-event.h>

struct worker;

/* A job, part of whatever wants it done. It must stay in place until its done() is called. */
struct worker_job {
    int (*run)(void *userdata);               /* in the thread, all signals blocked; 0 or -errno */
    void (*done)(void *userdata, int result); /* in the loop; may submit the job again */
    void *userdata;

    /* The worker's own; zero before the first submission. */
    struct worker_job *next;
    int result;
    bool is_pending; /* submitted, done() not called yet; the loop alone looks at it */
};

/*
 * Starts a worker that reports to `event`. At most `max_jobs` (> 0) wait or run at a time. 0 or a
 * negative errno; *ret is for worker_free().
 */
int worker_new(sd_event *event, size_t max_jobs, struct worker **ret);

/*
 * Ends a worker; accepts NULL. Waits for the job that runs; jobs that wait are not begun any more.
 * Each job that was accepted gets its done() in here, the dropped ones with -ECANCELED. Not to be
 * called from a done().
 */
void worker_free(struct worker *worker);

/*
 * Puts a job at the end of the queue; allocates nothing. 0, and then done() is called exactly once;
 * -EALREADY when the job waits or runs already, -EAGAIN when the queue is full, -ESHUTDOWN from a
 * done() while the worker ends.
 */
int worker_submit(struct worker *worker, struct worker_job *job);

#endif
