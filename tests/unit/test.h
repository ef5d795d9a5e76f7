/* What every unit test includes: cmocka with the headers it wants before it. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"

/* Turns "68 03 ..." into bytes; returns how many. */
static inline size_t test_hex(const char *text, uint8_t *bytes, size_t capacity)
{
    size_t n = 0;
    int high = -1;

    for (; *text; text++) {
        int digit;

        if (*text == ' ')
            continue;
        digit = *text <= '9' ? *text - '0' : *text - 'A' + 10;
        if (high < 0) {
            high = digit;
            continue;
        }
        assert_true(n < capacity);
        bytes[n++] = (uint8_t)(high << 4 | digit);
        high = -1;
    }
    assert_int_equal(high, -1);
    return n;
}

/* Bytes are those of a hex text. */
static inline void assert_hex_(const uint8_t *bytes, size_t n, const char *expected,
                               const char *file, int line)
{
    uint8_t wanted[512];
    size_t n_wanted = test_hex(expected, wanted, sizeof(wanted));

    _assert_int_equal(n, n_wanted, file, line);
    _assert_memory_equal(bytes, wanted, n, file, line);
}
#define assert_hex(bytes, n, expected) assert_hex_(bytes, n, expected, __FILE__, __LINE__)

#endif
