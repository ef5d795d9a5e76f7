#include "tests/unit/slave/rich.h"

/* Answers of several telegrams, through the slave (mbus-protocol 12). */

#define SELECT LONG(0x53, 0xFD, "52 78 56 34 12 74 52 01 00")

/* Three telegrams of one record: L = 22 leaves room for 6 bytes behind the header and the 1F. */
static struct meter_record three[3];

static struct meter_def three_def(void)
{
    struct meter_def def = rich_def;

    for (size_t i = 0; i < ARRAY_SIZE(three); i++)
        three[i] =
            (struct meter_record){ .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                                             .vib = { .bytes = { 0x16 }, .n = 1 },
                                             .value = { .integer = (int64_t)(10 * (i + 1)) } },
                                   .writable = true,
                                   .max = { .integer = 30000 } };
    three[1].wire.vib.bytes[0] = 0x17;
    three[2].wire.vib.bytes[0] = 0x18;
    def.records = three;
    def.n_records = ARRAY_SIZE(three);
    def.max_telegram = 21;
    return def;
}

static void begin(struct conversation *c)
{
    struct meter_def def = three_def();

    conversation_with(c, &def, 1);
}

/* A REQ_UD2, the value that comes, its access number, and whether more follow. */
static void reads_(struct conversation *c, usec_t now, uint8_t cf, uint8_t a, unsigned value,
                   uint8_t access, bool more, const char *file, int line)
{
    const struct slave_answer *out;

    _assert_int_equal(hear(c, now, SHORT(cf, a)).verdict, SLAVE_ANSWER, file, line);
    out = slave_output(&c->slave);
    _assert_int_equal(out->bytes[5], 5, file, line);
    _assert_int_equal(out->bytes[15], access, file, line);
    _assert_int_equal((unsigned)(out->bytes[21] | out->bytes[22] << 8), value, file, line);
    _assert_int_equal(out->bytes[out->n - 3] == 0x1F, more, file, line);
    _assert_int_equal(out->n, more ? 26 : 25, file, line);
    slave_settle(&c->slave, now, SLAVE_SENT);
}
#define READS(c, now, cf, a, value, access, more)                                                  \
    reads_(c, now, cf, a, value, access, more, __FILE__, __LINE__)

/* mbus-protocol 16.8, byte by byte; the first is one with several records less. */
static void two_telegrams_byte_by_byte(void **state)
{
    static const char *const second =
        "68 13 13 68 08 05 72 78 56 34 12 74 52 01 00 01 00 00 00 02 16 C8 01 3C 16";
    struct meter_def def = conversation_def;
    struct conversation c;

    (void)state;
    def.address = 5;
    def.max_telegram = 22; /* 19 bytes: the header, five of the first record and the 1F */
    conversation_with(&c, &def, 1);
    EXPECT(&c, 1 * SECOND, "10 40 05 45 16", "E5");
    EXPECT(&c, 2 * SECOND, "10 7B 05 80 16",
           "68 15 15 68 08 05 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 1F 97 16");
    EXPECT(&c, 3 * SECOND, "10 5B 05 60 16", second);
    EXPECT(&c, 4 * SECOND, "10 5B 05 60 16", second);
    EXPECT(&c, 5 * SECOND, "10 7B 05 80 16",
           "68 15 15 68 08 05 72 78 56 34 12 74 52 01 00 02 00 00 00 02 FD 49 D2 04 1F 99 16");
}

/* Toggled goes on, repeated repeats, behind the last it is telegram 1 again. */
static void a_sequence_on_both_paths(void **state)
{
    static const uint8_t ways[] = { 5, 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct conversation c;
        uint8_t a = ways[i];

        begin(&c);
        EXPECT(&c, SECOND / 2, SELECT, "E5");
        READS(&c, 1 * SECOND, 0x7B, a, 10, 0, true);
        READS(&c, 2 * SECOND, 0x5B, a, 20, 1, true);
        READS(&c, 3 * SECOND, 0x5B, a, 20, 1, true);
        READS(&c, 4 * SECOND, 0x7B, a, 30, 2, false);
        READS(&c, 5 * SECOND, 0x7B, a, 30, 2, false);
        READS(&c, 6 * SECOND, 0x5B, a, 10, 3, true);
        READS(&c, 7 * SECOND, 0x7B, a, 20, 4, true);
        READS(&c, 8 * SECOND, 0x4B, a, 10, 5, true); /* FCV = 0: a new session */
    }
}

/* What rewinds to telegram 1, and what does not: requests to others, and on the other path. */
static const struct {
    const char *frame;
    bool rewinds;
} between[] = {
    { "10 40 05 45 16", true }, /* SND_NKE on the path */
    { "10 40 FE 3E 16", true },
    { "10 40 FF 3F 16", true },
    { "10 40 FD 3D 16", true },                   /* mbus-protocol 5.3 */
    { "68 03 03 68 53 05 50 A8 16", true },       /* application reset */
    { "68 05 05 68 53 05 51 08 16 C7 16", true }, /* a list for the readout */
    { "68 04 04 68 53 05 51 7F 28 16", true },
    { "68 07 07 68 53 05 51 02 16 0A 00 CB 16", true },              /* any executed SND_UD */
    { "68 06 06 68 53 05 51 01 7A FD 21 16", false },                /* a refused one */
    { "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", false }, /* the other path's */
    { "10 40 06 46 16", false },
    { "10 7B 06 81 16", false },
    { "10 49 05 4E 16", false },
    { "10 7A 05 7F 16", false },
    { "10 4F 05 54 16", false },
    { "10 40 05 46 16", false }, /* broken */
};

static void what_rewinds(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(between); i++) {
        struct conversation c;
        bool all = i == 5; /* the list is one record: telegram 1 is the last */

        begin(&c);
        READS(&c, 1 * SECOND, 0x7B, 5, 10, 0, true);
        hear(&c, 2 * SECOND, between[i].frame);
        if (slave_output(&c.slave) != NULL)
            slave_settle(&c.slave, 2 * SECOND, SLAVE_SENT);
        if (between[i].rewinds)
            READS(&c, 3 * SECOND, 0x5B, 5, 10, 1, !all);
        else
            READS(&c, 3 * SECOND, 0x5B, 5, 20, 1, true);
    }
}

/* The selected path: its selection rewinds it, a readout of the primary path does not. */
static void the_selected_path_rewinds(void **state)
{
    struct conversation c;

    (void)state;
    begin(&c);
    EXPECT(&c, 1 * SECOND, SELECT, "E5");
    READS(&c, 2 * SECOND, 0x7B, 0xFD, 10, 0, true);
    READS(&c, 3 * SECOND, 0x7B, 5, 10, 1, true);
    READS(&c, 4 * SECOND, 0x5B, 0xFD, 20, 2, true);
    READS(&c, 5 * SECOND, 0x5B, 5, 20, 3, true);
    EXPECT(&c, 6 * SECOND, SELECT, "E5");
    READS(&c, 7 * SECOND, 0x7B, 0xFD, 10, 4, true);
    READS(&c, 8 * SECOND, 0x7B, 5, 30, 5, false);
}

/* T_repeat and T_session (mbus-protocol 5.4). */
static void times_of_a_sequence(void **state)
{
    struct conversation c;

    (void)state;
    begin(&c);
    READS(&c, 1 * SECOND, 0x7B, 5, 10, 0, true);
    READS(&c, 11 * SECOND, 0x7B, 5, 10, 0, true);
    READS(&c, 100 * SECOND, 0x5B, 5, 20, 1, true);
    READS(&c, 200 * SECOND, 0x5B, 5, 10, 2, true); /* a repeat at any age skips nothing */
    READS(&c, 320 * SECOND, 0x7B, 5, 20, 3, true);
    READS(&c, 440 * SECOND + 1, 0x5B, 5, 10, 4, true); /* too late: begun again */
}

/* One snapshot for all telegrams: values that sources change meanwhile come in the next. */
static void values_belong_together(void **state)
{
    static const uint8_t ways[] = { 5, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct conversation c;
        uint8_t a = ways[i];

        begin(&c);
        EXPECT(&c, SECOND / 2, SELECT, "E5");
        READS(&c, 1 * SECOND, 0x7B, a, 10, 0, true);
        for (size_t j = 0; j < 3; j++)
            c.meters[0].now.cells[j].value.integer++;
        READS(&c, 2 * SECOND, 0x7B, a, 10, 0, true);
        READS(&c, 3 * SECOND, 0x5B, a, 20, 1, true);
        READS(&c, 4 * SECOND, 0x7B, a, 30, 2, false);
        READS(&c, 5 * SECOND, 0x5B, a, 11, 3, true);
        READS(&c, 6 * SECOND, 0x7B, a, 21, 4, true);
    }
}

/* Two paths have two snapshots. */
static void each_path_has_its_snapshot(void **state)
{
    struct conversation c;

    (void)state;
    begin(&c);
    EXPECT(&c, SECOND / 2, SELECT, "E5");
    READS(&c, 1 * SECOND, 0x7B, 5, 10, 0, true);
    c.meters[0].now.cells[1].value.integer = 21;
    READS(&c, 2 * SECOND, 0x7B, 0xFD, 10, 1, true);
    c.meters[0].now.cells[1].value.integer = 22;
    READS(&c, 3 * SECOND, 0x5B, 5, 20, 2, true);
    READS(&c, 4 * SECOND, 0x5B, 0xFD, 21, 3, true);
}

/* mbus-protocol 12: a value that a master writes makes the stored copies of every path of the meter
 * old, those of another bus too: no telegram shows half of it. */
static void a_value_is_written_on_another_bus(void **state)
{
    struct conversation a, b;

    (void)state;
    begin(&a);
    conversation_share(&b, &a);
    EXPECT(&a, SECOND / 2, SELECT, "E5");
    READS(&a, 1 * SECOND, 0x7B, 5, 10, 0, true);
    READS(&a, 2 * SECOND, 0x7B, 0xFD, 10, 1, true);
    EXPECT(&b, 3 * SECOND, LONG(0x53, 5, "51 02 17 15 00"), "E5"); /* 21 */
    READS(&a, 4 * SECOND, 0x5B, 5, 10, 2, true);
    READS(&a, 5 * SECOND, 0x7B, 0xFD, 10, 3, true);
    READS(&a, 6 * SECOND, 0x7B, 5, 21, 4, true);
    /* One that could not be kept there has not happened here. */
    b.store_fails = true;
    hear(&b, 7 * SECOND, LONG(0x73, 5, "51 02 17 16 00"));
    READS(&a, 8 * SECOND, 0x5B, 5, 30, 5, false);
}

/* An address that is set on one bus holds on the other when that is told. */
static void an_address_is_set_on_another_bus(void **state)
{
    struct conversation a, b;

    (void)state;
    begin(&a);
    conversation_share(&b, &a);
    EXPECT(&b, 1 * SECOND, LONG(0x53, 5, "51 01 7A 08"), "E5");
    slave_update_addresses(&a.slave);
    SILENCE(&a, 2 * SECOND, SHORT(0x40, 5), SLAVE_OTHER_ADDRESS);
    EXPECT(&a, 3 * SECOND, SHORT(0x40, 8), "E5");
}

/* mbus-protocol 14.1 in the midst: an error is told in the place of a telegram, and the sequence
 * goes on. */
static void an_error_amid_a_sequence(void **state)
{
    struct conversation c;
    static const char *const told = "68 04 04 68 08 05 70 12 8F 16";

    (void)state;
    begin(&c);
    c.defs[0].on_refused = METER_REFUSAL_ERROR;
    READS(&c, 1 * SECOND, 0x7B, 5, 10, 0, true);
    EXPECT(&c, 2 * SECOND, LONG(0x53, 5, "51 02 16 FF FF"), "E5");
    READS(&c, 3 * SECOND, 0x7B, 5, 10, 0, true); /* a repeat stays one */
    EXPECT(&c, 4 * SECOND, SHORT(0x5B, 5), told);
    EXPECT(&c, 5 * SECOND, SHORT(0x5B, 5), told);
    READS(&c, 6 * SECOND, 0x7B, 5, 20, 1, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_telegrams_byte_by_byte),
        cmocka_unit_test(a_sequence_on_both_paths),
        cmocka_unit_test(what_rewinds),
        cmocka_unit_test(the_selected_path_rewinds),
        cmocka_unit_test(times_of_a_sequence),
        cmocka_unit_test(values_belong_together),
        cmocka_unit_test(each_path_has_its_snapshot),
        cmocka_unit_test(a_value_is_written_on_another_bus),
        cmocka_unit_test(an_address_is_set_on_another_bus),
        cmocka_unit_test(an_error_amid_a_sequence),
    };

    return cmocka_run_group_tests_name("sequence", tests, NULL, NULL);
}
