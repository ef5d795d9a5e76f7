#include "tests/unit/test.h"

#include <string.h>

#include "ctl/input.h"

#define TELEGRAM "68 04 04 68 08 01 70 08 81 16"
#define OTHER "68 03 03 68 08 01 70 79 16"

/* How what was read falls into telegrams: their sizes, 0 at the end. */
static const struct {
    const char *text;
    size_t sizes[4];
    unsigned bad_line, bad_column;
} texts[] = {
    { TELEGRAM, { 10 }, 0, 0 },
    { TELEGRAM "\n" OTHER "\n", { 10, 9 }, 0, 0 },
    { TELEGRAM " " OTHER, { 10, 9 }, 0, 0 },
    { "68 04 04 68\n08 01 70 08\n81 16\n" OTHER, { 10, 9 }, 0, 0 }, /* over three lines */
    { "68 04 04 68 08 01 70\n" OTHER, { 7, 9 }, 0, 0 },             /* cut off */
    { TELEGRAM " 00 01\n" OTHER, { 10, 2, 9 }, 0, 0 },
    { "# nothing\n\n \t" OTHER " # at last\n", { 9 }, 0, 0 },
    { "0x68,0x03,0X03,0x68,8,0x01", { 0 }, 1, 21 },
    { "6803036808017079 16", { 9 }, 0, 0 },
    { "68:03:03:68-08-01-70;79;16\r\n", { 9 }, 0, 0 },
    { "68 0\n" OTHER, { 9 }, 1, 4 },
    { "\xEF\xBB\xBF" OTHER, { 9 }, 0, 0 }, /* a byte order mark */
    { OTHER "\xEF\xBB\xBF", { 0 }, 1, 27 },
    { OTHER "\nwhat?\n" OTHER, { 9, 9 }, 2, 1 },
    { "E5 10 5B 03 5E 16", { 1, 5 }, 0, 0 },
    { "", { 0 }, 0, 0 },
};

static void assert_sizes(const struct input *input, const size_t *sizes)
{
    for (size_t at = 0; at < input->n;) {
        size_t n = input_telegram(input, at);

        assert_int_equal(n, *sizes++);
        at += n;
    }
    assert_int_equal(*sizes, 0);
}

static void hex_falls_into_telegrams(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct input input;

        assert_int_equal(input_parse((const uint8_t *)texts[i].text, strlen(texts[i].text), &input),
                         0);
        assert_int_equal(input.bad_line, texts[i].bad_line);
        assert_int_equal(input.bad_column, texts[i].bad_column);
        assert_int_equal(input.bad != NULL, texts[i].bad_line > 0);
        assert_sizes(&input, texts[i].sizes);
        input_done(&input);
    }
}

/* In a binary file noise ends where a good frame with data begins. */
static void bytes_fall_into_telegrams(void **state)
{
    static const size_t sizes[] = { 10, 3, 9, 0 };
    uint8_t bytes[64];
    struct input input;
    size_t n = test_hex(TELEGRAM " 00 E5 68 " OTHER, bytes, sizeof(bytes));

    (void)state;
    assert_int_equal(input_parse(bytes, n, &input), 0);
    assert_int_equal(input.n, n);
    assert_memory_equal(input.bytes, bytes, n);
    assert_int_equal(input.lines[0], 0);
    assert_sizes(&input, sizes);
    input_done(&input);
}

static void lines_are_known(void **state)
{
    static const char text[] = "68\n\n03 03";
    struct input input;

    (void)state;
    assert_int_equal(input_parse((const uint8_t *)text, strlen(text), &input), 0);
    assert_int_equal(input.n, 3);
    assert_int_equal(input.lines[0], 1);
    assert_int_equal(input.lines[1], 3);
    input_done(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_falls_into_telegrams),
        cmocka_unit_test(bytes_fall_into_telegrams),
        cmocka_unit_test(lines_are_known),
    };

    return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
