#include "tests/unit/test.h"

#include <string.h>

#include "base/nearest.h"

static const struct {
    const char *a, *b;
    unsigned distance;
} distances[] = {
    { "", "", 0 },
    { "kWh", "kWh", 0 },
    { "kwh", "kWh", 1 },
    { "", "abc", 6 },
    { "abc", "", 6 },
    { "buad", "baud", 2 },
    { "volumee", "volume", 2 },
    { "m2", "m3", 2 },
    { "kitten", "sitting", 6 },
};

static void distance_counts_edits(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(distances); i++) {
        assert_int_equal(nearest_distance(distances[i].a, distances[i].b), distances[i].distance);
        assert_int_equal(nearest_distance(distances[i].b, distances[i].a), distances[i].distance);
    }
}

static const char *nearest_of(const char *wanted)
{
    static const char *const names[] = { "baud", "parity", "gap", "kWh", "Wh", "MWh", "address" };
    struct nearest n = { .wanted = wanted };

    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        nearest_offer(&n, names[i]);
    return nearest_result(&n);
}

static void nearest_is_offered_when_near_enough(void **state)
{
    (void)state;
    assert_string_equal(nearest_of("buad"), "baud");
    assert_string_equal(nearest_of("kwh"), "kWh");
    assert_string_equal(nearest_of("adress"), "address");
    assert_string_equal(nearest_of("GAP"), "gap");
    assert_null(nearest_of("temperature"));
    assert_null(nearest_of("xy"));
}

static void nothing_offered_is_no_hint(void **state)
{
    struct nearest n = { .wanted = "x" };

    (void)state;
    assert_null(nearest_result(&n));
}

static void long_names_are_safe(void **state)
{
    char a[200], b[200];

    (void)state;
    memset(a, 'a', sizeof(a) - 1);
    memset(b, 'b', sizeof(b) - 1);
    a[199] = b[199] = '\0';
    assert_int_equal(nearest_distance(a, b), 126);
    assert_int_equal(nearest_distance(a, a), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_counts_edits),
        cmocka_unit_test(nearest_is_offered_when_near_enough),
        cmocka_unit_test(nothing_offered_is_no_hint),
        cmocka_unit_test(long_names_are_safe),
    };

    return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
