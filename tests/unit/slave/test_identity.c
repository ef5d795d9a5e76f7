#include "tests/unit/slave/rich.h"

/* ---- the primary address, mbus-protocol 13.1 ---- */

/* Every value there is: 251 to 255 are refused (mbus-protocol 6, 13.1), and 128 and up have the
 * highest bit set.
 */
static void every_address(void **state)
{
    (void)state;
    for (unsigned address = 0; address <= 255; address++) {
        struct conversation c;
        char write[16];

        snprintf(write, sizeof(write), "51 01 7A %02X", address);
        rich_begin(&c);
        if (address > 250) {
            REFUSED(&c, 1 * SECOND, 5, write);
            EXPECT(&c, 2 * SECOND, SHORT(0x40, 5), "E5");
            continue;
        }
        DONE(&c, 1 * SECOND, 5, write);
        assert_int_equal(c.meters[0].now.address, address);
        assert_int_equal(c.n_stores, 1);
        EXPECT(&c, 2 * SECOND, SHORT(0x40, (uint8_t)address), "E5");
        if (address != 5)
            SILENCE(&c, 3 * SECOND, SHORT(0x40, 5), SLAVE_OTHER_ADDRESS);
    }
}

/* Forms that a number can have, and what is no address of this meter. */
static const struct {
    const char *write;
    int address; /* -1: refused */
} addresses[] = {
    { "51 01 7A 08", 8 },
    { "51 02 7A FA 00", 250 },
    { "51 02 7A FB 00", -1 },
    { "51 02 7A 08 01", -1 }, /* 264 */
    { "51 04 7A 08 00 00 00", 8 },
    { "51 04 7A 08 00 00 80", -1 },
    { "51 07 7A 08 00 00 00 00 00 00 00", 8 },
    { "51 07 7A FF FF FF FF FF FF FF FF", -1 },
    { "51 09 7A 77", 77 }, /* BCD */
    { "51 0A 7A 50 02", 250 },
    { "51 0A 7A 51 02", -1 },
    { "51 09 7A F8", -1 }, /* -8 */
    { "51 09 7A A8", -1 },
    { "51 05 7A 00 00 00 41", -1 }, /* 8.0 */
    { "51 00 7A", -1 },
    { "51 0D 7A 01 38", -1 },
    { "51 01 FA 00 08", 8 },  /* VIFE 00: write */
    { "51 01 FA 01 08", -1 }, /* add */
    { "51 00 FA 07", -1 },    /* clear */
    { "51 01 FA 0A 08", -1 }, /* delayed */
    { "51 41 7A 08", -1 },    /* storage 1 */
    { "51 81 10 7A 08", -1 }, /* tariff 1 */
    { "51 81 40 7A 08", -1 }, /* subunit 1 */
    { "51 11 7A 08", -1 },    /* a maximum */
    { "51 01 7E 08", -1 },    /* any VIF */
    { "51 01 7A", -1 },       /* cut off */
    { "51 01 7A 08 01 7A 09", 9 },
    { "51 01 7A 08 01 7A FD", -1 }, /* all or none */
};

static void forms_of_an_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
        struct conversation c;

        rich_begin(&c);
        if (addresses[i].address < 0) {
            REFUSED(&c, 1 * SECOND, 5, addresses[i].write);
            continue;
        }
        DONE(&c, 1 * SECOND, 5, addresses[i].write);
        assert_int_equal(c.meters[0].now.address, addresses[i].address);
    }
}

/* mbus-protocol 13.1: by the old address, by 254 and by 253; both C fields of SND_UD, and those
 * without FCV. */
static void ways_to_set_the_address(void **state)
{
    static const uint8_t c_fields[] = { 0x53, 0x73, 0x43, 0x63 }, ways[] = { 5, 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(c_fields) * ARRAY_SIZE(ways); i++) {
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, 1 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5");
        EXPECT(&c, 2 * SECOND, LONG(c_fields[i / 3], ways[i % 3], "51 01 7A 08"), "E5");
        assert_int_equal(c.meters[0].now.address, 8);
        /* The selection stays, and an answer has the new address. */
        assert_int_equal(hear(&c, 3 * SECOND, "10 7B FD 78 16").verdict, SLAVE_ANSWER);
        assert_int_equal(slave_output(&c.slave)->bytes[5], 8);
    }
}

/* mbus-protocol 13.1 and 6: 255 is carried out and not answered; nobody at another address. */
static void the_address_by_broadcast(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    SILENCE(&c, 1 * SECOND, LONG(0x73, 6, "51 01 7A 08"), SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 2 * SECOND, LONG(0x73, 0xFD, "51 01 7A 08"), SLAVE_OTHER_ADDRESS);
    assert_int_equal(c.meters[0].now.address, 5);
    SILENCE(&c, 3 * SECOND, LONG(0x73, 0xFF, "51 01 7A 08"), SLAVE_SILENT);
    assert_int_equal(c.meters[0].now.address, 8);
    assert_int_equal(c.n_stores, 1);
}

/* mbus-protocol 13.1: the address is new, and so is the FCB memory of its path. */
static void a_new_address_has_no_memory(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    assert_int_equal(hear(&c, 1 * SECOND, SHORT(0x7B, 5)).verdict, SLAVE_ANSWER);
    DONE(&c, 2 * SECOND, 5, "51 01 7A 08");
    assert_true(c.members[0].path.readout.fcb.virgin);
    assert_true(c.members[0].path.write.fcb.virgin);
    assert_int_equal(hear(&c, 3 * SECOND, SHORT(0x7B, 8)).verdict, SLAVE_ANSWER);
    assert_int_equal(slave_output(&c.slave)->bytes[15], 1); /* a fresh telegram */
}

/* ---- identification, mbus-protocol 13.2 ---- */

/* "" where it is refused; else the eight bytes of the header that follow. */
static const struct {
    const char *write, *header;
    uint8_t allow;
} idents[] = {
    { "51 0C 79 04 03 02 01", "04 03 02 01 74 52 01 00", METER_ALLOW_ID },
    { "51 0C 79 99 99 99 99", "99 99 99 99 74 52 01 00", METER_ALLOW_ID },
    { "51 0C 79 00 00 00 00", "00 00 00 00 74 52 01 00", METER_ALLOW_ID },
    { "51 0C F9 00 04 03 02 01", "04 03 02 01 74 52 01 00", METER_ALLOW_ID },
    { "51 07 79 04 03 02 01 74 52 01 07", "04 03 02 01 74 52 01 07", ALLOW_ALL },
    { "51 07 79 04 03 02 01 24 40 01 04", "04 03 02 01 24 40 01 04", ALLOW_ALL }, /* D48: PAD */
    { "51 02 FD 0A 24 40", "78 56 34 12 24 40 01 00", METER_ALLOW_IDENTITY },
    { "51 01 FD 09 07", "78 56 34 12 74 52 01 07", METER_ALLOW_IDENTITY },
    { "51 01 FD 0C 22", "78 56 34 12 74 52 22 00", METER_ALLOW_IDENTITY },
    { "51 01 FD 0C FE", "78 56 34 12 74 52 FE 00", METER_ALLOW_IDENTITY },
    { "51 01 FD 09 07 01 FD 0C 22 02 FD 0A 24 40 0C 79 04 03 02 01", "04 03 02 01 24 40 22 07",
      ALLOW_ALL },
    /* without permission for the rest, the rest must be our own */
    { "51 07 79 04 03 02 01 74 52 01 00", "04 03 02 01 74 52 01 00", METER_ALLOW_ID },
    { "51 07 79 04 03 02 01 24 40 01 00", "", METER_ALLOW_ID },
    { "51 07 79 04 03 02 01 74 52 02 00", "", METER_ALLOW_ID },
    { "51 07 79 04 03 02 01 74 52 01 07", "", METER_ALLOW_ID },
    { "51 07 79 78 56 34 12 24 40 01 04", "78 56 34 12 24 40 01 04", METER_ALLOW_IDENTITY },
    { "51 07 79 04 03 02 01 24 40 01 04", "", METER_ALLOW_IDENTITY },
    { "51 0C 79 04 03 02 01", "", METER_ALLOW_IDENTITY },
    { "51 0C 79 04 03 02 01", "", ALLOW_ALL ^ METER_ALLOW_ID },
    { "51 01 FD 09 07", "", ALLOW_ALL ^ METER_ALLOW_IDENTITY },
    { "51 02 FD 0A 24 40", "", ALLOW_ALL ^ METER_ALLOW_IDENTITY },
    { "51 01 FD 0C 22", "", ALLOW_ALL ^ METER_ALLOW_IDENTITY },
    /* no digits, no letters, a wildcard */
    { "51 0C 79 0A 03 02 01", "", ALLOW_ALL },
    { "51 0C 79 04 03 02 A1", "", ALLOW_ALL },
    { "51 0C 79 04 03 02 F1", "", ALLOW_ALL },
    { "51 0C 79 FF FF FF FF", "", ALLOW_ALL },
    { "51 07 79 04 03 02 1F 74 52 01 07", "", ALLOW_ALL },
    { "51 07 79 04 03 02 01 74 52 01 FF", "", ALLOW_ALL },
    { "51 07 79 04 03 02 01 FF FF 01 07", "", ALLOW_ALL },
    { "51 07 79 04 03 02 01 74 D2 01 07", "", ALLOW_ALL }, /* bit 15 (mbus-protocol 10.2) */
    { "51 02 FD 0A 00 00", "", ALLOW_ALL },
    { "51 02 FD 0A 20 04", "", ALLOW_ALL },                        /* 0420: one before AAA */
    { "51 02 FD 0A 21 04", "78 56 34 12 21 04 01 00", ALLOW_ALL }, /* AAA */
    { "51 02 FD 0A 5A 6B", "78 56 34 12 5A 6B 01 00", ALLOW_ALL }, /* ZZZ */
    { "51 02 FD 0A 5B 6B", "", ALLOW_ALL },
    { "51 01 FD 09 FF", "", ALLOW_ALL },
    /* other widths and places */
    { "51 0E 79 04 03 02 01 00 00", "", ALLOW_ALL },
    { "51 04 79 04 03 02 01", "", ALLOW_ALL },
    { "51 0B 79 04 03 02", "", ALLOW_ALL },
    { "51 01 FD 0A 24", "", ALLOW_ALL },
    { "51 02 FD 09 07 00", "", ALLOW_ALL },
    { "51 02 FD 0C 07 00", "", ALLOW_ALL },
    { "51 4C 79 04 03 02 01", "", ALLOW_ALL },
    { "51 01 FD 7E 07", "", ALLOW_ALL }, /* any of a table is no address */
    /* read only: the fabrication number is the maker's */
    { "51 0C 78 04 03 02 01", "", ALLOW_ALL },
    { "51 0D 78 04 31 32 33 34", "", ALLOW_ALL },
};

static void forms_of_an_identification(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(idents); i++) {
        struct conversation c;
        struct meter_def def = rich_def;

        def.allow = idents[i].allow;
        conversation_with(&c, &def, 1);
        if (idents[i].header[0] == '\0') {
            REFUSED(&c, 1 * SECOND, 5, idents[i].write);
            continue;
        }
        DONE(&c, 1 * SECOND, 5, idents[i].write);
        assert_int_equal(c.n_stores, 1);
        assert_int_equal(hear(&c, 2 * SECOND, SHORT(0x5B, 5)).verdict, SLAVE_ANSWER);
        assert_hex(slave_output(&c.slave)->bytes + 7, 8, idents[i].header);
    }
}

/* mbus-protocol 13.2: a selected slave stays selected; from then on it is found by its new number.
 */
static void a_new_id_is_found(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    EXPECT(&c, 1 * SECOND, LONG(0x73, 0xFD, "52 78 56 34 12 FF FF FF FF"), "E5");
    DONE(&c, 2 * SECOND, 0xFD, "51 0C 79 04 03 02 01");
    assert_int_equal(hear(&c, 3 * SECOND, SHORT(0x5B, 0xFD)).verdict, SLAVE_ANSWER);
    slave_settle(&c.slave, 3 * SECOND, SLAVE_SENT);
    SILENCE(&c, 4 * SECOND, LONG(0x73, 0xFD, "52 78 56 34 12 FF FF FF FF"), SLAVE_SILENT);
    EXPECT(&c, 5 * SECOND, LONG(0x73, 0xFD, "52 04 03 02 01 74 52 01 00"), "E5");
}

/* mbus-protocol 5.4: a new id changes what is read. */
static void a_new_id_rewinds(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    assert_int_equal(hear(&c, 1 * SECOND, SHORT(0x7B, 5)).verdict, SLAVE_ANSWER);
    DONE(&c, 2 * SECOND, 5, "51 0C 79 04 03 02 01");
    assert_int_equal(hear(&c, 3 * SECOND, SHORT(0x7B, 5)).verdict, SLAVE_ANSWER);
    assert_hex(slave_output(&c.slave)->bytes + 7, 9, "04 03 02 01 74 52 01 00 01");
}

/* An id with other digits, from the configuration, hinders no other change. */
static void an_odd_id_may_stay(void **state)
{
    struct conversation c;
    struct meter_def def = rich_def;

    (void)state;
    def.ident.id = 0x1234567A;
    conversation_with(&c, &def, 1);
    DONE(&c, 1 * SECOND, 5, "51 01 FD 09 07");
    DONE(&c, 2 * SECOND, 5, "51 07 79 7A 56 34 12 74 52 02 07");
    assert_int_equal(c.meters[0].now.ident.id, 0x1234567A);
    REFUSED(&c, 3 * SECOND, 5, "51 0C 79 7B 56 34 12");
    DONE(&c, 4 * SECOND, 5, "51 0C 79 04 03 02 01");
}

/* mbus-protocol 11.2: the fixed structure has four bits for the medium. */
static void the_fixed_structure_has_few_media(void **state)
{
    struct conversation c;
    struct meter_def def = rich_def;

    (void)state;
    def.structure = METER_FIXED;
    conversation_with(&c, &def, 1);
    DONE(&c, 1 * SECOND, 5, "51 01 FD 09 07");
    DONE(&c, 2 * SECOND, 5, "51 07 79 04 03 02 01 74 52 01 15");
    REFUSED(&c, 3 * SECOND, 5, "51 01 FD 09 16");
    REFUSED(&c, 4 * SECOND, 5, "51 07 79 04 03 02 01 74 52 01 20");
}

/* A record of our own at such a VIF, when it may be written, goes first. */
static void an_own_record_goes_first(void **state)
{
    struct meter_record own = { .wire = { .dib = { .data_field = DATA_FIELD_BCD8 },
                                          .vib = { .bytes = { 0x79 }, .n = 1 },
                                          .value = { .integer = 1 } },
                                .writable = true,
                                .max = { .integer = 99999999 } };
    struct meter_def def = rich_def;
    struct conversation c;

    (void)state;
    def.records = &own;
    def.n_records = 1;
    conversation_with(&c, &def, 1);
    DONE(&c, 1 * SECOND, 5, "51 0C 79 04 03 02 01");
    assert_int_equal(rich_value(&c, 0), 1020304);
    assert_int_equal(c.meters[0].now.ident.id, 0x12345678);
    own.writable = false;
    DONE(&c, 2 * SECOND, 5, "51 0C 79 05 03 02 01");
    assert_int_equal(c.meters[0].now.ident.id, 0x01020305);
}

/* ---- date and time, mbus-protocol 13.3 ---- */

#define DAY ((int64_t)SECONDS_PER_DAY)
#define HM(hour, minute) (((hour)*60 + (minute)) * 60)

/* The system says 2024-05-10 08:00:00. */
static const struct {
    const char *write;
    int64_t shown; /* seconds since that day began; -1: refused */
} moments[] = {
    { "51 04 6D 22 0C 11 35", 7 * DAY + HM(12, 34) }, /* 17.5.2024 12:34, hundred-year 0 */
    { "51 04 6D 22 2C 11 35", 7 * DAY + HM(12, 34) }, /* and 1 */
    { "51 06 6D 2D 22 0C 11 35 00", 7 * DAY + HM(12, 34) + 45 },
    { "51 02 6C 11 35", 7 * DAY + HM(8, 0) },                       /* date alone */
    { "51 03 6D 3B 30 0B", HM(11, 48) + 59 },                       /* time alone */
    { "51 02 6C 11 35 03 6D 3B 30 0B", 7 * DAY + HM(11, 48) + 59 }, /* one and the other */
    { "51 04 ED 00 22 0C 11 35", 7 * DAY + HM(12, 34) },
    { "51 04 6D A2 0C 11 35", -1 }, /* invalid */
    { "51 04 6D 22 0C 1F 36", -1 }, /* 31 June */
    { "51 04 6D 3F 1F 00 FF", -1 }, /* every */
    { "51 02 6C FF FF", -1 },
    { "51 03 6D FF FF FF", -1 },
    { "51 06 6D 2D A2 0C 11 35 00", -1 },
    { "51 02 6D 11 35", -1 }, /* no type of this VIF */
    { "51 04 6C 22 0C 11 35", -1 },
    { "51 03 6C 11 35 00", -1 },
    { "51 05 6D 22 0C 11 35", -1 }, /* a real */
    { "51 0C 6D 22 0C 11 35", -1 }, /* BCD */
    { "51 00 6D", -1 },
    { "51 44 6D 22 0C 11 35", -1 },    /* storage 1 */
    { "51 04 ED 01 22 0C 11 35", -1 }, /* add */
    { "51 02 EC 7E 11 35", -1 },       /* a future date is not today's */
    { "51 02 6C 11 35 02 6C FF FF", -1 },
};

static void forms_of_a_moment(void **state)
{
    const int64_t today = datetime_day(2024, 5, 10) * DAY;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(moments); i++) {
        struct conversation c;
        struct meter_def def = rich_def;

        def.allow = METER_ALLOW_CLOCK;
        conversation_with(&c, &def, 1);
        c.local = today + HM(8, 0);
        if (moments[i].shown < 0) {
            REFUSED(&c, 1 * SECOND, 5, moments[i].write);
            continue;
        }
        DONE(&c, 1 * SECOND, 5, moments[i].write);
        assert_true(c.local + c.meters[0].now.clock_offset == today + moments[i].shown);
        assert_int_equal(c.n_stores, 1);
    }
}

/* Only where a master may set the clock. */
static void the_clock_needs_permission(void **state)
{
    struct conversation c;
    struct meter_def def = rich_def;

    (void)state;
    def.allow = ALLOW_ALL ^ METER_ALLOW_CLOCK;
    conversation_with(&c, &def, 1);
    REFUSED(&c, 1 * SECOND, 5, "51 04 6D 22 0C 11 35");
    REFUSED(&c, 2 * SECOND, 5, "51 02 6C 11 35");
    REFUSED(&c, 3 * SECOND, 5, "51 03 6D 3B 30 0B");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_address),
        cmocka_unit_test(forms_of_an_address),
        cmocka_unit_test(ways_to_set_the_address),
        cmocka_unit_test(the_address_by_broadcast),
        cmocka_unit_test(a_new_address_has_no_memory),
        cmocka_unit_test(forms_of_an_identification),
        cmocka_unit_test(a_new_id_is_found),
        cmocka_unit_test(a_new_id_rewinds),
        cmocka_unit_test(an_odd_id_may_stay),
        cmocka_unit_test(the_fixed_structure_has_few_media),
        cmocka_unit_test(an_own_record_goes_first),
        cmocka_unit_test(forms_of_a_moment),
        cmocka_unit_test(the_clock_needs_permission),
    };

    return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
