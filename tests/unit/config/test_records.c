/* Random records of the configuration: what was written is what a master decodes, and what is
 * decoded encodes to the same bytes. */
#include "tests/unit/config/support.h"

#include "config/exponent.h"
#include "config/phrase.h"
#include "mbus/data_type.h"
#include "mbus/telegram.h"
#include "mbus/vib_meaning.h"
#include "mbus/vife.h"

#define ROUNDS 40
#define RECORDS 40
#define MODIFIERS 3

/* What a record is meant to be. */
struct wanted {
    const struct vif_family *family;
    const struct data_type *type;
    int exponent; /* of one count, in the base unit */
    int64_t count;
    struct dib dib;
    const struct vife_row *modifiers[MODIFIERS];
    size_t n_modifiers;
    char value[256];
};

/* The same on every machine. */
static uint32_t seed = 7;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)seed * n >> 32);
}

static const struct vif_unit *random_unit(enum vif_base base)
{
    const struct vif_unit *units[8];
    uint32_t n = 0;
    for (size_t i = 0; i < n_vif_units && n < ARRAY_SIZE(units); i++)
        if (vif_units[i].base == base)
            units[n++] = &vif_units[i];
    return n > 0 ? units[random_below(n)] : NULL;
}

static bool is_time(enum vif_type type)
{
    return type == VIF_DATE || type == VIF_DATETIME || type == VIF_TIME_POINT;
}

static enum value_coding coding_of(const struct wanted *w)
{
    return vif_coding(w->family->type, w->type->field);
}

/* count * 10^exponent, exactly. */
static void print_scaled(FILE *text, int64_t count, int exponent)
{
    struct phrase phrase = { 0 };
    phrase_scaled(&phrase, count, exponent);
    fputs(phrase.text, text);
    if (exponent >= 0)
        fputc('L', text);
}

/* Small enough that a double holds what is written of it. */
static void choose_number(struct wanted *w)
{
    int64_t min, max;
    do
        w->type = &data_types[random_below((uint32_t)n_data_types)];
    while (w->type->form != FORM_NUMBER || w->type->field == DATA_FIELD_REAL32);
    assert_true(value_range(w->type->field, coding_of(w), &min, &max));
    min = min < -4000 ? -4000 : min;
    max = max > 4000 ? 4000 : max;
    w->count = min + random_below((uint32_t)(max - min + 1));
}

static void choose_moment(struct wanted *w)
{
    static const struct {
        const char *type, *value;
    } moments[] = { { "date", "2024-05-17" },
                    { "time", "12:34:56" },
                    { "datetime", "2024-05-17 12:34" },
                    { "datetime_s", "2024-05-17 12:34:56" } };
    uint32_t i = random_below(4);
    if (strcmp(w->family->quantity, "time") == 0)
        i = 1;
    else if (w->family->type == VIF_DATE)
        i = 0;
    else if (w->family->type == VIF_DATETIME)
        i = 2 + random_below(2);
    w->type = data_type_find(moments[i].type);
    strcpy(w->value, moments[i].value);
}

static void choose_text(struct wanted *w)
{
    uint32_t n = random_below(30);
    w->type = data_type_find("text");
    for (uint32_t i = 0; i < n; i++)
        w->value[i] = (char)('A' + random_below(26));
    w->value[n] = '\0';
}

/* Of phases, of quadrants and of directions a record has one; 0: none of them. */
static int choice_of(const struct vife_row *row)
{
    for (int code = 1; code <= 0x0B; code++)
        if (row == &vife_second_rows[code])
            return code <= 7 ? 1 : 2;
    return row == &vife_rows[0x3B] || row == &vife_rows[0x3C] ? 3 : 0;
}

static void choose_modifiers(struct wanted *w)
{
    uint32_t n = random_below(MODIFIERS + 1);
    while (w->n_modifiers < n) {
        uint32_t code = random_below(2 * VIFE_CODES);
        const struct vife_row *row =
            code < VIFE_CODES ? &vife_rows[code] : &vife_second_rows[code - VIFE_CODES];
        bool is_new = vife_is_chosen(row) && row->effect == VIFE_NAMES;
        for (size_t i = 0; i < w->n_modifiers; i++)
            is_new = is_new && w->modifiers[i] != row &&
                     (choice_of(row) == 0 || choice_of(row) != choice_of(w->modifiers[i]));
        if (is_new)
            w->modifiers[w->n_modifiers++] = row;
    }
}

static void choose(struct wanted *w)
{
    *w = (struct wanted){ 0 };
    do
        w->family = &vif_families[random_below((uint32_t)n_vif_families)];
    while (w->family->type == VIF_CONTAINER || w->family->type == VIF_RULE);
    w->exponent = w->family->exponent + (int)random_below(w->family->n);
    if (is_time(w->family->type))
        choose_moment(w);
    else if (strcmp(w->family->quantity, "text") == 0 ||
             (w->family->type == VIF_LABEL && random_below(2)))
        choose_text(w);
    else
        choose_number(w);
    w->dib = (struct dib){
        .data_field = w->type->field,
        .function = (enum dif_function)random_below(4),
        .storage = random_below(3) ? 0 : random_below(1U << 31),
        .tariff = random_below(3) ? 0 : random_below(1U << 20),
        .subunit = (uint16_t)(random_below(3) ? 0 : random_below(1U << 10)),
    };
    choose_modifiers(w);
}

static void print_value(FILE *text, const struct wanted *w, int resolution)
{
    if (w->type->form != FORM_NUMBER)
        fprintf(text, "value = \"%s\"; ", w->value);
    else if (w->family->type == VIF_FRACTION)
        fprintf(text, "value = %.12f; ", (double)w->count / 4096);
    else {
        fputs("value = ", text);
        print_scaled(text, w->count, resolution);
        fputs("; ", text);
    }
}

static void print_record(FILE *text, size_t i, const struct wanted *w)
{
    static const char *const functions[] = { "instantaneous", "maximum", "minimum", "error" };
    const struct vif_unit *unit;
    int resolution;
    struct phrase step = { 0 };

    do {
        unit = random_unit(w->family->base);
        resolution = w->exponent - (unit ? unit->exponent : 0);
    } while (resolution < -EXPONENT_MAX || resolution > EXPONENT_MAX);
    fprintf(text, "%s{ name = \"r%zu\"; quantity = \"%s\"; ", i > 0 ? ",\n" : "", i,
            w->family->quantity);
    if (strcmp(w->family->quantity, "custom") == 0)
        fputs("unit = \"pcs\"; ", text);
    else if (unit)
        fprintf(text, "unit = \"%s\"; ", unit->name);
    phrase_scaled(&step, 1, resolution);
    fprintf(text, "resolution = %s%s; type = \"%s\"; function = \"%s\"; ", step.text,
            resolution >= 0 ? "L" : "", w->type->name, functions[w->dib.function]);
    fprintf(text, "storage = %lluL; tariff = %u; subunit = %u; ",
            (unsigned long long)w->dib.storage, w->dib.tariff, w->dib.subunit);
    print_value(text, w, resolution);
    fputs("modifiers = (", text);
    for (size_t j = 0; j < w->n_modifiers; j++)
        fprintf(text, "%s \"%s\"", j > 0 ? "," : "", w->modifiers[j]->name);
    fputs(" ); }", text);
}

static int64_t count_of(const struct decoded_value *v)
{
    return v->kind == VALUE_SIGNED || v->kind == VALUE_BCD ? v->integer : (int64_t)v->word;
}

/* The name that a code is read by: several names may share it. */
static const char *read_name(const struct wanted *w)
{
    if (w->type->form == FORM_TEXT && w->family->table == VIF_TABLE_FD &&
        w->family->first == VIF_DIMENSIONLESS)
        return "text";
    if (w->family->type == VIF_DATETIME && w->type->field == DATA_FIELD_INT24)
        return "time";
    return vif_find(w->family->table, w->family->first)->quantity;
}

static void assert_modifiers(const struct decoded_record *d, const struct wanted *w)
{
    struct modifier_walk walk = { .vib = &d->vib, .direction = FROM_SLAVE };
    struct modifier modifier;
    size_t n = 0;
    while (modifier_next(&walk, &modifier)) {
        assert_true(n < w->n_modifiers);
        assert_ptr_equal(modifier.row, w->modifiers[n]);
        n++;
    }
    assert_int_equal(n, w->n_modifiers);
}

static void assert_value(const struct decoded_record *d, const struct wanted *w)
{
    const struct decoded_value *v = &d->value;
    if (w->type->form == FORM_TEXT) {
        assert_int_equal(v->kind, VALUE_TEXT);
        assert_int_equal(v->n, strlen(w->value));
        assert_memory_equal(v->bytes, w->value, v->n);
    } else if (w->type->form == FORM_TIME) {
        assert_int_equal(v->kind, VALUE_TIME);
        assert_int_equal(v->state, VALUE_GOOD);
    } else if (v->kind != VALUE_IDENT) {
        assert_true(count_of(v) == w->count);
    }
}

static void assert_record(const struct record *record, const struct wanted *w)
{
    uint8_t bytes[512], again[512];
    struct writer writer = writer_over(bytes, sizeof(bytes));
    struct writer writer_again = writer_over(again, sizeof(again));
    struct decoded_record d;
    struct decode_fault fault;

    record_encode(record, &writer);
    assert_int_equal(writer.n, record_size(record));
    struct reader r = reader_over(bytes, writer.n);
    assert_true(record_decode(&r, FROM_SLAVE, &d, &fault));
    assert_int_equal(reader_left(&r), 0);
    assert_string_equal(d.quantity, read_name(w));
    assert_int_equal(d.base, w->family->base);
    assert_int_equal(d.exponent, w->exponent);
    assert_int_equal(d.dib.data_field, w->dib.data_field);
    assert_int_equal(d.dib.function, w->dib.function);
    assert_true(d.dib.storage == w->dib.storage);
    assert_int_equal(d.dib.tariff, w->dib.tariff);
    assert_int_equal(d.dib.subunit, w->dib.subunit);
    assert_modifiers(&d, w);
    assert_value(&d, w);
    decoded_record_encode(&d, &writer_again);
    assert_int_equal(writer_again.n, writer.n);
    assert_memory_equal(again, bytes, writer.n);
}

static void test_random_records(void **state)
{
    static struct wanted wanted[RECORDS];
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        char *text = NULL;
        size_t n = 0;
        FILE *stream = open_memstream(&text, &n);
        fputs("port = { device = \"pty\"; };\nmeter = { records = (\n", stream);
        for (size_t i = 0; i < RECORDS; i++) {
            choose(&wanted[i]);
            print_record(stream, i, &wanted[i]);
        }
        fputs("\n); };\n", stream);
        fclose(stream);
        struct loaded loaded = load_text(text, NULL);
        for (size_t i = 0; i < loaded.messages.n; i++)
            print_error("%s\n", loaded.messages.items[i].text);
        if (loaded.r != 0)
            fail_msg("%s", text);
        assert_int_equal(loaded.messages.n, 0);
        for (size_t i = 0; i < RECORDS; i++)
            assert_record(&loaded.config->meters[0].records[i].wire, &wanted[i]);
        loaded_done(&loaded);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_random_records) };
    return cmocka_run_group_tests_name("config/records", tests, NULL, NULL);
}
