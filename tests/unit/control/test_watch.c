#include "tests/unit/control/bed.h"

struct seen {
    unsigned n;
    uint64_t time, elapsed;
    char port[64], client[64], fate[64];
    int from_us;
    uint8_t bytes[300];
    size_t n_bytes;
};

static int on_frame(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct seen *seen = userdata;
    const char *port, *client, *fate;
    const void *bytes;

    (void)error;
    if (sd_bus_message_is_signal(m, MANAGER_INTERFACE, "Frame") <= 0)
        return 0;
    seen->n++;
    assert_true(sd_bus_message_read(m, "tssb", &seen->time, &port, &client, &seen->from_us) > 0);
    assert_true(sd_bus_message_read_array(m, 'y', &bytes, &seen->n_bytes) >= 0);
    if (seen->n_bytes > 0)
        memcpy(seen->bytes, bytes, seen->n_bytes);
    assert_true(sd_bus_message_read(m, "st", &fate, &seen->elapsed) > 0);
    snprintf(seen->port, sizeof(seen->port), "%s", port);
    snprintf(seen->client, sizeof(seen->client), "%s", client);
    snprintf(seen->fate, sizeof(seen->fate), "%s", fate);
    return 1;
}

static void show(struct bed *bed, const char *fate)
{
    static const uint8_t request[] = { 0x10, 0x5B, 0x03, 0x5E, 0x16 };
    const struct control_frame frame = { .port = "/dev/ttyX\xFF",
                                         .client = NULL,
                                         .from_us = true,
                                         .bytes = request,
                                         .n = sizeof(request),
                                         .fate = fate,
                                         .elapsed = 4600 };

    control_frame(bed->control, &frame);
}

static void call_manager(struct bed *bed, const char *member)
{
    sd_bus_message_unref(bed_good(bed_call(bed, SERVICE_PATH, MANAGER_INTERFACE, member, NULL)));
}

static void who_watches_sees_every_frame(void **state)
{
    struct seen seen = { 0 };
    struct bed bed;

    (void)state;
    bed_begin(&bed);
    assert_true(sd_bus_add_filter(bed.client, NULL, on_frame, &seen) >= 0);
    assert_false(control_is_watched(bed.control));
    show(&bed, "before");
    call_manager(&bed, "Watch");
    call_manager(&bed, "Watch");
    assert_true(control_is_watched(bed.control));
    show(&bed, "sent");
    bed_run_for(&bed, 200 * USEC_PER_MSEC);
    assert_int_equal(seen.n, 1);
    assert_string_equal(seen.port, "/dev/ttyX?");
    assert_string_equal(seen.client, "");
    assert_string_equal(seen.fate, "sent");
    assert_int_equal(seen.from_us, 1);
    assert_int_equal(seen.elapsed, 4600);
    assert_hex(seen.bytes, seen.n_bytes, "10 5B 03 5E 16");
    assert_true(seen.time > UINT64_C(1500000000) * USEC_PER_SEC);
    call_manager(&bed, "Unwatch");
    assert_false(control_is_watched(bed.control));
    show(&bed, "after");
    bed_run_for(&bed, 100 * USEC_PER_MSEC);
    assert_int_equal(seen.n, 1);
    bed_end(&bed);
}

/* The frames are for who watches, and for nobody else. */
static void others_see_nothing(void **state)
{
    struct seen seen = { 0 };
    struct bed bed;
    sd_bus *other;
    usec_t end;

    (void)state;
    bed_begin(&bed);
    other = bed_connect(&bed);
    assert_true(sd_bus_add_match_async(other, NULL,
                                       "type='signal',interface='" MANAGER_INTERFACE "'", on_frame,
                                       NULL, &seen) >= 0);
    call_manager(&bed, "Watch");
    end = clock_now() + 300 * USEC_PER_MSEC;
    while (clock_now() < end) {
        show(&bed, "sent");
        bed_turn(&bed);
        while (sd_bus_process(other, NULL) > 0)
            continue;
    }
    assert_int_equal(seen.n, 0);
    sd_bus_close_unref(other);
    bed_end(&bed);
}

static void wait_unwatched(struct bed *bed)
{
    usec_t end = clock_now() + WAIT_MAX;

    while (control_is_watched(bed->control)) {
        assert_true(clock_now() < end);
        bed_turn(bed);
    }
}

static void who_leaves_the_bus_watches_no_more(void **state)
{
    struct bed bed;

    (void)state;
    bed_begin(&bed);
    call_manager(&bed, "Watch");
    bed_run_for(&bed, 100 * USEC_PER_MSEC);
    bed.client = sd_bus_close_unref(bed.client);
    wait_unwatched(&bed);
    bed_end(&bed);
}

/* It is gone before the bus could know that we want to hear of it. */
static void who_leaves_at_once_watches_no_more(void **state)
{
    struct bed bed;
    sd_bus *other;
    usec_t end;

    (void)state;
    bed_begin(&bed);
    other = bed_connect(&bed);
    assert_true(sd_bus_call_method_async(other, NULL, SERVICE_NAME, SERVICE_PATH, MANAGER_INTERFACE,
                                         "Watch", NULL, NULL, NULL) >= 0);
    end = clock_now() + 200 * USEC_PER_MSEC;
    while (clock_now() < end)
        while (sd_bus_process(other, NULL) > 0)
            continue;
    sd_bus_close_unref(other);
    usleep(100000);
    bed_run_for(&bed, 50 * USEC_PER_MSEC);
    wait_unwatched(&bed);
    bed_end(&bed);
}

/* A bus that reads nothing costs frames, and neither time nor memory without end. */
static void a_bus_that_is_stuck_costs_nothing_but_frames(void **state)
{
    struct seen seen = { 0 };
    struct bed bed;
    unsigned before;
    usec_t longest = 0;

    (void)state;
    bed_begin(&bed);
    assert_true(sd_bus_add_filter(bed.client, NULL, on_frame, &seen) >= 0);
    call_manager(&bed, "Watch");
    kill(bed.bus_pid, SIGSTOP);
    for (unsigned i = 0; i < 20000; i++) {
        usec_t begin = bed_cpu_time();

        show(&bed, "sent");
        assert_true(sd_event_run(bed.event, 0) >= 0);
        longest = bed_cpu_time() - begin > longest ? bed_cpu_time() - begin : longest;
    }
#ifndef SANITIZED
    assert_true(longest < 50 * USEC_PER_MSEC);
#endif
    kill(bed.bus_pid, SIGCONT);
    do {
        before = seen.n;
        bed_run_for(&bed, 500 * USEC_PER_MSEC);
    } while (seen.n != before);
    assert_in_range(seen.n, 100, 19999);
    seen.n = 0;
    show(&bed, "sent");
    bed_run_for(&bed, 500 * USEC_PER_MSEC);
    assert_int_equal(seen.n, 1);
    bed_end(&bed);
}

static void only_so_many_can_watch(void **state)
{
    sd_bus *others[16];
    struct bed bed;

    (void)state;
    bed_begin(&bed);
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        sd_bus *own = bed.client;

        bed.client = others[i] = bed_connect(&bed);
        call_manager(&bed, "Watch");
        bed.client = own;
    }
    bed_bad(bed_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "Watch", NULL),
            SD_BUS_ERROR_LIMITS_EXCEEDED, "16");
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        sd_bus_close_unref(others[i]);
    wait_unwatched(&bed);
    call_manager(&bed, "Watch");
    bed_end(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_watches_sees_every_frame),
        cmocka_unit_test(others_see_nothing),
        cmocka_unit_test(who_leaves_the_bus_watches_no_more),
        cmocka_unit_test(who_leaves_at_once_watches_no_more),
        cmocka_unit_test(a_bus_that_is_stuck_costs_nothing_but_frames),
        cmocka_unit_test(only_so_many_can_watch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
