#include "tests/unit/test.h"

#include <string.h>

#include "mbus/time_text.h"

static void expect(enum time_kind kind, struct time_point time, const char *wanted)
{
    char text[TIME_TEXT_MAX];
    size_t n = time_text(kind, &time, text);

    assert_string_equal(text, wanted);
    assert_int_equal(n, strlen(wanted));
}

static void every_kind_is_written_as_the_configuration_has_it(void **state)
{
    const struct time_point t = {
        .year = 24, .month = 5, .day = 17, .hour = 12, .minute = 34, .second = 56
    };

    (void)state;
    expect(TIME_DATE, t, "2024-05-17");
    expect(TIME_OF_DAY, t, "12:34:56");
    expect(TIME_TO_MINUTE, t, "2024-05-17 12:34");
    expect(TIME_TO_SECOND, t, "2024-05-17 12:34:56");
}

static void every_and_not_said_are_stars(void **state)
{
    const struct time_point every = { .second = TIME_EVERY_MINUTE,
                                      .minute = TIME_EVERY_MINUTE,
                                      .hour = TIME_EVERY_HOUR,
                                      .month = TIME_EVERY_MONTH,
                                      .year = TIME_EVERY_YEAR };

    (void)state;
    expect(TIME_DATE, every, "*-*-*");
    expect(TIME_OF_DAY, every, "*:*:*");
    expect(TIME_TO_MINUTE, every, "*-*-* *:*");
    expect(TIME_TO_SECOND, (struct time_point){ .year = TIME_EVERY_YEAR, .hour = 7 },
           "*-*-* 07:00:00");
}

/* What stands on the wire may be in no calendar: the text has room for it. */
static void the_impossible_fits(void **state)
{
    struct time_point t = {
        .year = 126, .month = 14, .day = 31, .hour = 30, .minute = 62, .second = 62, .hundreds = 3
    };
    char text[TIME_TEXT_MAX];

    (void)state;
    for (unsigned kind = 0; kind < TIME_KINDS; kind++)
        assert_in_range(time_text((enum time_kind)kind, &t, text), 1, TIME_TEXT_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_written_as_the_configuration_has_it),
        cmocka_unit_test(every_and_not_said_are_stars),
        cmocka_unit_test(the_impossible_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
