/* Every setting there is, one row each: the only list of names, types, ranges and defaults. */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "config/phrase.h"
#include "mbus/data_type.h"
#include "meter/meter.h"
#include "meter/quantity.h"

enum schema_group {
    SCHEMA_TOP,
    SCHEMA_PORT,
    SCHEMA_METER,
    SCHEMA_RECORD,
    SCHEMA_WRITABLE,
    SCHEMA_FILE,
    SCHEMA_COMMAND,
    SCHEMA_PUSHED,
    SCHEMA_DERIVED,
    SCHEMA_CLOCK,
    SCHEMA_INTERNAL,
    SCHEMA_STATE,
    SCHEMA_CONTROL,
    SCHEMA_LOG,
    SCHEMA_HAT,
    SCHEMA_HAT_LINE,
    SCHEMA_N_GROUPS,
};

enum schema_type {
    SCHEMA_LATER, /* a name of the language that this version does not read */
    SCHEMA_SUBGROUP,
    SCHEMA_SUBGROUPS, /* a list of groups */
    SCHEMA_INTEGER,
    SCHEMA_BOOL,
    SCHEMA_BOOL_OR_GROUP, /* read by whoever builds the struct */
    SCHEMA_NUMBER,        /* whole or real */
    SCHEMA_REAL,          /* the same, as a double */
    SCHEMA_FACTOR,        /* the same, and not 0 */
    SCHEMA_RESOLUTION,
    SCHEMA_DURATION,
    SCHEMA_WORD,  /* one of the words of the row */
    SCHEMA_RATE,  /* a number that is one of the words of the row, or a word that is 0 */
    SCHEMA_FLAGS, /* any of the words, ORed */
    SCHEMA_NAME,
    SCHEMA_NAMES, /* an array of them */
    SCHEMA_HEX,   /* bytes */
    SCHEMA_PATH,
    SCHEMA_PATTERN,  /* a regular expression */
    SCHEMA_ARGV,     /* an array: a program and its arguments */
    SCHEMA_ZONE,     /* of the time zone database */
    SCHEMA_BUS_NAME, /* an element of a name on D-Bus */
    SCHEMA_LINE,     /* of a GPIO chip */
    SCHEMA_CHIP,
    SCHEMA_DEVICE,
    SCHEMA_ID,
    SCHEMA_MANUFACTURER,
    SCHEMA_MEDIUM,
    SCHEMA_UNIT,
    SCHEMA_QUANTITY,
    SCHEMA_DATA_TYPE,
    SCHEMA_VALUE,     /* a number or a text: which, says the type of the record */
    SCHEMA_MODIFIERS, /* an array of names of VIFE; read by whoever builds the record */
};

struct schema_word {
    const char *name;
    int64_t value;
    bool later; /* known, but not in this version */
};

struct schema_row {
    const char *name;
    enum schema_group group;
    enum schema_type type;
    int64_t min, max; /* SCHEMA_INTEGER; SCHEMA_DURATION in microseconds */
    const struct schema_word *words;
    size_t n_words;
    /* The default, as it would be typed (SCHEMA_FLAGS: words with commas between); NULL: none, the
     * field stays zero. */
    const char *fallback;
    size_t offset;     /* in the struct of the group */
    size_t size;       /* of the field; 0: whoever builds the struct fetches it */
    unsigned kinds;    /* SCHEMA_PORT: bit per enum port_kind that it fits */
    int64_t exclusive; /* SCHEMA_FLAGS: bits of which one word at most may set any */
    bool is_filled;    /* SCHEMA_FLAGS: an empty array is an error */
};

/* What is written as the value of a record. */
struct written_value {
    const char *text; /* or NULL: the number counts */
    struct number number;
};

/* What a record group fills before it becomes a struct record or a fixed counter. */
struct record_spec {
    const struct vif_unit *unit;  /* or NULL: none, or one in plain text */
    const char *quantity;         /* or NULL */
    int resolution;               /* exponent of ten */
    const struct data_type *type; /* or NULL */
    enum dif_function function;
    uint64_t storage;
    uint32_t tariff;
    uint16_t subunit;
    uint16_t sets;
    struct written_value value;
    usec_t max_age;
    enum source_on_error on_error;
};

/* What a master may write into a record. */
struct writable_spec {
    struct number min, max;
    char **command; /* ends with NULL; or NULL */
};

/* Fields: SCHEMA_TOP none, SCHEMA_PORT struct port_config, SCHEMA_METER struct meter_def,
 * SCHEMA_RECORD struct record_spec, SCHEMA_WRITABLE struct writable_spec, SCHEMA_FILE to
 * SCHEMA_INTERNAL struct source_config, SCHEMA_STATE, SCHEMA_CONTROL and SCHEMA_LOG struct config,
 * SCHEMA_HAT none, SCHEMA_HAT_LINE struct hat_line_config. */
extern const struct schema_row schema_rows[];
extern const size_t n_schema_rows;

/* The row of a setting, or NULL. */
const struct schema_row *schema_find(enum schema_group group, const char *name);

/* The word of a row, or NULL. */
const struct schema_word *schema_word_find(const struct schema_row *row, const char *name);

/* The words of a row as a sentence has them: `"even" or "none"`. */
void schema_words(const struct schema_row *row, struct phrase *ret);

/* What a setting takes, for people: "a whole number from 0 to 250". */
void schema_allowed(const struct schema_row *row, struct phrase *ret);

#endif
