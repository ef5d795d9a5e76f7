#include "tests/unit/store/store_test.h"

#include "store/set.h"

static char water[] = "water", heat[] = "heat";

/* A file with the lines of two meters and a rate, then those of others as they were. */
static void rendered(void **state)
{
    static const char foreign[] = "meter water counter 5\n"
                                  "meter gone address 9 configured 8\n"
                                  "port /dev/gone baud 300 configured 2400\n";
    struct test_meter a, b;
    struct meter *meters[] = { &a.meter, &b.meter };
    const struct state_rate rates[] = { { "/dev/tty", 2400, 9600 }, { "pty", 2400, 2400 } };
    struct set set = { .meters = meters, .n_meters = 2, .rates = rates, .n_rates = 2 };
    struct buffer out = { 0 };
    struct text_body body;
    struct lines lines;
    size_t longest;

    (void)state;
    test_meter_init(&a, water);
    test_meter_init(&b, heat);
    a.meter.now.address = 77;
    a.meter.draft.address = 78; /* nobody asked for it */
    b.meter.drafting = true;
    b.meter.draft.address = 79;
    b.meter.draft.ident = b.def.ident;
    memcpy(b.draft_cells, b.cells, sizeof(b.cells));
    assert_int_equal(lines_init(&lines, foreign, strlen(foreign)), 0);
    assert_int_equal(set_adopt_foreign(&set, lines_all(&lines)), 0);
    lines_done(&lines);

    longest = set_longest(&set);
    assert_false(set_render(&set, SET_DRAFT, &out));
    assert_int_equal(buffer_reserve(&out, longest), 0);
    assert_true(set_render(&set, SET_DRAFT, &out));
    assert_true(out.n < longest);
    assert_int_equal(text_check(out.at, out.n, &body), TEXT_GOOD);
    out.at[body.bytes + body.n - out.at] = '\0';
    assert_string_equal(body.bytes, "meter water address 77 configured 3\n"
                                    "meter heat address 79 configured 3\n"
                                    "port /dev/tty baud 9600 configured 2400\n"
                                    "meter gone address 9 configured 8\n"
                                    "meter water counter 5\n"
                                    "port /dev/gone baud 300 configured 2400\n");
    buffer_done(&out);
    set_done(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(rendered) };

    return cmocka_run_group_tests_name("store/set", tests, NULL, NULL);
}
