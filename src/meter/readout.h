/* Which records a readout holds: those of an application, or those that the master has chosen
 * (mbus-protocol 9, 13.5). */
#ifndef METER_READOUT_H
#define METER_READOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mbus/record_view.h"
#include "meter/meter.h"

#define READOUT_LIST_MAX 252U

/* Zeroed: the default, everything of application 0. */
struct readout {
    uint8_t application; /* sub-code of CI 50: type in the upper nibble, telegram in the lower */
    bool everything;     /* global readout: every record, whatever its sets */
    uint8_t n_list;      /* bytes of the list; 0: none */
    uint8_t list[READOUT_LIST_MAX]; /* records without value, DIF 8, all well-formed */
};

/* What a readout is made from. */
struct readout_source {
    const struct meter *meter;
    const struct readout *readout;
    const struct meter_cell *cells; /* one for each record: now, a snapshot; NULL: as configured */
};

/* Whether these records without value mean this record: storage, tariff and subunit of all ones,
 * in the width in which they were sent, mean any; VIF or VIFE 7E mean any (mbus-protocol 13.5). */
bool readout_means(const struct record_view *asked, const struct record *own);

/* Records and further items of a readout: each is written on its own, or not at all. */
size_t readout_items(const struct readout_source *source);

/*
 * Writes item i, 0 to readout_items() - 1: a record when it belongs to this readout, or behind the
 * records the error for an entry of the list that means none of them (mbus-records 9.2).
 */
void readout_encode(const struct readout_source *source, size_t i, struct writer *w);

#endif
