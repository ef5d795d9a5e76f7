/* Of any puts in any order, the earliest is first. */
#include "tests/unit/test.h"

#include <stdlib.h>

#include "base/macros.h"
#include "source/agenda.h"
#include "source/source.h"

#define SOURCES 300U

static usec_t earliest(const struct source *sources)
{
    usec_t first = USEC_NEVER;

    for (unsigned i = 0; i < SOURCES; i++) {
        if (sources[i].place != 0 && sources[i].due < first)
            first = sources[i].due;
    }
    return first;
}

static void assert_first(const struct agenda *agenda, const struct source *sources)
{
    const struct source *first = agenda_first(agenda);

    if (first == NULL)
        assert_int_equal(earliest(sources), USEC_NEVER);
    else
        assert_int_equal(first->due, earliest(sources));
}

static void the_earliest_is_first(void **state)
{
    static struct source sources[SOURCES];
    struct agenda agenda = { 0 };
    uint32_t random = 1;

    (void)state;
    assert_null(agenda_first(&agenda));
    for (unsigned i = 0; i < 20000; i++) {
        random = random * 1664525U + 1013904223U;
        struct source *s = &sources[(random >> 8) % SOURCES];
        usec_t at = (random >> 4) % 3 == 0 ? USEC_NEVER : (random >> 16) % 1000;

        assert_int_equal(agenda_put(&agenda, s, at), 0);
        assert_int_equal(s->place != 0, at != USEC_NEVER);
        assert_first(&agenda, sources);
    }
    for (unsigned i = 0; i < SOURCES; i++)
        assert_int_equal(agenda_put(&agenda, &sources[i], USEC_NEVER), 0);
    assert_null(agenda_first(&agenda));
    agenda_done(&agenda);
}

static void they_leave_in_their_order(void **state)
{
    static const usec_t times[] = { 5, 3, 9, 3, 1, 7, 0, 8 };
    struct source sources[ARRAY_SIZE(times)] = { 0 };
    struct agenda agenda = { 0 };
    usec_t before = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(times); i++)
        assert_int_equal(agenda_put(&agenda, &sources[i], times[i]), 0);
    for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
        struct source *s = agenda_first(&agenda);

        assert_non_null(s);
        assert_true(s->due >= before);
        before = s->due;
        assert_int_equal(agenda_put(&agenda, s, USEC_NEVER), 0);
        assert_ptr_not_equal(agenda_first(&agenda), s);
    }
    assert_int_equal(before, 9);
    agenda_done(&agenda);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earliest_is_first),
        cmocka_unit_test(they_leave_in_their_order),
    };

    return cmocka_run_group_tests_name("agenda", tests, NULL, NULL);
}
