#include "tests/unit/slave/rich.h"

#include "mbus/link.h"

/* ---- every CI field, mbus-protocol 8.1 ---- */

/* Acknowledged as a control frame, without data; all else is none of ours, or wants a header. */
static bool is_acknowledged(unsigned ci)
{
    return ci == CI_RESET || ci == CI_DATA || ci == CI_SYNCHRONISE_OLD || ci == CI_SYNCHRONISE ||
           (ci >= CI_RATE_FIRST && ci <= CI_RATE_LAST);
}

/* What lasts of a meter, and what is remembered of its primary path. */
struct remembered {
    struct meter meter;
    struct meter_cell cells[RICH_CELLS];
    struct readout readout;
    struct path path;
    unsigned rate, asked;
};

static void remember(const struct conversation *c, struct remembered *ret)
{
    memset(ret, 0, sizeof(*ret));
    memcpy(&ret->meter, &c->meters[0], sizeof(ret->meter));
    memset(&ret->meter.draft, 0, sizeof(ret->meter.draft)); /* what was dropped, is scribble */
    memset(&ret->meter.draft_clock, 0, sizeof(ret->meter.draft_clock));
    memset(ret->meter.delayed, 0, sizeof(ret->meter.delayed));
    ret->meter.draft_n_delayed = 0;
    memset(&ret->meter.tally, 0, sizeof(ret->meter.tally)); /* that it was asked, does last */
    memcpy(ret->cells, c->meters[0].now.cells, sizeof(ret->cells));
    memcpy(&ret->readout, &c->members[0].readout, sizeof(ret->readout));
    memcpy(&ret->path, &c->members[0].path, sizeof(ret->path));
    ret->rate = c->slave.rate.now;
    ret->asked = c->slave.rate.asked;
}

/* Not acknowledged means that nothing has changed: with data that would do much where they were
 * taken for records, and without. */
static void every_ci(void **state)
{
    static const char *const data[] = { "", " 01 7A 08 02 16 07 00", " 10",
                                        " 78 56 34 12 74 52 01 00 00 00 01 05 01 7A 08" };
    static const uint8_t ways[] = { 5, 0xFE };

    (void)state;
    for (unsigned i = 0; i < 256 * ARRAY_SIZE(data) * ARRAY_SIZE(ways); i++) {
        unsigned ci = i % 256, which = i / 256 % ARRAY_SIZE(data);
        uint8_t way = ways[i / 256 / ARRAY_SIZE(data)];
        struct remembered before, after;
        struct conversation c;
        char frame[64];

        snprintf(frame, sizeof(frame), "%02X%s", ci, data[which]);
        rich_begin(&c);
        hear(&c, 1 * SECOND, SHORT(0x7B, 5));
        slave_settle(&c.slave, 1 * SECOND, SLAVE_SENT);
        remember(&c, &before);
        hear(&c, 2 * SECOND, LONG(0x53, way, frame));
        if (which == 0)
            assert_int_equal(slave_output(&c.slave) != NULL, is_acknowledged(ci));
        if (slave_output(&c.slave) != NULL) {
            assert_hex(slave_output(&c.slave)->bytes, slave_output(&c.slave)->n, "E5");
            assert_true(is_acknowledged(ci) || ci == CI_DATA_SHORT || ci == CI_DATA_LONG ||
                        ci == CI_RESET_LONG);
            continue;
        }
        remember(&c, &after);
        assert_memory_equal(&before, &after, sizeof(before));
    }
}

/* mbus-protocol 7.1 and 7.7: CI 52 and 56 are selections at 253 alone; elsewhere nothing (tested in
 * every_ci). At 253 every other CI is for the selected one. */
static void every_ci_at_253(void **state)
{
    (void)state;
    for (unsigned ci = 0; ci < 256; ci++) {
        struct conversation c;
        char frame[64];

        snprintf(frame, sizeof(frame), "%02X", ci);
        rich_begin(&c);
        SILENCE(&c, 1 * SECOND, LONG(0x53, 0xFD, frame),
                ci == CI_SELECT || ci == CI_SELECT_MODE_2 ? SLAVE_SILENT : SLAVE_OTHER_ADDRESS);
        EXPECT(&c, 2 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
        hear(&c, 3 * SECOND, LONG(0x53, 0xFD, frame));
        assert_int_equal(slave_output(&c.slave) != NULL, is_acknowledged(ci));
    }
}

/* ---- headers of CI 51, 53, 5A, 5B ---- */

#define OWN "78 56 34 12 74 52 01 00 "
#define SHORT_HEADER "2A 00 00 00 " /* access, status, configuration */

static const struct {
    const char *frame;
    enum slave_verdict verdict;
    int64_t volume;
} headers[] = {
    { "51 02 16 07 00", SLAVE_ANSWER, 7 },
    { "5A " SHORT_HEADER "02 16 07 00", SLAVE_ANSWER, 7 },
    { "5A 2A FF 00 00 02 16 07 00", SLAVE_ANSWER, 7 },    /* the status is not looked at */
    { "5A 2A 00 00 05 02 16 07 00", SLAVE_REFUSED, 456 }, /* encrypted */
    { "5A 2A 00 01 00 02 16 07 00", SLAVE_REFUSED, 456 },
    { "5A 2A 00 00", SLAVE_REFUSED, 456 },
    { "5A", SLAVE_REFUSED, 456 },
    { "5B " OWN SHORT_HEADER "02 16 07 00", SLAVE_ANSWER, 7 },
    { "5B FF FF FF FF FF FF FF FF " SHORT_HEADER "02 16 07 00", SLAVE_ANSWER, 7 },
    { "5B FF FF FF 1F 74 52 FF FF " SHORT_HEADER "02 16 07 00", SLAVE_ANSWER, 7 },
    { "5B 79 56 34 12 74 52 01 00 " SHORT_HEADER "02 16 07 00", SLAVE_OTHER_ADDRESS, 456 },
    { "5B 78 56 34 12 74 52 01 07 " SHORT_HEADER "02 16 07 00", SLAVE_OTHER_ADDRESS, 456 },
    { "5B " OWN "2A 00 00 05 02 16 07 00", SLAVE_REFUSED, 456 },
    { "5B " OWN "2A 00 00", SLAVE_REFUSED, 456 },
    { "5B " OWN SHORT_HEADER "02 5A 07 00", SLAVE_REFUSED, 456 },
    { "5B " OWN SHORT_HEADER, SLAVE_ANSWER, 456 },
};

static void headers_before_the_records(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
        struct conversation c;

        rich_begin(&c);
        assert_int_equal(hear(&c, 1 * SECOND, LONG(0x53, 5, headers[i].frame)).verdict,
                         headers[i].verdict);
        assert_int_equal(slave_output(&c.slave) != NULL, headers[i].verdict == SLAVE_ANSWER);
        assert_true(rich_value(&c, VOLUME) == headers[i].volume);
    }
}

/* mbus-protocol 8.1, CI 53: the address in its header, then as CI 50. */
static void a_reset_with_a_header(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    DONE(&c, 1 * SECOND, 5, "53 " OWN SHORT_HEADER "20");
    assert_int_equal(c.members[0].readout.application, 0x20);
    SILENCE(&c, 2 * SECOND, LONG(0x53, 5, "53 79 56 34 12 74 52 01 00 " SHORT_HEADER),
            SLAVE_OTHER_ADDRESS);
    REFUSED(&c, 3 * SECOND, 5, "53 " OWN);
    assert_int_equal(c.members[0].readout.application, 0x20);
    DONE(&c, 4 * SECOND, 5, "53 " OWN SHORT_HEADER);
    assert_int_equal(c.members[0].readout.application, 0);
    SILENCE(&c, 5 * SECOND, LONG(0x53, 0xFF, "53 " OWN SHORT_HEADER "20"), SLAVE_SILENT);
    assert_int_equal(c.members[0].readout.application, 0x20);
}

/* ---- application reset, mbus-protocol 9 ---- */

/* Three telegrams in application 1 (its records 0 to 4), one in application 3, none in others but
 * the default, which has record 5. */
static struct meter_record numbered[6];

static struct meter_def numbered_def(void)
{
    struct meter_def def = rich_def;

    for (size_t i = 0; i < ARRAY_SIZE(numbered); i++)
        numbered[i] = (struct meter_record){ .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                                                       .vib = { .bytes = { 0x16 }, .n = 1 },
                                                       .value = { .integer = (int64_t)i } },
                                             .sets = (uint16_t)(i < 5 ? 1U << 1 : 1U << 0) };
    numbered[0].sets |= 1U << 3;
    def.records = numbered;
    def.n_records = ARRAY_SIZE(numbered);
    def.max_telegram = 24; /* two records and the 1F */
    return def;
}

/* The first record and the last byte of what is read then; "" for a header alone. */
static const char *first_telegram(unsigned code)
{
    static const char *const of_1[] = { "02 16 00 00 02 16 01 00 1F", "02 16 00 00 02 16 01 00",
                                        "02 16 02 00 02 16 03 00", "02 16 04 00" };
    unsigned type = code >> 4, telegram = code & 0xF;

    /* Reserved types, and telegrams beyond the last, are the default. */
    if (type == 7 || type > 0xD || type == 0)
        return "02 16 05 00";
    if (type == 1)
        return telegram < ARRAY_SIZE(of_1) ? of_1[telegram] : "02 16 05 00";
    if (telegram > 1)
        return "02 16 05 00";
    return type == 3 ? "02 16 00 00" : "";
}

static void every_sub_code(void **state)
{
    struct meter_def def = numbered_def();

    (void)state;
    for (unsigned code = 0; code < 256; code++) {
        struct conversation c;
        const struct slave_answer *out;
        char reset[16];

        snprintf(reset, sizeof(reset), "50 %02X", code);
        conversation_with(&c, &def, 1);
        hear(&c, 1 * SECOND, SHORT(0x7B, 5));
        EXPECT(&c, 2 * SECOND, LONG(0x53, 5, reset), "E5"); /* always */
        assert_int_equal(c.n_stores, 0);
        hear(&c, 3 * SECOND, SHORT(0x7B, 5)); /* of either FCB: telegram 1 */
        out = slave_output(&c.slave);
        assert_hex(out->bytes + 19, out->n - 21, first_telegram(code));
    }
}

/* How an application ends, and what a reset leaves alone: it is no reset of the device. */
static void what_a_reset_is_and_is_not(void **state)
{
    struct conversation c;
    struct meter_def def = numbered_def();

    (void)state;
    conversation_with(&c, &def, 1);
    EXPECT(&c, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
    DONE(&c, 2 * SECOND, 5, "51 01 7A 08 0C 79 04 03 02 01");
    DONE(&c, 3 * SECOND, 8, "50 30 99 99"); /* what follows the sub-code is not looked at */
    assert_int_equal(c.members[0].readout.application, 0x30);
    EXPECT(&c, 4 * SECOND, SHORT(0x40, 8), "E5"); /* SND_NKE does not end it */
    assert_int_equal(c.members[0].readout.application, 0x30);
    DONE(&c, 5 * SECOND, 0xFD, "50");
    assert_int_equal(c.members[0].readout.application, 0);
    assert_int_equal(c.meters[0].now.address, 8);
    assert_int_equal(c.meters[0].now.ident.id, 0x01020304);
    assert_int_equal(c.slave.n_selected, 1);
    DONE(&c, 6 * SECOND, 8, "50 10");
    SILENCE(&c, 7 * SECOND, LONG(0x53, 0xFF, "50"), SLAVE_SILENT);
    assert_int_equal(c.members[0].readout.application, 0);
}

/* mbus-protocol 9: per slave, not per path; here, per port. */
static void an_application_is_of_one_bus(void **state)
{
    struct conversation a, b;
    struct meter_def def = numbered_def();

    (void)state;
    conversation_with(&a, &def, 1);
    conversation_share(&b, &a);
    EXPECT(&a, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
    DONE(&a, 2 * SECOND, 0xFD, "50 30");
    hear(&a, 3 * SECOND, SHORT(0x4B, 5));
    assert_hex(slave_output(&a.slave)->bytes + 19, 4, "02 16 00 00");
    hear(&b, 4 * SECOND, SHORT(0x4B, 5));
    assert_hex(slave_output(&b.slave)->bytes + 19, 4, "02 16 05 00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ci),
        cmocka_unit_test(every_ci_at_253),
        cmocka_unit_test(headers_before_the_records),
        cmocka_unit_test(a_reset_with_a_header),
        cmocka_unit_test(every_sub_code),
        cmocka_unit_test(what_a_reset_is_and_is_not),
        cmocka_unit_test(an_application_is_of_one_bus),
    };

    return cmocka_run_group_tests_name("application", tests, NULL, NULL);
}
