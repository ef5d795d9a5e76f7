#include "tests/unit/slave/rich.h"

/* A master chooses what it reads (mbus-protocol 13.5). */

/* All of the meter, as it is sent. */
#define ALL                                                                                        \
    "02 FD 49 D2 04 0C 06 97 00 00 00 02 5A 00 02 44 5A 2C 01 00 00 05 2B 00 00 C0 3F "            \
    "01 FD 1A 0A 02 16 C8 01 02 FD C8 FC 01 08 09"

static void expect_records_(struct conversation *c, usec_t now, const char *records,
                            const char *file, int line)
{
    const struct slave_answer *out;

    _assert_int_equal(hear(c, now, SHORT(0x4B, 5)).verdict, SLAVE_ANSWER, file, line);
    out = slave_output(&c->slave);
    assert_hex_(out->bytes + 19, out->n - 21, records, file, line);
    slave_settle(&c->slave, now, SLAVE_SENT);
}
#define READS(c, now, records) expect_records_(c, now, records, __FILE__, __LINE__)

static const struct {
    const char *write, *records;
} choices[] = {
    { "51 08 16", "02 16 C8 01" },
    { "51 08 16 08 5A", "02 5A 00 02 02 16 C8 01" },
    { "51 48 5A", "44 5A 2C 01 00 00" },
    { "51 C8 0F 5A", "02 5A 00 02 44 5A 2C 01 00 00" },
    { "51 08 FD 49", "02 FD 49 D2 04" },
    { "51 08 FD C8 FC 01", "02 FD C8 FC 01 08 09" }, /* FC 01 is no action */
    { "51 C8 3F 7E", ALL },
    { "51 C8 FF 7F 7E", ALL },
    { "51 7F", ALL },
    { "51 08 13", "00 93 0C" },
    { "51 88 02 16", "80 02 96 02" },
    { "51 08 16 08 13", "02 16 C8 01 00 93 0C" },
    { "51 28 7E", "" },
    { "51 2F 08 16 2F", "02 16 C8 01" },
};

static void a_choice_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
        struct conversation c;

        rich_begin(&c);
        DONE(&c, 1 * SECOND, 5, choices[i].write);
        assert_int_equal(c.n_stores, 0); /* until CI 50 or the end of the program */
        READS(&c, 2 * SECOND, choices[i].records);
    }
}

/* The lifetime: a new list replaces the old, 7F and CI 50 end it, SND_NKE does not. */
static void how_long_a_choice_lives(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    DONE(&c, 1 * SECOND, 5, "51 08 16");
    DONE(&c, 2 * SECOND, 5, "51 08 5A");
    READS(&c, 3 * SECOND, "02 5A 00 02");
    EXPECT(&c, 4 * SECOND, SHORT(0x40, 5), "E5");
    SILENCE(&c, 5 * SECOND, SHORT(0x40, 0xFF), SLAVE_SILENT);
    READS(&c, 6 * SECOND, "02 5A 00 02");
    DONE(&c, 7 * SECOND, 5, "51 7F");
    READS(&c, 8 * SECOND, ALL);
    DONE(&c, 9 * SECOND, 5, "51 08 5A");
    DONE(&c, 10 * SECOND, 5, "50");
    READS(&c, 11 * SECOND, ALL);
    DONE(&c, 12 * SECOND, 5, "51 08 5A");
    DONE(&c, 13 * SECOND, 5, "51 02 16 C8 01"); /* a value is another matter */
    READS(&c, 14 * SECOND, "02 5A 00 02");
    REFUSED(&c, 15 * SECOND, 5, "51 08 16 02 FD 49 FF FF"); /* refused: the old one stays */
    READS(&c, 16 * SECOND, "02 5A 00 02");
    DONE(&c, 17 * SECOND, 5, "50 7F"); /* an unknown type: the default */
    READS(&c, 18 * SECOND, ALL);
}

/* mbus-protocol 5.4: the next REQ_UD2 of either FCB, on every way, gets the new telegram 1. */
static void a_choice_rewinds_every_path(void **state)
{
    static const uint8_t fcbs[] = { 0x5B, 0x7B }, ways[] = { 5, 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(fcbs) * ARRAY_SIZE(ways); i++) {
        struct conversation c;
        uint8_t read = fcbs[i % 2], way = ways[i / 2];

        rich_begin(&c);
        EXPECT(&c, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
        hear(&c, 2 * SECOND, SHORT(0x7B, 5));
        hear(&c, 3 * SECOND, SHORT(0x7B, 0xFD));
        DONE(&c, 4 * SECOND, 5, "51 08 16");
        hear(&c, 5 * SECOND, SHORT(read, way));
        assert_hex(slave_output(&c.slave)->bytes + 15, 8, "02 00 00 00 02 16 C8 01");
        assert_true(c.members[0].readout.n_list > 0);
    }
}

/* One list per meter and port: another bus reads what it has chosen itself. */
static void a_choice_is_of_one_bus(void **state)
{
    struct conversation a, b;

    (void)state;
    rich_begin(&a);
    conversation_share(&b, &a);
    DONE(&a, 1 * SECOND, 5, "51 08 16");
    READS(&b, 2 * SECOND, ALL);
    DONE(&b, 3 * SECOND, 5, "51 08 5A");
    READS(&a, 4 * SECOND, "02 16 C8 01");
    DONE(&b, 5 * SECOND, 5, "50");
    READS(&a, 6 * SECOND, "02 16 C8 01");
}

/* A frame full of entries is as long as a list can be. */
static void the_longest_list(void **state)
{
    struct conversation c;
    char write[3 * FRAME_MAX] = "51";

    (void)state;
    rich_begin(&c);
    for (size_t i = 0; i < 125; i++)
        strcat(write, " 08 16");
    strcat(write, " 7F"); /* read in order: everything, which what came before is part of */
    DONE(&c, 1 * SECOND, 5, write);
    READS(&c, 2 * SECOND, ALL);
    for (size_t i = 0; i < 3; i++)
        write[strlen(write) - 1] = '\0';
    strcat(write, " 08 5A");
    DONE(&c, 3 * SECOND, 5, write);
    assert_int_equal(c.members[0].readout.n_list, 252);
    READS(&c, 4 * SECOND, "02 5A 00 02 02 16 C8 01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_choice_is_read),
        cmocka_unit_test(how_long_a_choice_lives),
        cmocka_unit_test(a_choice_rewinds_every_path),
        cmocka_unit_test(a_choice_is_of_one_bus),
        cmocka_unit_test(the_longest_list),
    };

    return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}
