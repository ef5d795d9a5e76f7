#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/lines.h"

/* Out of order, with names that begin as others do. */
static const char text[] = "port /dev/ttyAMA0 baud 9600\n"
                           "meter b address 2\n"
                           "meter ab address 3\n"
                           "meter a clock 1\n"
                           "meter a! address 5\n"
                           "meter a address 1\n"
                           "port /dev/my\\x20port baud 300\n"
                           "meter a\n"
                           "meter\n";

struct fixture {
    struct lines lines;
    struct line_range all;
};

static void fixture_init(struct fixture *f)
{
    assert_int_equal(lines_init(&f->lines, text, strlen(text)), 0);
    f->all = lines_all(&f->lines);
    assert_int_equal(f->all.n, 9);
}

/* The words, the number of lines, and what stands behind the words in the first of them. */
static void found_by_words(void **state)
{
    static const struct {
        const char *words[3];
        size_t n;
        const char *rest;
    } rows[] = {
        { { "meter", "a" }, 2, "address 1" },
        { { "meter", "a", "clock" }, 1, "1" },
        { { "meter", "a", "c" }, 0, NULL },
        { { "meter", "a", "clocks" }, 0, NULL },
        { { "meter", "ab" }, 1, "address 3" },
        { { "meter", "a!" }, 1, "address 5" },
        { { "meter", "c" }, 0, NULL },
        { { "meter", "" }, 0, NULL },
        { { "meter" }, 6, "a" },
        { { "port", "/dev/ttyAMA0", "baud" }, 1, "9600" },
        { { "port", "/dev/my port", "baud" }, 1, "300" },
        { { "port", "/dev/my" }, 0, NULL },
        { { "zebra" }, 0, NULL },
        { { "alpha" }, 0, NULL },
    };
    struct fixture f;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct line_range range = f.all;

        for (size_t word = 0; word < 3 && rows[i].words[word]; word++)
            range = lines_with(range, rows[i].words[word]);
        assert_int_equal(range.n, rows[i].n);
        if (range.n > 0) {
            struct text_in in = lines_rest(range);

            assert_int_equal(in.end - in.at, strlen(rows[i].rest));
            assert_memory_equal(in.at, rows[i].rest, strlen(rows[i].rest));
        }
    }
    lines_done(&f.lines);
}

static void claims(void **state)
{
    struct fixture f;
    size_t n = 0;

    (void)state;
    fixture_init(&f);
    lines_claim(lines_with(lines_with(f.all, "meter"), "a"));
    for (size_t i = 0; i < f.all.n; i++) {
        const struct line *line = &f.all.first[i];

        n += line->is_claimed;
        assert_int_equal(line->is_claimed, line->n > 8 && strncmp(line->bytes, "meter a ", 8) == 0);
    }
    assert_int_equal(n, 2);
    lines_unclaim(f.all);
    for (size_t i = 0; i < f.all.n; i++)
        assert_false(f.all.first[i].is_claimed);
    lines_done(&f.lines);
}

static void none(void **state)
{
    struct lines lines;

    (void)state;
    assert_int_equal(lines_init(&lines, NULL, 0), 0);
    assert_int_equal(lines_with(lines_with(lines_all(&lines), "meter"), "a").n, 0);
    lines_claim(lines_all(&lines));
    lines_done(&lines);
    lines_done(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_by_words),
        cmocka_unit_test(claims),
        cmocka_unit_test(none),
    };

    return cmocka_run_group_tests_name("store/lines", tests, NULL, NULL);
}
