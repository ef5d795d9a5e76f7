#include "tests/unit/test.h"

#include "mbus/vib_decode.h"

/* mbus-records 5 to 8 and 10: table, code, VIFE without their E bits. */
static const struct {
    const char *bytes;
    uint8_t table, code;
    const char *vife;
    enum text_layout layout;
    const char *text;
} rows[] = {
    { "13", 0, 0x13, "", TEXT_BEFORE_VIFE, "" },
    { "93 3C", 0, 0x13, "3C", TEXT_BEFORE_VIFE, "" },
    { "7B", 0, 0x7B, "", TEXT_BEFORE_VIFE, "" },
    { "7D", 0, 0x7D, "", TEXT_BEFORE_VIFE, "" },
    { "FB 00", VIF_TABLE_FB, 0x00, "", TEXT_BEFORE_VIFE, "" },
    { "FB FB 01", VIF_TABLE_FB, 0x7B, "01", TEXT_BEFORE_VIFE, "" },
    { "FD 48", VIF_TABLE_FD, 0x48, "", TEXT_BEFORE_VIFE, "" },
    { "FD C8 FF 01", VIF_TABLE_FD, 0x48, "7F 01", TEXT_BEFORE_VIFE, "" },
    { "FD 97 00", VIF_TABLE_FD, 0x17, "00", TEXT_BEFORE_VIFE, "" },
    { "FD 7D", VIF_TABLE_FD, 0x7D, "", TEXT_BEFORE_VIFE, "" },
    { "FD FD 02", VIF_TABLE_FD_FD, 0x02, "", TEXT_BEFORE_VIFE, "" },
    { "FD FD FD 02", VIF_TABLE_FD_FD, 0x7D, "02", TEXT_BEFORE_VIFE, "" },
    { "EF 05", VIF_TABLE_EF, 0x05, "", TEXT_BEFORE_VIFE, "" },
    { "FF E1 FF 01", 0, 0x7F, "61 7F 01", TEXT_BEFORE_VIFE, "" },
    { "7C 03 48 52 25", 0, 0x7C, "", TEXT_BEFORE_VIFE, "25 52 48" },
    { "7C 00", 0, 0x7C, "", TEXT_BEFORE_VIFE, "" },
    { "FC 03 48 52 25 74", 0, 0x7C, "74", TEXT_BEFORE_VIFE, "25 52 48" },
    { "FC 74 03 48 52 25", 0, 0x7C, "74", TEXT_BEHIND_VIFE, "25 52 48" },
    { "93 80 80 80 80 80 80 80 80 80 00", 0, 0x13, "00 00 00 00 00 00 00 00 00 00",
      TEXT_BEFORE_VIFE, "" },
};

static void parts_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[16], again[16];
        size_t n = test_hex(rows[i].bytes, bytes, sizeof(bytes));
        struct reader r = reader_over(bytes, n);
        struct writer w = writer_over(again, sizeof(again));
        enum decode_reason reason;
        struct decoded_vib vib;

        assert_true(vib_decode(&r, rows[i].layout, &vib, &reason));
        assert_int_equal(reader_left(&r), 0);
        assert_int_equal(vib.table, rows[i].table);
        assert_int_equal(vib.code, rows[i].code);
        assert_hex(vib.vife, vib.n_vife, rows[i].vife);
        assert_hex(vib.text, vib.n_text, rows[i].text);
        vib_encode(&vib, &w);
        assert_hex(again, w.n, rows[i].bytes);
    }
}

/* mbus-records 8.1, 8.2, 9 and 11: what each VIFE is. */
static const struct {
    const char *bytes;
    enum direction direction;
    struct {
        enum modifier_kind kind;
        uint8_t code;
        const char *name;
    } modifiers[3];
} walks[] = {
    { "93 BB 3E",
      FROM_SLAVE,
      { { MODIFIER_NAMED, 0x3B, "forward" }, { MODIFIER_NAMED, 0x3E, "base_conditions" } } },
    { "93 FC 81 3B",
      FROM_SLAVE,
      { { MODIFIER_NAMED, 0x01, "phase_l1" }, { MODIFIER_NAMED, 0x3B, "forward" } } },
    { "93 FC 7F", FROM_SLAVE, { { MODIFIER_RESERVED, 0x7F, NULL } } },
    { "93 7C", FROM_SLAVE, { { MODIFIER_RESERVED, 0x7C, NULL } } },
    { "93 FF 95 3B",
      FROM_SLAVE,
      { { MODIFIER_NAMED, 0x7F, "manufacturer" },
        { MODIFIER_MANUFACTURER, 0x15, NULL },
        { MODIFIER_MANUFACTURER, 0x3B, NULL } } },
    { "FF 95 3B",
      FROM_SLAVE,
      { { MODIFIER_MANUFACTURER, 0x15, NULL }, { MODIFIER_MANUFACTURER, 0x3B, NULL } } },
    { "93 15", FROM_SLAVE, { { MODIFIER_ERROR, 0x15, "no_data_available" } } },
    { "93 00", FROM_SLAVE, { { MODIFIER_ERROR, 0x00, NULL } } },
    { "93 08", FROM_SLAVE, { { MODIFIER_RESERVED, 0x08, NULL } } },
    { "93 12", FROM_SLAVE, { { MODIFIER_NAMED, 0x12, "average" } } },
    { "93 00", FROM_MASTER, { { MODIFIER_ACTION, 0x00, "write" } } },
    { "93 0B", FROM_MASTER, { { MODIFIER_ACTION, 0x0B, "freeze" } } },
    { "93 12", FROM_MASTER, { { MODIFIER_RESERVED, 0x12, NULL } } },
    { "93 3B", FROM_MASTER, { { MODIFIER_NAMED, 0x3B, "forward" } } },
};

static void vife_have_their_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(walks); i++) {
        uint8_t bytes[16];
        size_t n = test_hex(walks[i].bytes, bytes, sizeof(bytes)), k = 0;
        struct reader r = reader_over(bytes, n);
        enum decode_reason reason;
        struct decoded_vib vib;
        struct modifier m;

        assert_true(vib_decode(&r, TEXT_BEFORE_VIFE, &vib, &reason));
        struct modifier_walk walk = { .vib = &vib, .direction = walks[i].direction };
        for (; modifier_next(&walk, &m); k++) {
            assert_int_equal(m.kind, walks[i].modifiers[k].kind);
            assert_int_equal(m.code, walks[i].modifiers[k].code);
            if (walks[i].modifiers[k].name)
                assert_string_equal(m.name, walks[i].modifiers[k].name);
            else
                assert_null(m.name);
        }
        assert_true(k == 3 || (walks[i].modifiers[k].kind == 0 && !walks[i].modifiers[k].name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_back),
        cmocka_unit_test(vife_have_their_names),
    };

    return cmocka_run_group_tests_name("vib decode", tests, NULL, NULL);
}
