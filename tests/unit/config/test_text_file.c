#include "tests/unit/config/support.h"

#include <errno.h>

#include "config/text_file.h"

/* What a file of at most `max` bytes reads as; its error. */
static int read_text_file(const char *path, bool is_included, size_t max, char *ret, size_t size)
{
    struct text_file file;
    char *bytes = NULL;
    size_t n = 0;
    int r = text_file_open(path, is_included, &file);
    if (r == 0)
        r = text_file_read(&file, max, &bytes, &n);
    if (r == 0)
        snprintf(ret, size, "%.*s", (int)n, bytes);
    free(bytes);
    text_file_close(&file);
    assert_int_equal(file.fd, -1);
    return r;
}

static void test_kinds(void **state)
{
    (void)state;
    char text[64];
    assert_int_equal(read_text_file("/none", false, 9, text, sizeof(text)), -ENOENT);
    assert_int_equal(read_text_file("/", false, 9, text, sizeof(text)), -EISDIR);
    assert_int_equal(read_text_file("/", true, 9, text, sizeof(text)), -EISDIR);
    assert_int_equal(read_text_file("/dev/null", false, 9, text, sizeof(text)), 0);
    assert_string_equal(text, "");
    assert_int_equal(read_text_file("/dev/null", true, 9, text, sizeof(text)), -ENODEV);
}

static void test_limit(void **state)
{
    (void)state;
    struct text_file file;
    static const size_t limits[] = { 0, 1, 4095, 4096, 100000 };
    for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
        char *bytes = NULL;
        size_t n = 0;
        assert_int_equal(text_file_open("/dev/zero", false, &file), 0);
        assert_int_equal(text_file_read(&file, limits[i], &bytes, &n), 0);
        assert_int_equal(n, limits[i] + 1);
        free(bytes);
        text_file_close(&file);
    }
}

/* Where off_t has 32 bits by default, the file would not even open. */
static void test_huge(void **state)
{
    (void)state;
    char path[] = "/tmp/mbus-slave-huge-XXXXXX", text[64];
    int fd = mkstemp(path);
    assert_int_equal(ftruncate(fd, 5000000000), 0);
    assert_int_equal(write(fd, "a = 1;", 6), 6);
    assert_int_equal(read_text_file(path, true, 9, text, sizeof(text)), 0);
    assert_string_equal(text, "a = 1;");
    close(fd);
    unlink(path);
}

/* The writer is slower than the reader: every piece is waited for, but none for ever. */
static void test_pipe_that_goes_still(void **state)
{
    (void)state;
    int ends[2];
    char path[32], text[64];
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
    assert_int_equal(write(ends[1], "a = 1;", 6), 6);
    assert_int_equal(read_text_file(path, true, 100, text, sizeof(text)), -ENODEV);
    assert_int_equal(read_text_file(path, false, 100, text, sizeof(text)), -ETIMEDOUT);
    assert_string_equal(text_file_problem(-ETIMEDOUT), "nothing came for 2 s");

    assert_int_equal(write(ends[1], "b = 2;", 6), 6);
    close(ends[1]);
    assert_int_equal(read_text_file(path, false, 100, text, sizeof(text)), 0);
    assert_string_equal(text, "b = 2;");
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_huge),
        cmocka_unit_test(test_pipe_that_goes_still),
    };
    return cmocka_run_group_tests_name("config/text_file", tests, NULL, NULL);
}
