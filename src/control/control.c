#include "control/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/objects.h"
#include "control/private.h"

/* Beyond so many objects that come and go in a reload, that of the Manager says it alone: whoever
 * keeps a list looks again when Meters or Ports is told. */
#define TOLD_ONE_BY_ONE 500U

/* ---- numbers of what can change -------------------------------------------------------------- */

static size_t number_of_meter(const struct control *c, const struct meter *meter)
{
    return c->config->n_ports + meter->index;
}

static size_t number_of_record(const struct control *c, const struct meter *meter, size_t record)
{
    size_t number = index_number(&c->index, meter, record);

    return number != INDEX_NONE ? c->config->n_ports + c->config->n_meters + number : INDEX_NONE;
}

static struct subject subject_of_number(struct control *c, size_t number)
{
    struct subject s = { .control = c, .kind = SUBJECT_PORT, .port = number };

    if (number < c->config->n_ports)
        return s;
    number -= c->config->n_ports;
    if (number < c->config->n_meters) {
        s.kind = SUBJECT_METER;
        s.meter = c->meters[number];
        return s;
    }
    index_of_number(&c->index, number - c->config->n_meters, &s);
    return s;
}

static void on_tell(void *userdata, size_t number)
{
    struct subject s = subject_of_number(userdata, number);

    object_tell(&s);
}

static bool on_may_tell(void *userdata)
{
    const struct control *c = userdata;

    return connection_takes_more(&c->connection);
}

/* ---- the bus --------------------------------------------------------------------------------- */

static int on_opened(void *userdata, sd_bus *bus)
{
    return objects_add(userdata, bus);
}

static void on_closed(void *userdata)
{
    struct control *c = userdata;

    changes_reset(&c->changes);
    replies_drop(&c->replies);
    watch_drop(&c->watch);
}

/* ---- life ------------------------------------------------------------------------------------ */

static uint32_t *errors_of(const struct config *config, struct meter *const *meters)
{
    uint32_t *errors = calloc(config->n_meters + 1, sizeof(*errors));

    for (size_t i = 0; errors != NULL && i < config->n_meters; i++)
        errors[i] = (uint32_t)meters[i]->n_errors;
    return errors;
}

/* Takes over these meters; the index of the old ones is the caller's. 0 or -ENOMEM. */
static int adopt(struct control *c, const struct config *config, struct meter *const *meters)
{
    free(c->errors_told);
    c->errors_told = errors_of(config, meters);
    if (c->errors_told == NULL)
        return -ENOMEM;
    if (index_new(config->meters, meters, config->n_meters, &c->index) < 0)
        return -ENOMEM;
    c->config = config;
    c->meters = meters;
    return changes_resize(&c->changes,
                          config->n_ports + config->n_meters + index_n_changing(&c->index));
}

static int begin(struct control *c, sd_event *event)
{
    int r;

    c->self = (struct subject){ .control = c, .kind = SUBJECT_MANAGER };
    c->changes.tell = on_tell;
    c->changes.may_tell = on_may_tell;
    c->changes.userdata = c;
    c->connection.opened = on_opened;
    c->connection.closed = on_closed;
    c->connection.userdata = c;
    r = changes_init(&c->changes, event);
    if (r >= 0)
        r = replies_init(&c->replies, c, event);
    return r < 0 ? r : watch_init(&c->watch, &c->connection, event);
}

int control_new(const struct control_host *host, const struct config *config,
                struct meter *const *meters, struct sources *sources, struct control **ret)
{
    struct control *c = calloc(1, sizeof(*c));
    int r;

    if (c == NULL)
        return -ENOMEM;
    c->host = *host;
    c->sources = sources;
    r = begin(c, host->event);
    if (r >= 0)
        r = adopt(c, config, meters);
    if (r >= 0)
        r = connection_init(&c->connection, host->event, config->control_name);
    if (r < 0) {
        control_free(c);
        return r;
    }
    *ret = c;
    return 0;
}

void control_free(struct control *c)
{
    if (c == NULL)
        return;
    connection_done(&c->connection);
    watch_done(&c->watch);
    replies_done(&c->replies);
    changes_done(&c->changes);
    index_done(&c->index);
    free(c->errors_told);
    free(c);
}

/* ---- reload ---------------------------------------------------------------------------------- */

/* What there was, or is. */
struct world {
    const struct config *config;
    const struct index *index;
    struct meter *const *meters; /* NULL: they are gone, or read otherwise by now */
};

/* Which objects of a world the other does not have: meters that read otherwise count as others. */
struct difference {
    struct control *control;
    const struct world *own, *other;
    void (*tell)(const struct subject *s); /* NULL: they are only counted */
    size_t n;
};

static void differ(struct difference *d, struct subject subject)
{
    subject.control = d->control;
    d->n++;
    if (d->tell != NULL)
        d->tell(&subject);
}

static void compare_ports(struct difference *d)
{
    const struct config *own = d->own->config, *other = d->other->config;

    for (size_t i = 0; i < own->n_ports; i++) {
        if (i >= other->n_ports || !port_config_equal(&own->ports[i], &other->ports[i]))
            differ(d, (struct subject){ .kind = SUBJECT_PORT, .port = i });
    }
}

/* What is gone is told by its name: a stand-in has that. */
static void compare_meter(struct difference *d, size_t i)
{
    const struct meter_def *def = &d->own->config->meters[i];
    const struct meter_def *other = index_definition(d->other->index, def->name, strlen(def->name));
    struct meter stand_in = { .def = def };
    struct subject s = { .kind = SUBJECT_METER, .meter = &stand_in };

    if (other != NULL && meter_def_equal(def, other))
        return;
    if (d->own->meters != NULL)
        s.meter = d->own->meters[i];
    differ(d, s);
    s.kind = SUBJECT_RECORD;
    for (; s.record < def->n_records; s.record++)
        differ(d, s);
}

static void compare_worlds(struct difference *d)
{
    d->n = 0;
    compare_ports(d);
    for (size_t i = 0; i < d->own->config->n_meters; i++)
        compare_meter(d, i);
}

static void tell_differences(struct control *c, const struct world *before)
{
    const struct world now = { c->config, &c->index, c->meters };
    struct difference gone = { .control = c, .own = before, .other = &now };
    struct difference come = { .control = c, .own = &now, .other = before };

    compare_worlds(&gone);
    compare_worlds(&come);
    if (gone.n + come.n > 0 && gone.n + come.n <= TOLD_ONE_BY_ONE) {
        gone.tell = object_tell_removed;
        come.tell = object_tell_added;
        compare_worlds(&gone);
        compare_worlds(&come);
    }
    object_tell(&c->self);
}

int control_reload(struct control *c, const struct config *config, struct meter *const *meters)
{
    struct index index = c->index;
    const struct world before = { c->config, &index, NULL };
    int r;

    c->index = (struct index){ 0 };
    r = adopt(c, config, meters);
    if (r >= 0 && connection_takes_more(&c->connection))
        tell_differences(c, &before);
    index_done(&index);
    if (r >= 0)
        replies_restart(&c->replies);
    return r < 0 ? r : connection_rename(&c->connection, config->control_name);
}

/* ---- what has changed ------------------------------------------------------------------------ */

static bool is_heard(const struct control *c)
{
    return c != NULL && c->connection.is_up;
}

void control_value_changed(struct control *c, const struct meter *meter, size_t record)
{
    if (!is_heard(c) || !index_has(&c->index, meter))
        return;
    changes_mark(&c->changes, number_of_record(c, meter, record));
    if (c->errors_told[meter->index] == meter->n_errors)
        return;
    c->errors_told[meter->index] = (uint32_t)meter->n_errors;
    changes_mark(&c->changes, number_of_meter(c, meter));
}

void control_meter_changed(struct control *c, const struct meter *meter)
{
    if (!is_heard(c) || !index_has(&c->index, meter))
        return;
    changes_mark(&c->changes, number_of_meter(c, meter));
    for (size_t i = 0; i < meter->def->n_records; i++) {
        if (meter->def->records[i].writable)
            changes_mark(&c->changes, number_of_record(c, meter, i));
    }
}

void control_port_changed(struct control *c, size_t i)
{
    if (is_heard(c) && i < c->config->n_ports)
        changes_mark(&c->changes, i);
}

void control_state_changed(struct control *c)
{
    if (c != NULL && connection_takes_more(&c->connection))
        object_tell(&c->self);
}

bool control_is_watched(const struct control *c)
{
    return c != NULL && c->watch.n > 0;
}

void control_frame(struct control *c, const struct control_frame *frame)
{
    watch_show(&c->watch, frame);
}
