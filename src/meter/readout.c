#include "meter/readout.h"

#include "mbus/vife.h"

#define EXTENSION 0x80U
#define ANY 0x7EU

/* Record errors (mbus-records 9.2). */
#define ERROR_STORAGE 0x02U
#define ERROR_SUBUNIT 0x03U
#define ERROR_TARIFF 0x04U
#define ERROR_FUNCTION 0x05U
#define ERROR_VIF 0x0CU

/* ---- which records an entry means ------------------------------------------------------------ */

static bool number_matches(uint64_t asked, unsigned width, uint64_t own)
{
    return asked == own || (width > 0 && asked == (UINT64_C(1) << width) - 1);
}

/* A storage number without DIFE has one bit, and 1 means 1: else the newest period could not be
 * asked for. */
static unsigned storage_width(const struct record_view *asked)
{
    return asked->n_dife > 0 ? 4 * asked->n_dife + 1 : 0;
}

static bool is_any(uint8_t code)
{
    return (code & ~EXTENSION) == ANY;
}

/* How far an entry and a record agree, in the order in which an error names the first difference.
 */
enum agreement { AGREE_NOT, AGREE_VIB, AGREE_STORAGE, AGREE_TARIFF, AGREE_SUBUNIT, AGREE_ALL };

static enum agreement agreement(const struct record_view *asked, const struct record *own)
{
    const struct dib *a = &asked->dib, *o = &own->dib;

    if (!record_view_means_vib(asked, asked->n_vib, &own->vib))
        return AGREE_NOT;
    if (!number_matches(a->storage, storage_width(asked), o->storage))
        return AGREE_VIB;
    if (!number_matches(a->tariff, 2 * asked->n_dife, o->tariff))
        return AGREE_STORAGE;
    if (!number_matches(a->subunit, asked->n_dife, o->subunit))
        return AGREE_TARIFF;
    return a->function == o->function ? AGREE_ALL : AGREE_SUBUNIT;
}

bool readout_means(const struct record_view *asked, const struct record *own)
{
    return agreement(asked, own) == AGREE_ALL;
}

/* ---- what belongs to a readout --------------------------------------------------------------- */

static struct record_reader list_reader(const struct readout *readout)
{
    return (struct record_reader){ .at = readout->list, .end = readout->list + readout->n_list };
}

static bool is_listed(const struct readout *readout, const struct record *own)
{
    struct record_reader r = list_reader(readout);
    struct record_view asked;

    while (record_next(&r, &asked) == RECORD_ONE) {
        if (readout_means(&asked, own))
            return true;
    }
    return false;
}

static bool is_included(const struct readout_source *s, size_t i)
{
    const struct meter_record *own = &s->meter->def->records[i];

    if (s->readout->n_list > 0)
        return is_listed(s->readout, &own->wire);
    if (s->readout->everything)
        return true;
    if (s->cells != NULL && s->cells[i].unlisted)
        return false;
    return own->sets == 0 || (own->sets >> (s->readout->application >> 4) & 1) != 0;
}

static size_t count_entries(const struct readout *readout)
{
    struct record_reader r = list_reader(readout);
    struct record_view asked;
    size_t n = 0;

    while (record_next(&r, &asked) == RECORD_ONE)
        n++;
    return n;
}

size_t readout_items(const struct readout_source *source)
{
    size_t n = source->meter->def->n_records;

    return source->readout->n_list > 0 ? n + count_entries(source->readout) : n;
}

/* ---- errors for what is not there ------------------------------------------------------------ */

static uint8_t error_of(const struct record_view *asked, const struct meter_def *def)
{
    static const uint8_t errors[] = {
        [AGREE_NOT] = ERROR_VIF,          [AGREE_VIB] = ERROR_STORAGE,
        [AGREE_STORAGE] = ERROR_TARIFF,   [AGREE_TARIFF] = ERROR_SUBUNIT,
        [AGREE_SUBUNIT] = ERROR_FUNCTION, [AGREE_ALL] = 0,
    };
    enum agreement best = AGREE_NOT;

    for (size_t i = 0; i < def->n_records; i++) {
        enum agreement one = agreement(asked, &def->records[i].wire);

        if (one > best)
            best = one;
    }
    return errors[best];
}

/* The entry comes back without data, the error as its last VIFE; a full chain has no room for it.
 */
static void encode_error(const struct record_view *asked, uint8_t error, struct writer *w)
{
    const uint8_t *dib = asked->vib - 1 - asked->n_dife;

    if (error == 0 || asked->n_vib > VIFE_MAX || is_any(asked->vib[0]))
        return;
    write_u8(w, dib[0] & 0xF0);
    write_bytes(w, dib + 1, asked->n_dife);
    write_bytes(w, asked->vib, asked->n_vib - 1);
    write_u8(w, asked->vib[asked->n_vib - 1] | EXTENSION);
    write_u8(w, error);
}

static void encode_entry(const struct readout_source *s, size_t entry, struct writer *w)
{
    struct record_reader r = list_reader(s->readout);
    struct record_view asked;

    do {
        if (record_next(&r, &asked) != RECORD_ONE)
            return;
    } while (entry-- > 0);
    encode_error(&asked, error_of(&asked, s->meter->def), w);
}

/* A value that is not good is never shown as one: it is "during error state", and the last VIFE
 * says why (mbus-records 9.2). */
static void mark_error(struct record *record, uint8_t error)
{
    struct vib *vib = &record->vib;

    record->dib.function = DIF_ERROR;
    if (vib->n == sizeof(vib->bytes))
        return;
    vib->bytes[vib->n - 1] |= EXTENSION;
    vib->bytes[vib->n++] = error;
}

/* Without cells a record is as long as it can be. */
static uint8_t error_shown(const struct readout_source *s, size_t i)
{
    if (s->cells != NULL)
        return s->cells[i].error;
    return s->meter->def->records[i].is_live ? RECORD_ERROR_NO_DATA : RECORD_ERROR_NONE;
}

void readout_encode(const struct readout_source *source, size_t i, struct writer *w)
{
    const struct meter_def *def = source->meter->def;
    struct record record;

    if (i >= def->n_records) {
        encode_entry(source, i - def->n_records, w);
        return;
    }
    if (!is_included(source, i))
        return;
    record = def->records[i].wire;
    if (source->cells != NULL)
        record.value = source->cells[i].value;
    if (error_shown(source, i) != RECORD_ERROR_NONE)
        mark_error(&record, error_shown(source, i));
    record_encode(&record, w);
}
