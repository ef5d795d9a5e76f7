#include "tests/unit/store/store_test.h"

#include "store/restore.h"

static char name[] = "water";

/* What was told, as text: "what fate" of each. */
struct told {
    struct state_notice last;
    char text[512];
    size_t n;
};

static void tell(void *userdata, const struct state_notice *notice)
{
    static const char *const whats[] = { "address", "ident", "clock", "value", "unlisted", "rate" };
    static const char *const fates[] = { "holds", "file", "other", "unfit" };
    struct told *told = userdata;

    told->last = *notice;
    told->n++;
    sprintf(told->text + strlen(told->text), "%s%s %s", told->text[0] ? ", " : "",
            whats[notice->what], fates[notice->fate]);
}

static void restore(struct test_meter *t, const char *line, struct told *told)
{
    char text[256];
    struct lines lines;

    snprintf(text, sizeof(text), "%s\n", line);
    *told = (struct told){ 0 };
    test_meter_init(t, name);
    assert_int_equal(lines_init(&lines, text, strlen(text)), 0);
    restore_meter(lines_all(&lines), &t->meter, tell, told);
    lines_done(&lines);
}

/* The meter has address 3, ident 12345678 5274 1 4, energy 456, flow 1.5. */
static void precedence(void **state)
{
    static const struct {
        const char *line, *told;
    } rows[] = {
        { "meter water address 77 configured 3", "address holds" },
        { "meter water address 77 configured 4", "address file" },
        { "meter water address 251 configured 3", "address unfit" },
        { "meter water address 77 configured 251", "address unfit" },
        { "meter water address 77 configured 3 more", "address unfit" },
        { "meter water address 77", "address unfit" },
        { "meter water address -1 configured 3", "address unfit" },
        { "meter other address 77 configured 3", "" },
        { "meter water ident 00000042 5274 1 4 configured 12345678 5274 1 4", "ident holds" },
        { "meter water ident 00000042 5274 1 4 configured 12345679 5274 1 4", "ident file" },
        { "meter water ident 00000042 5274 1 4 configured 12345678 5275 1 4", "ident file" },
        { "meter water ident 00000042 5274 1 4 configured 12345678 5274 2 4", "ident file" },
        { "meter water ident 00000042 5274 1 4 configured 12345678 5274 1 7", "ident file" },
        { "meter water ident 0000004F 5274 1 4 configured 12345678 5274 1 4", "ident unfit" },
        { "meter water ident 00000042 5274 1 255 configured 12345678 5274 1 4", "ident unfit" },
        { "meter water ident 00000042 5274 256 4 configured 12345678 5274 1 4", "ident unfit" },
        { "meter water ident 42 5274 1 4 configured 12345678 5274 1 4", "ident unfit" },
        { "meter water clock -3600", "clock holds" },
        { "meter water clock soon", "clock unfit" },
        { "meter water clock 6324480001", "clock unfit" }, /* two centuries and a second */
        { "meter water clock 9223372036854775807", "clock unfit" },
        { "meter water clock -9223372036854775808", "clock unfit" },
        { "meter water record energy value -5 configured 456 as 0406", "value holds" },
        { "meter water record energy value -5 configured 457 as 0406", "value file" },
        { "meter water record energy value -5 configured 456 as 0403", "value other" },
        { "meter water record energy value 3FC00000 configured 3FC00000 as 0506", "value other" },
        { "meter water record energy value -2147483648 configured 456 as 0406", "value unfit" },
        { "meter water record energy value 2147483648 configured 456 as 0406", "value unfit" },
        { "meter water record energy value -5 configured 456", "value other" },
        { "meter water record energy value -5 456 as 0406", "value unfit" },
        { "meter water record energy value", "" },
        { "meter water record gone value -5 configured 456 as 0406", "" },
        { "meter water record flow value 3DCCCCCD configured 3FC00000 as 053B", "value holds" },
        { "meter water record flow value 3DCCCCCD configured 3FC00001 as 053B", "value file" },
        { "meter water record flow value 1.5 configured 3FC00000 as 053B", "value unfit" },
        { "meter water record text value 5 configured 0 as 0DFD11", "value unfit" },
        { "meter water record text unlisted as 0DFD11", "unlisted holds" },
        { "meter water record text unlisted as 0DFD12", "unlisted other" },
        { "meter water record text unlisted 1 as 0DFD11", "unlisted other" },
        { "meter water record text count 1", "" },
        { "meter water counter 5", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct test_meter t;
        struct told told;
        bool holds = strstr(rows[i].told, "holds") != NULL;
        const struct meter_content *now = &t.meter.now;

        restore(&t, rows[i].line, &told);
        assert_string_equal(told.text, rows[i].told);
        if (told.n > 0)
            assert_string_equal(told.last.name, "water");
        /* What does not hold changes nothing; what holds changes that one thing. */
        assert_int_equal(now->address, holds && told.last.what == STATE_ADDRESS ? 77 : 3);
        assert_int_equal(now->ident.id, holds && told.last.what == STATE_IDENT ? 0x42 : 0x12345678);
        assert_int_equal(now->clock_offset, holds && told.last.what == STATE_CLOCK ? -3600 : 0);
        assert_int_equal(t.cells[0].value.integer,
                         holds && told.last.record == &t.records[0] ? -5 : 456);
        assert_true(t.cells[1].value.real ==
                    (holds && told.last.record == &t.records[1] ? 0.1F : 1.5F));
        assert_int_equal(t.cells[2].unlisted, holds && told.last.record == &t.records[2]);
    }
}

/* "answers at 77, set by a master; the file says 3". */
static void what_is_told(void **state)
{
    struct test_meter t;
    struct told told;

    (void)state;
    restore(&t, "meter water address 77 configured 4", &told);
    assert_int_equal(told.last.set.address, 77);
    assert_int_equal(told.last.configured.address, 4);
    assert_null(told.last.record);
    restore(&t, "meter water record energy value -5 configured 457 as 0406", &told);
    assert_int_equal(told.last.set.value.integer, -5);
    assert_int_equal(told.last.configured.value.integer, 457);
    assert_ptr_equal(told.last.record, &t.records[0]);
    restore(&t, "meter water ident 00000042 5275 2 7 configured 12345678 5274 1 4", &told);
    assert_int_equal(told.last.set.ident.manufacturer, 0x5275);
    assert_int_equal(told.last.set.ident.version, 2);
    assert_int_equal(told.last.configured.ident.medium, 4);
    restore(&t, "meter water clock -3600", &told);
    assert_int_equal(told.last.set.clock_offset, -3600);
}

/* The limits of today hold for what was written yesterday. */
static void limits_of_a_writable_record(void **state)
{
    static const struct {
        const char *line, *told;
        bool writable;
    } rows[] = {
        { "meter water record energy value -5 configured 456 as 0406", "value holds", true },
        { "meter water record energy value -6 configured 456 as 0406", "value unfit", true },
        { "meter water record energy value 11 configured 456 as 0406", "value unfit", true },
        { "meter water record energy value 11 configured 456 as 0406", "value holds", false },
        { "meter water record flow value 3DCCCCCD configured 3FC00000 as 053B", "value holds",
          true },
        { "meter water record flow value 41200001 configured 3FC00000 as 053B", "value unfit",
          true },
        { "meter water record flow value 7FC00000 configured 3FC00000 as 053B", "value unfit",
          true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct test_meter t;
        struct told told = { 0 };
        char text[256];
        struct lines lines;

        test_meter_init(&t, name);
        for (size_t record = 0; record < 2; record++) {
            t.records[record].writable = rows[i].writable;
            t.records[record].min = (struct value){ .integer = -5, .real = -5 };
            t.records[record].max = (struct value){ .integer = 10, .real = 10 };
        }
        snprintf(text, sizeof(text), "%s\n", rows[i].line);
        assert_int_equal(lines_init(&lines, text, strlen(text)), 0);
        restore_meter(lines_all(&lines), &t.meter, tell, &told);
        assert_string_equal(told.text, rows[i].told);
        restore_meter(lines_all(&lines), &t.meter, NULL, NULL);
        lines_done(&lines);
    }
}

static void rates(void **state)
{
    static const struct {
        const char *line;
        unsigned configured, expected;
        const char *told;
    } rows[] = {
        { "port /dev/tty baud 9600 configured 2400", 2400, 9600, "rate holds" },
        { "port /dev/tty baud 9600 configured 300", 2400, 2400, "rate file" },
        { "port /dev/tty baud 9600 configured 2400", 0, 0, "rate file" },
        { "port /dev/tty baud 9601 configured 2400", 2400, 2400, "rate unfit" },
        { "port /dev/tty baud 9600", 2400, 2400, "rate unfit" },
        { "port /dev/ttyS0 baud 9600 configured 2400", 2400, 2400, "" },
        { "port /dev/tty parity none", 2400, 2400, "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct told told = { 0 };
        char text[256];
        struct lines lines;

        snprintf(text, sizeof(text), "%s\n", rows[i].line);
        assert_int_equal(lines_init(&lines, text, strlen(text)), 0);
        assert_int_equal(
            restore_rate(lines_all(&lines), "/dev/tty", rows[i].configured, tell, &told),
            rows[i].expected);
        assert_string_equal(told.text, rows[i].told);
        if (told.n > 0)
            assert_string_equal(told.last.name, "/dev/tty");
        lines_done(&lines);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(precedence),
        cmocka_unit_test(what_is_told),
        cmocka_unit_test(limits_of_a_writable_record),
        cmocka_unit_test(rates),
    };

    return cmocka_run_group_tests_name("store/restore", tests, NULL, NULL);
}
