#include "tests/unit/test.h"

#include <string.h>

#include "ctl/address.h"

/* What people write, and the A field with the eight bytes of a selection; NULL: refused. */
static const struct {
    const char *text;
    uint8_t primary;
    const char *selection;
    const char *written; /* what selection_text() makes of it */
} rows[] = {
    { "0", 0, NULL, NULL },
    { "5", 5, NULL, NULL },
    { "005", 5, NULL, NULL },
    { "250", 250, NULL, NULL },
    { "253", 253, NULL, NULL },
    { "254", 254, NULL, NULL },
    /* mbus-protocol 16.4; the text as in 15.1 */
    { "1234567874520100", 253, "78 56 34 12 74 52 01 00", "1234567874520100" },
    { "12345678FFFFFFFF", 253, "78 56 34 12 FF FF FF FF", "12345678FFFFFFFF" },
    { "1FFFFFFFFFFFFFFF", 253, "FF FF FF 1F FF FF FF FF", "1FFFFFFFFFFFFFFF" },
    { "ffffffff7452ffff", 253, "FF FF FF FF 74 52 FF FF", "FFFFFFFF7452FFFF" },
    { "12345678", 253, "78 56 34 12 FF FF FF FF", "12345678FFFFFFFF" },
    { "1234567a", 253, "7A 56 34 12 FF FF FF FF", "1234567AFFFFFFFF" },
};

static const char *const refused[] = {
    "",
    "251",
    "252",
    "255",
    "256",
    "999",
    "1000",
    "-1",
    "+5",
    "5 ",
    " 5",
    "0x5",
    "five",
    "1234567",
    "123456789",
    "1234567G",
    "12345678745201",
    "12345678745201000",
    "1234567 ",
    "12345678 4520100",
};

static void addresses_are_parsed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct address address;
        char text[SELECTION_TEXT_SIZE];

        assert_null(address_parse(rows[i].text, &address));
        assert_int_equal(address.primary, rows[i].primary);
        assert_int_equal(address.is_secondary, rows[i].selection != NULL);
        if (rows[i].selection == NULL)
            continue;
        assert_hex(address.selection.bytes, SELECTION_SIZE, rows[i].selection);
        selection_text(&address.selection, text);
        assert_string_equal(text, rows[i].written);
    }
}

static void others_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        struct address address;

        if (address_parse(refused[i], &address) == NULL)
            fail_msg("\"%s\" was taken", refused[i]);
    }
}

static void a_selection_of_a_meter_is_its_address(void **state)
{
    struct ident tst = { .id = 0x12345678, .manufacturer = 0x5274, .version = 1, .medium = 7 };
    struct selection selection = selection_of(&tst);
    struct ident again = selection_ident(&selection);

    (void)state;
    assert_hex(selection.bytes, SELECTION_SIZE, "78 56 34 12 74 52 01 07");
    assert_int_equal(again.id, tst.id);
    assert_int_equal(again.manufacturer, tst.manufacturer);
    assert_int_equal(again.version, tst.version);
    assert_int_equal(again.medium, tst.medium);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_parsed),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(a_selection_of_a_meter_is_its_address),
    };

    return cmocka_run_group_tests_name("ctl/address", tests, NULL, NULL);
}
