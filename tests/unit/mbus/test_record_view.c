#include "tests/unit/test.h"

#include "mbus/record_view.h"

/* mbus-records 14, and what each record is made of. */
static const struct {
    const char *bytes;
    struct dib dib;
    const char *vib, *data;
} records[] = {
    { "0C 06 78 56 34 12", { .data_field = DATA_FIELD_BCD8 }, "06", "78 56 34 12" },
    { "C4 A2 50 06 01 00 00 00",
      { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 5, 6, 2, 0 },
      "06",
      "01 00 00 00" },
    { "12 2B D0 07", { .data_field = DATA_FIELD_INT16, .function = DIF_MAXIMUM }, "2B", "D0 07" },
    { "02 FD C8 FC 01 08 09", { .data_field = DATA_FIELD_INT16 }, "FD C8 FC 01", "08 09" },
    { "0D FD 0B 05 31 32 48 46 57",
      { .data_field = DATA_FIELD_VARIABLE },
      "FD 0B",
      "31 32 48 46 57" },
    { "0D 13 C2 34 12", { .data_field = DATA_FIELD_VARIABLE }, "13", "34 12" },
    { "0D 13 E4 D2 04 00 00", { .data_field = DATA_FIELD_VARIABLE }, "13", "D2 04 00 00" },
    { "00 93 15", { .data_field = DATA_FIELD_NONE }, "93 15", "" },
    { "08 13", { .data_field = DATA_FIELD_SELECTION }, "13", "" },
    { "2F 2F 01 7A 05", { .data_field = DATA_FIELD_INT8 }, "7A", "05" },
    { "C1 FF FF FF FF FF FF FF FF FF 7F 03 01",
      { DATA_FIELD_INT8, DIF_INSTANTANEOUS, DIF_STORAGE_MAX, DIF_TARIFF_MAX, DIF_SUBUNIT_MAX, 0 },
      "03",
      "01" },
};

static void records_are_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
        uint8_t bytes[32];
        size_t n = test_hex(records[i].bytes, bytes, sizeof(bytes));
        struct record_reader r = { .at = bytes, .end = bytes + n };
        struct record_view v;

        assert_int_equal(record_next(&r, &v), RECORD_ONE);
        assert_int_equal(v.dib.data_field, records[i].dib.data_field);
        assert_int_equal(v.dib.function, records[i].dib.function);
        assert_true(v.dib.storage == records[i].dib.storage);
        assert_int_equal(v.dib.tariff, records[i].dib.tariff);
        assert_int_equal(v.dib.subunit, records[i].dib.subunit);
        assert_hex(v.vib, v.n_vib, records[i].vib);
        assert_hex(v.data, v.n_data, records[i].data);
        assert_int_equal(record_next(&r, &v), RECORD_NONE);
    }
}

/* mbus-records 13.3; mbus-protocol 10.7: DIF that are no records. */
static const struct {
    const char *bytes;
    enum record_step step;
    enum record_fault fault;
} ends[] = {
    { "", RECORD_NONE, RECORD_GOOD },
    { "2F 2F", RECORD_NONE, RECORD_GOOD },
    { "0F 01 02", RECORD_SPECIAL, RECORD_GOOD },
    { "1F", RECORD_SPECIAL, RECORD_GOOD },
    { "7F", RECORD_SPECIAL, RECORD_GOOD },
    { "3F", RECORD_SPECIAL, RECORD_GOOD },
    { "04", RECORD_MALFORMED, RECORD_CUT_OFF },
    { "84", RECORD_MALFORMED, RECORD_CUT_OFF },
    { "04 93", RECORD_MALFORMED, RECORD_CUT_OFF },
    { "04 13 01 02 03", RECORD_MALFORMED, RECORD_CUT_OFF },
    { "0D 13", RECORD_MALFORMED, RECORD_CUT_OFF },
    { "0D 13 05 01 02 03 04", RECORD_MALFORMED, RECORD_CUT_OFF },
    { "0D 13 CA 01 02 03", RECORD_MALFORMED, RECORD_RESERVED_LVAR },
    { "0D 13 F7", RECORD_MALFORMED, RECORD_RESERVED_LVAR },
    { "84 80 80 80 80 80 80 80 80 80 80 00 13 00", RECORD_MALFORMED, RECORD_TOO_MANY_DIFE },
    { "0D 7C 04 01 02 03 04 00", RECORD_MALFORMED, RECORD_PLAIN_TEXT },
    { "01 93 80 80 80 80 80 80 80 80 80 80 00 00", RECORD_MALFORMED, RECORD_TOO_MANY_VIFE },
};

static void what_is_no_record_is_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
        uint8_t bytes[32];
        size_t n = test_hex(ends[i].bytes, bytes, sizeof(bytes));
        struct record_reader r = { .at = bytes, .end = bytes + n };
        struct record_view v;

        assert_int_equal(record_next(&r, &v), ends[i].step);
        if (ends[i].step == RECORD_MALFORMED)
            assert_int_equal(r.fault, ends[i].fault);
        assert_true(r.at <= r.end);
    }
}

/* mbus-protocol 13.5 and mbus-records 9.1: VIF 7E means any, VIFE 7E any that follow. As a value it
 * is itself: VIFE 7E says "future value" (mbus-records 4.4). */
static const struct {
    const char *record, *vib;
    bool means, is;
} vibs[] = {
    { "08 13", "13", true, true },
    { "08 13", "14", false, false },
    { "08 FD 0B", "FD 0B", true, true },
    { "08 FD 0B", "FD 0C", false, false },
    { "08 FD 0B", "FB 0B", false, false },
    { "08 93 15", "13", false, false }, /* ours is shorter */
    { "08 13", "93 15", false, false }, /* ours is longer */
    { "08 7E", "13", true, false },
    { "08 7E", "FD C8 FC 01", true, false },
    { "08 FE 01", "13", true, false },
    { "08 FD 7E", "FD 49", true, false },
    { "08 FD 7E", "FB 49", false, false },
    { "08 93 7E", "93 15", true, false },
    { "08 93 7E", "13", true, false },
    { "08 93 7E", "94 15", false, false },
    { "02 EC 7E 81 26", "6C", true, false },
    { "02 EC 7E 81 26", "EC 7E", true, true },
};

static void which_vib_is_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(vibs); i++) {
        uint8_t bytes[16];
        size_t n = test_hex(vibs[i].record, bytes, sizeof(bytes));
        struct record_reader r = { .at = bytes, .end = bytes + n };
        struct record_view v;
        struct vib own;

        own.n = (uint8_t)test_hex(vibs[i].vib, own.bytes, sizeof(own.bytes));
        assert_int_equal(record_next(&r, &v), RECORD_ONE);
        assert_int_equal(record_view_means_vib(&v, v.n_vib, &own), vibs[i].means);
        assert_int_equal(record_view_is_vib(&v, v.n_vib, &own), vibs[i].is);
    }
}

/* An action at the end is not looked at: `n` counts what stands before it. */
static void an_action_is_left_out(void **state)
{
    uint8_t bytes[16];
    size_t n = test_hex("0C 86 01 10 00 00 00", bytes, sizeof(bytes));
    struct record_reader r = { .at = bytes, .end = bytes + n };
    struct vib energy = { .bytes = { 0x06 }, .n = 1 };
    struct record_view v;

    (void)state;
    assert_int_equal(record_next(&r, &v), RECORD_ONE);
    assert_true(record_view_means_vib(&v, 1, &energy));
    assert_true(record_view_is_vib(&v, 1, &energy));
    assert_false(record_view_means_vib(&v, 2, &energy));
    assert_false(record_view_is_vib(&v, 2, &energy));
}

/* mbus-records 2.2 and 13.3: ten DIFE and ten VIFE are the most. */
static void ten_extensions_are_the_most(void **state)
{
    static const char *const longest[] = {
        "84 80 80 80 80 80 80 80 80 80 00 13 01 00 00 00",
        "01 93 80 80 80 80 80 80 80 80 80 00 01",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(longest); i++) {
        uint8_t bytes[32];
        size_t n = test_hex(longest[i], bytes, sizeof(bytes));
        struct record_reader r = { .at = bytes, .end = bytes + n };
        struct record_view v;

        assert_int_equal(record_next(&r, &v), RECORD_ONE);
        assert_int_equal(v.n_dife, i == 0 ? 10 : 0);
        assert_int_equal(v.n_vib, i == 0 ? 1 : 11);
        assert_int_equal(record_next(&r, &v), RECORD_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_taken_apart),
        cmocka_unit_test(what_is_no_record_is_told_apart),
        cmocka_unit_test(which_vib_is_meant),
        cmocka_unit_test(an_action_is_left_out),
        cmocka_unit_test(ten_extensions_are_the_most),
    };

    return cmocka_run_group_tests_name("record view", tests, NULL, NULL);
}
