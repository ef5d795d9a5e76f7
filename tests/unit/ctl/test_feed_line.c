#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/feed_line.h"

static struct feed_line line;

static enum feed_verdict parse(const char *text, const char *prefix)
{
    return feed_line_parse(text, strlen(text), prefix, &line);
}

static void assert_value(const char *text, const char *prefix, const char *meter,
                         const char *record)
{
    assert_int_equal(parse(text, prefix), FEED_VALUE);
    assert_int_equal(line.n_meter, strlen(meter));
    assert_memory_equal(line.name, meter, line.n_meter);
    assert_int_equal(line.n_name, line.n_meter + 1 + strlen(record));
    assert_memory_equal(line.name + line.n_meter + 1, record, strlen(record));
}

static void test_both_forms(void **state)
{
    (void)state;
    assert_value("heat.power 1500", NULL, "heat", "power");
    assert_int_equal(line.number.integer, 1500);
    assert_value("heat/flow_temperature 61.5", NULL, "heat", "flow_temperature");
    assert_true(line.number.real == 61.5);
    assert_value("  heat.power\t-3 \r", NULL, "heat", "power");
    assert_int_equal(line.number.integer, -3);
    assert_value("h2.p_1   4   ", NULL, "h2", "p_1");
}

static void test_prefix(void **state)
{
    (void)state;
    assert_value("home/heat/power 1", "home/", "heat", "power");
    assert_value("heat/power 1", "home/", "heat", "power"); /* as it is without it */
    assert_int_equal(parse("home/heat/power 1", NULL), FEED_NO_RECORD);
    assert_int_equal(parse("home/ 1", "home/"), FEED_NO_RECORD);
    assert_int_equal(parse("home/office/heat/power 1", "home/"), FEED_NO_RECORD);
    assert_value("heat.power 1", "", "heat", "power");
    assert_int_equal(parse("ho", "home/"), FEED_NO_RECORD);
}

static void test_nothing(void **state)
{
    (void)state;
    assert_int_equal(parse("", NULL), FEED_NOTHING);
    assert_int_equal(parse(" \t\r", NULL), FEED_NOTHING);
    assert_int_equal(parse("# heat.power 5", NULL), FEED_NOTHING);
    assert_int_equal(parse("   #", NULL), FEED_NOTHING);
}

static void test_names(void **state)
{
    static const char *const texts[] = {
        "heat 5",     "heat. 5",       ".power 5",         "/power 5",       "heat//power 5",
        "5 5",        "Heat.power 5",  "heat.Power 5",     "heat.power.x 5", "1heat.power 5",
        "heat.1x 5",  "heat.po-wer 5", "heat.p\xC3\xA4 5", "\x01\x02.x 5",   "heat:power 5",
        "_h.power 5", "heat.power=5",
    };
    char name[300];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        assert_int_equal(parse(texts[i], NULL), FEED_NO_RECORD);
    assert_int_equal(feed_line_parse("a\0b.c 5", 7, NULL, &line), FEED_NO_RECORD);
    memset(name, 'a', sizeof(name));
    name[100] = '.';
    assert_int_equal(feed_name_parse(name, FEED_NAME_MAX), 100);
    assert_int_equal(feed_name_parse(name, FEED_NAME_MAX + 1), 0);
}

static void test_values(void **state)
{
    (void)state;
    assert_int_equal(parse("heat.power", NULL), FEED_NO_VALUE);
    assert_int_equal(parse("heat.power  ", NULL), FEED_NO_VALUE);
    assert_int_equal(parse("heat.power on", NULL), FEED_NO_NUMBER);
    assert_int_equal(line.n_value, 2);
    assert_memory_equal(line.value, "on", 2);
    assert_int_equal(parse("heat.power (null)", NULL), FEED_NO_NUMBER);
    assert_int_equal(parse("heat.power nan", NULL), FEED_NO_NUMBER);
    assert_int_equal(parse("heat.power 1e999", NULL), FEED_TOO_LARGE);
    assert_int_equal(parse("heat.power 5 W", NULL), FEED_BYTES_BEHIND);
    assert_int_equal(parse("heat.power 5 # now", NULL), FEED_BYTES_BEHIND);
    assert_int_equal(parse("heat.power five W", NULL), FEED_NO_NUMBER);
    assert_int_equal(feed_line_parse("heat.power 5\0", 13, NULL, &line), FEED_NO_NUMBER);
}

static void test_texts(void **state)
{
    (void)state;
    assert_null(feed_verdict_text(FEED_VALUE));
    assert_null(feed_verdict_text(FEED_NOTHING));
    for (unsigned i = FEED_NO_RECORD; i < FEED_VERDICTS; i++)
        assert_non_null(feed_verdict_text((enum feed_verdict)i));
}

/* ---- lines of what is read ------------------------------------------------------------------- */

static struct feed_input input;

static int reset(void **state)
{
    (void)state;
    memset(&input, 0, sizeof(input));
    return 0;
}

static void give(const char *text, size_t n)
{
    char *at;

    while (n > 0) {
        size_t room = feed_input_room(&input, &at), some = n < room ? n : room;

        assert_true(room > 0);
        memcpy(at, text, some);
        input.end += some;
        text += some;
        n -= some;
    }
}

static void assert_line(const char *expected)
{
    bool is_too_long;
    size_t n = 0;
    const char *text = feed_input_next(&input, &n, &is_too_long);

    if (expected == NULL) {
        assert_null(text);
        return;
    }
    assert_non_null(text);
    assert_false(is_too_long);
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(text, expected, n);
}

static void test_lines(void **state)
{
    (void)state;
    assert_line(NULL);
    give("one\ntw", 6);
    assert_line("one");
    assert_line(NULL);
    give("o\n\nlast", 7);
    assert_line("two");
    assert_line("");
    assert_line(NULL);
    input.is_at_end = true;
    assert_line("last");
    assert_line(NULL);
}

/* What is too long is said once, and what follows it is not lost; nor is it kept until its end. */
static void assert_too_long(size_t size, size_t piece)
{
    char *bytes = malloc(size);
    bool is_too_long;
    unsigned said = 0;
    size_t n;

    memset(bytes, 0xFF, size);
    give("a.b 1\n", 6);
    assert_line("a.b 1");
    for (size_t at = 0; at < size; at += piece) {
        give(bytes + at, size - at < piece ? size - at : piece);
        while (feed_input_next(&input, &n, &is_too_long)) {
            assert_true(is_too_long);
            assert_int_equal(n, FEED_LINE_MAX);
            said++;
        }
    }
    give("\na.b 2\n", 7);
    while (said == 0 && feed_input_next(&input, &n, &is_too_long))
        said += is_too_long;
    assert_int_equal(said, 1);
    assert_line("a.b 2");
    assert_line(NULL);
    free(bytes);
}

static void test_too_long(void **state)
{
    assert_too_long(FEED_LINE_MAX + 1, 1);
    reset(state);
    assert_too_long(FEED_LINE_MAX + 1, FEED_LINE_MAX + 1);
    reset(state);
    assert_too_long(1 << 20, 1000);
    reset(state);
    assert_too_long(1 << 20, 65536);
    reset(state);
    assert_too_long(FEED_INPUT_SIZE, 4096);
}

static void test_longest(void **state)
{
    char *bytes = malloc(FEED_LINE_MAX + 1);

    (void)state;
    memset(bytes, 'x', FEED_LINE_MAX);
    bytes[FEED_LINE_MAX] = '\0';
    for (unsigned i = 0; i < 40; i++) {
        give(bytes, FEED_LINE_MAX);
        assert_line(NULL);
        give("\n", 1);
        assert_line(bytes);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_forms),
        cmocka_unit_test(test_prefix),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_texts),
        cmocka_unit_test_setup(test_lines, reset),
        cmocka_unit_test_setup(test_too_long, reset),
        cmocka_unit_test_setup(test_longest, reset),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
