#include "tests/unit/test.h"

#include "mbus/link.h"

/* mbus-protocol 5.1. */
static const struct {
    uint8_t c;
    const char *name;
} rows[] = {
    { 0x40, "SND_NKE" }, { 0x60, NULL },      { 0x50, NULL },      { 0x70, NULL },
    { 0x53, "SND_UD" },  { 0x73, "SND_UD" },  { 0x43, "SND_UD" },  { 0x5A, "REQ_UD1" },
    { 0x7A, "REQ_UD1" }, { 0x5B, "REQ_UD2" }, { 0x7B, "REQ_UD2" }, { 0x4B, "REQ_UD2" },
    { 0x49, "REQ_SKE" }, { 0x08, "RSP_UD" },  { 0x18, "RSP_UD" },  { 0x28, "RSP_UD" },
    { 0x38, "RSP_UD" },  { 0x0B, "RSP_SKE" }, { 0x4F, NULL },      { 0xC0, NULL },
    { 0x44, NULL },
};

static void names_of_functions(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *name = link_function_name(rows[i].c);

        if (rows[i].name == NULL)
            assert_null(name);
        else
            assert_string_equal(name, rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(names_of_functions) };

    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
