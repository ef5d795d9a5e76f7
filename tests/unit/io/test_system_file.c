#include "tests/unit/io/fake_root.h"

#include <errno.h>

#include "io/system_file.h"

static void a_file_is_read_up_to_the_room(void **state)
{
    char root[64], text[8];

    (void)state;
    fake_root_init(root);
    fake_root_write(root, "/a/b", "12345678901", 11);
    fake_root_write(root, "/a/zeros", "x\0y", 3);
    assert_int_equal(system_file_read(root, "/a/b", text, sizeof(text)), 7);
    assert_string_equal(text, "1234567");
    assert_int_equal(system_file_read(root, "/a/zeros", text, sizeof(text)), 3);
    assert_memory_equal(text, "x\0y", 4);
    assert_int_equal(system_file_read(root, "/a/none", text, sizeof(text)), -ENOENT);
    assert_int_equal(system_file_read(root, "/a", text, sizeof(text)), -EISDIR);
    fake_root_done(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_file_is_read_up_to_the_room) };

    return cmocka_run_group_tests_name("system file", tests, NULL, NULL);
}
