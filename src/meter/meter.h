/* A meter: who it is, what it shows, and the answer it gives. */
#ifndef METER_METER_H
#define METER_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/timing.h"
#include "mbus/fixed.h"
#include "mbus/ident.h"
#include "mbus/record.h"

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

/* What the configuration says of a meter. Whoever built it owns name and records. */
struct meter_def {
    char *name;
    uint8_t address; /* 0 to 250 */
    struct ident ident;
    enum meter_structure structure;
    uint8_t status;
    usec_t repeat_time; /* how long a repeated FCB gets the stored telegram (mbus-protocol 5.4) */
    struct record *records; /* METER_VARIABLE */
    size_t n_records;
    bool fixed_binary;                /* METER_FIXED: how both counters are coded */
    struct fixed_counter counters[2]; /* METER_FIXED */
};

/* A meter at work: shared by every port that serves it. */
struct meter {
    const struct meter_def *def;
    uint8_t access; /* access number of the next RSP_UD (mbus-protocol 10.3) */
};

/* Data behind the CI field of the readout in bytes, headers included, with no limit applied. */
size_t meter_answer_size(const struct meter_def *def);

/*
 * Writes the frame of an RSP_UD with the meter's own primary address and advances the access
 * number. Returns the size of the frame, 0 if it does not fit a frame or `capacity`.
 */
size_t meter_answer(struct meter *meter, uint8_t *frame, size_t capacity);

#endif
