#include "tests/unit/test.h"

#include <string.h>

#include "ctl/shown.h"

/* What people read of a record: unit, kind, value, error, letters. */
static const struct {
    const char *bytes, *unit;
    enum shown_kind kind;
    const char *value, *error, *letters;
} rows[] = {
    { "0C 14 27 04 85 02", "m3", SHOWN_NUMBER, "28504.27", NULL, "" },
    { "04 07 D2 04 00 00", "kWh", SHOWN_NUMBER, "12340", NULL, "" },
    { "04 93 73 E8 03 00 00", "ml", SHOWN_NUMBER, "1000", NULL, "" },
    { "02 2B 18 FC", "W", SHOWN_NUMBER, "-1000", NULL, "" },
    { "05 2E 00 00 20 40", "kW", SHOWN_NUMBER, "2.5", NULL, "" },
    { "05 2B 00 00 C0 7F", "W", SHOWN_NOTHING, "", "no_value", "" },
    { "05 2B 00 00 80 7F", "W", SHOWN_NOTHING, "", "overflow", "" },
    { "04 13 00 00 00 80", "l", SHOWN_NOTHING, "", "no_value", "" },
    { "04 93 15 00 00 00 00", "l", SHOWN_NOTHING, "", "no_data_available", "" },
    { "00 93 15", "l", SHOWN_NOTHING, "", "no_data_available", "" },
    { "00 13", "l", SHOWN_NOTHING, "", NULL, "" },
    { "3C 2A DD B4 EB DD", "W", SHOWN_NOTHING, "", "no_number", "  Ebb4  " },
    { "0A 13 21 A3", "l", SHOWN_NUMBER, "10321", "overflow", "" },
    { "0D 13 E2 00 80", "l", SHOWN_NUMBER, "32768", "sign_unsure", "" },
    { "02 DB 7B 0A 00", "degC", SHOWN_NUMBER, "11", NULL, "" },  /* 1 degC more */
    { "02 DA 7B 0A 00", "degC", SHOWN_NUMBER, "2.0", NULL, "" }, /* of degC, not of 0.1 degC */
    { "02 93 7B 0A 00", "l", SHOWN_NUMBER, "1010", NULL, "" },   /* 1 m3 */
    { "02 DB 79 F6 FF", "degC", SHOWN_NUMBER, "-9.99", NULL, "" },
    { "02 DB 7B FF FF", "degC", SHOWN_NUMBER, "0", NULL, "" },
    { "02 DB FB 77 0A 00", "degC", SHOWN_NUMBER, "110", NULL, "" }, /* (10 + 1) * 10 */
    { "02 DB F7 7B 0A 00", "degC", SHOWN_NUMBER, "101", NULL, "" },
    { "02 DB FB 7B 0A 00", "degC", SHOWN_NUMBER, "12", NULL, "" },
    { "05 DB 7A 00 00 20 40", "degC", SHOWN_NUMBER, "2.6", NULL, "" },
    { "02 93 FB 41 0A 00", "", SHOWN_NUMBER, "10", NULL, "" }, /* a count, of no unit */
    { "01 FD 9B 74 03", "", SHOWN_NUMBER, "3", NULL, "" },     /* bits have no factor */
    { "01 FD 9B 7B 03", "", SHOWN_NUMBER, "3", NULL, "" },
    { "02 6C 81 26", "", SHOWN_STRING, "2020-06-01", NULL, "" },
    { "02 6C 00 00", "", SHOWN_NOTHING, "", "no_such_date", "" },
    { "02 6C E1 FF", "", SHOWN_STRING, "*-*-01", NULL, "" },
    { "04 6D 3F 1F E0 FF", "", SHOWN_STRING, "*-*-* *:*", NULL, "" },
    { "06 6D 2D 1E 0F 81 26 00", "", SHOWN_STRING, "2020-06-01 15:30:45", NULL, "" },
    { "06 6D 2D 1E 0F 80 20 00", "", SHOWN_STRING, "2020-*-* 15:30:45", NULL, "" },
    { "03 6D 3B 30 0B", "", SHOWN_STRING, "11:48:59", NULL, "" },
    { "04 6C 00 00 00 00", "", SHOWN_STRING, "00000000", "vif_dif_mismatch", "" },
    { "02 FD 0A 24 23", "", SHOWN_STRING, "HYD", NULL, "" },
    { "02 FD 0A 00 00", "", SHOWN_STRING, "0000", NULL, "" },
    { "01 FD 09 07", "", SHOWN_STRING, "water", NULL, "" },
    { "01 FD 09 70", "", SHOWN_NUMBER, "112", NULL, "" },
    { "07 79 78 56 34 12 24 23 01 07", "", SHOWN_STRING, "12345678 HYD 1 water", NULL, "" },
    { "02 7C 03 48 52 25 D4 11", "%RH", SHOWN_NUMBER, "4564", NULL, "" },
    { "0D FD 11 02 B0 41", "", SHOWN_STRING, "A\xB0", NULL, "" },
    { "0D FD 3B 02 0C 13", "", SHOWN_STRING, "0C13", NULL, "" },
};

static void assert_label(const struct label *label, const char *text)
{
    assert_int_equal(label->n, strlen(text));
    assert_memory_equal(label->bytes, text, label->n);
}

static void decode(const char *text, struct decoded_record *ret)
{
    uint8_t bytes[32];
    struct reader r = reader_over(bytes, test_hex(text, bytes, sizeof(bytes)));
    struct decode_fault fault;

    assert_true(record_decode(&r, FROM_SLAVE, ret, &fault));
}

static void records_are_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct decoded_record record;
        struct shown shown;

        decode(rows[i].bytes, &record);
        shown_of(&record, &shown);
        assert_label(&shown.unit, rows[i].unit);
        assert_int_equal(shown.kind, rows[i].kind);
        assert_label(&shown.value, rows[i].value);
        assert_label(&shown.letters, rows[i].letters);
        if (rows[i].error)
            assert_string_equal(shown.error, rows[i].error);
        else
            assert_null(shown.error);
    }
}

/* Factors are in the value, errors beside it: neither is a modifier to a reader. */
static void modifiers_are_named(void **state)
{
    static const char *const names[] = { "forward",        "reserved_44",  "phase_l2",
                                         "reserved_FC_16", "manufacturer", "manufacturer_05" };
    struct decoded_record record;
    struct modifier modifier;
    size_t n = 0;

    (void)state;
    decode("01 93 BB F3 C4 FC 82 FC 96 95 FF 05 00", &record);
    struct modifier_walk walk = { .vib = &record.vib };
    while (modifier_next(&walk, &modifier)) {
        struct label label = { 0 };

        if (!shown_modifier(&modifier, &label))
            continue;
        assert_true(n < ARRAY_SIZE(names));
        assert_label(&label, names[n++]);
    }
    assert_int_equal(n, ARRAY_SIZE(names));
    assert_string_equal(record.error, "no_data_available");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_shown),
        cmocka_unit_test(modifiers_are_named),
    };

    return cmocka_run_group_tests_name("shown", tests, NULL, NULL);
}
