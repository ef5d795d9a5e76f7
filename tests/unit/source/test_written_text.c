/* What a master has written, as a program reads it. */
#include "tests/unit/source/engine.h"

#include "source/written_text.h"

#define RECORDS                                                                                    \
    "{ name = \"whole\"; unit = \"V\"; value = 3; writable = true; },"                             \
    "{ name = \"tenths\"; unit = \"V\"; resolution = 0.1; value = 3; writable = true; },"          \
    "{ name = \"real\"; unit = \"V\"; type = \"real32\"; value = 3; writable = true; },"           \
    "{ name = \"day\"; quantity = \"date\"; value = \"2020-01-01\"; writable = true; },"           \
    "{ name = \"minute\"; quantity = \"datetime\"; value = \"2020-01-01 12:00\"; "                 \
    "writable = true; }"

static void expect_text(struct engine *e, const char *name, const struct value *value,
                        const char *expected)
{
    size_t record = engine_record(e, name);
    char text[NUMBER_TEXT_MAX];

    meter_draft_begin(e->meter);
    meter_draft_set_value(e->meter, record, value);
    meter_draft_commit(e->meter);
    written_text(e->meter, record, text);
    assert_string_equal(text, expected);
}

static void each_type_has_its_form(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", RECORDS));
    expect_text(&e, "whole", &(struct value){ .integer = -12 }, "-12");
    expect_text(&e, "tenths", &(struct value){ .integer = 215 }, "21.5");
    expect_text(&e, "real", &(struct value){ .real = 0.1F }, "0.1");
    /* mbus-records 4.3 and 4.4. */
    expect_text(&e, "day", &(struct value){ .integer = 0x2681 }, "2020-06-01");
    expect_text(&e, "minute", &(struct value){ .integer = 0x26812F1E }, "2020-06-01 15:30");
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_has_its_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
