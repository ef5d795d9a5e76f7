#include "store/entries.h"

#include "base/macros.h"
#include "store/setting.h"

static void begin(struct text_out *out, const char *kind, const char *name, const char *key)
{
    text_word(out, kind);
    text_word(out, name);
    text_word(out, key);
}

/* ---- One line each --------------------------------------------------------------------------- */

static void write_address(struct text_out *out, const struct meter_def *def, uint8_t address)
{
    begin(out, "meter", def->name, "address");
    text_number(out, address);
    text_word(out, "configured");
    text_number(out, def->address);
    text_end_line(out);
}

static void ident_words(struct text_out *out, const struct ident *ident)
{
    text_hex(out, ident->id, 8);
    text_hex(out, ident->manufacturer, 4);
    text_number(out, ident->version);
    text_number(out, ident->medium);
}

static void write_ident(struct text_out *out, const struct meter_def *def,
                        const struct ident *ident)
{
    begin(out, "meter", def->name, "ident");
    ident_words(out, ident);
    text_word(out, "configured");
    ident_words(out, &def->ident);
    text_end_line(out);
}

static void write_clock(struct text_out *out, const struct meter_def *def, int64_t offset)
{
    begin(out, "meter", def->name, "clock");
    text_number(out, offset);
    text_end_line(out);
}

static void record_words(struct text_out *out, const struct meter_def *def,
                         const struct meter_record *record, const char *key)
{
    begin(out, "meter", def->name, "record");
    text_word(out, record->name);
    text_word(out, key);
}

static void end_record(struct text_out *out, const struct meter_record *record)
{
    struct record_key key;

    record_key_of(&record->wire, &key);
    text_word(out, "as");
    text_hex_bytes(out, key.bytes, key.n);
    text_end_line(out);
}

static void value_word(struct text_out *out, enum data_field field, const struct value *value)
{
    if (field == DATA_FIELD_REAL32)
        text_hex(out, real_bits(value->real), 8);
    else
        text_number(out, value->integer);
}

static void write_value(struct text_out *out, const struct meter_def *def,
                        const struct meter_record *record, const struct value *value)
{
    record_words(out, def, record, "value");
    value_word(out, record->wire.dib.data_field, value);
    text_word(out, "configured");
    value_word(out, record->wire.dib.data_field, &record->wire.value);
    end_record(out, record);
}

static void write_unlisted(struct text_out *out, const struct meter_def *def,
                           const struct meter_record *record)
{
    record_words(out, def, record, "unlisted");
    end_record(out, record);
}

static void write_rate(struct text_out *out, const char *device, unsigned configured, unsigned baud)
{
    begin(out, "port", device, "baud");
    text_number(out, baud);
    text_word(out, "configured");
    text_number(out, configured);
    text_end_line(out);
}

/* ---- All of a meter, of a port --------------------------------------------------------------- */

void entries_write_meter(struct text_out *out, const struct meter_def *def,
                         const struct meter_content *content)
{
    if (content->address != def->address)
        write_address(out, def, content->address);
    if (!ident_equal(&content->ident, &def->ident))
        write_ident(out, def, &content->ident);
    if (content->clock_offset != 0)
        write_clock(out, def, content->clock_offset);
    for (size_t i = 0; i < def->n_records; i++) {
        const struct meter_record *record = &def->records[i];
        const struct meter_cell *cell = &content->cells[i];
        enum data_field field = record->wire.dib.data_field;

        if (has_value(&record->wire) && !values_equal(field, &cell->value, &record->wire.value))
            write_value(out, def, record, &cell->value);
        if (cell->unlisted)
            write_unlisted(out, def, record);
    }
}

void entries_write_rate(struct text_out *out, const char *device, unsigned configured,
                        unsigned baud)
{
    /* A port that finds its rate itself has none that a master could have changed. */
    if (configured != 0 && baud != 0 && baud != configured)
        write_rate(out, device, configured, baud);
}

void entries_write_longest_meter(struct text_out *out, const struct meter_def *def)
{
    static const struct ident ident = { .version = UINT8_MAX, .medium = UINT8_MAX };
    static const struct value value = { .integer = INT64_MIN };

    write_address(out, def, UINT8_MAX);
    write_ident(out, def, &ident);
    write_clock(out, def, INT64_MIN);
    for (size_t i = 0; i < def->n_records; i++) {
        if (has_value(&def->records[i].wire))
            write_value(out, def, &def->records[i], &value);
        write_unlisted(out, def, &def->records[i]);
    }
}

void entries_write_longest_rate(struct text_out *out, const char *device)
{
    write_rate(out, device, UINT32_MAX, UINT32_MAX);
}

/* ---- Claims ---------------------------------------------------------------------------------- */

static struct line_range lines_of(struct line_range all, const char *kind, const char *name)
{
    return lines_with(lines_with(all, kind), name);
}

static void claim(struct line_range range, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        lines_claim(lines_with(range, keys[i]));
}

static const char *const meter_keys[] = { "address", "ident", "clock" };
static const char *const record_keys[] = { "value", "unlisted" };

void entries_claim_meter(struct line_range all, const struct meter_def *def)
{
    struct line_range mine = lines_of(all, "meter", def->name), records;

    claim(mine, meter_keys, ARRAY_SIZE(meter_keys));
    records = lines_with(mine, "record");
    for (size_t i = 0; records.n > 0 && i < def->n_records; i++)
        claim(lines_with(records, def->records[i].name), record_keys, ARRAY_SIZE(record_keys));
}

void entries_claim_rate(struct line_range all, const char *device)
{
    lines_claim(lines_with(lines_of(all, "port", device), "baud"));
}

/* Whatever the name of the record. */
static bool is_setting_of_record(struct text_in line)
{
    text_skip(&line);
    for (size_t i = 0; i < ARRAY_SIZE(record_keys); i++) {
        struct text_in in = line;

        text_expect(&in, record_keys[i]);
        if (!in.failed)
            return true;
    }
    return false;
}

void entries_claim_settings(struct line_range all, const char *meter)
{
    struct line_range mine = lines_of(all, "meter", meter), records;

    claim(mine, meter_keys, ARRAY_SIZE(meter_keys));
    records = lines_with(mine, "record");
    for (size_t i = 0; i < records.n; i++) {
        struct line_range line = { .first = records.first + i, .n = 1, .at = records.at };

        if (is_setting_of_record(lines_rest(line)))
            lines_claim(line);
    }
}
