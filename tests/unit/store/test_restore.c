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
    static const char *const whats[] = { "address", "ident",  "clock",  "value", "unlisted",
                                         "rate",    "number", "access", "tally" };
    static const char *const fates[] = { "holds", "file", "other", "unfit" };
    struct told *told = userdata;

    told->last = *notice;
    told->n++;
    sprintf(told->text + strlen(told->text), "%s%s %s", told->text[0] ? ", " : "",
            whats[notice->what], fates[notice->fate]);
}

static void restore_here(struct test_meter *t, const char *line, struct told *told)
{
    char text[256];
    struct lines lines;

    snprintf(text, sizeof(text), "%s\n", line);
    *told = (struct told){ 0 };
    assert_int_equal(lines_init(&lines, text, strlen(text)), 0);
    restore_meter(lines_all(&lines), &t->meter, tell, told);
    lines_done(&lines);
}

static void restore(struct test_meter *t, const char *line, struct told *told)
{
    test_meter_init(t, name);
    restore_here(t, line, told);
}

/* The same for one whose records are live. */
static void restore_live(struct test_meter *t, const char *line, struct told *told)
{
    test_meter_init(t, name);
    test_meter_live(t);
    for (size_t i = 0; i < TEST_RECORDS; i++)
        t->cells[i] = (struct meter_cell){ .error = 1 };
    t->meter.n_errors = TEST_RECORDS;
    restore_here(t, line, told);
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

/* Numbers come back as they were, to the last bit. */
static void numbers(void **state)
{
    static const struct {
        const char *line, *told;
        size_t record;
        struct number number;
    } rows[] = {
        { "meter water record energy number -12 resolution 3 as 0406", "", 0, { false, -12, 0 } },
        { "meter water record energy number 9223372036854775807 resolution 3 as 0406",
          "",
          0,
          { false, INT64_MAX, 0 } },
        { "meter water record flow number 0x3FB999999999999A resolution -2 as 053B",
          "",
          1,
          { true, 0, 0.1 } },
        { "meter water record flow number 0x8000000000000000 resolution -2 as 053B",
          "",
          1,
          { true, 0, -0.0 } },
        { "meter water record flow number 0x7FF8000000000000 resolution -2 as 053B",
          "number unfit",
          1,
          { 0 } },
        { "meter water record flow number 0x7FF0000000000000 resolution -2 as 053B",
          "number unfit",
          1,
          { 0 } },
        { "meter water record flow number 0x3FB9 resolution -2 as 053B", "number unfit", 1, { 0 } },
        { "meter water record flow number 3.5 resolution -2 as 053B", "number unfit", 1, { 0 } },
        { "meter water record flow number 3 resolution -1 as 053B", "number other", 1, { 0 } },
        { "meter water record flow number 3 resolution -2 as 043B", "number other", 1, { 0 } },
        { "meter water record flow number 3 resolution -2", "number other", 1, { 0 } },
        { "meter water record flow number 3 resolution -2 as 053B 1", "number other", 1, { 0 } },
        { "meter water record text number 3 resolution 0 as 0DFD11", "", 2, { 0 } },
        { "meter water record gone number 3 resolution 0 as 0406", "", 0, { 0 } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct meter_cell *cell;
        struct test_meter t;
        struct told told;

        restore_live(&t, rows[i].line, &told);
        cell = &t.cells[rows[i].record];
        assert_string_equal(told.text, rows[i].told);
        assert_int_equal(cell->number.is_real, rows[i].number.is_real);
        assert_int_equal(cell->number.integer, rows[i].number.integer);
        assert_memory_equal(&cell->number.real, &rows[i].number.real, sizeof(double));
        assert_int_equal(cell->has_number, i < 4);
        assert_int_equal(cell->error != 0, i == 1 || i >= 4);
        assert_int_equal(t.meter.n_errors, TEST_RECORDS - (i < 4 && i != 1));
    }
}

/* A record that has a source now does not take what was set beside a configured value; one that has
 * none takes no number. */
static void a_record_of_the_other_kind(void **state)
{
    struct test_meter t;
    struct told told;

    (void)state;
    restore_live(&t, "meter water record energy value -5 configured 456 as 0406", &told);
    assert_string_equal(told.text, "value file");
    assert_int_equal(t.cells[0].value.integer, 0);
    restore(&t, "meter water record energy number -5 resolution 0 as 0406", &told);
    assert_string_equal(told.text, "");
    assert_int_equal(t.cells[0].value.integer, 456);
}

static void what_was_counted(void **state)
{
    static const struct {
        const char *line, *told;
        uint8_t access;
        struct meter_tally tally;
    } rows[] = {
        { "meter water access 255", "", 255, { 0 } },
        { "meter water access 256", "access unfit", 0, { 0 } },
        { "meter water access 5 6", "access unfit", 0, { 0 } },
        { "meter water tally 1 2 3 4 9223372036854775807", "", 0, { 1, 2, 3, 4, INT64_MAX } },
        { "meter water tally 1 2 3 4", "tally unfit", 0, { 0 } },
        { "meter water tally 1 2 3 4 5 6", "tally unfit", 0, { 0 } },
        { "meter water tally 1 2 3 -4 5", "tally unfit", 0, { 0 } },
        { "meter other tally 1 2 3 4 5", "", 0, { 0 } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct test_meter t;
        struct told told;

        restore(&t, rows[i].line, &told);
        assert_string_equal(told.text, rows[i].told);
        assert_int_equal(t.meter.access, rows[i].access);
        assert_memory_equal(&t.meter.tally, &rows[i].tally, sizeof(rows[i].tally));
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
        cmocka_unit_test(numbers),
        cmocka_unit_test(a_record_of_the_other_kind),
        cmocka_unit_test(what_was_counted),
        cmocka_unit_test(rates),
    };

    return cmocka_run_group_tests_name("store/restore", tests, NULL, NULL);
}
