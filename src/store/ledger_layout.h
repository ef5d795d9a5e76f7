/*
 * The bytes of a ledger: a header, then slots of one size, one for each meter and each record that
 * keeps its number. A slot has two copies that are written in turns, each with a checksum over the
 * slot's key, the copy's number and its words, so that a process that is killed half-way through
 * one leaves the other. Numbers are in the byte order of the machine, which is the one to read
 * them.
 */
#ifndef STORE_LEDGER_LAYOUT_H
#define STORE_LEDGER_LAYOUT_H

#include <stdint.h>

#include "meter/meter.h"

#define LEDGER_MAGIC UINT64_C(0x7265676465736C76)
#define LEDGER_VERSION 1U
#define LEDGER_WORDS 6U

struct ledger_header {
    uint64_t magic;
    uint32_t version;
    uint32_t slot_size;
    uint64_t n_slots;
    uint64_t state; /* which state directory it goes with: ledger_key_of_path() */
    uint64_t check; /* over all before it */
    /* Copies of a higher sequence do not count: they belong to a change that has not ended. */
    uint64_t committed;
};

struct ledger_copy {
    uint64_t sequence; /* of the change that made it; of two good ones the higher is the newer */
    uint64_t words[LEDGER_WORDS];
    uint64_t check;
};

struct ledger_slot {
    uint64_t key;
    struct ledger_copy copies[2];
};

/* The words of a meter. */
enum {
    LEDGER_REQUESTS,
    LEDGER_ANSWERS,
    LEDGER_ERRORS,
    LEDGER_RESTARTS,
    LEDGER_OPERATING_TIME,
    LEDGER_ACCESS,
};

/* The words of a record, and what the first says of the second. */
enum {
    LEDGER_KIND,
    LEDGER_NUMBER,
};
enum {
    LEDGER_NO_NUMBER,
    LEDGER_WHOLE,
    LEDGER_REAL, /* bits of a double */
};

/* One step of a checksum, three instructions. Another word always gives another sum: each part of
 * the step can be undone, so no two words lead from one sum to the same. */
static inline uint64_t ledger_mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return sum << 29 | sum >> 35;
}

_Static_assert(LEDGER_WORDS % 3 == 0, "they are summed up in threes");

/* The checksum of a copy in the slot with this key. */
static inline uint64_t ledger_check_of(uint64_t key, const struct ledger_copy *copy)
{
    uint64_t sum = ledger_mix(LEDGER_MAGIC, key);

    sum = ledger_mix(sum, copy->sequence);
    for (unsigned i = 0; i < LEDGER_WORDS; i += 3) {
        sum = ledger_mix(sum, copy->words[i]);
        sum = ledger_mix(sum, copy->words[i + 1]);
        sum = ledger_mix(sum, copy->words[i + 2]);
    }
    return sum;
}

uint64_t ledger_check_of_header(const struct ledger_header *header);

/* What a slot is found by: the name of a meter; beside it the name of a record, how it is coded and
 * its unit; the path of a directory. */
uint64_t ledger_key_of_meter(const struct meter_def *def);
uint64_t ledger_key_of_record(const struct meter_def *def, const struct meter_record *record);
uint64_t ledger_key_of_path(const char *path);

#endif
