/* What `feed` says about lines that are none, without saying it ten thousand times. */
#ifndef CTL_FEED_REPORT_H
#define CTL_FEED_REPORT_H

#include <stdint.h>

#include "ctl/feed_line.h"
#include "ctl/feed_names.h"

#define FEED_REPORTS_MAX 10U /* of a kind; the others are counted */
#define FEED_REPORT_TEXT 64U

/* Zeroed to begin. */
struct feed_report {
    uint64_t n[FEED_VERDICTS];
    char strange[FEED_REPORTS_MAX][FEED_REPORT_TEXT]; /* names of no record, each said once */
    unsigned n_strange;
};

/* Takes up line number `line`, which has come to `verdict`. */
void feed_report_line(struct feed_report *report, uint64_t line, enum feed_verdict verdict,
                      const struct feed_line *parsed);

/* Says how many were only counted. */
void feed_report_end(const struct feed_report *report);

/* Says of a name, once, that it takes no values, and why. */
void feed_report_name(uint64_t line, struct feed_name *name);

#endif
