/* Numbers that a program prints. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/phrase.h"
#include "source/shared.h"
#include "source/source.h"
#include "source/text.h"
#include "sys/process.h"

struct command {
    struct text_reader reader;
    struct process *process;
};

static void take_output(struct source *s, const struct process_result *result)
{
    const struct command *command = s->own;
    char why[SOURCE_TROUBLE_MAX];
    struct number number;

    if (text_to_number(&command->reader, result->output, result->n_output, &number, why,
                       sizeof(why)) < 0)
        source_failed(s, "%s", why);
    else
        source_number(s, &number);
}

static void on_done(void *userdata, const struct process_result *result)
{
    struct source *s = userdata;
    struct phrase why = { 0 };

    if (result->end == PROCESS_EXITED && result->code == 0) {
        take_output(s, result);
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
    text_reader_done(&command->reader);
    free(command);
    s->own = NULL;
}

static int command_start(struct source *s)
{
    struct command *command = calloc(1, sizeof(*command));
    int r;

    if (command == NULL)
        return -ENOMEM;
    r = text_reader_init(&command->reader, &s->config->text);
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
