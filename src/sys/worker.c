#include "sys/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/macros.h"
#include "sys/thread.h"

/* First in, first out. */
struct job_list {
    struct worker_job *first;
    struct worker_job **end; /* where the next one is hung */
};

struct worker {
    /* The loop's. */
    sd_event_source *source;
    size_t max_jobs;
    size_t n_pending;
    bool has_thread;
    pthread_t thread;

    int wakeup; /* eventfd: a job was put into `finished` */

    /* Shared, under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* `waiting` or `is_ending` */
    struct job_list waiting;
    struct job_list finished;
    bool is_ending;
};

static void list_init(struct job_list *list)
{
    *list = (struct job_list){ .end = &list->first };
}

static void list_push(struct job_list *list, struct worker_job *job)
{
    job->next = NULL;
    *list->end = job;
    list->end = &job->next;
}

static struct worker_job *list_pop(struct job_list *list)
{
    struct worker_job *job = list->first;

    if (job && !(list->first = job->next))
        list->end = &list->first;
    return job;
}

/* ---- In the thread --------------------------------------------------------------------------- */

/* The next job, waited for; NULL: the worker ends. */
static struct worker_job *next_job(struct worker *worker)
{
    struct worker_job *job = NULL;

    pthread_mutex_lock(&worker->lock);
    while (!worker->is_ending && !worker->waiting.first)
        pthread_cond_wait(&worker->changed, &worker->lock);
    if (!worker->is_ending)
        job = list_pop(&worker->waiting);
    pthread_mutex_unlock(&worker->lock);
    return job;
}

static void *work(void *userdata)
{
    struct worker *worker = userdata;
    static const uint64_t one = 1;
    struct worker_job *job;

    while ((job = next_job(worker)) != NULL) {
        job->result = job->run(job->userdata);
        pthread_mutex_lock(&worker->lock);
        list_push(&worker->finished, job);
        pthread_mutex_unlock(&worker->lock);
        /* Cannot fail: the counter would have to reach 2^64. */
        if (write(worker->wakeup, &one, sizeof(one)) < 0)
            abort();
    }
    return NULL;
}

/* ---- In the loop ----------------------------------------------------------------------------- */

/* The job may be gone when its done() returns. */
static void report(struct worker *worker, struct worker_job *job, int result)
{
    worker->n_pending--;
    job->is_pending = false;
    job->done(job->userdata, result);
}

/* Of what has finished by now: a job that is submitted again and again keeps nothing else waiting.
 */
static void report_finished(struct worker *worker)
{
    struct worker_job *job, *next;

    pthread_mutex_lock(&worker->lock);
    job = worker->finished.first;
    list_init(&worker->finished);
    pthread_mutex_unlock(&worker->lock);
    for (; job; job = next) {
        next = job->next;
        report(worker, job, job->result);
    }
}

static int on_wakeup(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    /* First: what finishes from here on wakes the loop again. */
    int r = thread_wakeup_taken(fd);

    (void)source;
    (void)revents;
    if (r == 0)
        report_finished(userdata);
    return r;
}

static int start_thread(struct worker *worker)
{
    int r = thread_start(&worker->thread, NULL, work, worker);

    worker->has_thread = r == 0;
    return r;
}

static void worker_freep(struct worker **worker)
{
    worker_free(*worker);
}

int worker_new(sd_event *event, size_t max_jobs, struct worker **ret)
{
    CLEANUP(worker_freep) struct worker *worker = calloc(1, sizeof(*worker));
    int r;

    if (!worker)
        return -ENOMEM;
    worker->max_jobs = max_jobs;
    list_init(&worker->waiting);
    list_init(&worker->finished);
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    worker->wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (worker->wakeup < 0)
        return -errno;
    r = sd_event_add_io(event, &worker->source, worker->wakeup, EPOLLIN, on_wakeup, worker);
    if (r < 0)
        return r;
    r = start_thread(worker);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(worker);
    return 0;
}

static void end_thread(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    worker->is_ending = true;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    if (worker->has_thread)
        pthread_join(worker->thread, NULL);
}

void worker_free(struct worker *worker)
{
    struct worker_job *job;

    if (!worker)
        return;
    end_thread(worker);
    report_finished(worker);
    while ((job = list_pop(&worker->waiting)) != NULL)
        report(worker, job, -ECANCELED);
    sd_event_source_disable_unref(worker->source);
    if (worker->wakeup >= 0)
        close(worker->wakeup);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

int worker_submit(struct worker *worker, struct worker_job *job)
{
    int r = 0;

    if (job->is_pending)
        return -EALREADY;
    if (worker->n_pending >= worker->max_jobs)
        return -EAGAIN;
    pthread_mutex_lock(&worker->lock);
    if (worker->is_ending) {
        r = -ESHUTDOWN;
    } else {
        list_push(&worker->waiting, job);
        pthread_cond_signal(&worker->changed);
    }
    pthread_mutex_unlock(&worker->lock);
    if (r < 0)
        return r;
    job->is_pending = true;
    worker->n_pending++;
    return 0;
}
