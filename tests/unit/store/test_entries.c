#include "tests/unit/store/store_test.h"

#include "store/entries.h"

static char name[] = "water";

/* The lines of a meter, without the first and the last line of the file. */
static const char *lines_of_meter(const struct test_meter *t)
{
    static char bytes[4096];
    struct text_out out = { .w = writer_over((uint8_t *)bytes, sizeof(bytes) - 1) };

    entries_write_meter(&out, &t->meter, &t->meter.now);
    assert_false(out.w.failed);
    bytes[out.w.n] = '\0';
    return bytes;
}

static void only_what_differs_has_a_line(void **state)
{
    struct test_meter t;
    struct meter_content *now = &t.meter.now;

    (void)state;
    test_meter_init(&t, name);
    assert_string_equal(lines_of_meter(&t), "");
    now->address = 77;
    assert_string_equal(lines_of_meter(&t), "meter water address 77 configured 3\n");
    now->address = 3;
    now->ident.id = 0x00000042;
    assert_string_equal(lines_of_meter(&t),
                        "meter water ident 00000042 5274 1 4 configured 12345678 5274 1 4\n");
    now->ident = t.def.ident;
    now->ident.manufacturer = 0xBEEF;
    now->ident.version = 255;
    now->ident.medium = 7;
    assert_string_equal(lines_of_meter(&t),
                        "meter water ident 12345678 BEEF 255 7 configured 12345678 5274 1 4\n");
    now->ident = t.def.ident;
    now->clock_offset = -3600;
    assert_string_equal(lines_of_meter(&t), "meter water clock -3600\n");
    now->clock_offset = 0;
    t.cells[0].value.integer = -5;
    t.cells[1].value.real = 0.1F;
    t.cells[2].value.integer = 5; /* no value that could be written down */
    assert_string_equal(lines_of_meter(&t),
                        "meter water record energy value -5 configured 456 as 0406\n"
                        "meter water record flow value 3DCCCCCD configured 3FC00000 as 053B\n");
    test_meter_start(&t);
    t.cells[2].unlisted = true;
    assert_string_equal(lines_of_meter(&t), "meter water record text unlisted as 0DFD11\n");
}

/* Counters, access number, and the numbers of live records that are kept. */
static void what_comes_by_itself(void **state)
{
    struct test_meter t;

    (void)state;
    test_meter_init(&t, name);
    t.meter.access = 85;
    assert_string_equal(lines_of_meter(&t), "meter water access 85\n");
    t.meter.access = 0;
    t.meter.tally = (struct meter_tally){ .operating_time = 1 };
    assert_string_equal(lines_of_meter(&t), "meter water tally 0 0 0 0 1\n");
    t.meter.tally = (struct meter_tally){ 120, 118, 2, 3, UINT64_MAX };
    assert_string_equal(lines_of_meter(&t), "meter water tally 120 118 2 3 9223372036854775807\n");
    t.meter.tally = (struct meter_tally){ 0 };
    test_meter_live(&t);
    /* No number yet; and never a value beside a configured one. */
    t.cells[0].value.integer = 7;
    assert_string_equal(lines_of_meter(&t), "");
    t.cells[0].number = (struct number){ .integer = -12 };
    t.cells[1].number = (struct number){ .is_real = true, .real = 0.1 };
    t.cells[0].has_number = t.cells[1].has_number = t.cells[2].has_number = true;
    t.cells[0].error = 1;
    assert_string_equal(
        lines_of_meter(&t),
        "meter water record energy number -12 resolution 3 as 0406\n"
        "meter water record flow number 0x3FB999999999999A resolution -2 as 053B\n");
    t.records[0].is_kept = false;
    t.records[1].is_live = false;
    t.cells[1].value = t.records[1].wire.value;
    assert_string_equal(lines_of_meter(&t), "");
}

static void rates(void **state)
{
    static const struct {
        unsigned configured, baud;
        const char *line;
    } rows[] = {
        { 2400, 2400, "" },
        { 2400, 9600, "port /dev/my\\x20tty baud 9600 configured 2400\n" },
        { 0, 9600, "" }, /* auto */
        { 2400, 0, "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[256];
        struct text_out out = { .w = writer_over((uint8_t *)bytes, sizeof(bytes) - 1) };

        entries_write_rate(&out, "/dev/my tty", rows[i].configured, rows[i].baud);
        bytes[out.w.n] = '\0';
        assert_string_equal(bytes, rows[i].line);
    }
}

/* No content takes more than what is reserved for. */
static void the_longest_is_long_enough(void **state)
{
    struct test_meter t;
    struct text_out longest = { 0 }, out = { 0 };

    (void)state;
    test_meter_init(&t, name);
    entries_write_longest_meter(&longest, &t.def);
    t.meter.now.address = 255;
    t.meter.now.ident = (struct ident){ UINT32_MAX, UINT16_MAX, UINT8_MAX, UINT8_MAX };
    t.meter.now.clock_offset = INT64_MIN;
    t.meter.access = UINT8_MAX;
    t.meter.tally =
        (struct meter_tally){ UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX };
    for (size_t i = 0; i < TEST_RECORDS; i++)
        t.cells[i] = (struct meter_cell){ .value = { INT64_MIN, -1e38F },
                                          .number = { .integer = INT64_MIN },
                                          .has_number = true,
                                          .unlisted = true };
    entries_write_meter(&out, &t.meter, &t.meter.now);
    assert_int_equal(out.w.n, longest.w.n);
    assert_int_equal(out.n_lines, 10);
    test_meter_live(&t);
    longest = out = (struct text_out){ 0 };
    entries_write_longest_meter(&longest, &t.def);
    entries_write_meter(&out, &t.meter, &t.meter.now);
    assert_int_equal(out.w.n, longest.w.n);
    t.cells[0].number = t.cells[1].number =
        (struct number){ .is_real = true, .integer = INT64_MIN, .real = -1.7e308 };
    out = (struct text_out){ 0 };
    entries_write_meter(&out, &t.meter, &t.meter.now);
    assert_true(out.w.n <= longest.w.n);
    longest = out = (struct text_out){ 0 };
    entries_write_longest_rate(&longest, "/dev/my tty");
    entries_write_rate(&out, "/dev/my tty", UINT32_MAX, UINT32_MAX - 1);
    assert_int_equal(out.w.n, longest.w.n);
}

/* Which lines belong to the meter "water" as it is configured (c), with live records (l), to what a
 * master has set of it (s), to the port "/dev/tty" (p). */
static const struct {
    const char *line, *owners;
} claims[] = {
    { "meter water address 77 configured 3", "cls" },
    { "meter water ident x", "cls" },
    { "meter water clock 5", "cls" },
    { "meter water counter 5", "" },
    { "meter water access 5", "cl" },
    { "meter water tally 1 2 3 4 5", "cl" },
    { "meter water record energy number x", "l" },
    { "meter water record text number x", "" },
    { "meter water record gone number x", "" },
    { "meter water record energy value x", "cls" },
    { "meter water record energy unlisted x", "cls" },
    { "meter water record energy count x", "" },
    { "meter water record gone value x", "s" },
    { "meter water record gone unlisted x", "s" },
    { "meter water record value count x", "" },
    { "meter water record", "" },
    { "meter water2 address 77 configured 3", "" },
    { "meter wate address 77 configured 3", "" },
    { "port /dev/tty baud 300", "p" },
    { "port /dev/tty parity even", "" },
    { "port /dev/ttyS0 baud 300", "" },
    { "output water address 5", "" },
};

static void whose_line(void **state)
{
    char text[2048] = "";
    struct test_meter t;
    struct lines lines;

    (void)state;
    test_meter_init(&t, name);
    for (size_t i = 0; i < ARRAY_SIZE(claims); i++) {
        strcat(text, claims[i].line);
        strcat(text, "\n");
    }
    assert_int_equal(lines_init(&lines, text, strlen(text)), 0);
    for (const char *owner = "clsp"; *owner; owner++) {
        struct line_range all = lines_all(&lines);

        lines_unclaim(all);
        if (*owner == 'l')
            test_meter_live(&t);
        if (*owner == 'c' || *owner == 'l')
            entries_claim_meter(all, &t.def);
        else if (*owner == 's')
            entries_claim_settings(all, name);
        else
            entries_claim_rate(all, "/dev/tty");
        for (size_t i = 0; i < lines.n; i++)
            for (size_t row = 0; row < ARRAY_SIZE(claims); row++)
                if (strlen(claims[row].line) == lines.items[i].n &&
                    memcmp(claims[row].line, lines.items[i].bytes, lines.items[i].n) == 0)
                    assert_int_equal(lines.items[i].is_claimed,
                                     strchr(claims[row].owners, *owner) != NULL);
    }
    lines_done(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_differs_has_a_line),
        cmocka_unit_test(what_comes_by_itself),
        cmocka_unit_test(rates),
        cmocka_unit_test(the_longest_is_long_enough),
        cmocka_unit_test(whose_line),
    };

    return cmocka_run_group_tests_name("store/entries", tests, NULL, NULL);
}
