#include "store/restore.h"

#include "base/macros.h"
#include "meter/live.h"
#include "store/setting.h"

/* No clock of a meter is two centuries from the system's, and sums with more could overflow. */
#define CLOCK_MAX (INT64_C(200) * 366 * 86400)

#define ADDRESS_MAX 250

/* Who is told what about whom. */
struct teller {
    state_tell *tell;
    void *userdata;
    struct state_notice notice;
};

/* Tells the fate of a setting; whether it holds. */
static bool judge(struct teller *t, enum state_what what, enum state_fate fate)
{
    t->notice.what = what;
    t->notice.fate = fate;
    if (t->tell)
        t->tell(t->userdata, &t->notice);
    t->notice.set = t->notice.configured = (struct state_setting){ 0 };
    return fate == STATE_HOLDS;
}

/* A line that says what this version cannot use, or the file against what a master has set. */
static enum state_fate fate_of(bool is_fit, bool is_as_then)
{
    if (!is_fit)
        return STATE_UNFIT;
    return is_as_then ? STATE_HOLDS : STATE_FILE_WINS;
}

/* ---- The meter ------------------------------------------------------------------------------- */

static void restore_address(struct line_range line, struct meter *meter, struct teller *t)
{
    struct text_in in = lines_rest(line);
    uint8_t set = (uint8_t)text_read_number(&in, 0, ADDRESS_MAX), configured;

    text_expect(&in, "configured");
    configured = (uint8_t)text_read_number(&in, 0, ADDRESS_MAX);
    t->notice.set.address = set;
    t->notice.configured.address = configured;
    if (judge(t, STATE_ADDRESS, fate_of(text_at_end(&in), configured == meter->def->address)))
        meter->now.address = set;
}

static struct ident read_ident(struct text_in *in)
{
    struct ident ident = { .id = text_read_hex(in, 8) };

    ident.manufacturer = (uint16_t)text_read_hex(in, 4);
    ident.version = (uint8_t)text_read_number(in, 0, UINT8_MAX);
    ident.medium = (uint8_t)text_read_number(in, 0, MEDIUM_WILDCARD - 1);
    return ident;
}

/* F in a digit is the wildcard of selections: no meter has it. */
static bool is_id(uint32_t id)
{
    for (; id > 0; id >>= 4)
        if ((id & 0xFU) == 0xFU)
            return false;
    return true;
}

static void restore_ident(struct line_range line, struct meter *meter, struct teller *t)
{
    struct text_in in = lines_rest(line);
    struct ident set = read_ident(&in), configured;

    text_expect(&in, "configured");
    configured = read_ident(&in);
    t->notice.set.ident = set;
    t->notice.configured.ident = configured;
    if (judge(t, STATE_IDENT,
              fate_of(text_at_end(&in) && is_id(set.id),
                      ident_equal(&configured, &meter->def->ident))))
        meter->now.ident = set;
}

static void restore_clock(struct line_range line, struct meter *meter, struct teller *t)
{
    struct text_in in = lines_rest(line);
    int64_t offset = text_read_number(&in, -CLOCK_MAX, CLOCK_MAX);

    t->notice.set.clock_offset = offset;
    if (judge(t, STATE_CLOCK, fate_of(text_at_end(&in), true)))
        meter->now.clock_offset = offset;
}

static void restore_access(struct line_range line, struct meter *meter, struct teller *t)
{
    struct text_in in = lines_rest(line);
    uint8_t access = (uint8_t)text_read_number(&in, 0, UINT8_MAX);

    if (text_at_end(&in))
        meter->access = access;
    else
        judge(t, STATE_ACCESS, STATE_UNFIT);
}

static void restore_tally(struct line_range line, struct meter *meter, struct teller *t)
{
    struct text_in in = lines_rest(line);
    struct meter_tally tally = { .requests = (uint64_t)text_read_number(&in, 0, INT64_MAX) };

    tally.answers = (uint64_t)text_read_number(&in, 0, INT64_MAX);
    tally.errors = (uint64_t)text_read_number(&in, 0, INT64_MAX);
    tally.restarts = (uint64_t)text_read_number(&in, 0, INT64_MAX);
    tally.operating_time = (uint64_t)text_read_number(&in, 0, INT64_MAX);
    if (text_at_end(&in))
        meter->tally = tally;
    else
        judge(t, STATE_TALLY, STATE_UNFIT);
}

/* ---- A record -------------------------------------------------------------------------------- */

/* The words that close a line; whether they name the record as it is coded now. */
static bool is_record(struct text_in *in, const struct meter_record *record)
{
    struct record_key key;
    char word[2 * RECORD_KEY_MAX + 1];
    struct text_out out = { .w = writer_over((uint8_t *)word, sizeof(word) - 1) };

    record_key_of(&record->wire, &key);
    text_hex_bytes(&out, key.bytes, key.n);
    word[out.w.n] = '\0';
    text_expect(in, "as");
    text_expect(in, word);
    return text_at_end(in);
}

static struct value read_value(struct text_in *in, const struct record *record)
{
    enum data_field field = record->dib.data_field;
    struct value value = { 0 };
    int64_t min, max;

    if (field == DATA_FIELD_REAL32)
        value.real = real_of_bits(text_read_hex(in, 8));
    else if (value_range(field, record->coding, &min, &max))
        value.integer = text_read_number(in, min, max);
    else
        in->failed = true;
    return value;
}

/* What a master may write today; a record that it may not write keeps what it was given. */
static bool is_allowed(const struct meter_record *record, const struct value *value)
{
    if (!record->writable)
        return true;
    if (record->wire.dib.data_field == DATA_FIELD_REAL32)
        return value->real >= record->min.real && value->real <= record->max.real;
    if (record->wire.coding == CODING_TIME)
        return value_is_time(record->wire.dib.data_field, value->integer);
    return value->integer >= record->min.integer && value->integer <= record->max.integer;
}

/* A value that was set beside a configured one, and what a source gives now: the latter. */
static bool is_configured_as_then(const struct meter_record *record, const struct value *then)
{
    return !record->is_live && values_equal(record->wire.dib.data_field, then, &record->wire.value);
}

/* Whether a line of a value, whatever the value is, belongs to the record as it is coded now. */
static bool is_value_of(struct text_in in, const struct meter_record *record)
{
    text_skip(&in);
    text_expect(&in, "configured");
    text_skip(&in);
    return in.failed || is_record(&in, record);
}

static void restore_value(struct line_range line, const struct meter_record *record,
                          struct meter_cell *cell, struct teller *t)
{
    struct text_in in = lines_rest(line);
    struct value set, configured;
    bool is_fit;

    if (!is_value_of(in, record)) {
        judge(t, STATE_VALUE, STATE_OTHER_RECORD);
        return;
    }
    set = read_value(&in, &record->wire);
    text_expect(&in, "configured");
    configured = read_value(&in, &record->wire);
    is_fit = is_record(&in, record) && is_allowed(record, &set);
    t->notice.set.value = set;
    t->notice.configured.value = configured;
    if (judge(t, STATE_VALUE, fate_of(is_fit, is_configured_as_then(record, &configured))))
        cell->value = set;
}

/* Whether a line of a number, whatever the number is, belongs to the record as it is coded now, in
 * the unit that it has now. */
static bool is_number_of(struct text_in in, const struct meter_record *record)
{
    text_skip(&in);
    text_expect(&in, "resolution");
    text_read_number(&in, record->counting.resolution, record->counting.resolution);
    return is_record(&in, record);
}

static struct number read_number(struct text_in *in)
{
    struct number number = { .is_real = text_is_bits(in) };

    if (number.is_real)
        number.real = double_of_bits(text_read_bits(in));
    else
        number.integer = text_read_number(in, INT64_MIN, INT64_MAX);
    in->failed = in->failed || !__builtin_isfinite(number.real);
    return number;
}

static void restore_number(struct line_range line, struct meter *meter, size_t i, struct teller *t)
{
    struct text_in in = lines_rest(line);
    struct number number;

    if (!is_number_of(in, &meter->def->records[i])) {
        judge(t, STATE_NUMBER, STATE_OTHER_RECORD);
        return;
    }
    number = read_number(&in);
    if (in.failed)
        judge(t, STATE_NUMBER, STATE_UNFIT);
    else
        meter_set_number(meter, i, &number);
}

static void restore_unlisted(struct line_range line, const struct meter_record *record,
                             struct meter_cell *cell, struct teller *t)
{
    struct text_in in = lines_rest(line);

    cell->unlisted =
        judge(t, STATE_UNLISTED, is_record(&in, record) ? STATE_HOLDS : STATE_OTHER_RECORD);
}

static void restore_record(struct line_range mine, struct meter *meter, size_t i, struct teller *t)
{
    const struct meter_record *record = &meter->def->records[i];
    struct meter_cell *cell = &meter->now.cells[i];
    struct line_range line = lines_with(mine, "value");

    t->notice.record = record;
    if (line.n > 0)
        restore_value(line, record, cell, t);
    line = lines_with(mine, "number");
    if (line.n > 0 && keeps_number(record))
        restore_number(line, meter, i, t);
    line = lines_with(mine, "unlisted");
    if (line.n > 0)
        restore_unlisted(line, record, cell, t);
}

/* ---- All of it ------------------------------------------------------------------------------- */

static const struct {
    const char *key;
    void (*restore)(struct line_range line, struct meter *meter, struct teller *t);
} meter_keys[] = {
    { "address", restore_address }, { "ident", restore_ident }, { "clock", restore_clock },
    { "access", restore_access },   { "tally", restore_tally },
};

void restore_meter(struct line_range all, struct meter *meter, state_tell *tell, void *userdata)
{
    const struct meter_def *def = meter->def;
    struct teller t = { .tell = tell, .userdata = userdata, .notice = { .name = def->name } };
    struct line_range mine = lines_with(lines_with(all, "meter"), def->name), line;

    for (size_t i = 0; i < ARRAY_SIZE(meter_keys); i++) {
        line = lines_with(mine, meter_keys[i].key);
        if (line.n > 0)
            meter_keys[i].restore(line, meter, &t);
    }
    mine = lines_with(mine, "record");
    for (size_t i = 0; mine.n > 0 && i < def->n_records; i++) {
        line = lines_with(mine, def->records[i].name);
        if (line.n > 0)
            restore_record(line, meter, i, &t);
    }
}

/* The rates that a master can set (mbus-protocol 13.4). */
static bool is_rate(unsigned baud)
{
    static const unsigned rates[] = { 300, 600, 1200, 2400, 4800, 9600, 19200, 38400 };

    for (size_t i = 0; i < ARRAY_SIZE(rates); i++)
        if (rates[i] == baud)
            return true;
    return false;
}

unsigned restore_rate(struct line_range all, const char *device, unsigned configured,
                      state_tell *tell, void *userdata)
{
    struct teller t = { .tell = tell, .userdata = userdata, .notice = { .name = device } };
    struct line_range line = lines_with(lines_with(lines_with(all, "port"), device), "baud");
    struct text_in in;
    unsigned set, then;

    if (line.n == 0)
        return configured;
    in = lines_rest(line);
    set = (unsigned)text_read_number(&in, 0, UINT32_MAX);
    text_expect(&in, "configured");
    then = (unsigned)text_read_number(&in, 0, UINT32_MAX);
    t.notice.set.baud = set;
    t.notice.configured.baud = then;
    return judge(&t, STATE_RATE, fate_of(text_at_end(&in) && is_rate(set), then == configured))
               ? set
               : configured;
}
