/*
 * Lines of the state file from what a meter or a port is, and back:
 *
 *     meter NAME address 77 configured 3
 *     meter NAME ident 12345678 5274 1 7 configured 00000000 5274 1 0
 *     meter NAME clock -3600
 *     meter NAME record RECORD value 999 configured 456 as 0416
 *     meter NAME record RECORD unlisted as 0416
 *     port DEVICE baud 9600 configured 2400
 *
 * An ident is id, manufacturer in hex, version and medium. The value of a real is the eight hex
 * digits of its bits; "as" names DIB and VIB of the record. Only what differs from the
 * configuration has a line. Lines with other keys belong to a later version and are left alone.
 */
#ifndef STORE_ENTRIES_H
#define STORE_ENTRIES_H

#include "store/lines.h"
#include "store/notice.h"
#include "store/text.h"

/* What a master has set, as lines. */
void entries_write_meter(struct text_out *out, const struct meter_def *def,
                         const struct meter_content *content);
void entries_write_rate(struct text_out *out, const char *device, unsigned configured,
                        unsigned baud);

/* Every line that the meter or the port could ever have, each as long as it can be. */
void entries_write_longest_meter(struct text_out *out, const struct meter_def *def);
void entries_write_longest_rate(struct text_out *out, const char *device);

/* Claims those lines of a file that the functions above write. */
void entries_claim_meter(struct line_range all, const struct meter_def *def);
void entries_claim_rate(struct line_range all, const char *device);

/* Claims what a master has set of a meter of this name, whatever the configuration says of it. */
void entries_claim_settings(struct line_range all, const char *meter);

#endif
