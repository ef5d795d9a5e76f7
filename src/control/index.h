/* Meters and records by their names, and all that can change by a number. */
#ifndef CONTROL_INDEX_H
#define CONTROL_INDEX_H

#include <stdint.h>

#include "control/subject.h"

#define INDEX_NONE SIZE_MAX

struct index_meter {
    uint32_t first;   /* number of its first record among those that can change */
    uint32_t *sorted; /* its records by name; NULL: few, or not asked for yet */
};

struct index {
    const struct meter_def *defs; /* not owned, nor are the meters, which are in the same order */
    struct meter *const *meters;
    size_t n;
    uint32_t *sorted;            /* meters by name */
    struct index_meter *entries; /* one for each meter, and one that closes the row */
};

/* `n` definitions and their meters. -ENOMEM or 0; `ret` is set on success. */
int index_new(const struct meter_def *defs, struct meter *const *meters, size_t n,
              struct index *ret);

/* Accepts one that is zeroed. */
void index_done(struct index *index);

/* The definition of a name of n characters, or NULL. It outlives its meter in a reload. */
const struct meter_def *index_definition(const struct index *index, const char *name, size_t n);

/* The meter of that name, or NULL. */
struct meter *index_meter(const struct index *index, const char *name, size_t n);

/* The record of a meter by its name, or INDEX_NONE. */
size_t index_record(struct index *index, const struct meter *meter, const char *name, size_t n);

/* "heat.energy" or "heat/energy": false when there is no such record; then ret->meter is NULL where
 * there is no such meter. */
bool index_find(struct index *index, const char *name, struct subject *ret);

/* Whether a meter is the one of its place: in a reload it may be of another list already. */
bool index_has(const struct index *index, const struct meter *meter);

/* How many records can change, and the number of one, or INDEX_NONE; and back. */
size_t index_n_changing(const struct index *index);
size_t index_number(const struct index *index, const struct meter *meter, size_t record);
void index_of_number(const struct index *index, size_t number, struct subject *ret);

#endif
