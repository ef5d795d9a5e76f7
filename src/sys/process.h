/*
 * One program at a time, run beside the event loop for what it prints. The loop waits for nothing:
 * neither for the file of the program, nor for the program, nor for its end.
 *
 * A program and all that belongs to its process group is killed when its time is up, when it prints
 * too much, and when nobody wants it any more; what it left behind in its group is killed when it
 * ends by itself. (A child that makes a group or a session of its own is beyond that.)
 */
#ifndef SYS_PROCESS_H
#define SYS_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "base/timing.h"

struct process;

enum process_end {
    PROCESS_EXITED,    /* code: its exit status */
    PROCESS_KILLED,    /* code: the signal; not by us */
    PROCESS_TIMED_OUT, /* code: the timeout in ms */
    PROCESS_TOO_MUCH,  /* it printed more than CAPTURE_OUTPUT_MAX (sys/capture.h) */
    PROCESS_NOT_RUN,   /* code: negative errno */
};

struct process_result {
    enum process_end end;
    int64_t code;
    const char *output; /* n_output bytes, and a null; gone when the callback returns */
    size_t n_output;
    const char *complaint; /* the first line of its standard error that says anything, as it came;
                              "": none */
};

/* Called once for each start, from the loop; may start the process again, or free it. */
typedef void (*process_done_t)(void *userdata, const struct process_result *result);

/* `priority`: of all that is done for it in the loop. 0 or a negative errno. */
int process_new(sd_event *event, int64_t priority, process_done_t done, void *userdata,
                struct process **ret);

/* It goes before programs that are not urgent, where many want to run. */
void process_set_urgent(struct process *p);

/* Accepts NULL. Kills what runs; done() is not called. What was killed is reaped by the loop, or by
 * whoever comes after us. */
void process_free(struct process *process);

/*
 * Runs a program as soon as it is its turn (sys/turns.h).
 *
 * argv     ends with NULL; argv[0] is looked up in $PATH when it has no slash. Copied
 * extra    NAME=VALUE strings beside our environment; ends with NULL, or is NULL. Copied
 * timeout  how long it may take from its begin, > 0
 *
 * 0, and done() is called; -EBUSY when it runs or waits already, or was killed and cannot die (as
 * one that reads from a dead disk); -ENOMEM, -EMFILE, ...
 */
int process_start(struct process *process, char *const argv[], const char *const extra[],
                  usec_t timeout);

struct phrase;

/* Says why a run was no success, "exit status 3: no sensor", with what a terminal or a journal
 * cannot show escaped. */
void process_why(struct phrase *phrase, const struct process_result *result);

#endif
