/* What the daemon's lists hold, entry by entry. Texts are UTF-8 and point into the reply. */
#ifndef CTL_DAEMON_DATA_H
#define CTL_DAEMON_DATA_H

#include "ctl/daemon.h"
#include "ctl/shown.h"
#include "meter/quantity.h"

struct port_entry {
    const char *device, *kind, *trouble; /* trouble "": none */
    bool is_open;
    uint32_t baud; /* 0: not known */
    uint32_t meters;
    uint64_t requests, answers, bad_frames, foreign, late;
};

struct meter_entry {
    const char *name, *id, *manufacturer, *medium;
    uint8_t address, version, access, status;
    bool is_mute;
    uint32_t errors; /* of its records, now */
    uint64_t requests, answers, refused;
};

/* A number as it travels in a variant; a text otherwise. */
struct daemon_value {
    const char *text; /* NULL: a number */
    struct number number;
};

struct record_entry {
    const char *name, *kind; /* kind of its source */
    const uint8_t *bytes;    /* as they are on the wire */
    size_t n;
    struct daemon_value value;
    const char *error, *trouble; /* "": none */
    uint64_t age;                /* microseconds; UINT64_MAX: none */
    bool is_writable;
};

/* A reply that is a list; daemon_list_end() lets go of it. */
struct daemon_list {
    sd_bus_message *reply;
    const char *member;
    bool failed; /* what came is no such list: it was said */
};

/* Asks for a list: ListPorts, ListMeters, ListRecords of a meter. False when it was said why not.
 */
bool daemon_list_begin(struct daemon *d, const char *member, const char *argument,
                       struct daemon_list *ret);

/* The next entry; false at the end. */
bool daemon_next_port(struct daemon_list *list, struct port_entry *ret);
bool daemon_next_meter(struct daemon_list *list, struct meter_entry *ret);
bool daemon_next_record(struct daemon_list *list, struct record_entry *ret);

/* The entry of one meter, in a list of all for daemon_list_end(). False when it was said that there
 * is none, with the nearest name, or why nobody can tell. */
bool daemon_find_meter(struct daemon *d, const char *name, struct daemon_list *ret_list,
                       struct meter_entry *ret);

/* Whether all of it could be read. */
bool daemon_list_end(struct daemon_list *list);

/* Reads a variant. 0 or a negative errno. */
int daemon_read_value(sd_bus_message *m, struct daemon_value *ret);

/* Appends a variant: "x", or "d" for a real. */
int daemon_append_number(sd_bus_message *m, const struct number *number);

/*
 * What a record says: quantity, unit and value of its bytes; true, and `ret_record` has all of it.
 * False where these are no record by themselves (the fixed structure): then only the value is in
 * `ret`, as the daemon has it.
 */
bool daemon_record_shown(const struct record_entry *entry, struct decoded_record *ret_record,
                         struct shown *ret);

#endif
