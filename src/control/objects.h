/* The tree of objects: which there are, what they show, and what a change of one says. No object
 * takes memory: each is looked up when it is asked for. */
#ifndef CONTROL_OBJECTS_H
#define CONTROL_OBJECTS_H

#include <systemd/sd-bus.h>

#include "control/subject.h"

/* A getter of sd-bus that calls `append(m, subject, property)`, which appends the value. */
#define GETTER(name, append)                                                                       \
    static int name(sd_bus *bus, const char *path, const char *interface, const char *property,    \
                    sd_bus_message *m, void *userdata, sd_bus_error *error)                        \
    {                                                                                              \
        (void)bus;                                                                                 \
        (void)path;                                                                                \
        (void)interface;                                                                           \
        (void)error;                                                                               \
        return append(m, userdata, property);                                                      \
    }

/* Of each kind: a file has it. */
extern const sd_bus_vtable manager_vtable[], port_vtable[], meter_vtable[], record_vtable[];

#define OBJECT_PATH_MAX 1024U

/* Puts all objects on a bus. 0 or a negative errno. */
int objects_add(struct control *c, sd_bus *bus);

const char *object_interface(const struct subject *s);

/* Where it is; -ENAMETOOLONG, or 0. */
int object_path(const struct subject *s, char path[static OBJECT_PATH_MAX]);

/* Appends its path, and its interface with all properties: {oa{sa{sv}}}. 0 or a negative errno. */
int object_append(sd_bus_message *m, const struct subject *s);

/* Tells everybody what those of its properties are that change. */
void object_tell(const struct subject *s);

/* An object has come, or is gone. */
void object_tell_added(const struct subject *s);
void object_tell_removed(const struct subject *s);

/* The row-th object of all, begun with *at and *at_record at 0: ports, meters, each followed by its
 * records. False behind the last. */
bool objects_next(struct control *c, size_t *at, size_t *at_record, struct subject *ret);

#endif
