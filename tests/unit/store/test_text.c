#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/crc32.h"
#include "store/text.h"

static struct text_out text_of_two_lines(char *bytes, size_t capacity)
{
    struct text_out out = text_begin(bytes, capacity);

    text_word(&out, "meter");
    text_word(&out, "a b\\\n\xE4~");
    text_number(&out, INT64_MIN);
    text_number(&out, INT64_MAX);
    text_number(&out, 0);
    text_end_line(&out);
    text_word(&out, "port");
    text_hex(&out, 0xBEEF, 4);
    text_hex_bytes(&out, (const uint8_t *)"\x02\xFD\x49", 3);
    text_end_line(&out);
    text_end(&out);
    return out;
}

static void words_and_lines(void **state)
{
    char bytes[512], expected[512];
    struct text_out out = text_of_two_lines(bytes, sizeof(bytes));
    static const char lines[] =
        "mbus-slave state 1\n"
        "meter a\\x20b\\x5C\\x0A\\xE4~ -9223372036854775808 9223372036854775807 0\n"
        "port BEEF 02FD49\n"
        "end 2 ";

    (void)state;
    snprintf(expected, sizeof(expected), "%s%08X\n", lines, crc32(lines, strlen(lines)));
    assert_false(out.w.failed);
    bytes[out.w.n] = '\0';
    assert_string_equal(bytes, expected);
}

/* What does not fit is not written, and the need is known. */
static void too_small(void **state)
{
    char whole[512], bytes[512];
    size_t need = text_of_two_lines(whole, sizeof(whole)).w.n;

    (void)state;
    for (size_t capacity = 0; capacity < need; capacity++) {
        struct text_out out;

        memset(bytes, '#', sizeof(bytes));
        out = text_of_two_lines(bytes, capacity);
        assert_true(out.w.failed);
        assert_int_equal(out.w.n, need);
        assert_int_equal(bytes[capacity], '#');
    }
    assert_false(text_of_two_lines(bytes, need).w.failed);
}

/* The last line with the checksum it must have. */
static enum text_verdict check_with_checksum(const char *text, struct text_body *ret)
{
    static char bytes[512];
    int n = snprintf(bytes, sizeof(bytes), "%s%08X\n", text, crc32(text, strlen(text)));

    return text_check(bytes, (size_t)n, ret);
}

static void verdicts(void **state)
{
    static const struct {
        const char *text;
        enum text_verdict verdict;
        unsigned version;
    } rows[] = {
        { "mbus-slave state 1\nend 0 ", TEXT_GOOD, 1 },
        { "mbus-slave state 1\nanything at all\nend 1 ", TEXT_GOOD, 1 },
        { "mbus-slave state 2\nx\nend 1 ", TEXT_NEWER, 2 },
        { "mbus-slave state 70000\nend 0 ", TEXT_NEWER, 70000 },
        { "mbus-slave state 1\nx\nend 0 ", TEXT_COUNT, 0 },
        { "mbus-slave state 1\nend 1 ", TEXT_COUNT, 0 },
        { "mbus-slave state 0\nend 0 ", TEXT_FOREIGN, 0 },
        { "mbus-slave state 01\nend 0 ", TEXT_FOREIGN, 0 },
        { "mbus-slave state -1\nend 0 ", TEXT_FOREIGN, 0 },
        { "mbus-slave state \nend 0 ", TEXT_FOREIGN, 0 },
        { "mbus-slave state 1 \nend 0 ", TEXT_FOREIGN, 0 },
        { "mbus-slave state 99999999999999999999\nend 0 ", TEXT_FOREIGN, 0 },
        { "port state 1\nend 0 ", TEXT_FOREIGN, 0 },
        { "mbus-slave state 1\nEND 0 ", TEXT_CUT, 0 },
        { "mbus-slave state 1\nend 0  ", TEXT_CUT, 0 },
        { "mbus-slave state 1\nend 00 ", TEXT_CUT, 0 },
        { "mbus-slave state 1\nend -1 ", TEXT_CUT, 0 },
        { "mbus-slave state 1\nend ", TEXT_CUT, 0 },
        { "mbus-slave state 1\n", TEXT_CUT, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct text_body body = { 0 };

        assert_int_equal(check_with_checksum(rows[i].text, &body), rows[i].verdict);
        assert_int_equal(body.version, rows[i].version);
        assert_int_equal(text_problem(rows[i].verdict) == NULL, rows[i].verdict == TEXT_GOOD);
    }
    assert_int_equal(text_check("", 0, NULL), TEXT_EMPTY);
    assert_int_equal(text_check("\0\0\0\0", 4, NULL), TEXT_FOREIGN);
    assert_int_equal(text_check("\n", 1, NULL), TEXT_FOREIGN);
    assert_int_equal(text_check("mbus-slave state 1\n", 19, NULL), TEXT_CUT);
}

static void the_body_is_between_first_and_last(void **state)
{
    struct text_body body;

    (void)state;
    assert_int_equal(check_with_checksum("mbus-slave state 1\na 1\nb\nend 2 ", &body), TEXT_GOOD);
    assert_int_equal(body.n, 6);
    assert_memory_equal(body.bytes, "a 1\nb\n", 6);
    assert_int_equal(check_with_checksum("mbus-slave state 1\nend 0 ", &body), TEXT_GOOD);
    assert_int_equal(body.n, 0);
}

/* Each single byte changed to each other value, and each beginning of a file: never good. The copy
 * has its exact size, so that a sanitizer sees a look past it. */
static void any_damage_is_seen(void **state)
{
    char whole[512];
    size_t n = text_of_two_lines(whole, sizeof(whole)).w.n;
    struct text_body body;

    (void)state;
    assert_int_equal(text_check(whole, n, &body), TEXT_GOOD);
    for (size_t at = 0; at < n; at++) {
        char *copy = malloc(n), *cut = malloc(at + 1);

        assert_non_null(copy);
        assert_non_null(cut);
        memcpy(copy, whole, n);
        for (int value = 0; value < 256; value++) {
            copy[at] = (char)value;
            assert_int_equal(text_check(copy, n, &body) == TEXT_GOOD, copy[at] == whole[at]);
            assert_int_not_equal(text_check(copy, n, &body), TEXT_NEWER);
        }
        memcpy(cut, whole, at);
        assert_int_not_equal(text_check(cut, at, &body), TEXT_GOOD);
        free(copy);
        free(cut);
    }
}

static void numbers_are_read_as_they_are_written(void **state)
{
    static const struct {
        const char *word;
        int64_t min, max, expected;
        bool ok;
    } rows[] = {
        { "0", 0, 9, 0, true },
        { "9", 0, 9, 9, true },
        { "10", 0, 9, 0, false },
        { "-1", 0, 9, 0, false },
        { "-1", -1, 9, -1, true },
        { "9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX, true },
        { "9223372036854775808", INT64_MIN, INT64_MAX, 0, false },
        { "-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN, true },
        { "-9223372036854775809", INT64_MIN, INT64_MAX, 0, false },
        { "18446744073709551616", INT64_MIN, INT64_MAX, 0, false },
        { "", 0, 9, 0, false },
        { "-", -9, 9, 0, false },
        { "-0", -9, 9, 0, false },
        { "+1", 0, 9, 0, false },
        { "01", 0, 9, 0, false },
        { "1x", 0, 9, 0, false },
        { "1 ", 0, 9, 0, false },
        { " 1", 0, 9, 0, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct text_in in = { .at = rows[i].word, .end = rows[i].word + strlen(rows[i].word) };
        int64_t number = text_read_number(&in, rows[i].min, rows[i].max);

        assert_int_equal(text_at_end(&in), rows[i].ok);
        if (rows[i].ok)
            assert_true(number == rows[i].expected);
    }
}

static void words_are_read_in_turn(void **state)
{
    static const char line[] = "a 12 BEEF b";
    struct text_in start = { .at = line, .end = line + strlen(line) }, in = start;

    (void)state;
    text_expect(&in, "a");
    assert_int_equal(text_read_number(&in, 0, 99), 12);
    assert_int_equal(text_read_hex(&in, 4), 0xBEEF);
    assert_false(text_at_end(&in));
    text_skip(&in);
    assert_true(text_at_end(&in));
    text_skip(&in);
    assert_true(in.failed);

    in = start;
    text_expect(&in, "b");
    assert_true(in.failed);
    text_expect(&in, "12"); /* stays failed */
    assert_true(in.failed);
    in = (struct text_in){ .at = "BEEf", .end = in.at };
    in.end = in.at + 4;
    assert_int_equal(text_read_hex(&in, 4), 0);
    assert_true(in.failed);
    in = start;
    text_skip(&in);
    text_read_hex(&in, 3);
    assert_true(in.failed);
}

/* The bits of a real, and nothing that only looks like them. */
static void bits(void **state)
{
    static const char *const wrong[] = { "0x",
                                         "0x0123456789ABCDE",
                                         "0x0123456789ABCDEF0",
                                         "0x0123456789abcdef",
                                         "0123456789ABCDEF00",
                                         "0X0123456789ABCDEF",
                                         "0x01234567 9ABCDEF" };
    char text[64];
    struct text_out out = { .w = writer_over((uint8_t *)text, sizeof(text)) };
    struct text_in in;

    (void)state;
    text_bits(&out, UINT64_C(0x0123456789ABCDEF));
    text_bits(&out, UINT64_MAX);
    text[out.w.n] = '\0';
    assert_string_equal(text, "0x0123456789ABCDEF 0xFFFFFFFFFFFFFFFF");
    in = (struct text_in){ .at = text, .end = text + out.w.n };
    assert_true(text_is_bits(&in));
    assert_true(text_read_bits(&in) == UINT64_C(0x0123456789ABCDEF));
    assert_true(text_read_bits(&in) == UINT64_MAX);
    assert_true(text_at_end(&in));
    assert_false(text_is_bits(&in));
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        in = (struct text_in){ .at = wrong[i], .end = wrong[i] + strlen(wrong[i]) };
        assert_int_equal(text_read_bits(&in), 0);
        assert_true(in.failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_lines),
        cmocka_unit_test(too_small),
        cmocka_unit_test(verdicts),
        cmocka_unit_test(the_body_is_between_first_and_last),
        cmocka_unit_test(any_damage_is_seen),
        cmocka_unit_test(numbers_are_read_as_they_are_written),
        cmocka_unit_test(words_are_read_in_turn),
        cmocka_unit_test(bits),
    };

    return cmocka_run_group_tests_name("store/text", tests, NULL, NULL);
}
