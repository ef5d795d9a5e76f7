/* Numbers that a program prints. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/phrase.h"
#include "source/reading.h"
#include "source/shared.h"
#include "source/source.h"
#include "sys/process.h"

struct command {
    struct reading *reading;
    struct process *process;
};

static void on_done(void *userdata, const struct process_result *result)
{
    struct source *s = userdata;
    const struct command *command = s->own;
    struct phrase why = { 0 };

    if (result->end == PROCESS_EXITED && result->code == 0) {
        reading_of_text(command->reading, result->output, result->n_output);
        return;
    }
    process_why(&why, result);
    source_failed(s, "%s", why.text);
}

static void command_refresh(struct source *s)
{
    const struct command *command = s->own;
    int r = process_start(command->process, s->config->argv, NULL, s->config->timeout);

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
    int r;

    if (command == NULL)
        return -ENOMEM;
    r = reading_new(s, NULL, &command->reading);
    if (r < 0) {
        free(command);
        return r;
    }
    s->own = command;
    r = process_new(sources_event(s->set), SOURCE_PRIORITY, on_done, s, &command->process);
    if (r < 0)
        command_stop(s);
    return r;
}

const struct source_ops source_command = {
    .name = "command",
    .start = command_start,
    .refresh = command_refresh,
    .stop = command_stop,
};
