/*
 * A look over the text before libconfig reads it.
 *
 * libconfig 1.5 cuts integers to 32 bits in silence, 1.7 widens them, and takes a leading zero for
 * octal; both recurse without a limit, and name a syntax error by its line alone. So the grammar is
 * checked here: what passes is read alike by every version.
 */
#ifndef CONFIG_LITERAL_H
#define CONFIG_LITERAL_H

#include <stddef.h>

#define LITERAL_DEPTH_MAX 64U       /* groups, lists and arrays inside one another */
#define LITERAL_NAME_MAX 64U        /* letters of a name */
#define LITERAL_GROUP_MAX 256U      /* settings of one group */
#define LITERAL_VALUES_MAX 1000000U /* settings and elements of a file */

enum literal_kind {
    LITERAL_NEEDS_LONG,   /* does not fit 32 bits, and has no L */
    LITERAL_TOO_WIDE,     /* does not fit 64 bits */
    LITERAL_LEADING_ZERO, /* octal to some versions */
    LITERAL_NOT_FINITE,   /* a real beyond the range of a double */
};

struct literal {
    enum literal_kind kind;
    unsigned line;  /* of the text */
    const char *at; /* in the text */
    size_t n;
    unsigned order; /* place among all settings and elements, depth first, from 1 */
    char *path;     /* "meter.records[0].value" */
    char *text;     /* as written, cut after 40 characters */
};

struct literal_report {
    struct literal *literals; /* in the order of the text */
    size_t n;
    size_t capacity;
    char *problem;         /* on -EINVAL: what is wrong with the grammar */
    unsigned problem_line; /* of the text */
    unsigned other_line;   /* of the first of two settings of one name, else 0 */
};

/* `text` has a zero behind its `n` bytes. `ret` must be zeroed; literal_report_done() in either
 * case. 0 also when literals were found; -EINVAL for a text that is not in the language, -ENOMEM.
 */
int literal_check(const char *text, size_t n, struct literal_report *ret);

void literal_report_done(struct literal_report *report);

#endif
