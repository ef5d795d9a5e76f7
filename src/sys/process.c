#include "sys/process.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/macros.h"
#include "sys/capture.h"
#include "sys/spawn.h"
#include "sys/strings.h"
#include "sys/turns.h"

/* How long what was killed may take to die before it is reported all the same. */
#define GRACE USEC_PER_SEC

enum state {
    STATE_IDLE,
    STATE_WAITING, /* for its turn */
    STATE_RUNNING,
    STATE_DYING, /* reported, but not reaped yet */
};

struct process {
    sd_event *event;
    int64_t priority;
    process_done_t done;
    void *userdata;
    enum state state;
    struct turn turn;
    bool is_orphan; /* nobody wants it any more */

    /* Of one run. */
    char **argv, **extra;
    usec_t timeout;
    pid_t pid;
    sd_event_source *exit, *output_source, *errors_source, *timer;
    int not_run;
    bool was_killed;      /* by us: */
    enum process_end end; /* why */
    struct capture printed;
};

/* ---- the end of a run ------------------------------------------------------------------------ */

static void stop_reading(struct process *p)
{
    p->output_source = sd_event_source_disable_unref(p->output_source);
    p->errors_source = sd_event_source_disable_unref(p->errors_source);
    if (p->not_run >= 0)
        close(p->not_run);
    p->not_run = -1;
}

/* All of a run but the child itself. */
static void let_go(struct process *p)
{
    stop_reading(p);
    p->timer = sd_event_source_disable_unref(p->timer);
    free(TAKE_PTR(p->argv));
    free(TAKE_PTR(p->extra));
    capture_clear(&p->printed);
}

/* Afterwards the process may be gone. */
static void report(struct process *p, enum process_end end, int64_t code)
{
    struct capture printed = p->printed;
    struct process_result result = {
        .end = end,
        .code = code,
        .output = printed.output != NULL ? printed.output : "",
        .n_output = printed.n_output,
        .complaint = printed.complaint,
    };

    p->printed = (struct capture){ 0 };
    let_go(p);
    turn_give(&p->turn);
    p->done(p->userdata, &result);
    capture_clear(&printed);
}

/* And itself, if it has gone to another group. */
static void kill_group(const struct process *p)
{
    kill(-p->pid, SIGKILL);
    kill(p->pid, SIGKILL);
}

/* Its end will be reported when it has died. */
static void end_by_force(struct process *p, enum process_end end)
{
    kill_group(p);
    stop_reading(p);
    p->was_killed = true;
    p->end = end;
    sd_event_source_set_time_relative(p->timer, GRACE);
    sd_event_source_set_enabled(p->timer, SD_EVENT_ONESHOT);
}

static int64_t forced_code(const struct process *p)
{
    return p->end == PROCESS_TIMED_OUT ? (int64_t)(p->timeout / USEC_PER_MSEC) : 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct process *p = userdata;

    (void)source;
    (void)usec;
    if (!p->was_killed) {
        end_by_force(p, PROCESS_TIMED_OUT);
    } else {
        p->state = STATE_DYING;
        report(p, p->end, forced_code(p));
        turns_go_on();
    }
    return 0;
}

/* ---- what it prints -------------------------------------------------------------------------- */

static int on_output(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    struct process *p = userdata;
    enum capture_verdict verdict = capture_output(&p->printed, fd);

    (void)revents;
    if (verdict == CAPTURE_ENDED)
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
    if (verdict == CAPTURE_TOO_MUCH)
        end_by_force(p, PROCESS_TOO_MUCH);
    return 0;
}

static int on_errors(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    struct process *p = userdata;

    (void)revents;
    if (capture_errors(&p->printed, fd) == CAPTURE_ENDED)
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
    return 0;
}

/* ---- the child's end ------------------------------------------------------------------------- */

/* 0, or the errno with which the program could not be run. */
static int not_run(const struct process *p)
{
    int error;

    return read(p->not_run, &error, sizeof(error)) == (ssize_t)sizeof(error) ? error : 0;
}

static enum capture_verdict read_rest(struct process *p)
{
    return capture_rest(&p->printed, sd_event_source_get_io_fd(p->output_source),
                        sd_event_source_get_io_fd(p->errors_source));
}

static void report_exit(struct process *p, const siginfo_t *info)
{
    int error = not_run(p);

    if (error != 0)
        report(p, PROCESS_NOT_RUN, -error);
    else if (read_rest(p) == CAPTURE_TOO_MUCH)
        report(p, PROCESS_TOO_MUCH, 0);
    else if (info->si_code == CLD_EXITED)
        report(p, PROCESS_EXITED, info->si_status);
    else
        report(p, PROCESS_KILLED, info->si_status);
}

/* The event loop has forgotten its source, and with it the last who knew the process. */
static void on_orphan_forgotten(void *userdata)
{
    struct process *p = userdata;

    turn_give(&p->turn);
    free(p);
}

static void orphan_died(struct process *p)
{
    turn_give(&p->turn);
    sd_event_source_set_enabled(p->exit, SD_EVENT_OFF);
    sd_event_source_set_floating(p->exit, false);
}

static void child_died(struct process *p, const siginfo_t *info)
{
    bool is_reported = p->state == STATE_DYING;

    p->exit = sd_event_source_disable_unref(p->exit);
    p->state = STATE_IDLE;
    if (is_reported)
        return;
    if (p->was_killed)
        report(p, p->end, forced_code(p));
    else
        report_exit(p, info);
}

static int on_exit_of_child(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    struct process *p = userdata;
    siginfo_t info = { 0 };

    (void)source;
    (void)fd;
    (void)revents;
    /* Before it is reaped: as long as it is there, no other group can have its number. */
    kill_group(p);
    if (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0)
        return 0;
    p->pid = 0;
    if (p->is_orphan)
        orphan_died(p);
    else
        child_died(p, &info);
    turns_go_on();
    return 0;
}

/* ---- the begin of a run ---------------------------------------------------------------------- */

/* A descriptor is the source's, or closed when there can be none. */
static int add_io(struct process *p, int fd, sd_event_io_handler_t handler, sd_event_source **ret)
{
    int r = sd_event_add_io(p->event, ret, fd, EPOLLIN, handler, p);

    if (r < 0) {
        close(fd);
        return r;
    }
    sd_event_source_set_io_fd_own(*ret, true);
    return sd_event_source_set_priority(*ret, p->priority);
}

/* An end that has come is seen before the time that is up: after a standstill both are there. */
static int add_timer(struct process *p)
{
    int r = sd_event_add_time_relative(p->event, &p->timer, CLOCK_MONOTONIC, p->timeout,
                                       USEC_PER_MSEC, on_timer, p);

    return r < 0 ? r : sd_event_source_set_priority(p->timer, p->priority + 1);
}

static int watch(struct process *p, const struct spawned *child)
{
    int r = add_io(p, child->exit, on_exit_of_child, &p->exit), r2, r3;

    r2 = add_io(p, child->output, on_output, &p->output_source);
    r3 = add_io(p, child->errors, on_errors, &p->errors_source);
    p->pid = child->pid;
    p->not_run = child->not_run;
    if (r >= 0)
        r = r2 < 0 ? r2 : r3;
    return r < 0 ? r : add_timer(p);
}

/* What was begun cannot be watched: there is no memory. */
static void undo(struct process *p)
{
    kill_group(p);
    waitpid(p->pid, NULL, 0);
    p->pid = 0;
    p->exit = sd_event_source_disable_unref(p->exit);
    let_go(p);
}

static int begin(struct process *p)
{
    CLEANUP(strings_freep) char **environment = spawn_environment((const char *const *)p->extra);
    struct spawned child;
    int r;

    p->state = STATE_IDLE;
    p->was_killed = false;
    if (environment == NULL)
        return -ENOMEM;
    r = spawn(p->argv, environment, &child);
    if (r < 0)
        return r;
    r = watch(p, &child);
    if (r < 0) {
        undo(p);
        return r;
    }
    p->state = STATE_RUNNING;
    return 0;
}

static void on_turn(void *userdata)
{
    struct process *p = userdata;
    int r = begin(p);

    if (r < 0)
        report(p, PROCESS_NOT_RUN, r);
}

/* ---- life ------------------------------------------------------------------------------------ */

/* Whoever started us may have had no interest in how its children end, and we inherit that. */
static void have_exit_statuses(void)
{
    struct sigaction action;

    if (sigaction(SIGCHLD, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
        signal(SIGCHLD, SIG_DFL);
}

int process_new(sd_event *event, int64_t priority, process_done_t done, void *userdata,
                struct process **ret)
{
    struct process *p = calloc(1, sizeof(*p));

    if (p == NULL)
        return -ENOMEM;
    have_exit_statuses();
    *p = (struct process){ .event = event,
                           .priority = priority,
                           .done = done,
                           .userdata = userdata,
                           .turn = { .begin = on_turn, .userdata = p },
                           .not_run = -1 };
    *ret = p;
    return 0;
}

void process_set_urgent(struct process *p)
{
    p->turn.is_urgent = true;
}

/* The loop keeps it until the child is reaped. */
static void orphan(struct process *p)
{
    p->is_orphan = true;
    sd_event_source_set_destroy_callback(p->exit, on_orphan_forgotten);
    sd_event_source_set_floating(p->exit, true);
    sd_event_source_unref(p->exit);
}

void process_free(struct process *p)
{
    if (p == NULL)
        return;
    let_go(p);
    if (p->pid == 0) {
        turn_give(&p->turn);
        free(p);
        return;
    }
    kill_group(p);
    orphan(p);
}

static int copy_strings(struct process *p, char *const argv[], const char *const extra[])
{
    static const char *const none[] = { NULL };

    p->argv = strings_copy((const char *const *)argv);
    p->extra = strings_copy(extra != NULL ? extra : none);
    return p->argv == NULL || p->extra == NULL ? -ENOMEM : 0;
}

int process_start(struct process *p, char *const argv[], const char *const extra[], usec_t timeout)
{
    int r;

    if (p->state != STATE_IDLE)
        return -EBUSY;
    p->timeout = timeout;
    r = copy_strings(p, argv, extra);
    if (r >= 0) {
        p->state = STATE_WAITING;
        r = turn_take(&p->turn) ? begin(p) : 0;
    }
    if (r < 0) {
        turn_give(&p->turn);
        let_go(p);
    }
    return r;
}
