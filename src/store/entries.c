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

static void write_access(struct text_out *out, const struct meter_def *def, uint8_t access)
{
    begin(out, "meter", def->name, "access");
    text_number(out, access);
    text_end_line(out);
}

static void count_word(struct text_out *out, uint64_t count)
{
    text_number(out, count < INT64_MAX ? (int64_t)count : INT64_MAX);
}

static void write_tally(struct text_out *out, const struct meter_def *def,
                        const struct meter_tally *tally)
{
    begin(out, "meter", def->name, "tally");
    count_word(out, tally->requests);
    count_word(out, tally->answers);
    count_word(out, tally->errors);
    count_word(out, tally->restarts);
    count_word(out, tally->operating_time);
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

static void write_number(struct text_out *out, const struct meter_def *def,
                         const struct meter_record *record, const struct number *number)
{
    record_words(out, def, record, "number");
    if (number->is_real)
        text_bits(out, double_bits(number->real));
    else
        text_number(out, number->integer);
    text_word(out, "resolution");
    text_number(out, record->counting.resolution);
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

static bool has_tally(const struct meter_tally *tally)
{
    return (tally->requests | tally->answers | tally->errors | tally->restarts |
            tally->operating_time) != 0;
}

static void write_record(struct text_out *out, const struct meter_def *def,
                         const struct meter_record *record, const struct meter_cell *cell)
{
    enum data_field field = record->wire.dib.data_field;

    if (!record->is_live && has_value(&record->wire) &&
        !values_equal(field, &cell->value, &record->wire.value))
        write_value(out, def, record, &cell->value);
    if (keeps_number(record) && cell->has_number)
        write_number(out, def, record, &cell->number);
    if (cell->unlisted)
        write_unlisted(out, def, record);
}

void entries_write_meter(struct text_out *out, const struct meter *meter,
                         const struct meter_content *content)
{
    const struct meter_def *def = meter->def;

    if (content->address != def->address)
        write_address(out, def, content->address);
    if (!ident_equal(&content->ident, &def->ident))
        write_ident(out, def, &content->ident);
    if (content->clock_offset != 0)
        write_clock(out, def, content->clock_offset);
    if (meter->access != 0)
        write_access(out, def, meter->access);
    if (has_tally(&meter->tally))
        write_tally(out, def, &meter->tally);
    for (size_t i = 0; i < def->n_records; i++)
        write_record(out, def, &def->records[i], &content->cells[i]);
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
    static const struct meter_tally tally = { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
                                              UINT64_MAX };
    static const struct number number = { .integer = INT64_MIN };

    write_address(out, def, UINT8_MAX);
    write_ident(out, def, &ident);
    write_clock(out, def, INT64_MIN);
    write_access(out, def, UINT8_MAX);
    write_tally(out, def, &tally);
    for (size_t i = 0; i < def->n_records; i++) {
        const struct meter_record *record = &def->records[i];

        if (!record->is_live && has_value(&record->wire))
            write_value(out, def, record, &value);
        if (keeps_number(record))
            write_number(out, def, record, &number);
        write_unlisted(out, def, record);
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

/* What masters set, and what comes by itself. */
static const char *const meter_keys[] = { "address", "ident", "clock" };
static const char *const record_keys[] = { "value", "unlisted" };
static const char *const count_keys[] = { "access", "tally" };

void entries_claim_meter(struct line_range all, const struct meter_def *def)
{
    struct line_range mine = lines_of(all, "meter", def->name), records;

    claim(mine, meter_keys, ARRAY_SIZE(meter_keys));
    claim(mine, count_keys, ARRAY_SIZE(count_keys));
    records = lines_with(mine, "record");
    for (size_t i = 0; records.n > 0 && i < def->n_records; i++) {
        struct line_range record = lines_with(records, def->records[i].name);

        claim(record, record_keys, ARRAY_SIZE(record_keys));
        if (keeps_number(&def->records[i]))
            lines_claim(lines_with(record, "number"));
    }
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
