#include "control/managed.h"

#include <string.h>

#include "control/names.h"
#include "control/objects.h"
#include "control/private.h"

static int begin(struct control *c, struct reply *reply, sd_bus_error *error)
{
    size_t n = c->config->n_ports + c->config->n_meters;

    (void)reply;
    for (size_t i = 0; i < c->config->n_meters; i++)
        n += c->meters[i]->def->n_records;
    if (n <= MANAGED_MAX)
        return 0;
    return sd_bus_error_setf(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
                             "%zu objects are too many for one answer; ListMeters and ListRecords "
                             "of the Manager list them",
                             n);
}

static int row(struct control *c, struct reply *reply)
{
    struct subject s;
    int r;

    if (!objects_next(c, &reply->at, &reply->at_record, &s))
        return 0;
    r = object_append(reply->answer, &s);
    return r < 0 ? r : 1;
}

static const struct reply_kind managed_objects = { "{oa{sa{sv}}}", begin, row };

static int on_message(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct control *c = userdata;
    const char *path = sd_bus_message_get_path(m);

    if (sd_bus_message_is_method_call(m, "org.freedesktop.DBus.ObjectManager",
                                      "GetManagedObjects") <= 0 ||
        path == NULL || strcmp(path, SERVICE_PATH) != 0)
        return 0;
    return replies_begin(&c->replies, &managed_objects, m, error);
}

int managed_add(struct control *c, sd_bus *bus)
{
    return sd_bus_add_filter(bus, NULL, on_message, c);
}
