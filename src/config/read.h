/* Settings into fields: type, range and words of each are those of its schema row. */
#ifndef CONFIG_READ_H
#define CONFIG_READ_H

#include "config/report.h"
#include "config/schema.h"

/* Reads one setting; `field` NULL: only checks it. What is wrong is reported at the node. */
void read_setting(struct report *report, struct node *node, const struct schema_row *row,
                  void *field);

/* Reads the settings of a group into its struct, defaults for those that are not set, and reports
 * names that are not known. Subgroups are left to the caller. */
void read_group(struct report *report, struct node *group, enum schema_group id, void *target);

/* Whether a member is absent, or nothing wrong was found in it. */
bool read_is_good(const struct node *group, const char *name);

#endif
