/* What a meter or a port learns of what was kept of it: for the log. */
#ifndef STORE_NOTICE_H
#define STORE_NOTICE_H

#include <stdint.h>

#include "meter/meter.h"

enum state_what {
    STATE_ADDRESS,
    STATE_IDENT,
    STATE_CLOCK,
    STATE_VALUE,    /* of a record */
    STATE_UNLISTED, /* a record is not in the readout */
    STATE_RATE,     /* of a port */
    /* What comes by itself; told only when it is dropped. */
    STATE_NUMBER, /* of a record */
    STATE_ACCESS, /* number of the next answer */
    STATE_TALLY,
};

enum state_fate {
    STATE_HOLDS,        /* as a master has set it; the configuration says something else */
    STATE_FILE_WINS,    /* the configuration was changed since: what it says now counts */
    STATE_OTHER_RECORD, /* the record of that name is coded another way now: dropped */
    STATE_UNFIT,        /* no value that could be in force here: dropped */
};

/* One of these, as `what` says. */
struct state_setting {
    uint8_t address;
    struct ident ident;
    int64_t clock_offset;
    struct value value;
    unsigned baud;
};

struct state_notice {
    enum state_what what;
    enum state_fate fate;
    const char *name;                  /* of the meter, or the device of the port */
    const struct meter_record *record; /* STATE_VALUE, _UNLISTED and _NUMBER; else NULL */
    /* Not for STATE_UNLISTED, nor when the fate is STATE_UNFIT or STATE_OTHER_RECORD. */
    struct state_setting set;        /* by a master */
    struct state_setting configured; /* beside it at that time; not for STATE_CLOCK */
};

/* May be called any number of times; the notice is gone when it returns. */
typedef void state_tell(void *userdata, const struct state_notice *notice);

#endif
