#include "tests/unit/test.h"

#include "mbus/record.h"

#define VIB(...)                                                                                   \
    {                                                                                              \
        .bytes = { __VA_ARGS__ }, .n = sizeof((uint8_t[]){ __VA_ARGS__ })                          \
    }

/* mbus-records 14, by their numbers there. */
static const struct {
    const char *bytes;
    struct record record;
} rows[] = {
    { "0C 06 78 56 34 12", /* 1: 12345678 kWh */
      { .dib = { .data_field = DATA_FIELD_BCD8 },
        .vib = VIB(0x06),
        .value = { .integer = 12345678 } } },
    { "44 13 E8 03 00 00", /* 5: 1000 l in storage 1 */
      { .dib = { .data_field = DATA_FIELD_INT32, .storage = 1 },
        .vib = VIB(0x13),
        .value = { .integer = 1000 } } },
    { "84 80 10 06 64 00 00 00", /* 7: 100 kWh in tariff 4 */
      { .dib = { .data_field = DATA_FIELD_INT32, .tariff = 4 },
        .vib = VIB(0x06),
        .value = { .integer = 100 } } },
    { "C4 A2 50 06 01 00 00 00", /* 8: storage 5, tariff 6, subunit 2: 1 kWh */
      { .dib = { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 5, 6, 2, 0 },
        .vib = VIB(0x06),
        .value = { .integer = 1 } } },
    { "0B 62 02 00 F0", /* 11: -0.2 K */
      { .dib = { .data_field = DATA_FIELD_BCD6 }, .vib = VIB(0x62), .value = { .integer = -2 } } },
    { "12 2B D0 07", /* 14: maximum of 2000 W */
      { .dib = { .data_field = DATA_FIELD_INT16, .function = DIF_MAXIMUM },
        .vib = VIB(0x2B),
        .value = { .integer = 2000 } } },
    { "05 2E 00 00 20 40", /* 17: 2.5 kW */
      { .dib = { .data_field = DATA_FIELD_REAL32 }, .vib = VIB(0x2E), .value = { .real = 2.5F } } },
    { "02 FB 1A C8 01", /* 37: 45.6 % */
      { .dib = { .data_field = DATA_FIELD_INT16 },
        .vib = VIB(0xFB, 0x1A),
        .value = { .integer = 456 } } },
    { "02 FD 48 FF 08", /* 39: 230.3 V */
      { .dib = { .data_field = DATA_FIELD_INT16 },
        .vib = VIB(0xFD, 0x48),
        .value = { .integer = 2303 } } },
    { "0E 06 12 90 78 56 34 12", /* 67: 123456789012 kWh */
      { .dib = { .data_field = DATA_FIELD_BCD12 },
        .vib = VIB(0x06),
        .value = { .integer = 123456789012 } } },
};

static void worked_records(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[32];
        struct writer w = writer_over(bytes, sizeof(bytes));

        record_encode(&rows[i].record, &w);
        assert_hex(bytes, w.n, rows[i].bytes);
        assert_int_equal(record_size(&rows[i].record), w.n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(worked_records) };

    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
