#include "tests/unit/test.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sys/clock.h"
#include "sys/pool.h"

#define HANG_TIMEOUT (10 * USEC_PER_SEC)

/* What becomes of the jobs of a test; outlives all of them. */
struct log {
    sd_event *event;
    struct pool *pool;
    pthread_t loop;
    atomic_int n_begun, n_released;
    int n_done;
    sem_t gate; /* what hangs hangs here */
};

/* A job as a source has it: on the heap. */
struct task {
    struct pool_job job;
    struct log *log;
    bool hangs;
    bool was_run;
    int again;           /* how often done() submits it once more */
    struct task *victim; /* done() abandons it */
    sigset_t blocked;
    pthread_t thread;
};

static void task_run(void *userdata)
{
    struct task *task = userdata;

    task->log->n_begun++;
    if (task->hangs)
        sem_wait(&task->log->gate);
    pthread_sigmask(SIG_SETMASK, NULL, &task->blocked);
    task->thread = pthread_self();
    task->was_run = true;
}

static void task_done(void *userdata)
{
    struct task *task = userdata;

    assert_true(pthread_equal(pthread_self(), task->log->loop));
    assert_true(task->was_run);
    task->log->n_done++;
    if (task->victim)
        pool_abandon(task->log->pool, &TAKE_PTR(task->victim)->job);
    if (task->again-- > 0)
        assert_int_equal(pool_submit(task->log->pool, &task->job), 0);
}

static void task_release(void *userdata)
{
    struct task *task = userdata;
    struct log *log = task->log;

    free(task);
    log->n_released++; /* the test may end here */
}

static struct task *task_new(struct log *log, bool hangs)
{
    struct task *task = calloc(1, sizeof(*task));

    assert_non_null(task);
    task->log = log;
    task->hangs = hangs;
    task->job = (struct pool_job){
        .run = task_run, .done = task_done, .release = task_release, .userdata = task
    };
    return task;
}

static struct task *submit_new(struct log *log, bool hangs)
{
    struct task *task = task_new(log, hangs);

    assert_int_equal(pool_submit(log->pool, &task->job), 0);
    return task;
}

static void abandon(struct log *log, struct task *task)
{
    pool_abandon(log->pool, &task->job);
}

static void log_init(struct log *log, size_t max_threads)
{
    *log = (struct log){ .loop = pthread_self() };
    sem_init(&log->gate, 0, 0);
    assert_int_equal(sd_event_new(&log->event), 0);
    assert_int_equal(pool_new(log->event, SD_EVENT_PRIORITY_IDLE, max_threads, &log->pool), 0);
}

/* Lets go all that hangs. */
static void open_gate(struct log *log, int n)
{
    for (int i = 0; i < n; i++)
        sem_post(&log->gate);
}

static void nap(void)
{
    nanosleep(&(const struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void wait_until(const atomic_int *count, int n)
{
    usec_t end = clock_now() + HANG_TIMEOUT;

    while (*count < n) {
        assert_true(clock_now() < end);
        nap();
    }
    assert_int_equal(*count, n);
}

static void loop_until(struct log *log, int n_done)
{
    usec_t end = clock_now() + HANG_TIMEOUT;

    while (log->n_done < n_done) {
        assert_true(clock_now() < end);
        assert_true(sd_event_run(log->event, USEC_PER_SEC) >= 0);
    }
    assert_int_equal(log->n_done, n_done);
}

static size_t threads_at_begin;

static size_t threads_of_process(void)
{
    char line[128];
    size_t n = 0;
    FILE *f = fopen("/proc/self/status", "re");

    assert_non_null(f);
    while (fgets(line, sizeof(line), f))
        if (strncmp(line, "Threads:", 8) == 0)
            n = strtoul(line + 8, NULL, 10);
    fclose(f);
    return n;
}

/* So many threads beside those that the process began with; those that end may take a moment. */
static void assert_threads(size_t n)
{
    usec_t end = clock_now() + HANG_TIMEOUT;

    while (threads_of_process() > threads_at_begin + n && clock_now() < end)
        nap();
    assert_int_equal(threads_of_process(), threads_at_begin + n);
}

/* Ends the pool; what of it was left to threads has gone when this returns, they too. */
static void log_done(struct log *log, int n_released)
{
    pool_free(log->pool);
    wait_until(&log->n_released, n_released);
    assert_threads(0);
    sd_event_unref(log->event);
}

static void jobs_are_done_in_the_loop_and_can_come_again(void **state)
{
    struct log log;
    struct task *tasks[100];
    int n = ARRAY_SIZE(tasks);

    (void)state;
    log_init(&log, 4);
    for (int i = 0; i < n; i++) {
        tasks[i] = task_new(&log, false);
        tasks[i]->again = 2;
        assert_int_equal(pool_submit(log.pool, &tasks[i]->job), 0);
    }
    loop_until(&log, 3 * n);
    for (int i = 0; i < n; i++) {
        assert_false(pthread_equal(tasks[i]->thread, log.loop));
        abandon(&log, tasks[i]);
    }
    assert_int_equal(log.n_released, n);
    assert_int_equal(log.n_begun, 3 * n);
    log_done(&log, n);
}

static void no_signal_reaches_a_thread(void **state)
{
    static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGCHLD, SIGUSR1, SIGALRM };
    struct log log;
    struct task *task;
    sigset_t mine;

    (void)state;
    log_init(&log, 1);
    task = submit_new(&log, false);
    loop_until(&log, 1);
    pthread_sigmask(SIG_SETMASK, NULL, &mine);
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
        assert_true(sigismember(&task->blocked, signals[i]));
        assert_false(sigismember(&mine, signals[i]));
    }
    abandon(&log, task);
    log_done(&log, 1);
}

/* One thread serves jobs that come one after the other; there is none before the first. */
static void threads_are_begun_when_they_are_needed(void **state)
{
    struct log log;
    struct task *task, *hung[3];

    (void)state;
    log_init(&log, 3);
    assert_threads(0);
    task = task_new(&log, false);
    task->again = 20;
    assert_int_equal(pool_submit(log.pool, &task->job), 0);
    loop_until(&log, 21);
    assert_threads(1);
    for (size_t i = 0; i < ARRAY_SIZE(hung); i++)
        hung[i] = submit_new(&log, true);
    wait_until(&log.n_begun, 24);
    assert_threads(3);
    open_gate(&log, 3);
    loop_until(&log, 24);
    for (size_t i = 0; i < ARRAY_SIZE(hung); i++)
        abandon(&log, hung[i]);
    abandon(&log, task);
    log_done(&log, 4);
}

static void a_hung_job_delays_no_other(void **state)
{
    struct log log;
    struct task *hung, *quick;

    (void)state;
    log_init(&log, 2);
    hung = submit_new(&log, true);
    wait_until(&log.n_begun, 1);
    assert_int_equal(pool_submit(log.pool, &hung->job), -EALREADY);
    quick = task_new(&log, false);
    quick->again = 99;
    assert_int_equal(pool_submit(log.pool, &quick->job), 0);
    loop_until(&log, 100);
    assert_int_equal(pool_n_waiting(log.pool), 0);
    abandon(&log, quick);
    abandon(&log, hung);
    assert_int_equal(log.n_released, 1);
    open_gate(&log, 1);
    wait_until(&log.n_released, 2);
    /* What was abandoned reports nothing. */
    assert_int_equal(sd_event_run(log.event, 20 * USEC_PER_MSEC), 0);
    assert_int_equal(log.n_done, 100);
    log_done(&log, 2);
}

static void what_finds_no_thread_waits_and_can_be_abandoned(void **state)
{
    struct log log;
    struct task *hung, *waiting[3];

    (void)state;
    log_init(&log, 1);
    hung = submit_new(&log, true);
    wait_until(&log.n_begun, 1);
    for (size_t i = 0; i < ARRAY_SIZE(waiting); i++)
        waiting[i] = submit_new(&log, false);
    assert_int_equal(pool_n_waiting(log.pool), 3);
    assert_int_equal(pool_submit(log.pool, &waiting[1]->job), -EALREADY);
    abandon(&log, waiting[1]); /* in the middle, then at the end */
    abandon(&log, waiting[2]);
    assert_int_equal(log.n_released, 2);
    assert_int_equal(pool_n_waiting(log.pool), 1);
    waiting[2] = submit_new(&log, false);
    open_gate(&log, 1);
    loop_until(&log, 3);
    assert_int_equal(log.n_begun, 3);
    abandon(&log, hung);
    abandon(&log, waiting[0]);
    abandon(&log, waiting[2]);
    log_done(&log, 5);
}

/* Reloads, each of which gives up a job that hangs, do not use the pool up. */
static void an_abandoned_thread_is_replaced_and_comes_back(void **state)
{
    struct log log;
    struct task *task;

    (void)state;
    log_init(&log, 2);
    for (int i = 0; i < 6; i++) {
        task = submit_new(&log, true);
        wait_until(&log.n_begun, i + 1);
        abandon(&log, task);
    }
    assert_int_equal(log.n_released, 0);
    task = submit_new(&log, false);
    loop_until(&log, 1);
    assert_threads(7);
    open_gate(&log, 6);
    wait_until(&log.n_released, 6);
    /* Of those that are back one makes the second of the pool, the others end. */
    assert_threads(2);
    task->again = 9;
    assert_int_equal(pool_submit(log.pool, &task->job), 0);
    loop_until(&log, 11);
    assert_threads(2);
    abandon(&log, task);
    log_done(&log, 7);
}

/* What waits gets the thread that takes the place of an abandoned one. */
static void abandoning_lets_the_next_one_in(void **state)
{
    struct log log;
    struct task *hung, *waiting;

    (void)state;
    log_init(&log, 1);
    hung = submit_new(&log, true);
    wait_until(&log.n_begun, 1);
    waiting = submit_new(&log, false);
    abandon(&log, hung);
    loop_until(&log, 1);
    abandon(&log, waiting);
    open_gate(&log, 1);
    log_done(&log, 2);
}

static void a_finished_job_can_be_abandoned(void **state)
{
    struct log log;
    struct task *first, *second;

    (void)state;
    log_init(&log, 1);
    first = submit_new(&log, false);
    second = submit_new(&log, false);
    wait_until(&log.n_begun, 2); /* by one thread: the first has finished */
    abandon(&log, first);
    assert_int_equal(log.n_released, 1);
    loop_until(&log, 1);
    abandon(&log, second);
    log_done(&log, 2);
}

/* done() of one job takes away another that has finished too. */
static void done_may_abandon_others(void **state)
{
    struct log log;
    struct task *tasks[3];

    (void)state;
    log_init(&log, 1);
    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++)
        tasks[i] = task_new(&log, false);
    tasks[0]->victim = tasks[1];
    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++)
        assert_int_equal(pool_submit(log.pool, &tasks[i]->job), 0);
    wait_until(&log.n_begun, 3);
    loop_until(&log, 2);
    assert_int_equal(log.n_released, 1);
    abandon(&log, tasks[0]);
    abandon(&log, tasks[2]);
    log_done(&log, 3);
}

/* Jobs in every state at the end: none is waited for, each is released once, the last by a thread
 * that outlives the pool. */
static void the_end_waits_for_nobody(void **state)
{
    struct log log;
    usec_t begin;

    (void)state;
    log_init(&log, 2);
    submit_new(&log, false);
    wait_until(&log.n_begun, 1);
    submit_new(&log, true);
    submit_new(&log, true);
    wait_until(&log.n_begun, 3); /* so the first has finished */
    submit_new(&log, false);
    begin = clock_now();
    pool_free(TAKE_PTR(log.pool));
    assert_true(clock_now() - begin < USEC_PER_SEC);
    assert_int_equal(log.n_released, 2);
    open_gate(&log, 2);
    log_done(&log, 4);
    assert_int_equal(log.n_done, 0);
    assert_int_equal(log.n_begun, 3);
}

static void nothing_to_free(void **state)
{
    struct log log;

    (void)state;
    pool_free(NULL);
    for (int i = 0; i < 50; i++) {
        log_init(&log, 1);
        log_done(&log, 0);
    }
}

static void *do_nothing(void *userdata)
{
    return userdata;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_are_done_in_the_loop_and_can_come_again),
        cmocka_unit_test(no_signal_reaches_a_thread),
        cmocka_unit_test(threads_are_begun_when_they_are_needed),
        cmocka_unit_test(a_hung_job_delays_no_other),
        cmocka_unit_test(what_finds_no_thread_waits_and_can_be_abandoned),
        cmocka_unit_test(an_abandoned_thread_is_replaced_and_comes_back),
        cmocka_unit_test(abandoning_lets_the_next_one_in),
        cmocka_unit_test(a_finished_job_can_be_abandoned),
        cmocka_unit_test(done_may_abandon_others),
        cmocka_unit_test(the_end_waits_for_nobody),
        cmocka_unit_test(nothing_to_free),
    };

    pthread_t thread;

    /* A sanitizer begins its own with the first. */
    assert_int_equal(pthread_create(&thread, NULL, do_nothing, NULL), 0);
    pthread_join(thread, NULL);
    threads_at_begin = threads_of_process();
    return cmocka_run_group_tests_name("sys/pool", tests, NULL, NULL);
}
