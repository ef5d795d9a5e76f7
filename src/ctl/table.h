/* A table for people: columns as wide as what stands in them. */
#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/macros.h"
#include "ctl/colour.h"
#include "ctl/text.h"

#define TABLE_COLUMNS_MAX 12U

/* A column; { 0 } ends an array of them. */
struct table_column {
    const char *title;
    bool is_right; /* set against the right edge: numbers */
};

/* { .columns = ... } begins; table_done() ends. */
struct table {
    const struct table_column *columns;
    char **cells; /* in UTF-8, row after row; owned. A NULL is an empty one */
    size_t n, capacity;
    bool *is_wrong; /* of each row */
    size_t n_rows, rows_capacity;
    bool no_memory;
};

/* Begins a row; its cells follow. A wrong one is written in the colour of that. */
void table_row(struct table *t, bool is_wrong);

/* The next cell of the row: UTF-8, or Latin-1 of a telegram. */
void table_cell(struct table *t, const char *format, ...) PRINTF(2, 3);
void table_cell_label(struct table *t, const struct label *label);

/* Writes titles and rows, each behind `indent` blanks; nothing when there is no row. False (said)
 * when memory was short. */
bool table_write(const struct table *t, FILE *out, unsigned indent, const struct colours *colours);

void table_done(struct table *t);

#endif
