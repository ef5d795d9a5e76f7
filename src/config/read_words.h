/* Readers of read_setting(), one for each type of the schema; inside config/ only. */
#ifndef CONFIG_READ_WORDS_H
#define CONFIG_READ_WORDS_H

#include "base/nearest.h"
#include "config/report.h"
#include "config/schema.h"

/* Checks the value of a node; `field` NULL: stores nothing. */
typedef void (*read_fn)(struct report *report, struct node *node, const struct schema_row *row,
                        void *field);

void read_integer(struct report *, struct node *, const struct schema_row *, void *field);
void read_bool(struct report *, struct node *, const struct schema_row *, void *field);
void read_duration(struct report *, struct node *, const struct schema_row *, void *field);
void read_word(struct report *, struct node *, const struct schema_row *, void *field);
void read_rate(struct report *, struct node *, const struct schema_row *, void *field);
void read_flags(struct report *, struct node *, const struct schema_row *, void *field);
void read_name(struct report *, struct node *, const struct schema_row *, void *field);
void read_name_list(struct report *, struct node *, const struct schema_row *, void *field);
void read_hex(struct report *, struct node *, const struct schema_row *, void *field);
void read_path(struct report *, struct node *, const struct schema_row *, void *field);
void read_line(struct report *, struct node *, const struct schema_row *, void *field);
void read_chip(struct report *, struct node *, const struct schema_row *, void *field);
void read_device(struct report *, struct node *, const struct schema_row *, void *field);
void read_id(struct report *, struct node *, const struct schema_row *, void *field);
void read_manufacturer(struct report *, struct node *, const struct schema_row *, void *field);
void read_medium(struct report *, struct node *, const struct schema_row *, void *field);
void read_unit(struct report *, struct node *, const struct schema_row *, void *field);
void read_quantity(struct report *, struct node *, const struct schema_row *, void *field);
void read_resolution(struct report *, struct node *, const struct schema_row *, void *field);

void read_data_type(struct report *, struct node *, const struct schema_row *, void *field);
void read_value(struct report *, struct node *, const struct schema_row *, void *field);
void read_modifiers(struct report *, struct node *, const struct schema_row *, void *field);

void read_pattern(struct report *, struct node *, const struct schema_row *, void *field);
void read_argv(struct report *, struct node *, const struct schema_row *, void *field);
void read_zone(struct report *, struct node *, const struct schema_row *, void *field);
void read_bus_name(struct report *, struct node *, const struct schema_row *, void *field);

/* An integer into a field of the row's size. */
void read_store(const struct schema_row *row, void *field, int64_t value);

/* A copy of a text into a `char *`. */
void read_store_text(struct report *report, void *field, const char *text);

/* `"3" is a string; a whole number from 0 to 250` */
void read_wrong_type(struct report *report, struct node *node, const struct schema_row *row);

/* A text that goes to the log and to systemd as it is: true, and reported, when it holds a control
 * character. */
bool read_refuses_controls(struct report *report, struct node *node);

/* Reports a word that is none of those a setting takes: the nearest of them, or all. */
void read_not_allowed(struct report *report, struct node *node, const struct nearest *nearest,
                      const struct phrase *allowed);

#endif
