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
      { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 5, 6, 2 },
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
      { DATA_FIELD_INT8, DIF_INSTANTANEOUS, DIF_STORAGE_MAX, DIF_TARIFF_MAX, DIF_SUBUNIT_MAX },
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

/* mbus-records 13.3. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_taken_apart),
        cmocka_unit_test(what_is_no_record_is_told_apart),
    };

    return cmocka_run_group_tests_name("record view", tests, NULL, NULL);
}
