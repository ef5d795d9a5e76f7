#include "control/push.h"

#include <errno.h>
#include <stdlib.h>

#include "control/names.h"
#include "control/private.h"
#include "control/value.h"

/* An answer that comes due meanwhile waits for all of them: some milliseconds on a slow Pi. */
#define PUSHES_MAX 2000U

struct push_list {
    struct source_push *items;
    size_t n, capacity;
};

static int make_room(struct push_list *list)
{
    size_t capacity = list->capacity > 0 ? 2 * list->capacity : 64;
    struct source_push *items;

    if (list->n < list->capacity)
        return 0;
    items = realloc(list->items, capacity * sizeof(*items));
    if (items == NULL)
        return -ENOMEM;
    list->items = items;
    list->capacity = capacity;
    return 0;
}

static int no_such(const struct subject *s, const char *name, sd_bus_error *error)
{
    if (s->meter == NULL)
        return sd_bus_error_setf(error, ERROR_NO_SUCH_METER, "%s: there is no such meter", name);
    return sd_bus_error_setf(error, ERROR_NO_SUCH_RECORD, "%s: %s has no such record", name,
                             s->meter->def->name);
}

/* A number for the record of `push`. */
static int read_number(sd_bus_message *m, struct source_push *push, sd_bus_error *error)
{
    const struct meter_def *def = push->meter->def;
    int r = value_read(m, &push->number);

    if (r == -EINVAL)
        return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS,
                                 "%s.%s: its value is no number (y, n, q, i, u, x, t or d)",
                                 def->name, def->records[push->record].name);
    return r;
}

static int add(struct control *c, sd_bus_message *m, struct push_list *list, sd_bus_error *error)
{
    struct source_push *push;
    struct subject subject;
    const char *name;
    int r = sd_bus_message_read_basic(m, 's', &name);

    if (r >= 0)
        r = make_room(list);
    if (r < 0)
        return r;
    if (!index_find(&c->index, name, &subject))
        return no_such(&subject, name, error);
    push = &list->items[list->n];
    *push = (struct source_push){ .meter = subject.meter, .record = subject.record };
    r = read_number(m, push, error);
    list->n += r >= 0;
    return r;
}

static int read_list(struct control *c, sd_bus_message *m, struct push_list *list,
                     sd_bus_error *error)
{
    int r = sd_bus_message_enter_container(m, 'a', "(sv)");

    while (r >= 0 && (r = sd_bus_message_enter_container(m, 'r', "sv")) > 0) {
        if (list->n == PUSHES_MAX)
            return sd_bus_error_setf(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
                                     "no more than %u values at once", PUSHES_MAX);
        r = add(c, m, list, error);
        if (r >= 0)
            r = sd_bus_message_exit_container(m);
    }
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int refused(const struct source_push *push, int r, sd_bus_error *error)
{
    const char *meter = push->meter->def->name;
    const char *record = push->meter->def->records[push->record].name;

    if (r == -EDOM)
        return sd_bus_error_setf(error, ERROR_NOT_A_NUMBER,
                                 "%s.%s: its value is not finite; nothing was changed", meter,
                                 record);
    return sd_bus_error_setf(error, ERROR_NOT_PUSHED,
                             "%s.%s: its source is not \"pushed\"; nothing was changed", meter,
                             record);
}

static int push_all(struct control *c, const struct source_push *pushes, size_t n,
                    sd_bus_error *error)
{
    size_t bad = 0;
    int r = 0;

    if (n > 0)
        r = c->sources != NULL ? sources_push(c->sources, pushes, n, &bad) : -ENOTSUP;
    return r == -EDOM || r == -ENOTSUP ? refused(&pushes[bad], r, error) : r;
}

int push_many(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct control *c = ((const struct subject *)userdata)->control;
    struct push_list list = { 0 };
    int r = read_list(c, m, &list, error);

    if (r >= 0)
        r = push_all(c, list.items, list.n, error);
    free(list.items);
    return r < 0 ? r : sd_bus_reply_method_return(m, NULL);
}

int push_one(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    const struct subject s = *(const struct subject *)userdata;
    struct source_push one = { .meter = s.meter, .record = s.record };
    int r = read_number(m, &one, error);

    if (r >= 0)
        r = push_all(s.control, &one, 1, error);
    return r < 0 ? r : sd_bus_reply_method_return(m, NULL);
}
