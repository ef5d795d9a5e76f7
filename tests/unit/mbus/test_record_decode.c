#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "mbus/record_decode.h"

static const char *const states[] = {
    [VALUE_GOOD] = "",           [VALUE_INVALID] = " invalid",
    [VALUE_OVERFLOW] = " over",  [VALUE_NO_NUMBER] = " letters",
    [VALUE_IMPOSSIBLE] = " bad", [VALUE_WRONG_FIELD] = " wrong_field",
    [VALUE_UNSURE] = " unsure",
};

static size_t add(char *text, size_t size, size_t n, const char *format, ...) PRINTF(4, 5);

static size_t add(char *text, size_t size, size_t n, const char *format, ...)
{
    va_list args;
    int r;

    va_start(args, format);
    r = vsnprintf(text + n, size - n, format, args);
    va_end(args);
    assert_true(r >= 0 && (size_t)r < size - n);
    return n + (size_t)r;
}

static size_t add_time(char *text, size_t size, size_t n, const struct decoded_value *v)
{
    const struct time_point *t = &v->time;

    n = add(text, size, n, "%d-%u-%u %u:%u:%u", time_year(v->time_kind, t), t->month, t->day,
            t->hour, t->minute, t->second);
    if (t->summer)
        n = add(text, size, n, " summer");
    if (t->week)
        n = add(text, size, n, " week %u day %u leap %u dst %u%u", t->week, t->weekday, t->leap,
                t->deviation_plus, t->deviation);
    return n;
}

static size_t add_value(char *text, size_t size, size_t n, const struct decoded_value *v)
{
    switch (v->kind) {
    case VALUE_NONE:
        return add(text, size, n, "-");
    case VALUE_SIGNED:
        return add(text, size, n, "B%lld", (long long)v->integer);
    case VALUE_UNSIGNED:
        return add(text, size, n, "C%llu", (unsigned long long)v->word);
    case VALUE_BITS:
        return add(text, size, n, "D%llX", (unsigned long long)v->word);
    case VALUE_REAL:
        return add(text, size, n, "H%g", (double)v->real);
    case VALUE_TIME:
        return add_time(text, size, n, v);
    case VALUE_IDENT:
        return add(text, size, n, "%08X %04X %u %u", v->ident.id, v->ident.manufacturer,
                   v->ident.version, v->ident.medium);
    case VALUE_BCD:
        n = add(text, size, n, "A%lld/", (long long)v->integer);
        for (size_t i = 0; i < v->n; i++)
            n = add(text, size, n, "%X", v->bytes[i]);
        return n;
    case VALUE_TEXT:
        return add(text, size, n, "\"%.*s\"", v->n, (const char *)v->bytes);
    case VALUE_BINARY:
        for (size_t i = 0; i < v->n; i++)
            n = add(text, size, n, "%02X", v->bytes[i]);
        return n;
    }
    return n;
}

/* "max s1 t2 u3 volume*10^-3 m3 [forward] B12 invalid !error" */
static void describe(const struct decoded_record *r, char *text, size_t size)
{
    static const char *const functions[] = { "", "max ", "min ", "error " };
    struct modifier_walk walk = { .vib = &r->vib };
    struct modifier m;
    const struct vif_unit *unit = vif_unit_for(NULL, r->base, 0);
    size_t n = add(text, size, 0, "%s", functions[r->dib.function]);

    if (r->dib.storage)
        n = add(text, size, n, "s%llu ", (unsigned long long)r->dib.storage);
    if (r->dib.tariff)
        n = add(text, size, n, "t%u ", r->dib.tariff);
    if (r->dib.subunit)
        n = add(text, size, n, "u%u ", r->dib.subunit);
    n = add(text, size, n, "%s", r->quantity ? r->quantity : "reserved");
    if (vib_is_text(&r->vib))
        n = add(text, size, n, " '%.*s'", r->vib.n_text, (const char *)r->vib.text);
    if (unit)
        n = add(text, size, n, " *10^%d %s", r->exponent - unit->exponent, unit->name);
    else if (r->exponent)
        n = add(text, size, n, " *10^%d", r->exponent);
    while (modifier_next(&walk, &m)) {
        if (m.kind == MODIFIER_NAMED)
            n = add(text, size, n, " [%s]", m.name);
        else if (m.kind != MODIFIER_ERROR)
            n = add(text, size, n, " [%02X]", m.code);
    }
    n = add(text, size, n, " ");
    n = add_value(text, size, n, &r->value);
    n = add(text, size, n, "%s", states[r->value.state]);
    if (r->error)
        add(text, size, n, " !%s", r->error);
}

/* mbus-records 14 by its numbers, then what it does not show. */
static const struct {
    const char *bytes, *meaning;
} records[] = {
    /* 1 */ { "0C 06 78 56 34 12", "energy *10^3 Wh A12345678/12345678" },
    /* 2 */ { "04 07 D2 04 00 00", "energy *10^4 Wh B1234" },
    /* 3 */ { "04 0E 39 30 00 00", "energy *10^6 J B12345" },
    /* 4 */ { "0C 14 27 04 85 02", "volume *10^-2 m3 A2850427/02850427" },
    /* 5 */ { "44 13 E8 03 00 00", "s1 volume *10^-3 m3 B1000" },
    /* 6 */ { "84 10 06 64 00 00 00", "t1 energy *10^3 Wh B100" },
    /* 7 */ { "84 80 10 06 64 00 00 00", "t4 energy *10^3 Wh B100" },
    /* 8 */ { "C4 A2 50 06 01 00 00 00", "s5 t6 u2 energy *10^3 Wh B1" },
    /* 9 */ { "02 5B 37 00", "flow_temperature *10^0 degC B55" },
    /* 10 */ { "02 61 4C 04", "temperature_difference *10^-2 K B1100" },
    /* 11 */ { "0B 62 02 00 F0", "temperature_difference *10^-1 K A-2/F00002" },
    /* 12 */ { "0B 3B 56 34 12", "volume_flow *10^-3 m3_per_h A123456/123456" },
    /* 13 */ { "02 2B 18 FC", "power *10^0 W B-1000" },
    /* 14 */ { "12 2B D0 07", "max power *10^0 W B2000" },
    /* 15 */ { "22 5B 0F 00", "min flow_temperature *10^0 degC B15" },
    /* 16 */ { "3A 5A 99 99", "error flow_temperature *10^-1 degC A9999/9999" },
    /* 17 */ { "05 2E 00 00 20 40", "power *10^3 W H2.5" },
    /* 18 */ { "05 2B 00 00 C0 7F", "power *10^0 W Hnan invalid" },
    /* 19 */ { "04 22 10 27 00 00", "on_time *10^0 h B10000" },
    /* 20 */ { "04 6D 1E 2F 81 26", "datetime 2020-6-1 15:30:0" },
    /* 21 */ { "04 6D 1E AF 81 26", "datetime 2020-6-1 15:30:0 summer" },
    /* 22 */ { "04 6D 80 00 00 00", "datetime 2000-0-0 0:0:0 invalid" },
    /* 23 */
    { "06 6D ED 5E 2F 81 26 57", "datetime 2020-6-1 15:30:45 summer week 23 day 1 leap 1 dst 11" },
    /* 24 */ { "02 6C 81 26", "date 2020-6-1 0:0:0" },
    /* 25 */ { "42 6C E1 FF", "s1 date -1-15-1 0:0:0" },
    /* 26 */ { "02 6C FF FF", "date -1-15-31 0:0:0 invalid" },
    /* 27 */ { "42 EC 7E FF 2C", "s1 date [future] 2023-12-31 0:0:0" },
    /* 28 */ { "84 8F 0F 6D 00 00 E1 F1", "s510 datetime -1-1-1 0:0:0" },
    /* 29 */ { "03 6D 3B 30 0B", "time 2000-0-0 11:48:59" },
    /* 30 */ { "01 6E 2A", "hca B42" },
    /* 31 */ { "02 71 3C 00", "averaging_duration *10^0 min B60" },
    /* 32 */ { "0C 78 78 56 34 12", "fabrication_number A12345678/12345678" },
    /* 33 */ { "01 7A 05", "bus_address C5" },
    /* 34 */ { "04 FB 00 05 00 00 00", "energy *10^5 Wh B5" },
    /* 35 */ { "04 FB 09 05 00 00 00", "energy *10^9 J B5" },
    /* 36 */ { "04 FB 02 05 00 00 00", "reactive_energy *10^3 varh B5" },
    /* 37 */ { "02 FB 1A C8 01", "humidity *10^-1 % C456" },
    /* 38 */ { "02 FB 2E F4 01", "frequency *10^-1 Hz B500" },
    /* 39 */ { "02 FD 48 FF 08", "voltage *10^-1 V B2303" },
    /* 40 */ { "02 FD 59 DC 05", "current *10^-3 A B1500" },
    /* 41 */ { "02 FD C8 FC 01 08 09", "voltage *10^-1 V [phase_l1] B2312" },
    /* 42 */ { "02 FD C8 FF 01 08 09", "voltage *10^-1 V [manufacturer] [01] B2312" },
    /* 43 */ { "01 FD 17 04", "error_flags D4" },
    /* 44 */ { "02 FD 1B 03 00", "digital_input D3" },
    /* 45 */ { "02 FD 0A 24 23", "manufacturer C8996" },
    /* 46 */ { "0D FD 0B 05 31 32 48 46 57", "parameter_set \"WFH21\"" },
    /* 47 */ { "0D FD 11 05 6F 6C 6C 65 48", "customer \"Hello\"" },
    /* 48 */ { "02 FD BA 73 B6 03", "count *10^-3 [times_1e-3] B950" },
    /* 49 */ { "02 FD 74 2E 16", "battery_remaining *10^0 d C5678" },
    /* 50 */ { "01 FD FD 02 78", "battery_remaining *10^0 month C120" },
    /* 51 */ { "01 FD 71 B5", "rf_level *10^0 dBm B-75" },
    /* 52 */ { "04 93 3C 0A 00 00 00", "volume *10^-3 m3 [backward] B10" },
    /* 53 */ { "04 90 28 A0 86 01 00", "volume *10^-6 m3 [per_input_pulse_0] B100000" },
    /* 54 */ { "04 93 73 E8 03 00 00", "volume *10^-6 m3 [times_1e-3] B1000" },
    /* 55 */ { "04 FD 30 1E 2F 81 26", "tariff_start 2020-6-1 15:30:0" },
    /* 56 */ { "94 10 AD 6F 1E 2F 81 26", "max t1 power [end_of_last] 2020-6-1 15:30:0" },
    /* 57 */ { "00 93 15", "volume *10^-3 m3 - !no_data_available" },
    /* 58 */ { "04 93 15 00 00 00 00", "volume *10^-3 m3 B0 !no_data_available" },
    /* 59 */ { "04 13 00 00 00 80", "volume *10^-3 m3 B-2147483648 invalid" },
    /* 60 */ { "02 FC 03 48 52 25 74 D4 11", "custom '%RH' *10^-2 [times_1e-2] B4564" },
    /* 61 */ { "02 FC 74 03 48 52 25 D4 11", "custom '%RH' *10^-2 [times_1e-2] B4564" },
    /* 62 */ { "02 7C 03 48 52 25 D4 11", "custom '%RH' B4564" },
    /* 63 */ { "02 FF 22 01 00", "manufacturer_specific [22] B1" },
    /* 64 */ { "0D 13 C2 34 12", "volume *10^-3 m3 A1234/1234" },
    /* 65 */ { "0D 13 E4 D2 04 00 00", "volume *10^-3 m3 C1234" },
    /* 66 */ { "07 13 D2 04 00 00 00 00 00 00", "volume *10^-3 m3 B1234" },
    /* 67 */ { "0E 06 12 90 78 56 34 12", "energy *10^3 Wh A123456789012/123456789012" },
    /* 68 */ { "3C 2A DD B4 EB DD", "error power *10^-1 W A0/DDEBB4DD letters" },
    /* 69 */ { "07 79 78 56 34 12 24 23 01 07", "identification 12345678 2324 1 7" },
    /* 70 */ { "04 04 E8 03 00 00", "energy *10^1 Wh B1000" },
    /* 73 */
    { "C1 FF FF FF FF FF FF FF FF FF 7F 03 01",
      "s2199023255551 t1048575 u1023 energy *10^0 Wh B1" },
    /* 2.4 */ { "84 00 13 01 00 00 00", "volume *10^-3 m3 B1" },
    { "81 80 80 80 80 80 80 80 80 80 80 00 13 05", "volume *10^-3 m3 B5" },
    /* 3.2 */ { "0D 13 D2 34 12", "volume *10^-3 m3 A-1234/1234" },
    { "0D 13 C0", "volume *10^-3 m3 A0/ invalid" },
    { "0D FD 11 00", "customer \"\"" },
    { "0D 13 E0", "volume *10^-3 m3 " },
    { "0D 13 E2 00 80", "volume *10^-3 m3 C32768 unsure" },
    { "0D 6D E3 01 02 03", "datetime 010203" }, /* type M stays bytes */
    { "0D FD 3B 02 0C 13", "wireless_container 0C13" },
    { "0D 93 1F 03 01 02 FF", "volume *10^-3 m3 [compact_profile] 0102FF" },
    /* 4 */ { "01 13 80", "volume *10^-3 m3 B-128 invalid" },
    { "02 FD 08 FF FF", "access_number C65535 invalid" },
    { "07 13 00 00 00 00 00 00 00 80", "volume *10^-3 m3 B-9223372036854775808 invalid" },
    { "05 2B 00 00 80 FF", "power *10^0 W H-inf over" },
    { "03 6D FF FF FF", "time 2000-0-0 31:63:63 invalid" },
    { "04 FD 72 01 02 03 04", "daylight_saving 01020304" }, /* type K stays bytes */
    /* 4.1 */ { "0A 13 21 A3", "volume *10^-3 m3 A10321/A321 over" },
    { "0A 13 23 F1", "volume *10^-3 m3 A-123/F123" },
    { "0A 13 FF FF", "volume *10^-3 m3 A0/FFFF invalid" },
    { "0A 13 1F 00", "volume *10^-3 m3 A0/001F letters" },
    { "0A 13 00 F0", "volume *10^-3 m3 A0/F000" },
    /* 5, notes */ { "04 6C 00 00 00 00", "date 00000000 wrong_field" },
    { "02 6D 81 26", "datetime 8126 wrong_field" },
    { "0C 6D 00 00 00 00", "datetime 00000000 wrong_field" },
    { "02 FD 30 81 26", "tariff_start 2020-6-1 0:0:0" },
    { "02 6C 00 00", "date 2000-0-0 0:0:0 bad" },
    { "01 7B 05", "reserved B5" },
    { "01 EF 05 05", "reserved B5" },
    /* 7 */ { "01 FB 22 05", "volume *10^-1 gal B5" },
    { "02 FB 68 00 10", "hca_rating_factor C4096" },
    /* 8 */ { "01 D0 07 05", "mass_flow *10^-3 kg_per_h B5 !data_size_not_implemented" },
    { "04 BE 50 05 00 00 00", "volume_flow *10^0 s [duration_of_first_lower_limit_exceed_s] B5" },
    { "01 BE 49 05", "volume_flow [upper_limit_exceeds] B5" },
    { "01 93 FC 11 FF", "volume *10^-3 m3 [unsigned] C255 invalid" },
    { "01 93 FC 12 FF", "volume *10^-3 m3 [bits] DFF" },
    { "01 96 3D 05", "volume *10^0 ft3 [non_metric] B5" },
    { "01 93 7C 05", "volume *10^-3 m3 [7C] B5" }, /* FC with nothing behind it */
    { "01 93 44 05", "volume *10^-3 m3 [44] B5" },
    { "01 93 00 05", "volume *10^-3 m3 B5" }, /* 9.2: no error */
    /* 10: both layouts would do, the rest decides */
    { "0D 7C 08 44 49 20 2E 74 73 75 63 02 31 32", "custom 'cust. ID' \"21\"" },
};

static void records_mean_what_the_reference_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
        uint8_t bytes[64], again[64];
        size_t n = test_hex(records[i].bytes, bytes, sizeof(bytes));
        struct reader r = reader_over(bytes, n);
        struct writer w = writer_over(again, sizeof(again));
        struct decoded_record record;
        struct decode_fault fault;
        char text[512];

        assert_true(record_decode(&r, FROM_SLAVE, &record, &fault));
        assert_int_equal(reader_left(&r), 0);
        describe(&record, text, sizeof(text));
        assert_string_equal(text, records[i].meaning);
        decoded_record_encode(&record, &w);
        assert_false(w.failed);
        assert_hex(again, w.n, records[i].bytes);
    }
}

/* mbus-records 13.3 and where it happens. */
static const struct {
    const char *bytes;
    enum decode_reason reason;
    size_t at, missing;
} broken[] = {
    { "84", DECODE_DIFE_MISSING, 1, 1 },
    { "84 80 80 80 80 80 80 80 80 80 80 01 13 00", DECODE_TOO_MANY_DIFE, 11, 0 },
    { "84 80 80 80 80 80 80 80 80 80 80 80 00 13", DECODE_TOO_MANY_DIFE, 11, 0 },
    { "04", DECODE_VIF_MISSING, 1, 0 },
    { "04 93", DECODE_VIFE_MISSING, 2, 0 },
    { "04 FD", DECODE_VIFE_MISSING, 2, 0 },
    { "01 93 80 80 80 80 80 80 80 80 80 80 00 00", DECODE_TOO_MANY_VIFE, 12, 0 },
    { "01 FD 93 80 80 80 80 80 80 80 80 80 00 00", DECODE_TOO_MANY_VIFE, 12, 0 },
    { "04 13 01 02", DECODE_DATA_CUT_OFF, 2, 2 },
    { "0D 13", DECODE_LVAR_MISSING, 2, 1 },
    { "0D 13 05 01 02", DECODE_DATA_CUT_OFF, 3, 3 },
    { "0D 13 CA 01", DECODE_RESERVED_LVAR, 2, 0 },
    { "0D 13 DF 01", DECODE_RESERVED_LVAR, 2, 0 },
    { "0D 13 F7", DECODE_RESERVED_LVAR, 2, 0 },
    { "02 7C", DECODE_TEXT_CUT_OFF, 2, 0 },
    { "02 7C 05 41 42", DECODE_TEXT_CUT_OFF, 3, 0 },
    { "12 FC 13 48 52 25 74 B4 16", DECODE_TEXT_CUT_OFF, 3, 0 },
};

static void what_is_broken_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
        uint8_t bytes[64];
        size_t n = test_hex(broken[i].bytes, bytes, sizeof(bytes));
        struct reader r = reader_over(bytes, n);
        struct decoded_record record;
        struct decode_fault fault;

        assert_false(record_decode(&r, FROM_SLAVE, &record, &fault));
        assert_int_equal(fault.reason, broken[i].reason);
        assert_int_equal(r.at - bytes, broken[i].at);
        assert_int_equal(fault.missing, broken[i].missing);
    }
}

/* mbus-records 10: where both layouts would do, that with which the rest makes sense. */
static const struct {
    const char *bytes;
    enum text_layout layout;
} layouts[] = {
    { "02 FC 03 48 52 25 74 D4 11", TEXT_BEFORE_VIFE },
    { "02 FC 74 03 48 52 25 D4 11", TEXT_BEHIND_VIFE },
    { "02 FC 03 48 52 25 74 D4 11 02 FC 03 48 52 25 74 D4 11", TEXT_BEFORE_VIFE },
    /* read either way the record ends well, but then a reserved DIF follows */
    { "01 FC 20 01 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 "
      "20 20 20 20 20 20 20 3F",
      TEXT_BEHIND_VIFE },
    { "01 FC 22 01 41 05 01 13 05", TEXT_BEHIND_VIFE },
};

static void layout_of_a_text_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
        uint8_t bytes[64];
        size_t n = test_hex(layouts[i].bytes, bytes, sizeof(bytes));
        struct reader r = reader_over(bytes, n);
        struct decoded_record record;
        struct decode_fault fault;

        assert_true(record_decode(&r, FROM_SLAVE, &record, &fault));
        assert_int_equal(record.vib.layout, layouts[i].layout);
    }
}

/* mbus-records 9.1: below 20 the master means actions. */
static void master_means_actions(void **state)
{
    uint8_t bytes[] = { 0x00, 0x93, 0x07 };
    struct reader r = reader_over(bytes, sizeof(bytes));
    struct decoded_record record;
    struct decode_fault fault;
    struct modifier m;

    (void)state;
    assert_true(record_decode(&r, FROM_MASTER, &record, &fault));
    assert_null(record.error);
    struct modifier_walk walk = { .vib = &record.vib, .direction = FROM_MASTER };
    assert_true(modifier_next(&walk, &m));
    assert_int_equal(m.kind, MODIFIER_ACTION);
    assert_string_equal(m.name, "clear");
    assert_false(modifier_next(&walk, &m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_mean_what_the_reference_says),
        cmocka_unit_test(what_is_broken_is_named),
        cmocka_unit_test(layout_of_a_text_is_found),
        cmocka_unit_test(master_means_actions),
    };

    return cmocka_run_group_tests_name("record decode", tests, NULL, NULL);
}
