/* What a master may do with the value of a record: write it, and the object actions
 * (mbus-protocol 13.6, mbus-records 9.1). */
#ifndef METER_ACTION_H
#define METER_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "mbus/record_view.h"
#include "mbus/record.h"

enum action {
    ACTION_WRITE = 0x0,
    ACTION_ADD = 0x1,
    ACTION_SUBTRACT = 0x2,
    ACTION_OR = 0x3,
    ACTION_AND = 0x4,
    ACTION_XOR = 0x5,
    ACTION_AND_NOT = 0x6,
    ACTION_CLEAR = 0x7,
    ACTION_ADD_ENTRY = 0x8,
    ACTION_DELETE_ENTRY = 0x9,
    ACTION_DELAYED = 0xA,
    ACTION_FREEZE = 0xB,
    ACTION_LIST = 0xC,   /* add to the readout list */
    ACTION_UNLIST = 0xD, /* delete from it */
    ACTION_NONE,         /* the record has no such VIFE */
};

/* The number that a master sends: whole, or real. */
struct operand {
    bool is_real;
    int64_t integer;
    double real;
    enum data_field field; /* where it stood */
};

/* The action of a record on its way to a meter: its last VIFE, when that is one. `ret_vib` is the
 * VIB without it, its last byte still with the extension bit. */
enum action action_of(const struct record_view *v, size_t *ret_n_vib);

/* The number in the data of a record that goes to one of ours with this coding: integers, BCD
 * (type A) and reals. False when it carries none, or one that is marked invalid. */
bool operand_read(const struct record_view *v, enum value_coding coding, struct operand *ret);

/*
 * Applies an action that makes a number of a number (ACTION_WRITE to ACTION_CLEAR; `operand` is not
 * looked at by the last) to a value of this record. False when its data field has no such action,
 * or the result does not fit it or lies outside min and max. A date or time is only written, in the
 * type that it has.
 */
bool action_apply(enum action action, const struct record *own, const struct value *old,
                  const struct operand *operand, const struct value *min, const struct value *max,
                  struct value *ret);

#endif
