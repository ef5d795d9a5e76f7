/* Names that are unique among many: sorted, so that thousands of them are looked through at once.
 */
#ifndef CONFIG_NAMES_H
#define CONFIG_NAMES_H

#include "config/report.h"

struct name_entry {
    const char *name;
    struct node *group; /* whose name it is */
    size_t index;       /* of the group among its kind */
};

/* Sorts by name; those of one name by index. */
void names_sort(struct name_entry *entries, size_t n);

/* Reports each entry whose name an earlier one has; the entries must be sorted. */
void names_check(struct report *report, const struct name_entry *entries, size_t n);

/* The first entry of that name, or NULL; the entries must be sorted. */
const struct name_entry *names_find(const struct name_entry *entries, size_t n, const char *name);

#endif
