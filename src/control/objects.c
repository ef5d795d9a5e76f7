#include "control/objects.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/managed.h"
#include "control/names.h"
#include "control/private.h"

static const struct {
    const char *interface;
    const sd_bus_vtable *vtable;
} kinds[] = {
    [SUBJECT_MANAGER] = { MANAGER_INTERFACE, manager_vtable },
    [SUBJECT_PORT] = { PORT_INTERFACE, port_vtable },
    [SUBJECT_METER] = { METER_INTERFACE, meter_vtable },
    [SUBJECT_RECORD] = { RECORD_INTERFACE, record_vtable },
};

const char *object_interface(const struct subject *s)
{
    return kinds[s->kind].interface;
}

int object_path(const struct subject *s, char path[static OBJECT_PATH_MAX])
{
    int n;

    if (s->kind == SUBJECT_MANAGER)
        n = snprintf(path, OBJECT_PATH_MAX, "%s", SERVICE_PATH);
    else if (s->kind == SUBJECT_PORT)
        n = snprintf(path, OBJECT_PATH_MAX, "%s/%zu", PORT_PREFIX, s->port);
    else if (s->kind == SUBJECT_METER)
        n = snprintf(path, OBJECT_PATH_MAX, "%s/%s", METER_PREFIX, s->meter->def->name);
    else
        n = snprintf(path, OBJECT_PATH_MAX, "%s/%s/%s", METER_PREFIX, s->meter->def->name,
                     subject_definition(s)->name);
    return (unsigned)n < OBJECT_PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* ---- from a path to an object ---------------------------------------------------------------- */

/* What follows a prefix and its slash; NULL where it does not. */
static const char *below(const char *path, const char *prefix)
{
    size_t n = strlen(prefix);

    return strncmp(path, prefix, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

static int found(struct control *c, struct subject subject, void **ret)
{
    subject.control = c;
    c->found = subject;
    *ret = &c->found;
    return 1;
}

static int find_port(sd_bus *bus, const char *path, const char *interface, void *userdata,
                     void **ret, sd_bus_error *error)
{
    struct control *c = userdata;
    const char *number = below(path, PORT_PREFIX);
    char canonical[32];
    size_t i;

    (void)bus;
    (void)interface;
    (void)error;
    if (number == NULL)
        return 0;
    i = strtoul(number, NULL, 10);
    (void)snprintf(canonical, sizeof(canonical), "%zu", i);
    if (i >= c->config->n_ports || strcmp(canonical, number) != 0)
        return 0;
    return found(c, (struct subject){ .kind = SUBJECT_PORT, .port = i }, ret);
}

static int find_meter(sd_bus *bus, const char *path, const char *interface, void *userdata,
                      void **ret, sd_bus_error *error)
{
    struct control *c = userdata;
    const char *name = below(path, METER_PREFIX);
    struct meter *meter = name != NULL ? index_meter(&c->index, name, strlen(name)) : NULL;

    (void)bus;
    (void)interface;
    (void)error;
    if (meter == NULL)
        return 0;
    return found(c, (struct subject){ .kind = SUBJECT_METER, .meter = meter }, ret);
}

static int find_record(sd_bus *bus, const char *path, const char *interface, void *userdata,
                       void **ret, sd_bus_error *error)
{
    struct control *c = userdata;
    const char *name = below(path, METER_PREFIX);
    struct subject subject;

    (void)bus;
    (void)interface;
    (void)error;
    if (name == NULL || !index_find(&c->index, name, &subject))
        return 0;
    return found(c, subject, ret);
}

/* ---- from objects to paths ------------------------------------------------------------------- */

/* A list of paths as sd-bus takes it over. */
struct paths {
    char **items;
    size_t n, capacity;
};

static void paths_free(struct paths *paths)
{
    for (size_t i = 0; i < paths->n; i++)
        free(paths->items[i]);
    free(paths->items);
}

static int paths_add(struct paths *paths, const struct subject *s)
{
    char path[OBJECT_PATH_MAX];
    char *copy;
    int r = object_path(s, path);

    if (r < 0)
        return r;
    if (paths->n + 1 >= paths->capacity) {
        size_t capacity = paths->capacity > 0 ? 2 * paths->capacity : 16;
        char **items = realloc(paths->items, capacity * sizeof(*items));

        if (items == NULL)
            return -ENOMEM;
        paths->items = items;
        paths->capacity = capacity;
    }
    copy = strdup(path);
    if (copy == NULL)
        return -ENOMEM;
    paths->items[paths->n++] = copy;
    paths->items[paths->n] = NULL;
    return 0;
}

static int give(struct paths *paths, int r, char ***ret)
{
    if (r < 0) {
        paths_free(paths);
        return r;
    }
    *ret = paths->items;
    return 0;
}

static int list_ports(sd_bus *bus, const char *path, void *userdata, char ***ret,
                      sd_bus_error *error)
{
    struct control *c = userdata;
    struct paths paths = { 0 };
    int r = 0;

    (void)bus;
    (void)error;
    for (size_t i = 0; strcmp(path, PORT_PREFIX) == 0 && i < c->config->n_ports && r >= 0; i++)
        r = paths_add(&paths, &(struct subject){ .kind = SUBJECT_PORT, .port = i });
    return give(&paths, r, ret);
}

/* sd-bus asks for what is right below a path: the meters, or the records of one. */
static int list_meters(sd_bus *bus, const char *path, void *userdata, char ***ret,
                       sd_bus_error *error)
{
    struct control *c = userdata;
    const char *name = below(path, METER_PREFIX);
    struct subject s = { .kind = SUBJECT_METER };
    struct paths paths = { 0 };
    int r = 0;

    (void)bus;
    (void)error;
    for (size_t i = 0; strcmp(path, METER_PREFIX) == 0 && i < c->config->n_meters && r >= 0; i++) {
        s.meter = c->meters[i];
        r = paths_add(&paths, &s);
    }
    if (name != NULL)
        s.meter = index_meter(&c->index, name, strlen(name));
    if (name == NULL || s.meter == NULL)
        return give(&paths, r, ret);
    s.kind = SUBJECT_RECORD;
    for (; s.record < s.meter->def->n_records && r >= 0; s.record++)
        r = paths_add(&paths, &s);
    return give(&paths, r, ret);
}

/* ---- what an object says --------------------------------------------------------------------- */

static int append_property(sd_bus_message *m, const struct subject *s, const sd_bus_vtable *v)
{
    const char *name = v->x.property.member;
    int r = sd_bus_message_open_container(m, 'e', "sv");

    if (r >= 0)
        r = sd_bus_message_append_basic(m, 's', name);
    if (r >= 0)
        r = sd_bus_message_open_container(m, 'v', v->x.property.signature);
    if (r >= 0)
        r = v->x.property.get(sd_bus_message_get_bus(m), NULL, object_interface(s), name, m,
                              (void *)(uintptr_t)s, NULL);
    if (r >= 0)
        r = sd_bus_message_close_container(m);
    return r < 0 ? r : sd_bus_message_close_container(m);
}

/* All properties that have this flag of the vtable, or all (0), as a{sv}. */
static int append_properties(sd_bus_message *m, const struct subject *s, uint64_t flag)
{
    const sd_bus_vtable *v = kinds[s->kind].vtable;
    int r = sd_bus_message_open_container(m, 'a', "{sv}");

    for (; v->type != _SD_BUS_VTABLE_END && r >= 0; v++) {
        if (v->type == _SD_BUS_VTABLE_PROPERTY && (flag == 0 || (v->flags & flag) != 0))
            r = append_property(m, s, v);
    }
    return r < 0 ? r : sd_bus_message_close_container(m);
}

/* {oa{sa{sv}}} without its bracket. */
static int append_object(sd_bus_message *m, const struct subject *s)
{
    char path[OBJECT_PATH_MAX];
    int r = object_path(s, path);

    if (r >= 0)
        r = sd_bus_message_append_basic(m, 'o', path);
    if (r >= 0)
        r = sd_bus_message_open_container(m, 'a', "{sa{sv}}");
    if (r >= 0)
        r = sd_bus_message_open_container(m, 'e', "sa{sv}");
    if (r >= 0)
        r = sd_bus_message_append_basic(m, 's', object_interface(s));
    if (r >= 0)
        r = append_properties(m, s, 0);
    if (r >= 0)
        r = sd_bus_message_close_container(m);
    return r < 0 ? r : sd_bus_message_close_container(m);
}

int object_append(sd_bus_message *m, const struct subject *s)
{
    int r = sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");

    if (r >= 0)
        r = append_object(m, s);
    return r < 0 ? r : sd_bus_message_close_container(m);
}

void object_tell(const struct subject *s)
{
    CLEANUP(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    char path[OBJECT_PATH_MAX];
    int r = object_path(s, path);

    if (r >= 0)
        r = sd_bus_message_new_signal(s->control->connection.bus, &m, path,
                                      "org.freedesktop.DBus.Properties", "PropertiesChanged");
    if (r >= 0)
        r = sd_bus_message_append_basic(m, 's', object_interface(s));
    if (r >= 0)
        r = append_properties(m, s, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE);
    if (r >= 0)
        r = sd_bus_message_append(m, "as", 0);
    if (r >= 0)
        sd_bus_message_send(m);
}

void object_tell_added(const struct subject *s)
{
    CLEANUP(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    int r = sd_bus_message_new_signal(s->control->connection.bus, &m, SERVICE_PATH,
                                      "org.freedesktop.DBus.ObjectManager", "InterfacesAdded");

    if (r >= 0)
        r = append_object(m, s);
    if (r >= 0)
        sd_bus_message_send(m);
}

void object_tell_removed(const struct subject *s)
{
    CLEANUP(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    char path[OBJECT_PATH_MAX];
    int r = object_path(s, path);

    if (r >= 0)
        r = sd_bus_message_new_signal(s->control->connection.bus, &m, SERVICE_PATH,
                                      "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved");
    if (r >= 0)
        r = sd_bus_message_append(m, "oas", path, 1, object_interface(s));
    if (r >= 0)
        sd_bus_message_send(m);
}

/* ---- all of them ----------------------------------------------------------------------------- */

bool objects_next(struct control *c, size_t *at, size_t *at_record, struct subject *ret)
{
    size_t meter = *at - c->config->n_ports;

    *ret = (struct subject){ .control = c };
    if (*at < c->config->n_ports) {
        ret->kind = SUBJECT_PORT;
        ret->port = (*at)++;
        return true;
    }
    if (meter >= c->config->n_meters)
        return false;
    ret->meter = c->meters[meter];
    ret->kind = *at_record == 0 ? SUBJECT_METER : SUBJECT_RECORD;
    ret->record = *at_record == 0 ? 0 : *at_record - 1;
    if (++*at_record > ret->meter->def->n_records) {
        *at_record = 0;
        ++*at;
    }
    return true;
}

int objects_add(struct control *c, sd_bus *bus)
{
    static const struct {
        const char *prefix;
        enum subject_kind kind;
        sd_bus_object_find_t find;
    } families[] = {
        { PORT_PREFIX, SUBJECT_PORT, find_port },
        { METER_PREFIX, SUBJECT_METER, find_meter },
        { METER_PREFIX, SUBJECT_RECORD, find_record },
    };
    int r = sd_bus_add_object_vtable(bus, NULL, SERVICE_PATH, MANAGER_INTERFACE, manager_vtable,
                                     &c->self);

    for (size_t i = 0; i < ARRAY_SIZE(families) && r >= 0; i++)
        r = sd_bus_add_fallback_vtable(bus, NULL, families[i].prefix,
                                       kinds[families[i].kind].interface,
                                       kinds[families[i].kind].vtable, families[i].find, c);
    if (r >= 0)
        r = sd_bus_add_node_enumerator(bus, NULL, PORT_PREFIX, list_ports, c);
    if (r >= 0)
        r = sd_bus_add_node_enumerator(bus, NULL, METER_PREFIX, list_meters, c);
    if (r >= 0)
        r = sd_bus_add_object_manager(bus, NULL, SERVICE_PATH);
    return r < 0 ? r : managed_add(c, bus);
}
