/* The object of a record. */
#include <string.h>

#include "control/objects.h"
#include "control/private.h"
#include "control/push.h"
#include "control/record.h"
#include "control/text.h"
#include "control/value.h"
#include "sys/clock.h"

static const struct source *source_of(const struct subject *s)
{
    const struct sources *sources = s->control->sources;

    return sources != NULL ? sources_find(sources, s->meter, s->record) : NULL;
}

static int append_text(sd_bus_message *m, const struct subject *s, const char *property)
{
    const struct source *source = source_of(s);

    if (strcmp(property, "Name") == 0)
        return text_append(m, subject_definition(s)->name);
    if (strcmp(property, "Source") == 0)
        return text_append(m, source_kind_name(source));
    if (strcmp(property, "Error") == 0)
        return text_append(m, value_error(s));
    return text_append(m, source != NULL ? source_trouble(source) : "");
}

static int append_quantity(sd_bus_message *m, const struct subject *s, const char *property)
{
    return strcmp(property, "Unit") == 0 ? value_append_unit(m, s) : value_append_quantity(m, s);
}

/* A property of type v: the variant is in the variant that holds every property. */
static int append_value(sd_bus_message *m, const struct subject *s, const char *property)
{
    (void)property;
    return value_append(m, s);
}

static int append_writable(sd_bus_message *m, const struct subject *s, const char *property)
{
    (void)property;
    return sd_bus_message_append(m, "b", subject_definition(s)->writable);
}

/* How long ago its newest good number came, in microseconds; constants have no age, nor has what
 * never came. */
static uint64_t age_of(const struct subject *s, const struct source *source)
{
    bool is_bad = source != NULL && (source->failure != 0 || subject_cell(s)->error != 0);

    if (source == NULL || (is_bad && !source->has_number))
        return UINT64_MAX;
    return clock_now() - source->good_at;
}

int record_append_row(sd_bus_message *m, const struct subject *s)
{
    const struct source *source = source_of(s);
    uint8_t wire[VALUE_WIRE_MAX];
    size_t n = value_wire(s, wire);
    int r = sd_bus_message_open_container(m, 'r', RECORD_ROW);

    if (r >= 0)
        r = text_append(m, subject_definition(s)->name);
    if (r >= 0)
        r = text_append(m, source_kind_name(source));
    if (r >= 0)
        r = sd_bus_message_append_array(m, 'y', wire, n);
    if (r >= 0)
        r = value_append(m, s);
    if (r >= 0)
        r = text_append(m, value_error(s));
    if (r >= 0)
        r = text_append(m, source != NULL ? source_trouble(source) : "");
    if (r >= 0)
        r = sd_bus_message_append(m, "tb", age_of(s, source), subject_definition(s)->writable);
    return r < 0 ? r : sd_bus_message_close_container(m);
}

static int on_get(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    CLEANUP(sd_bus_message_unrefp) sd_bus_message *answer = NULL;
    const struct subject *s = userdata;
    int r = sd_bus_message_new_method_return(m, &answer);

    (void)error;
    if (r >= 0)
        r = value_append(answer, s);
    if (r >= 0)
        r = text_append(answer, value_error(s));
    return r < 0 ? r : sd_bus_message_send(answer);
}

GETTER(get_text, append_text)
GETTER(get_quantity, append_quantity)
GETTER(get_value, append_value)
GETTER(get_writable, append_writable)

const sd_bus_vtable record_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Name", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Source", "s", get_text, 0, 0),
    SD_BUS_PROPERTY("Quantity", "s", get_quantity, 0, 0),
    SD_BUS_PROPERTY("Unit", "s", get_quantity, 0, 0),
    SD_BUS_PROPERTY("Value", "v", get_value, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Error", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Trouble", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Writable", "b", get_writable, 0, 0),
    SD_BUS_METHOD_WITH_ARGS("Get", SD_BUS_NO_ARGS, SD_BUS_RESULT("v", value, "s", error), on_get,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("Set", SD_BUS_ARGS("v", value), SD_BUS_NO_RESULT, push_one,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};
