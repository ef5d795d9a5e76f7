#include "sys/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/macros.h"
#include "sys/thread.h"

/* Of memory a thread costs what it touches, so one that hangs costs little. The deepest call that
 * is known is the C library's compiler of patterns: 173 KB for 249 brackets within each other. */
#define STACK_BYTES ((size_t)512 << 10)

/* First in, first out; a job in the middle can leave. */
struct job_list {
    struct pool_job *first;
    struct pool_job **end; /* where the next one is hung */
    size_t n;
};

struct pool {
    /* The loop's. */
    sd_event_source *source;

    size_t max_threads;
    int wakeup; /* eventfd: a job was put into `finished` */

    /* Shared, under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* `waiting` or `is_ending` */
    struct job_list waiting;
    struct job_list finished;
    size_t n_users;   /* the owner and all threads: the last one out frees it all */
    size_t n_threads; /* without those that are at an abandoned job */
    size_t n_free;    /* of them: at no job */
    bool is_ending;
};

static void list_init(struct job_list *list)
{
    *list = (struct job_list){ .end = &list->first };
}

static void list_push(struct job_list *list, struct pool_job *job)
{
    job->next = NULL;
    job->link = list->end;
    *list->end = job;
    list->end = &job->next;
    list->n++;
}

static void list_remove(struct job_list *list, struct pool_job *job)
{
    *job->link = job->next;
    if (job->next)
        job->next->link = job->link;
    else
        list->end = job->link;
    list->n--;
}

/* The first job of a list, which is in another state from here on; NULL: there is none. */
static struct pool_job *list_take(struct job_list *list, enum pool_job_state state)
{
    struct pool_job *job = list->first;

    if (job) {
        list_remove(list, job);
        job->state = state;
    }
    return job;
}

/* Lets go of the lock, and of the pool: whoever calls it has no more to do with either. */
static void leave(struct pool *pool)
{
    bool is_last = --pool->n_users == 0;

    pthread_mutex_unlock(&pool->lock);
    if (!is_last)
        return;
    if (pool->wakeup >= 0)
        close(pool->wakeup);
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

/* ---- In the threads: the lock is held except while a job runs -------------------------------- */

/* The next job, waited for; NULL: the pool ends. */
static struct pool_job *next_job(struct pool *pool)
{
    while (!pool->is_ending && !pool->waiting.first)
        pthread_cond_wait(&pool->changed, &pool->lock);
    return pool->is_ending ? NULL : list_take(&pool->waiting, POOL_JOB_RUNNING);
}

static void finish(struct pool *pool, struct pool_job *job)
{
    static const uint64_t one = 1;

    job->state = POOL_JOB_FINISHED;
    list_push(&pool->finished, job);
    pool->n_free++;
    /* Cannot fail: the counter would have to reach 2^64. */
    if (write(pool->wakeup, &one, sizeof(one)) < 0)
        abort();
}

static void release_unlocked(struct pool *pool, struct pool_job *job)
{
    pthread_mutex_unlock(&pool->lock);
    job->release(job->userdata);
    pthread_mutex_lock(&pool->lock);
}

/* A thread that was given up with its job is back. False: another has taken its place. */
static bool come_back(struct pool *pool)
{
    if (pool->n_threads >= pool->max_threads)
        return false;
    pool->n_threads++;
    pool->n_free++;
    return true;
}

/* False when the thread has to end. */
static bool run_job(struct pool *pool, struct pool_job *job)
{
    pool->n_free--;
    pthread_mutex_unlock(&pool->lock);
    job->run(job->userdata);
    pthread_mutex_lock(&pool->lock);
    if (!job->is_abandoned && !pool->is_ending) {
        finish(pool, job);
        return true;
    }
    release_unlocked(pool, job);
    return !pool->is_ending && come_back(pool);
}

static void *work(void *userdata)
{
    struct pool *pool = userdata;
    struct pool_job *job;

    pthread_mutex_lock(&pool->lock);
    do
        job = next_job(pool);
    while (job && run_job(pool, job));
    leave(pool);
    return NULL;
}

/* ---- In the loop ----------------------------------------------------------------------------- */

/* Of what has finished by now: a job that is submitted again and again keeps nothing else waiting.
 */
static void report_finished(struct pool *pool)
{
    struct pool_job *job;
    size_t n;

    pthread_mutex_lock(&pool->lock);
    n = pool->finished.n;
    /* One by one: done() may abandon others. */
    while (n-- > 0 && (job = list_take(&pool->finished, POOL_JOB_IDLE)) != NULL) {
        pthread_mutex_unlock(&pool->lock);
        job->done(job->userdata);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
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

/* Nobody joins it: it may never end. */
static int create_thread(struct pool *pool)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int r = pthread_attr_init(&attributes);

    if (r != 0)
        return -r;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    r = thread_start(&thread, &attributes, work, pool);
    pthread_attr_destroy(&attributes);
    return r;
}

/* One more thread if there is work for it and room. The lock is held. */
static int add_thread(struct pool *pool)
{
    int r;

    if (pool->n_free >= pool->waiting.n || pool->n_threads >= pool->max_threads)
        return 0;
    r = create_thread(pool);
    if (r < 0)
        return r;
    pool->n_users++;
    pool->n_threads++;
    pool->n_free++;
    return 0;
}

static void pool_freep(struct pool **pool)
{
    pool_free(*pool);
}

int pool_new(sd_event *event, int64_t priority, size_t max_threads, struct pool **ret)
{
    CLEANUP(pool_freep) struct pool *pool = calloc(1, sizeof(*pool));
    int r;

    if (!pool)
        return -ENOMEM;
    pool->max_threads = max_threads;
    pool->n_users = 1;
    list_init(&pool->waiting);
    list_init(&pool->finished);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->changed, NULL);
    pool->wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pool->wakeup < 0)
        return -errno;
    r = sd_event_add_io(event, &pool->source, pool->wakeup, EPOLLIN, on_wakeup, pool);
    if (r < 0)
        return r;
    r = sd_event_source_set_priority(pool->source, priority);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(pool);
    return 0;
}

static void release_all(struct job_list *list)
{
    struct pool_job *job;

    while ((job = list_take(list, POOL_JOB_IDLE)) != NULL)
        job->release(job->userdata);
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    sd_event_source_disable_unref(pool->source);
    pthread_mutex_lock(&pool->lock);
    pool->is_ending = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    /* No thread touches these any more. */
    release_all(&pool->waiting);
    release_all(&pool->finished);
    pthread_mutex_lock(&pool->lock);
    leave(pool);
}

/* Out of whatever list it is in; false: a thread has it, and releases it. The lock is held. */
static bool take_back(struct pool *pool, struct pool_job *job)
{
    switch (job->state) {
    case POOL_JOB_IDLE:
        break;
    case POOL_JOB_WAITING:
        list_remove(&pool->waiting, job);
        break;
    case POOL_JOB_FINISHED:
        list_remove(&pool->finished, job);
        break;
    case POOL_JOB_RUNNING:
        job->is_abandoned = true;
        pool->n_threads--;
        /* Without a thread what waits goes on waiting. */
        (void)add_thread(pool);
        return false;
    }
    job->state = POOL_JOB_IDLE;
    return true;
}

/* The lock is held. */
static int submit(struct pool *pool, struct pool_job *job)
{
    int r;

    if (job->state != POOL_JOB_IDLE)
        return -EALREADY;
    list_push(&pool->waiting, job);
    job->state = POOL_JOB_WAITING;
    r = add_thread(pool);
    if (r < 0 && pool->n_threads == 0) {
        (void)take_back(pool, job);
        return r;
    }
    /* One more would have been welcome; those that there are will do. */
    pthread_cond_signal(&pool->changed);
    return 0;
}

int pool_submit(struct pool *pool, struct pool_job *job)
{
    int r;

    pthread_mutex_lock(&pool->lock);
    r = submit(pool, job);
    pthread_mutex_unlock(&pool->lock);
    return r;
}

void pool_abandon(struct pool *pool, struct pool_job *job)
{
    bool is_ours;

    pthread_mutex_lock(&pool->lock);
    is_ours = take_back(pool, job);
    pthread_mutex_unlock(&pool->lock);
    if (is_ours)
        job->release(job->userdata);
}

size_t pool_n_waiting(struct pool *pool)
{
    size_t n;

    pthread_mutex_lock(&pool->lock);
    n = pool->waiting.n;
    pthread_mutex_unlock(&pool->lock);
    return n;
}
