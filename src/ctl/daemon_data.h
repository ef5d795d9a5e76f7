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

/* Whether all of it could be read. */
bool daemon_list_end(struct daemon_list *list);

/* What is to be done with a meter; false when it was said why it could not be. */
typedef bool daemon_meter_job(struct daemon *d, const struct meter_entry *meter, void *userdata);

/* Finds a meter by its name, does that, and closes the connection. CTL_DONE; CTL_FAILED: the job
 * failed, or it was said that there is no such meter, with the nearest name. */
int daemon_with_meter(struct daemon *d, const char *name, daemon_meter_job *job, void *userdata);

/* Reads a variant. 0 or a negative errno. */
int daemon_read_value(sd_bus_message *m, struct daemon_value *ret);

/* Appends a variant: "x", or "d" for a real. */
int daemon_append_number(sd_bus_message *m, const struct number *number);

/* Begins a SetValues, appends one value of it by the name "METER.RECORD", and ends it: 0 or a
 * negative errno, after which no more can be appended. */
int daemon_settings_begin(struct daemon *d, sd_bus_message **ret);
int daemon_settings_append(sd_bus_message *m, const char *name, const struct number *number);
int daemon_settings_end(sd_bus_message *m);

/*
 * What a record says: quantity, unit and value of its bytes; true, and `ret_record` has all of it.
 * False where these are no record by themselves (the fixed structure): then only the value is in
 * `ret`, as the daemon has it.
 */
bool daemon_record_shown(const struct record_entry *entry, struct decoded_record *ret_record,
                         struct shown *ret);

#endif
