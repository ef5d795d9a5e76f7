#include "tests/unit/test.h"

#include "slave/selection.h"

static const uint8_t serial[] = { '4', '3', '-', 'B', 'A' };

static struct meter_record own_records[] = {
    { .wire = { .dib = { .data_field = DATA_FIELD_BCD8 },
                .vib = { .bytes = { 0x78 }, .n = 1 },
                .value = { .integer = 11223344 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0x16 }, .n = 1 },
                .value = { .integer = -456 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16, .storage = 1 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 7 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_REAL32 },
                .vib = { .bytes = { 0x2B }, .n = 1 },
                .value = { .real = 1.5F } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_VARIABLE },
                .vib = { .bytes = { 0x78 }, .n = 1 },
                .lvar = sizeof(serial),
                .data = serial } },
    { .wire = { .dib = { .data_field = DATA_FIELD_VARIABLE },
                .vib = { .bytes = { 0xFD, 0x11 }, .n = 2 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0xFD, 0x60 }, .n = 2 },
                .coding = CODING_UNSIGNED,
                .value = { .integer = 65000 } } },
};

static const struct meter_def own = {
    .ident = { 0x12345678, 0x5274, 1, 0 },
    .records = own_records,
    .n_records = ARRAY_SIZE(own_records),
};

static bool matches(const char *text, const struct meter_def *def)
{
    uint8_t bytes[64];
    struct meter_cell cells[2 * ARRAY_SIZE(own_records)];
    size_t n = test_hex(text, bytes, sizeof(bytes));
    struct selection s;
    struct meter meter;

    meter_init(&meter, def, cells);
    return selection_parse(bytes, n, &s) && selection_matches_ident(&s, &def->ident) &&
           selection_matches_records(&s, &meter);
}

/* mbus-protocol 7.1, 7.4 and 16.4. */
static const struct {
    const char *data;
    bool match;
} addresses[] = {
    { "78 56 34 12 74 52 01 00", true },
    { "78 56 34 12 FF FF FF FF", true },
    { "FF FF FF FF FF FF FF FF", true },
    { "FF FF FF 1F FF FF FF FF", true }, /* ids that begin with 1 */
    { "FF FF FF F2 FF FF FF FF", true }, /* second digit 2 */
    { "F8 FF FF FF FF FF FF FF", true }, /* last digit 8 */
    { "FF FF FF FF 74 52 FF FF", true }, /* any TST */
    { "FF FF FF FF FF 52 FF FF", true }, /* each byte of the manufacturer alone */
    { "FF FF FF FF 74 FF FF FF", true },
    { "FF FF FF 0F FF FF FF FF", false },
    { "FF FF FF 2F FF FF FF FF", false },
    { "79 56 34 12 74 52 01 00", false },
    { "78 56 34 12 75 52 01 00", false },
    { "78 56 34 12 74 53 01 00", false },
    { "78 56 34 12 74 52 02 00", false },
    { "78 56 34 12 74 52 01 07", false },
    { "FF FF FF FF 7F 52 FF FF", false }, /* no wildcard by nibble outside the id */
    { "FF FF FF FF FF FF 0F FF", false },
    { "78 56 34 12 74 52 01", false }, /* too short for a selection */
    { "", false },
};

static void addresses_with_every_wildcard(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
        assert_int_equal(matches(addresses[i].data, &own), addresses[i].match);
}

/* Hex digits in an id are compared as they are, never as a number (mbus-protocol 7.1). */
static void hex_digits_are_compared_literally(void **state)
{
    struct meter_def def = own;

    (void)state;
    def.ident.id = 0x1234567A;
    assert_true(matches("7A 56 34 12 FF FF FF FF", &def));
    assert_true(matches("7F 56 34 12 FF FF FF FF", &def));
    assert_false(matches("80 56 34 12 FF FF FF FF", &def));
}

/* mbus-protocol 7.5 and 16.5. */
#define ANY "FF FF FF FF FF FF FF FF "
static const struct {
    const char *data;
    bool match;
} enhanced[] = {
    { "78 56 34 12 74 52 FF FF 0C 78 44 33 22 11", true },
    { ANY "0C 78 44 33 22 11", true },
    { ANY "0C 78 FF FF FF 1F", true },
    { ANY "0C 78 FF FF FF FF", true },
    { ANY "0C 78 FF FF FF 2F", false },
    { ANY "0C 78 45 33 22 11", false },
    { ANY "0E 78 44 33 22 11 00 00", true }, /* another width, the same number */
    { ANY "0E 78 44 33 22 11 01 00", false },
    { ANY "0A 78 44 33", false },      /* the rest of ours is not zero */
    { ANY "04 78 30 41 AB 00", true }, /* 11223344 in binary */
    { ANY "02 16 38 FE", true },       /* -456 */
    { ANY "04 16 38 FE FF FF", true },
    { ANY "02 16 39 FE", false },
    { ANY "0C 78 44 33 22 11 02 16 38 FE", true }, /* each of several must match */
    { ANY "0C 78 44 33 22 11 02 16 39 FE", false },
    { ANY "2F 0C 78 44 33 22 11 2F", true },
    { ANY "42 13 07 00", false }, /* storage 0 alone is compared */
    { ANY "02 13 07 00", false },
    { ANY "8C 40 78 44 33 22 11", false },
    { ANY "0C 79 44 33 22 11", false },
    { ANY "05 2B 00 00 C0 3F", false },
    { ANY "04 2B 00 00 00 00", false }, /* a real number is nobody's whole one */
    { ANY "0A 16 56 04", false },       /* -456 has no digits 0456 */
    { ANY "0A 16 FF FF", false },
    { ANY "0C 78 44 33 22", false }, /* a partial record */
    { ANY "0C", false },
    { ANY "0F 01", false },
    { ANY "0D 78 04 44 33 22 11", false },
    { ANY "0D 78 05 34 33 2D 42 41", true }, /* "AB-34" */
    { ANY "0D 78 05 34 33 2D 42 42", false },
    { ANY "0D 78 04 34 33 2D 42", false },    /* a part of it */
    { ANY "0D 78 E5 34 33 2D 42 41", false }, /* a number of the same bytes */
    { ANY "0D FD 11 00", true },
    { ANY "0D FD 11 01 20", false },
    { ANY "0C 78 44 33 22 11 0D 78 05 34 33 2D 42 41", true },
    { ANY "02 FD 60 E8 FD", true }, /* 65000, which has no sign here */
    { ANY "04 FD 60 E8 FD 00 00", true },
    { ANY "04 FD 60 E8 FD FF FF", false },
    { "78 56 34 13 74 52 FF FF 0C 78 44 33 22 11", false },
};

static void further_records_must_match_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(enhanced); i++)
        assert_int_equal(matches(enhanced[i].data, &own), enhanced[i].match);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_with_every_wildcard),
        cmocka_unit_test(hex_digits_are_compared_literally),
        cmocka_unit_test(further_records_must_match_too),
    };

    return cmocka_run_group_tests_name("selection", tests, NULL, NULL);
}
