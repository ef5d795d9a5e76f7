/* When two settings are the same, and what sort of value a record has. */
#ifndef STORE_SETTING_H
#define STORE_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mbus/ident.h"
#include "mbus/record.h"
#include "meter/meter.h"

/* DIB and VIB as on the wire: another coding makes another record. A DIB takes 12 bytes, a VIB with
 * its unit in plain text up to 255 and their number more. */
#define RECORD_KEY_MAX (12U + VIB_MAX + 1U + UINT8_MAX)

struct record_key {
    uint8_t bytes[RECORD_KEY_MAX];
    size_t n;
};

void record_key_of(const struct record *record, struct record_key *ret);

/* Whether the record carries a number, or a date as its bits, that can be written down. */
bool has_value(const struct record *record);

/* Whether what outlives a restart is the number of the record, in its unit, and not a value that a
 * master has set beside a configured one. */
bool keeps_number(const struct meter_record *record);

/* Reals by their bits: a NaN is itself, and -0 is not 0. */
bool values_equal(enum data_field field, const struct value *a, const struct value *b);

uint32_t real_bits(float real);
float real_of_bits(uint32_t bits);
uint64_t double_bits(double real);
double double_of_bits(uint64_t bits);

#endif
