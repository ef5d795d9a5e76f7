/* The telegrams of a readout: RSP_UD with the variable or the fixed structure (mbus-protocol 10 to
 * 12). */
#ifndef METER_RSP_UD_H
#define METER_RSP_UD_H

#include "meter/readout.h"

/* How many bytes may stand behind the CI field at the meter's L field. */
size_t rsp_ud_room(const struct meter_def *def);

/*
 * How many telegrams the configured records take (mbus-protocol 12). 0 when one of the parts fits
 * no telegram; then `ret_need` says how many bytes behind the CI field it would take.
 */
size_t meter_telegrams(const struct meter_def *def, size_t *ret_need);

/* How many telegrams this readout takes; 1 also for one that holds nothing. */
size_t rsp_ud_count(const struct readout_source *source);

/*
 * Writes the frame of the RSP_UD that begins with item `first`, with this C field and the meter's
 * own primary address. As many items follow as fit; `ret_next` is the item that the next telegram
 * begins with, 0 when this was the last. A readout that asks for one telegram alone (lower nibble
 * of its application) gets that one, whatever `first`. Returns the size of the frame; 0 when
 * something fits no telegram or `capacity` is less than FRAME_MAX.
 */
size_t rsp_ud_encode(const struct readout_source *source, size_t first, uint8_t c, uint8_t *frame,
                     size_t capacity, size_t *ret_next);

#endif
