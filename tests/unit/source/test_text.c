#include "tests/unit/test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/text.h"

#define WHY_MAX 160

/* Reads a text, with its null behind n bytes; on success the number is *ret, else why is set. */
static int convert(const struct text_config *config, const char *text, size_t n, struct number *ret,
                   char *why)
{
    why[0] = '\0';
    return text_to_number(config, text, n, ret, why, WHY_MAX);
}

static const struct {
    struct text_config config;
    const char *text;
    int64_t whole;
} wholes[] = {
    { { .scale = 1 }, "21437\n", 21437 },
    { { .scale = 1 }, "  -5 ", -5 },
    { { .scale = 1 }, "9007199254740993\n", 9007199254740993 },
    { { .scale = 1 }, "-9223372036854775808", INT64_MIN },
    { { .scale = 10, .offset = -3 }, "7", 67 },
    { { .scale = -1 }, "9223372036854775807", -INT64_MAX },
    /* 1-wire, as the older driver shows it: the second of two lines */
    { { .pattern = "t=(-?[0-9]+)", .scale = 1 },
      "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n",
      23125 },
    { { .pattern = "^MemFree: *([0-9]+)", .scale = 1 },
      "MemTotal:  3884 kB\nMemFree:    211 kB\nSwapFree:  7 kB\n",
      211 },
    { { .pattern = "[0-9]+", .scale = 1 }, "volume 4711 l", 4711 },
    { { .pattern = "^.*$", .field = 2, .scale = 1 }, "a 1 x\nb 2 y\n", 1 }, /* of one line */
    { { .field = 2, .scale = 1 }, "cpu  74608 2520\ncpu0 1 2", 74608 },
    { { .field = 6, .scale = 1 }, "cpu 74608 2520\ncpu0 1 2\n", 2 },
    { { .pattern = "b (.*)", .field = 2, .scale = 1 }, "a 1 2\nb 3 4\n", 4 },
    { { .pattern = "\"energy\": *([0-9.]+)", .scale = 1 }, "{\"power\": 3, \"energy\":42}", 42 },
};

static void whole_numbers_stay_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wholes); i++) {
        const char *text = wholes[i].text;
        struct number number;
        char why[WHY_MAX];

        assert_int_equal(convert(&wholes[i].config, text, strlen(text), &number, why), 0);
        assert_false(number.is_real);
        assert_true(number.integer == wholes[i].whole);
    }
}

static const struct {
    struct text_config config;
    const char *text;
    double real;
} reals[] = {
    { { .scale = 1 }, "21.5", 21.5 },
    { { .scale = 1 }, "1e3", 1000 },
    { { .scale = 0.001 }, "21437", 21.437 },
    { { .scale = 0.001 }, "1005\n", 1.005 }, /* not 1.0050000000000001 */
    { { .scale = 0.01 }, "-29", -0.29 },
    { { .scale = -0.001 }, "21437", -21.437 },
    { { .scale = 0.5 }, "7", 3.5 },
    { { .scale = 1, .offset = -273.15 }, "300", 300 - 273.15 },
    { { .scale = 2.5, .offset = 1 }, "4", 11 },
    { { .scale = 1e-300 }, "1e300", 1 },
    { { .scale = 4 }, "9223372036854775807", 36893488147419103232.0 }, /* beyond 64 bits */
    { { .scale = 1, .offset = 1 }, "9223372036854775807", 9223372036854775808.0 },
    { { .field = 1, .scale = 1 }, "0.20 0.18 0.12 1/80 11206", 0.2 },
};

static void all_else_is_real(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(reals); i++) {
        struct number number;
        char why[WHY_MAX];
        const char *text = reals[i].text;

        assert_int_equal(convert(&reals[i].config, text, strlen(text), &number, why), 0);
        assert_true(number.is_real);
        assert_true(number.real >= reals[i].real && number.real <= reals[i].real);
    }
}

static const struct {
    struct text_config config;
    const char *text;
    const char *why;
} bad[] = {
    { { .scale = 1 }, "", "empty" },
    { { .scale = 1 }, " \n\n", "empty" },
    { { .scale = 1 }, "abc\n", "\"abc\" is no number" },
    { { .scale = 1 }, "21.5 degC\n", "\"21.5 degC\" is no number" },
    { { .scale = 1 }, "21,5", "\"21,5\" is no number" },
    { { .scale = 1 }, "nan", "\"nan\" is no number" },
    { { .scale = 1 }, "-inf", "\"-inf\" is no number" },
    { { .scale = 1 }, "0x1F", "\"0x1F\" is no number" },
    { { .scale = 1 }, "1\n2\n", "\"1\\n2\" is no number" },
    { { .scale = 1 }, "\x1B[31m5\xFF", "\"\\x1B[31m5\\xFF\" is no number" },
    { { .scale = 1 }, "1e999", "\"1e999\" is too large a number" },
    { { .scale = 1e300 }, "1e300", "too large a number once scaled" },
    { { .scale = 1 },
      "<html><head><title>404 Not Found</title></head>",
      "\"<html><head><title>404 Not Fou\"... is no number" },
    { { .scale = 1 }, /* not cut within a character */
      "12345678901234567890123456789\xC3\xA4xxx",
      "\"12345678901234567890123456789\"... is no number" },
    { { .pattern = "t=([0-9]+)", .scale = 1 }, "crc=57 NO\n", "the pattern matches nothing" },
    { { .pattern = "t=([0-9]+)", .scale = 1 }, "", "the pattern matches nothing" },
    { { .pattern = "t=(", .scale = 1 }, "5", "the pattern cannot be compiled" },
    { { .pattern = "t=([0-9]*)", .scale = 1 }, "t=\n", "empty" },
    { { .pattern = "t=(a)?", .scale = 1 }, "t=5", "the group of the pattern matches nothing" },
    { { .pattern = "a.b", .scale = 1 }, "a\nb", "the pattern matches nothing" },
    { { .field = 5, .scale = 1 }, "1 2\n", "there are 2 fields; field 5 is wanted" },
    { { .field = 2, .scale = 1 }, " 1\n", "there is 1 field; field 2 is wanted" },
    { { .field = 1, .scale = 1 }, " \n", "there is no field; field 1 is wanted" },
    { { .field = 2, .scale = 1 }, "21.5 degC", "\"degC\" is no number" },
};

static void what_is_wrong_is_said(void **state)
{
    struct number number = { .integer = 4711 };
    char why[WHY_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        const char *text = bad[i].text;

        assert_int_equal(convert(&bad[i].config, text, strlen(text), &number, why), -EINVAL);
        assert_string_equal(why, bad[i].why);
    }
    assert_int_equal(number.integer, 4711);
}

static void binary_is_no_text(void **state)
{
    static const struct text_config any = { .scale = 1 },
                                    with_pattern = { .pattern = "5", .scale = 1 };
    struct number number;
    char why[WHY_MAX];

    (void)state;
    assert_int_equal(convert(&any, "5\0", 2, &number, why), -EINVAL);
    assert_string_equal(why, "binary data, no text");
    assert_int_equal(convert(&with_pattern, "\0005", 2, &number, why), -EINVAL);
    assert_string_equal(why, "binary data, no text");
}

/* A number behind so many blanks that the text has just the longest length, and one more. */
static void a_long_text_is_refused(void **state)
{
    static const struct text_config any = { .scale = 1 };
    char *text = malloc(SOURCE_TEXT_MAX + 2);
    struct number number;
    char why[WHY_MAX];

    (void)state;
    assert_non_null(text);
    memset(text, ' ', SOURCE_TEXT_MAX + 1);
    text[SOURCE_TEXT_MAX + 1] = '\0';
    text[SOURCE_TEXT_MAX - 1] = '8';
    assert_int_equal(convert(&any, text, SOURCE_TEXT_MAX, &number, why), 0);
    assert_int_equal(number.integer, 8);
    assert_int_equal(convert(&any, text, SOURCE_TEXT_MAX + 1, &number, why), -EINVAL);
    assert_string_equal(why, "longer than 64 KiB");
    memset(text, '7', SOURCE_TEXT_MAX);
    assert_int_equal(convert(&any, text, SOURCE_TEXT_MAX, &number, why), -EINVAL);
    assert_string_equal(why, "\"777777777777777777777777777777\"... is too long for a number");
    free(text);
}

/* All bytes that a message can hold as escapes still leave room for what is wrong with them. */
static void any_bytes_fit_a_message(void **state)
{
    static const struct text_config any = { .scale = 1 };
    char bytes[200], why[WHY_MAX];
    struct number number;

    (void)state;
    memset(bytes, '\x80', sizeof(bytes));
    bytes[sizeof(bytes) - 1] = '\0';
    assert_int_equal(convert(&any, bytes, sizeof(bytes) - 1, &number, why), -EINVAL);
    assert_string_equal(why + strlen(why) - strlen("\"... is no number"), "\"... is no number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_stay_whole), cmocka_unit_test(all_else_is_real),
        cmocka_unit_test(what_is_wrong_is_said),    cmocka_unit_test(binary_is_no_text),
        cmocka_unit_test(a_long_text_is_refused),   cmocka_unit_test(any_bytes_fit_a_message),
    };

    return cmocka_run_group_tests_name("source/text", tests, NULL, NULL);
}
