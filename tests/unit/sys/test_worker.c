#include "tests/unit/test.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "sys/clock.h"
#include "sys/worker.h"

/* A job that writes down what happens to it. */
struct task {
    struct worker_job job;
    struct log *log;
    char name;
    int result;     /* of run() */
    sem_t *gate;    /* run() waits for it */
    sem_t *entered; /* run() says that it has begun */
    int again;      /* how often done() submits it once more */
    pthread_t thread;
    int done_result;
    int n_done, n_run;
    sigset_t blocked;
};

struct log {
    sd_event *event;
    struct worker *worker;
    pthread_t loop;
    char ran[64], done[64]; /* ran: the thread's until the job's done() */
    size_t n_ran, n_done;
    int submit_in_done;
};

static int task_run(void *userdata)
{
    struct task *task = userdata;

    if (task->entered)
        sem_post(task->entered);
    if (task->gate)
        sem_wait(task->gate);
    task->thread = pthread_self();
    pthread_sigmask(SIG_SETMASK, NULL, &task->blocked);
    task->n_run++;
    task->log->ran[task->log->n_ran++] = task->name;
    return task->result;
}

static void task_done(void *userdata, int result)
{
    struct task *task = userdata;

    assert_true(pthread_equal(pthread_self(), task->log->loop));
    assert_false(task->job.is_pending);
    task->done_result = result;
    task->n_done++;
    task->log->done[task->log->n_done++] = task->name;
    if (task->again-- > 0)
        task->log->submit_in_done = worker_submit(task->log->worker, &task->job);
}

static struct task task_of(struct log *log, char name)
{
    return (struct task){ .log = log, .name = name, .job = { .run = task_run, .done = task_done } };
}

static int submit(struct task *task)
{
    task->job.userdata = task;
    return worker_submit(task->log->worker, &task->job);
}

static void log_init(struct log *log, size_t max_jobs)
{
    *log = (struct log){ .loop = pthread_self() };
    assert_int_equal(sd_event_new(&log->event), 0);
    assert_int_equal(worker_new(log->event, max_jobs, &log->worker), 0);
}

static void log_done(struct log *log)
{
    worker_free(log->worker);
    sd_event_unref(log->event);
}

/* Runs the loop until so many done() have been called, within 10 s. */
static void loop_until(struct log *log, size_t n_done)
{
    usec_t end = clock_now() + 10 * USEC_PER_SEC;

    while (log->n_done < n_done) {
        assert_true(clock_now() < end);
        assert_true(sd_event_run(log->event, USEC_PER_SEC) >= 0);
    }
}

static void jobs_run_in_order_and_report_in_the_loop(void **state)
{
    struct log log;
    struct task tasks[26];

    (void)state;
    log_init(&log, 26);
    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
        tasks[i] = task_of(&log, (char)('a' + i));
        tasks[i].result = i % 2 ? -EIO : (int)i;
        assert_int_equal(submit(&tasks[i]), 0);
    }
    loop_until(&log, 26);
    assert_string_equal(log.ran, "abcdefghijklmnopqrstuvwxyz");
    assert_string_equal(log.done, "abcdefghijklmnopqrstuvwxyz");
    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
        assert_int_equal(tasks[i].done_result, i % 2 ? -EIO : (int)i);
        assert_int_equal(tasks[i].n_done, 1);
        assert_false(pthread_equal(tasks[i].thread, log.loop));
    }
    log_done(&log);
    assert_int_equal(log.n_done, 26);
}

static void no_signal_reaches_the_thread(void **state)
{
    static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGCHLD, SIGUSR1, SIGALRM };
    struct log log;
    struct task task;
    sigset_t mine;

    (void)state;
    log_init(&log, 1);
    task = task_of(&log, 'a');
    assert_int_equal(submit(&task), 0);
    loop_until(&log, 1);
    pthread_sigmask(SIG_SETMASK, NULL, &mine);
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
        assert_true(sigismember(&task.blocked, signals[i]));
        assert_false(sigismember(&mine, signals[i]));
    }
    log_done(&log);
}

/* The loop goes on while a job hangs. */
static void a_blocked_job_blocks_nobody(void **state)
{
    struct log log;
    struct task task;
    sem_t gate, entered;

    (void)state;
    log_init(&log, 1);
    sem_init(&gate, 0, 0);
    sem_init(&entered, 0, 0);
    task = task_of(&log, 'a');
    task.gate = &gate;
    task.entered = &entered;
    assert_int_equal(submit(&task), 0);
    sem_wait(&entered);
    assert_int_equal(sd_event_run(log.event, 0), 0);
    assert_int_equal(log.n_done, 0);
    sem_post(&gate);
    loop_until(&log, 1);
    log_done(&log);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct log log;
    struct task tasks[3];
    sem_t gate;

    (void)state;
    log_init(&log, 2);
    sem_init(&gate, 0, 0);
    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++)
        tasks[i] = task_of(&log, (char)('a' + i));
    tasks[0].gate = &gate;
    assert_int_equal(submit(&tasks[0]), 0);
    assert_int_equal(submit(&tasks[0]), -EALREADY);
    assert_int_equal(submit(&tasks[1]), 0);
    assert_int_equal(submit(&tasks[1]), -EALREADY);
    assert_int_equal(submit(&tasks[2]), -EAGAIN);
    sem_post(&gate);
    loop_until(&log, 2);
    assert_int_equal(submit(&tasks[2]), 0);
    loop_until(&log, 3);
    assert_string_equal(log.done, "abc");
    log_done(&log);
}

static void done_may_submit_again(void **state)
{
    struct log log;
    struct task task;

    (void)state;
    log_init(&log, 1);
    task = task_of(&log, 'a');
    task.again = 9;
    assert_int_equal(submit(&task), 0);
    loop_until(&log, 10);
    assert_int_equal(task.n_run, 10);
    log_done(&log);
    assert_int_equal(task.n_done, 10);
}

static void *open_later(void *gate)
{
    nanosleep(&(const struct timespec){ .tv_nsec = 20000000 }, NULL);
    sem_post(gate);
    return NULL;
}

/* The job that runs is waited for, those that wait are dropped; each learns it, once. */
static void the_end_is_reported_to_each_job(void **state)
{
    struct log log;
    struct task tasks[4];
    sem_t gate, entered;
    pthread_t opener;

    (void)state;
    log_init(&log, 4);
    sem_init(&gate, 0, 0);
    sem_init(&entered, 0, 0);
    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++)
        tasks[i] = task_of(&log, (char)('a' + i));
    tasks[1].gate = &gate;
    tasks[1].entered = &entered;
    tasks[2].again = 1;
    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++)
        assert_int_equal(submit(&tasks[i]), 0);
    sem_wait(&entered); /* a has run unreported, b runs, c and d wait */
    assert_int_equal(pthread_create(&opener, NULL, open_later, &gate), 0);
    log_done(&log);
    pthread_join(opener, NULL);
    assert_string_equal(log.ran, "ab");
    assert_string_equal(log.done, "abcd");
    assert_int_equal(tasks[0].done_result, 0);
    assert_int_equal(tasks[1].done_result, 0);
    assert_int_equal(tasks[2].done_result, -ECANCELED);
    assert_int_equal(tasks[3].done_result, -ECANCELED);
    assert_int_equal(log.submit_in_done, -ESHUTDOWN);
}

static void nothing_to_free(void **state)
{
    struct log log;

    (void)state;
    worker_free(NULL);
    for (int i = 0; i < 50; i++) {
        log_init(&log, 1);
        log_done(&log);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_run_in_order_and_report_in_the_loop),
        cmocka_unit_test(no_signal_reaches_the_thread),
        cmocka_unit_test(a_blocked_job_blocks_nobody),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(done_may_submit_again),
        cmocka_unit_test(the_end_is_reported_to_each_job),
        cmocka_unit_test(nothing_to_free),
    };

    return cmocka_run_group_tests_name("sys/worker", tests, NULL, NULL);
}
