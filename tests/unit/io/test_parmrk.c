#include "io_test.h"

#include "base/macros.h"
#include "io/parmrk.h"

/* Decodes `n` raw bytes and returns how many characters they make. */
static size_t decode(struct parmrk *p, const uint8_t *raw, size_t n, struct line_char *chars)
{
    size_t made = 0;

    for (size_t i = 0; i < n; i++)
        made += (size_t)parmrk_decode(p, raw[i], &chars[made]);
    return made;
}

static const struct {
    const char *what;
    uint8_t raw[8];
    size_t n_raw;
    struct line_char chars[4];
    size_t n_chars;
} rows[] = {
    { "nothing", { 0 }, 0, { { 0, 0 } }, 0 },
    { "plain bytes", { 0x10, 0x40, 0x00 }, 3, { { 0x10, 0 }, { 0x40, 0 }, { 0x00, 0 } }, 3 },
    { "a good FF", { 0xFF, 0xFF }, 2, { { 0xFF, LINE_GOOD } }, 1 },
    { "two good FF", { 0xFF, 0xFF, 0xFF, 0xFF }, 4, { { 0xFF, 0 }, { 0xFF, 0 } }, 2 },
    { "a good FF, then a good 00", { 0xFF, 0xFF, 0x00 }, 3, { { 0xFF, 0 }, { 0x00, 0 } }, 2 },
    { "wrong parity", { 0xFF, 0x00, 0x41 }, 3, { { 0x41, LINE_PARITY } }, 1 },
    { "FF with wrong parity", { 0xFF, 0x00, 0xFF }, 3, { { 0xFF, LINE_PARITY } }, 1 },
    { "wrong FF, then plain",
      { 0xFF, 0x00, 0xFF, 0x16 },
      4,
      { { 0xFF, LINE_PARITY }, { 0x16, LINE_GOOD } },
      2 },
    { "a break", { 0xFF, 0x00, 0x00 }, 3, { { 0x00, LINE_BREAK } }, 1 },
    { "a break between bytes",
      { 0x68, 0xFF, 0x00, 0x00, 0x16 },
      5,
      { { 0x68, LINE_GOOD }, { 0x00, LINE_BREAK }, { 0x16, LINE_GOOD } },
      3 },
    { "FF x, which no driver sends", { 0xFF, 0x41, 0x42 }, 3, { { 0x41, 0 }, { 0x42, 0 } }, 2 },
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct parmrk p = { 0 };
        struct line_char chars[8];
        size_t n = decode(&p, rows[i].raw, rows[i].n_raw, chars);

        if (n != rows[i].n_chars)
            fail_msg("%s: %zu characters", rows[i].what, n);
        assert_int_equal(p.seen, 0);
        for (size_t k = 0; k < n; k++)
            if (chars[k].byte != rows[i].chars[k].byte || chars[k].fault != rows[i].chars[k].fault)
                fail_msg("%s: character %zu is %02x, fault %u", rows[i].what, k, chars[k].byte,
                         chars[k].fault);
    }
}

/* A mark may be cut between two reads at any place: the state goes on. */
static void test_cut_mark(void **state)
{
    static const uint8_t mark[] = { 0xFF, 0x00, 0x41 };
    struct parmrk p = { 0 };
    struct line_char c = { 0 };

    (void)state;
    assert_int_equal(parmrk_decode(&p, mark[0], &c), 0);
    assert_int_equal(p.seen, 1);
    assert_int_equal(parmrk_decode(&p, mark[1], &c), 0);
    assert_int_equal(p.seen, 2);
    assert_int_equal(parmrk_decode(&p, mark[2], &c), 1);
    assert_int_equal(c.fault, LINE_PARITY);
    assert_int_equal(p.seen, 0);
}

/* Every character, good or faulty, comes out as the line discipline wrote it in. */
static void test_every_character(void **state)
{
    (void)state;
    for (unsigned x = 0; x < 256; x++) {
        uint8_t byte = (uint8_t)x;
        uint8_t good[] = { byte, 0xFF };
        uint8_t bad[] = { 0xFF, 0x00, byte };
        struct parmrk p = { 0 };
        struct line_char c[3];

        assert_int_equal(decode(&p, good, byte == 0xFF ? 2 : 1, c), 1);
        assert_int_equal(c[0].byte, byte);
        assert_int_equal(c[0].fault, LINE_GOOD);
        assert_int_equal(decode(&p, bad, 3, c), 1);
        assert_int_equal(c[0].byte, byte);
        assert_int_equal(c[0].fault, byte == 0 ? LINE_BREAK : LINE_PARITY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_cut_mark),
        cmocka_unit_test(test_every_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
