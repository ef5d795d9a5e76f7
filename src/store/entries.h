/*
 * Lines of the state file from what a meter or a port is, and back:
 *
 *     meter NAME address 77 configured 3
 *     meter NAME ident 12345678 5274 1 7 configured 00000000 5274 1 0
 *     meter NAME clock -3600
 *     meter NAME access 85
 *     meter NAME tally 120 118 2 3 86400
 *     meter NAME record RECORD value 999 configured 456 as 0416
 *     meter NAME record RECORD number 12 resolution -3 as 0416
 *     meter NAME record RECORD unlisted as 0416
 *     port DEVICE baud 9600 configured 2400
 *
 * An ident is id, manufacturer in hex, version and medium. A tally is requests, answers, errors,
 * restarts and seconds at work. The value of a real is the eight hex digits of its bits; a number
 * is whole, or 0x and the sixteen hex digits of its bits, in the unit of which a count of the
 * record is 10^resolution. "as" names DIB and VIB of the record.
 *
 * Only what differs from a meter that was never at work has a line. A live record has a number, if
 * that is kept, and no value. Lines with other keys belong to a later version and are left alone,
 * as are numbers of records that keep none now: a counter is not lost by an edit that is taken
 * back.
 */
#ifndef STORE_ENTRIES_H
#define STORE_ENTRIES_H

#include "store/lines.h"
#include "store/notice.h"
#include "store/text.h"

/* What a meter has beyond its definition, as lines; `content` is meter->now, or its draft. */
void entries_write_meter(struct text_out *out, const struct meter *meter,
                         const struct meter_content *content);
void entries_write_rate(struct text_out *out, const char *device, unsigned configured,
                        unsigned baud);

/* Every line that the meter or the port could ever have, each as long as it can be. */
void entries_write_longest_meter(struct text_out *out, const struct meter_def *def);
void entries_write_longest_rate(struct text_out *out, const char *device);

/* Claims those lines of a file that the functions above write. */
void entries_claim_meter(struct line_range all, const struct meter_def *def);
void entries_claim_rate(struct line_range all, const char *device);

/* Claims what a master has set of a meter of this name, whatever the configuration says of it: not
 * what the meter has counted, nor numbers, which a master's write cannot be told from others in. */
void entries_claim_settings(struct line_range all, const char *meter);

#endif
