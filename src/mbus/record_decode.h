/* One data record with all that it means, and back to its bytes (mbus-records 1 to 14). */
#ifndef MBUS_RECORD_DECODE_H
#define MBUS_RECORD_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mbus/decode_fault.h"
#include "mbus/dif.h"
#include "mbus/value_decode.h"
#include "mbus/vib_decode.h"

/*
 * DIB, VIB and value hold all that is needed to write the same bytes again (mbus-records 13.2); the
 * other members are what they mean. A record of the fixed structure has no VIB: its `dib` and `vib`
 * are made up, its value is real.
 */
struct decoded_record {
    struct dib dib;
    uint8_t n_dife; /* as many as stood there, needed or not */
    struct decoded_vib vib;
    struct decoded_value value;

    const char *quantity; /* "volume"; NULL where the code is reserved; of a text see vib.text */
    const struct vif_family *family; /* the row of the code, or NULL */
    enum vif_type type;              /* of the data, as VIF and VIFE make it */
    enum vif_base base;              /* what one count is 10^exponent of */
    int exponent;                    /* factors among the VIFE are in it */
    struct vib_offsets offsets;      /* what is added to the value */
    const char *error;               /* "no_data_available": a record error of the slave; or NULL */
};

/*
 * Takes one record off the reader, which must stand on a DIF that opens one (low nibble not F). On
 * false the reader stands on the byte that is wrong or missing and `ret_fault` has reason and
 * missing bytes, its offset is left to the caller.
 *
 * A text with VIFE exists in two layouts (mbus-records 10): that is taken with which this record,
 * and then the rest up to the reader's end, makes sense.
 */
bool record_decode(struct reader *r, enum direction direction, struct decoded_record *ret,
                   struct decode_fault *ret_fault);

/* Writes the record's bytes from its decoded form. */
void decoded_record_encode(const struct decoded_record *record, struct writer *w);

/* Whether a DIF opens no record but says something by itself (mbus-records 1). */
static inline bool dif_is_special(uint8_t dif)
{
    return (dif & 0x0F) == 0x0F;
}

#define DIF_MANUFACTURER 0x0FU
#define DIF_MORE_FOLLOWS 0x1FU
#define DIF_FILL 0x2FU
#define DIF_GLOBAL_READOUT 0x7FU

#endif
