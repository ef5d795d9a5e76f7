/* Collects what is wrong with a configuration, in whatever order it is found. */
#ifndef CONFIG_REPORT_H
#define CONFIG_REPORT_H

#include "config/config.h"
#include "config/node.h"

/* A file of nothing but mistakes is cut here. */
#define REPORT_MAX 1000U

struct report_item {
    unsigned order; /* of the setting in the file; 0 for the command line */
    unsigned number;
    bool is_error;
    char *text;
};

struct report {
    struct report_item *items;
    size_t n, capacity;
    size_t n_errors; /* all, also those past REPORT_MAX */
    bool no_memory;
};

/* A message at a setting: "FILE:LINE: PATH: ...", or "--option: ..."; marks it as bad. */
void report_error(struct report *report, struct node *node, const char *format, ...) PRINTF(3, 4);
void report_warning(struct report *report, const struct node *node, const char *format, ...)
    PRINTF(3, 4);

/* An error whose text is complete; takes the text over. NULL counts as short of memory. */
void report_text(struct report *report, char *text);

/* Hands the messages over, in the order of the file. 0 or -ENOMEM. */
int report_take(struct report *report, struct config_messages *ret);

void report_done(struct report *report);

#endif
