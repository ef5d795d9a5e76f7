#include "tests/unit/test.h"

#include "config/strings.h"

static void test_equal(void **state)
{
    (void)state;
    char a[] = "a", b[] = "b", other_a[] = "a", empty[] = "";
    char *none[] = { NULL }, *one[] = { a, NULL }, *same[] = { other_a, NULL },
         *two[] = { a, b, NULL }, *other[] = { b, NULL }, *blank[] = { empty, NULL };
    assert_true(strings_equal(NULL, NULL));
    assert_true(strings_equal(none, none));
    assert_true(strings_equal(one, same));
    assert_true(strings_equal(two, two));
    assert_false(strings_equal(NULL, none));
    assert_false(strings_equal(none, NULL));
    assert_false(strings_equal(none, blank));
    assert_false(strings_equal(one, two));
    assert_false(strings_equal(two, one));
    assert_false(strings_equal(one, other));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_equal) };
    strings_free(NULL);
    return cmocka_run_group_tests_name("config/strings", tests, NULL, NULL);
}
