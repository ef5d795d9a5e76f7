/* The search against buses of meters that are a table. */
#include "tests/unit/test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/search.h"

#define METERS_MAX 300

struct meter {
    struct ident ident;
    bool is_nameless; /* E5 to a selection, but no data */
    bool is_talker;   /* answers to every selection */
    bool by_nibbles;  /* takes any F for a wildcard (mbus-protocol 7.4) */
    unsigned misses;  /* which of the selections that match it does not hear, from 1; 0: none */
    unsigned matched; /* how many there were */
};

static struct {
    struct meter meters[METERS_MAX];
    size_t n;
    unsigned probes, found, nameless, unresolved, others, stop_after;
    unsigned noise; /* of 100 selections so many are a collision */
    uint32_t seed;
    struct ident last, seen[METERS_MAX];
    char unresolved_at[SELECTION_TEXT_SIZE];
} bus;

static bool matches(const struct meter *m, const struct selection *who)
{
    struct selection own = selection_of(&m->ident);

    for (unsigned i = 0; i < SELECTION_SIZE; i++) {
        uint8_t wanted = who->bytes[i], mask = 0;

        if (i < 4 || m->by_nibbles)
            mask =
                (uint8_t)((wanted >> 4 == 0x0F ? 0xF0 : 0) | ((wanted & 0x0F) == 0x0F ? 0x0F : 0));
        else if (wanted == 0xFF)
            mask = 0xFF;
        if ((wanted | mask) != (own.bytes[i] | mask))
            return false;
    }
    return true;
}

static enum probe probe(void *context, const struct selection *who, struct ident *ret)
{
    struct meter *one = NULL;
    unsigned n = 0;

    (void)context;
    bus.probes++;
    assert_true(bus.probes < 100000);
    if (bus.probes == bus.stop_after)
        return PROBE_STOP;
    bus.seed = bus.seed * 1664525U + 1013904223U;
    if ((bus.seed >> 16) % 100 < bus.noise)
        return PROBE_SEVERAL;
    for (size_t i = 0; i < bus.n; i++) {
        struct meter *m = &bus.meters[i];

        if ((!m->is_talker && !matches(m, who)) || ++m->matched == m->misses)
            continue;
        one = m;
        n++;
    }
    if (n != 1)
        return n == 0 ? PROBE_NOTHING : PROBE_SEVERAL;
    *ret = bus.last = one->ident;
    bus.nameless += one->is_nameless;
    return one->is_nameless ? PROBE_NAMELESS : PROBE_ONE;
}

static void found(void *context)
{
    (void)context;
    assert_true(bus.found < METERS_MAX);
    bus.seen[bus.found++] = bus.last;
}

static void unresolved(void *context, const struct selection *who, bool others)
{
    (void)context;
    bus.unresolved++;
    bus.others += others;
    selection_text(who, bus.unresolved_at);
}

static enum search_end search(void)
{
    static const struct search_calls calls = { probe, found, unresolved };

    return search_run(&calls, NULL);
}

static struct meter *add(uint32_t id, uint16_t manufacturer, uint8_t version, uint8_t medium)
{
    struct meter *m = &bus.meters[bus.n++];

    *m = (struct meter){ .ident = { id, manufacturer, version, medium } };
    return m;
}

static int clear(void **state)
{
    (void)state;
    memset(&bus, 0, sizeof(bus));
    return 0;
}

static void expect_all(void)
{
    assert_int_equal(search(), SEARCH_DONE);
    assert_int_equal(bus.found, bus.n);
    assert_int_equal(bus.unresolved, 0);
    for (size_t i = 0; i < bus.n; i++) {
        bool is_there = false;

        for (size_t k = 0; k < bus.found; k++)
            is_there |= memcmp(&bus.seen[k], &bus.meters[i].ident, sizeof(bus.seen[k])) == 0;
        assert_true(is_there);
    }
}

static void an_empty_bus_is_asked_twice(void **state)
{
    (void)state;
    expect_all();
    assert_int_equal(bus.probes, 2);
}

static void one_meter_is_one_question(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0);
    expect_all();
    assert_int_equal(bus.probes, 1);
}

/* The four of mbus-protocol 7.6. */
static void digits_tell_meters_apart(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0);
    add(0x12345679, 0x5274, 1, 0);
    add(0x10000001, 0x5274, 1, 0);
    add(0x87654321, 0x5274, 1, 0);
    expect_all();
    /* All, nobody, then 15 values at each of the 8 digits of the pair, and those that are silent
     * once more. */
    assert_int_equal(bus.probes, 2 + 8 * 15 + 5 * 14 + 3 * 13);
}

static void digits_above_nine_are_found(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0);
    add(0x12345679, 0x5274, 1, 0);
    add(0x1234567E, 0x5274, 1, 0);
    add(0xA2345678, 0x5274, 1, 0);
    expect_all();
}

static void what_is_not_the_id_tells_them_apart_too(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0x07);
    add(0x12345678, 0x5274, 1, 0x06);
    add(0x12345678, 0x5274, 2, 0x07);
    add(0x12345678, 0x5275, 2, 0x07);
    add(0x12345678, 0x0875, 2, 0x07);
    add(0x87654321, 0x5274, 1, 0x07);
    expect_all();
}

static void undefined_media_are_found(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0xF0);
    add(0x12345678, 0x5274, 1, 0xF1);
    expect_all();
}

static void many_meters_are_found(void **state)
{
    uint32_t seed = 2463534242U;

    (void)state;
    for (unsigned i = 0; i < 250; i++) {
        char digits[12];

        seed = seed * 1664525U + 1013904223U;
        snprintf(digits, sizeof(digits), "%08u", i < 100 ? 12345600 + i : seed % 100000000);
        add((uint32_t)strtoul(digits, NULL, 16), 0x5274, 1, (uint8_t)(i & 0x0F));
    }
    expect_all();
    print_message("# %u selections for %zu meters\n", bus.probes, bus.n);
}

/* A meter that takes 0F for "any digit, and F" answers to more than its own bytes. */
static void wildcards_of_single_digits_do_no_harm(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 0x11, 0x07)->by_nibbles = true;
    add(0x12345678, 0x5274, 0x12, 0x07)->by_nibbles = true;
    expect_all();
}

static void the_same_address_is_said(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0x07);
    add(0x12345678, 0x5274, 1, 0x07);
    add(0x22345678, 0x5274, 1, 0x07);
    assert_int_equal(search(), SEARCH_DONE);
    assert_int_equal(bus.found, 1);
    assert_int_equal(bus.unresolved, 1);
    assert_string_equal(bus.unresolved_at, "1234567874520107");
}

static void rare_media_beside_others_are_found(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0x07);
    add(0x12345678, 0x5274, 1, 0x06);
    add(0x12345678, 0x5274, 1, 0x60);
    expect_all();
}

static void rare_manufacturers_beside_others_are_found(void **state)
{
    (void)state;
    add(0x12345678, 0xF274, 1, 0x07);
    add(0x12345678, 0x5274, 1, 0x07);
    add(0x12345678, 0x5374, 1, 0x07);
    expect_all();
}

static void whom_only_a_wildcard_reaches_is_said(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 0xFF, 0x07);
    add(0x12345678, 0x5274, 0x01, 0x07);
    assert_int_equal(search(), SEARCH_DONE);
    assert_int_equal(bus.found, 1);
    assert_int_equal(bus.others, 1);
    assert_string_equal(bus.unresolved_at, "12345678FFFFFF07");

    clear(state);
    add(0x1234567F, 0x5274, 1, 0x07);
    add(0x12345671, 0x5274, 1, 0x07);
    assert_int_equal(search(), SEARCH_DONE);
    assert_int_equal(bus.found, 1);
    assert_int_equal(bus.others, 1);
    assert_string_equal(bus.unresolved_at, "1234567FFFFFFFFF");
}

/* One that is found is no reason to forget those that were not heard. */
static void a_lost_answer_loses_no_meter(void **state)
{
    for (unsigned misses = 1; misses < 12; misses++) {
        clear(state);
        add(0x12345678, 0x5274, 1, 0x07);
        add(0x12345679, 0x5274, 1, 0x07);
        add(0x12345670, 0x5274, 1, 0x07)->misses = misses;
        add(0x82345670, 0x5274, 1, 0x07);
        add(0x92345670, 0x5274, 1, 0x07);
        expect_all();
    }
}

static void a_lost_first_request_is_repeated(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0)->misses = 1;
    expect_all();
}

/* Where a collision is left without two meters, what was not heard is asked for again. Here
 * both meters miss the selection of their first digit. */
static void lost_requests_are_repeated(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0)->misses = 2;
    add(0x22345678, 0x5274, 1, 0)->misses = 2;
    expect_all();
}

static void it_stops_when_the_bus_is_gone(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0);
    add(0x22345678, 0x5274, 1, 0);
    bus.stop_after = 4;
    assert_int_equal(search(), SEARCH_STOPPED);
    assert_int_equal(bus.probes, 4);
    assert_int_equal(bus.unresolved, 0);
}

static void a_meter_without_data_counts(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0)->is_nameless = true;
    add(0x22345678, 0x5274, 1, 0);
    assert_int_equal(search(), SEARCH_DONE);
    assert_int_equal(bus.found, 1);
    assert_int_equal(bus.nameless, 1);
    assert_int_equal(bus.unresolved, 0);
}

static void permanent_noise_ends_the_search(void **state)
{
    (void)state;
    bus.noise = 100;
    assert_int_equal(search(), SEARCH_TALKER);
    assert_true(bus.probes < 10);
    assert_int_equal(bus.found + bus.nameless + bus.unresolved, 0);
}

static void noise_now_and_then_ends_the_search(void **state)
{
    for (unsigned noise = 50; noise < 100; noise += 5) {
        clear(state);
        bus.noise = noise;
        add(0x12345678, 0x5274, 1, 0);
        add(0x22345678, 0x5274, 1, 0);
        assert_int_not_equal(search(), SEARCH_STOPPED);
        assert_true(bus.probes <= 8000);
    }
}

static void a_meter_that_always_answers_ends_the_search(void **state)
{
    (void)state;
    add(0x12345678, 0x5274, 1, 0)->is_talker = true;
    add(0x22345678, 0x5274, 1, 0);
    assert_int_equal(search(), SEARCH_TALKER);
    assert_true(bus.probes < 10);
    assert_int_equal(bus.found, 0);
}

/* It is not alone: a late answer, or one of several. */
static void another_than_was_asked_for_is_asked_again(void **state)
{
    struct selection who = selection_any();
    struct ident ident = { 0x12345678, 0x5274, 1, 0x07 };

    (void)state;
    assert_true(search_fits(&who, &ident));
    who.bytes[3] = 0x1F;
    assert_true(search_fits(&who, &ident));
    who.bytes[3] = 0x2F;
    assert_false(search_fits(&who, &ident));
    who = selection_of(&ident);
    assert_true(search_fits(&who, &ident));
    who.bytes[7] = 0x06;
    assert_false(search_fits(&who, &ident));
    ident.manufacturer = 0xFFFF;
    assert_true(search_fits(&who, &ident));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_empty_bus_is_asked_twice, clear),
        cmocka_unit_test_setup(one_meter_is_one_question, clear),
        cmocka_unit_test_setup(digits_tell_meters_apart, clear),
        cmocka_unit_test_setup(digits_above_nine_are_found, clear),
        cmocka_unit_test_setup(what_is_not_the_id_tells_them_apart_too, clear),
        cmocka_unit_test_setup(undefined_media_are_found, clear),
        cmocka_unit_test_setup(many_meters_are_found, clear),
        cmocka_unit_test_setup(wildcards_of_single_digits_do_no_harm, clear),
        cmocka_unit_test_setup(the_same_address_is_said, clear),
        cmocka_unit_test_setup(a_lost_first_request_is_repeated, clear),
        cmocka_unit_test_setup(lost_requests_are_repeated, clear),
        cmocka_unit_test_setup(it_stops_when_the_bus_is_gone, clear),
        cmocka_unit_test_setup(a_meter_without_data_counts, clear),
        cmocka_unit_test_setup(permanent_noise_ends_the_search, clear),
        cmocka_unit_test_setup(noise_now_and_then_ends_the_search, clear),
        cmocka_unit_test_setup(a_meter_that_always_answers_ends_the_search, clear),
        cmocka_unit_test_setup(another_than_was_asked_for_is_asked_again, clear),
        cmocka_unit_test_setup(rare_media_beside_others_are_found, clear),
        cmocka_unit_test_setup(rare_manufacturers_beside_others_are_found, clear),
        cmocka_unit_test_setup(whom_only_a_wildcard_reaches_is_said, clear),
        cmocka_unit_test_setup(a_lost_answer_loses_no_meter, clear),
    };

    return cmocka_run_group_tests_name("ctl/search", tests, NULL, NULL);
}
