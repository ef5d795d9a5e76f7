/* 250 meters on one bus, found by the searches of mbus-protocol 7.6. */
#include "tests/system/master.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define METERS 250

static struct {
    struct rig rig;
    struct master m;
    char ids[METERS][9]; /* sorted */
    char config[METERS * 200];
} bus;

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Ids next to one another, ids that differ in the first digit alone, and scattered ones. */
static void make_ids(void)
{
    uint32_t seed = 2463534242U;
    unsigned n = 0;

    for (; n < 120; n++)
        snprintf(bus.ids[n], sizeof(bus.ids[n]), "%08u", 12345600U + n);
    for (; n < 130; n++)
        snprintf(bus.ids[n], sizeof(bus.ids[n]), "%u7654321", n - 120);
    while (n < METERS) {
        bool taken = false;

        seed = seed * 1664525U + 1013904223U;
        snprintf(bus.ids[n], sizeof(bus.ids[n]), "%08u", (seed >> 4) % 100000000U);
        for (unsigned i = 0; i < n; i++)
            taken |= strcmp(bus.ids[i], bus.ids[n]) == 0;
        n += !taken;
    }
}

static void make_config(void)
{
    size_t at = 0;

    for (unsigned i = 0; i < METERS; i++) {
        at += (size_t)snprintf(
            bus.config + at, sizeof(bus.config) - at,
            "%s{ name = \"m%u\"; address = %u; id = \"%s\"; records = ( { name = \"v\"; "
            "unit = \"m3\"; type = \"int16\"; value = %u; } ); }",
            i == 0 ? "meters = (\n" : ",\n", i + 1, i + 1, bus.ids[i], i + 1);
        assert_true(at < sizeof(bus.config));
    }
}

static int start(void **state)
{
    (void)state;
    make_ids();
    make_config();
    rig_init(&bus.rig);
    rig_config(&bus.rig, "port = { device = \"pty\"; link = \"%s\"; baud = 4800; };\n%s );\n",
               rig_path(&bus.rig, "bus"), bus.config);
    rig_start(&bus.rig, NULL);
    master_init(&bus.m, pty_connect(rig_path(&bus.rig, "bus")), 1);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    close(bus.m.fd);
    rig_stop(&bus.rig);
    rig_done(&bus.rig);
    return 0;
}

static void expect_all_found(struct search *found)
{
    static char ids[METERS][9];

    print_message("# %u probes\n", found->probes);
    memcpy(ids, bus.ids, sizeof(ids));
    qsort(ids, METERS, sizeof(ids[0]), by_text);
    qsort(found->ids, found->n, sizeof(found->ids[0]), by_text);
    for (unsigned i = 0; i < found->n && i < METERS; i++)
        assert_string_equal(found->ids[i], ids[i]);
    assert_int_equal(found->n, METERS);
}

static void libmbus_finds_all(void **state)
{
    struct search found;

    (void)state;
    master_search_libmbus(&bus.m, &found);
    expect_all_found(&found);
}

static void jmbus_finds_all(void **state)
{
    struct search found;

    (void)state;
    master_search_jmbus(&bus.m, &found);
    expect_all_found(&found);
}

static void expect_reading(uint8_t address, unsigned value)
{
    uint8_t records[16];
    unsigned telegrams;

    assert_int_equal(master_read(&bus.m, address, records, sizeof(records), &telegrams), 4);
    assert_int_equal(telegrams, 1);
    assert_int_equal(records[2] | records[3] << 8, value);
}

static void each_is_read_by_primary_address(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= METERS; i++) {
        assert_true(master_reset(&bus.m, (uint8_t)i));
        expect_reading((uint8_t)i, i);
    }
}

static void each_is_read_by_secondary_address(void **state)
{
    (void)state;
    for (unsigned i = 0; i < METERS; i++) {
        struct reply reply;

        master_select(&bus.m, 0x73, bus.ids[i], &reply);
        assert_int_equal(reply.kind, REPLY_ACK);
        expect_reading(NETWORK, i + 1);
    }
}

/* libmbus's scan of primary addresses: SND_NKE to 0 to 250 (15.1). */
static void a_scan_of_primary_addresses_finds_all(void **state)
{
    (void)state;
    assert_false(master_reset(&bus.m, 0));
    for (unsigned i = 1; i <= METERS; i++)
        assert_true(master_reset(&bus.m, (uint8_t)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libmbus_finds_all),
        cmocka_unit_test(jmbus_finds_all),
        cmocka_unit_test(each_is_read_by_primary_address),
        cmocka_unit_test(each_is_read_by_secondary_address),
        cmocka_unit_test(a_scan_of_primary_addresses_finds_all),
    };

    return cmocka_run_group_tests_name("secondary scan", tests, start, stop);
}
