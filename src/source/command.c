/* Numbers that a program prints. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "config/phrase.h"
#include "source/reading.h"
#include "source/shared.h"
#include "source/source.h"
#include "source/text.h"
#include "sys/process.h"

struct command {
    struct reading *reading; /* NULL: there is no pattern that could take its time */
    struct process *process; /* NULL: none runs, nor is left of the newest */
};

static void take_output(struct source *s, const struct process_result *result)
{
    const struct command *command = s->own;
    char why[SOURCE_TROUBLE_MAX];
    struct number number;

    if (command->reading != NULL)
        reading_of_text(command->reading, result->output, result->n_output);
    else if (text_to_number(&s->config->text, result->output, result->n_output, &number, why,
                            sizeof(why)) < 0)
        source_failed(s, "%s", why);
    else
        source_number(s, &number);
}

/* One that has ended by itself is gone: what it took is given back, since there may be thousands.
 */
static void on_done(void *userdata, const struct process_result *result)
{
    struct source *s = userdata;
    struct command *command = s->own;
    struct phrase why = { 0 };

    if (result->end == PROCESS_EXITED)
        process_free(TAKE_PTR(command->process));
    if (result->end == PROCESS_EXITED && result->code == 0) {
        take_output(s, result);
        return;
    }
    process_why(&why, result);
    source_failed(s, "%s", why.text);
}

static int begin(struct source *s)
{
    struct command *command = s->own;
    int r = 0;

    if (command->process == NULL)
        r = process_new(sources_event(s->set), SOURCE_PRIORITY, on_done, s, &command->process);
    if (r < 0)
        return r;
    return process_start(command->process, s->config->argv, NULL, s->config->timeout);
}

static void command_refresh(struct source *s)
{
    int r = begin(s);

    if (r == -EBUSY)
        source_failed(s, "was killed and does not end");
    else if (r < 0)
        source_failed(s, "cannot be run: %s", strerror(-r));
}

static void command_stop(struct source *s)
{
    struct command *command = s->own;

    if (command == NULL)
        return;
    process_free(command->process);
    reading_abandon(command->reading);
    free(command);
    s->own = NULL;
}

static int command_start(struct source *s)
{
    struct command *command = calloc(1, sizeof(*command));
    int r = 0;

    if (command == NULL)
        return -ENOMEM;
    if (s->config->text.pattern != NULL)
        r = reading_new(s, NULL, &command->reading);
    if (r < 0) {
        free(command);
        return r;
    }
    s->own = command;
    return 0;
}

const struct source_ops source_command = {
    .name = "command",
    .start = command_start,
    .refresh = command_refresh,
    .stop = command_stop,
};
