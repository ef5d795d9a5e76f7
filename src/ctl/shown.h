/* What a record says, in words and numbers for people and programs. */
#ifndef CTL_SHOWN_H
#define CTL_SHOWN_H

#include "ctl/text.h"
#include "mbus/ident.h"
#include "mbus/record_decode.h"

enum shown_kind {
    SHOWN_NOTHING,
    SHOWN_NUMBER,
    SHOWN_STRING,
};

struct shown {
    const char *function; /* as in the configuration */
    const char *quantity; /* "reserved" where the code is */
    struct label unit;    /* empty where there is none */
    enum shown_kind kind;
    struct label value;   /* scaled to the unit; empty for SHOWN_NOTHING */
    const char *error;    /* a record error, or why there is no value; or NULL */
    struct label letters; /* BCD that is no number: what a display shows (mbus-records 4.1) */
    bool is_summer;       /* a date and time with its summer time bit */
};

/* Fills `ret` from a record. */
void shown_of(const struct decoded_record *record, struct shown *ret);

/* Appends the value as it stands in a table: bits in hex, a text in quotes, "-" for none. */
void shown_cell(const struct decoded_record *record, const struct shown *shown, struct label *ret);

/* Appends the name of a modifier: "per_hour", "manufacturer_01", "reserved_44", "reserved_FC_16";
 * false for what is none: an error, or a factor or a constant, which are in the value already. */
bool shown_modifier(const struct modifier *modifier, struct label *ret);

/* Appends three letters, or the code in hex when it is none of letters. */
void shown_manufacturer(uint16_t code, struct label *ret);

/* Appends the name of a medium, or its code in decimal where it is reserved; returns whether it has
 * a name. */
bool shown_medium(uint8_t code, struct label *ret);

#endif
