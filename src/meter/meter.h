/* A meter: who it is, what it shows, what a master may change of it, and the answer it gives. */
#ifndef METER_METER_H
#define METER_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/timing.h"
#include "mbus/fixed.h"
#include "mbus/datetime.h"
#include "mbus/ident.h"
#include "mbus/record.h"
#include "meter/quantity.h"

enum meter_structure {
    METER_VARIABLE, /* CI 72 */
    METER_FIXED,    /* CI 73 */
};

/* Status byte of CI 72 (mbus-protocol 10.4). */
#define METER_STATUS_BUSY 0x01U
#define METER_STATUS_APPLICATION_ERROR 0x02U
#define METER_STATUS_ALARM 0x03U
#define METER_STATUS_POWER_LOW 0x04U
#define METER_STATUS_PERMANENT_ERROR 0x08U
#define METER_STATUS_TEMPORARY_ERROR 0x10U
#define METER_STATUS_MANUFACTURER_1 0x20U
#define METER_STATUS_MANUFACTURER_2 0x40U
#define METER_STATUS_MANUFACTURER_3 0x80U

/* What a meter has where nothing else is said (mbus-protocol 3.1 and 5.4). */
#define METER_MAX_TELEGRAM 255U
#define METER_SESSION_TIME (2 * USEC_PER_MIN)

/* Who answers SND_NKE to 253 (mbus-protocol 7.3). */
enum meter_nke_253 {
    METER_NKE_253_SELECTED,
    METER_NKE_253_ALWAYS,
    METER_NKE_253_NEVER,
};

/* What a master may do to a meter: bits of `allow`. */
#define METER_ALLOW_ADDRESS 0x01U  /* set the primary address (mbus-protocol 13.1) */
#define METER_ALLOW_ID 0x02U       /* set the identification number (13.2) */
#define METER_ALLOW_IDENTITY 0x04U /* set manufacturer, version and medium (13.2) */
#define METER_ALLOW_BAUD 0x08U     /* switch the rate of the bus (13.4) */
#define METER_ALLOW_CLOCK 0x10U    /* set the clock (13.3) */
#define METER_ALLOW_READOUT 0x20U  /* choose what is read (13.5) */
#define METER_ALLOW_RESET 0x40U    /* application reset, CI 50 (9) */
#define METER_ALLOW_FREEZE 0x80U   /* freeze values, synchronise (13.6, 14.3) */

/* How a meter takes a command that it refuses (mbus-protocol 13.7). */
enum meter_refusal {
    METER_REFUSAL_SILENT, /* no answer */
    METER_REFUSAL_ERROR,  /* E5, and the next REQ_UD2 gets an application error (14.1) */
};

/* A record of the configuration. */
struct meter_record {
    char *name;
    struct record wire;    /* as it is sent, with the configured value */
    uint8_t *bytes;        /* what `wire` points to, or NULL */
    uint16_t sets;         /* bit n: sent in application n (mbus-protocol 9); 0: in all of them */
    bool writable;         /* a master may write it, within min and max */
    struct value min, max; /* as counts of the record, or reals where it is one */
    struct counting counting; /* how a number in the configured unit becomes its value */
    bool is_live;             /* a source gives the value; until it does, there is none */
    bool is_kept;             /* its number outlives a restart */
};

/* What the configuration says of a meter. Whoever built it owns what it points to. */
struct meter_def {
    char *name;
    uint8_t address; /* 0 to 250 */
    struct ident ident;
    enum meter_structure structure;
    uint8_t status;
    uint8_t allow;
    enum meter_refusal on_refused;
    usec_t repeat_time;  /* how long a repeated FCB gets the stored telegram (mbus-protocol 5.4) */
    usec_t session_time; /* how long a sequence of telegrams can be continued; 0: for ever */
    enum meter_nke_253 nke_253;
    bool silent_when_stale; /* on_stale: with a value past its max_age it answers nobody */
    uint8_t max_telegram;   /* highest L field, 64 to 255 */
    uint8_t *tail;          /* manufacturer data behind DIF 0F, n_tail bytes */
    size_t n_tail;
    struct meter_record *records; /* METER_VARIABLE */
    size_t n_records;
    const char *clock_zone; /* in which masters set the clock; NULL: the system's; not owned */
    bool fixed_binary;      /* METER_FIXED: how both counters are coded */
    struct fixed_counter counters[2]; /* METER_FIXED */
};

/* A record at work. */
struct meter_cell {
    struct value value;
    struct number number; /* of a live record: in its unit, not rounded to a count */
    bool has_number;      /* there was one; it stays when the value is not good any more */
    uint8_t error;   /* why the value is not good: RECORD_ERROR_...; 0: it is (mbus-records 9.2) */
    bool is_instead; /* the value is shown in place of the number, which is only kept */
    bool written;    /* by a master, and whoever passes it on does not know yet */
    bool unlisted;   /* taken out of the readout by a master (mbus-protocol 13.6) */
};

/* What a master can change of a meter, and what outlives a restart. */
struct meter_content {
    uint8_t address;
    struct ident ident;
    int64_t clock_offset;     /* seconds that the meter's clock is ahead of the system's */
    struct meter_cell *cells; /* one for each record of the definition */
};

/* Room for actions that wait for a synchronise (mbus-protocol 14.3): as much as one frame brings.
 */
#define METER_DELAYED_MAX 252U

/* What a meter has done in all its lives. */
struct meter_tally {
    uint64_t requests;       /* for it alone, in good frames */
    uint64_t answers;        /* that have left */
    uint64_t errors;         /* requests that it could not or would not carry out */
    uint64_t restarts;       /* how often it began to work */
    uint64_t operating_time; /* seconds at work */
};

/* A meter at work: shared by every port that serves it. */
struct meter {
    const struct meter_def *def;
    struct meter_content now;
    size_t index;        /* in the configuration */
    size_t place;        /* in a roster; whoever looks for it there notes it first */
    bool is_fresh;       /* it was not yet given what masters had set of it */
    uint8_t access;      /* access number of the next RSP_UD (mbus-protocol 10.3) */
    uint32_t generation; /* changes whenever the readout does: nothing older is worth repeating */
    bool busy;           /* writes cannot be kept now: DFC (mbus-protocol 5.6) */
    uint8_t alarm;       /* the newest alarm data (mbus-protocol 14.2) */
    uint32_t n_alarms;   /* how many there were */
    size_t n_errors;     /* values that are not good: they show in the status (10.4) */
    bool is_mute;        /* it answers nobody, as a dead meter does */
    struct meter_tally tally;
    uint8_t n_delayed; /* records of delayed actions, bytes */
    uint8_t delayed[METER_DELAYED_MAX];

    /* A change under way (meter/draft.h). */
    bool drafting;
    uint8_t draft_n_delayed;
    struct datetime draft_clock; /* what the clock is set to, when either part is there */
    struct meter_content draft;
};

/* Begins a meter that shows what its definition says. `cells`: room for 2 * def->n_records, which
 * must last as long as the meter; NULL when there are no records. */
void meter_init(struct meter *meter, const struct meter_def *def, struct meter_cell *cells);

/* Alarm data come up: they wait for a REQ_UD1, and ACD says so. */
void meter_raise_alarm(struct meter *meter, uint8_t alarm);

/* The status byte (mbus-protocol 10.4): the standing bits, and that a value is not good. */
uint8_t meter_status(const struct meter *meter);

/* Bytes of a record in a readout at most: a live one may be longer by its error (mbus-records 9.2).
 */
size_t meter_record_size(const struct meter_record *record);

/* Bytes behind the CI field that the readout would take at most in one telegram, headers included.
 */
size_t meter_answer_size(const struct meter_def *def);

#endif
