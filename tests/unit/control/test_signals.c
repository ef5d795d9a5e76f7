#include "tests/unit/control/bed.h"

#include "meter/live.h"

/* Signals as a listener gets them. */
struct heard {
    unsigned n;
    usec_t newest, shortest; /* time between two of one object */
    char text[64], interface[128];
    double value;
};

static int on_changed(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct heard *heard = userdata;
    usec_t now = clock_now();
    const char *interface, *name;

    (void)error;
    if (heard->n > 0 && (heard->shortest == 0 || now - heard->newest < heard->shortest))
        heard->shortest = now - heard->newest;
    heard->newest = now;
    heard->n++;
    assert_true(sd_bus_message_read(m, "s", &interface) > 0);
    snprintf(heard->interface, sizeof(heard->interface), "%s", interface);
    assert_true(sd_bus_message_enter_container(m, 'a', "{sv}") > 0);
    while (sd_bus_message_enter_container(m, 'e', "sv") > 0) {
        assert_true(sd_bus_message_read(m, "s", &name) > 0);
        if (strcmp(name, "Value") == 0)
            assert_true(sd_bus_message_read(m, "v", "v", "d", &heard->value) > 0);
        else
            assert_true(sd_bus_message_skip(m, "v") > 0);
        assert_true(sd_bus_message_exit_container(m) > 0);
    }
    return 0;
}

/* Hears a signal of an object (NULL: of any). */
static void listen(struct bed *bed, const char *path, const char *member,
                   sd_bus_message_handler_t handler, void *userdata)
{
    sd_bus_message *call = NULL, *answer;
    char rule[256];

    snprintf(rule, sizeof(rule), "type='signal',member='%s'%s%s%s", member,
             path != NULL ? ",path='" : "", path != NULL ? path : "", path != NULL ? "'" : "");
    assert_true(sd_bus_message_new_method_call(bed->client, &call, "org.freedesktop.DBus",
                                               "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                               "AddMatch") >= 0);
    assert_true(sd_bus_message_append(call, "s", rule) >= 0);
    answer = bed_good(bed_send(bed, call));
    sd_bus_message_unref(answer);
    /* Ours alone from here on: the bus has the rule already. */
    assert_true(sd_bus_add_match_async(bed->client, NULL, rule, handler, NULL, userdata) >= 0);
}

static void push(struct bed *bed, size_t record, double value)
{
    const struct source_push one = { bed->meters[0], record, { .is_real = true, .real = value } };
    size_t bad;

    assert_int_equal(sources_push(bed->sources, &one, 1, &bad), 0);
}

/* A value that changes all the time is told once a second, and what it was last is told too. */
static void a_record_tells_at_most_once_a_second(void **state)
{
    struct heard heard = { 0 };
    struct bed bed;
    usec_t begin;
    double value = 0;

    (void)state;
    bed_begin(&bed);
    listen(&bed, METER_PREFIX "/heat/power", "PropertiesChanged", on_changed, &heard);
    begin = clock_now();
    while (clock_now() - begin < 2500 * USEC_PER_MSEC) {
        push(&bed, 2, value += 1);
        bed_turn(&bed);
    }
    assert_in_range(heard.n, 2, 3);
    assert_true(heard.shortest >= 950 * USEC_PER_MSEC);
    bed_run_for(&bed, 1500 * USEC_PER_MSEC);
    assert_in_range(heard.n, 3, 4);
    assert_true(heard.value == value);
    assert_string_equal(heard.interface, RECORD_INTERFACE);
    bed_end(&bed);
}

/* The first change is told at once. */
static void a_quiet_record_tells_at_once(void **state)
{
    struct heard heard = { 0 };
    struct bed bed;
    usec_t begin;

    (void)state;
    bed_begin(&bed);
    listen(&bed, METER_PREFIX "/heat/flow", "PropertiesChanged", on_changed, &heard);
    bed_run_for(&bed, 20 * USEC_PER_MSEC);
    begin = clock_now();
    push(&bed, 1, 21.5);
    while (heard.n == 0 && clock_now() - begin < WAIT_MAX)
        bed_turn(&bed);
    assert_true(clock_now() - begin < 500 * USEC_PER_MSEC);
    assert_true(heard.value == 21.5);
    bed_end(&bed);
}

/* With its first good value the meter's status is another. */
static void a_meter_tells_that_its_values_are_good(void **state)
{
    struct heard heard = { 0 };
    struct bed bed;

    (void)state;
    bed_begin(&bed);
    listen(&bed, METER_PREFIX "/heat", "PropertiesChanged", on_changed, &heard);
    push(&bed, 1, 21.5);
    push(&bed, 2, 1000.0);
    bed_run_for(&bed, 300 * USEC_PER_MSEC);
    assert_int_equal(heard.n, 1);
    assert_string_equal(heard.interface, METER_INTERFACE);
    push(&bed, 2, 1001.0);
    bed_run_for(&bed, 1500 * USEC_PER_MSEC);
    assert_int_equal(heard.n, 1);
    bed_end(&bed);
}

static void ports_and_state_tell_too(void **state)
{
    struct heard port = { 0 }, manager = { 0 };
    struct bed bed;

    (void)state;
    bed_begin(&bed);
    listen(&bed, PORT_PREFIX "/0", "PropertiesChanged", on_changed, &port);
    listen(&bed, SERVICE_PATH, "PropertiesChanged", on_changed, &manager);
    bed.is_open = false;
    control_port_changed(bed.control, 0);
    bed.trouble = "the disk is full";
    control_state_changed(bed.control);
    bed_run_for(&bed, 300 * USEC_PER_MSEC);
    assert_int_equal(port.n, 1);
    assert_string_equal(port.interface, PORT_INTERFACE);
    assert_int_equal(manager.n, 1);
    bed_end(&bed);
}

/* ---- many ------------------------------------------------------------------------------------ */

#define METERS 100
#define RECORDS 100

static char *many_config(void)
{
    size_t size = 1 << 20, n = 0;
    char *text = malloc(size);

    assert_non_null(text);
    n += (size_t)snprintf(text + n, size - n, "port = { device = \"pty\"; };\nmeters = (");
    for (unsigned i = 0; i < METERS; i++) {
        n += (size_t)snprintf(text + n, size - n, "%s{ name = \"m%u\"; records = (",
                              i > 0 ? "," : "", i);
        for (unsigned j = 0; j < RECORDS; j++)
            n += (size_t)snprintf(text + n, size - n,
                                  "%s{ name = \"r%u\"; unit = \"m3\"; pushed = {}; }",
                                  j > 0 ? "," : "", j);
        n += (size_t)snprintf(text + n, size - n, "); }");
    }
    snprintf(text + n, size - n, ");\n");
    return text;
}

/* The longest time that one turn of the service's loop took: of the processor, so that what else
 * the machine does makes no difference. */
static usec_t longest;

static void turn_alone(struct bed *bed)
{
    usec_t begin = bed_cpu_time();

    while (sd_event_run(bed->event, 0) > 0) {
        usec_t took = bed_cpu_time() - begin;

        longest = took > longest ? took : longest;
        while (sd_bus_process(bed->client, NULL) > 0)
            continue;
        begin = bed_cpu_time();
    }
}

static int on_any(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    (void)m;
    (void)error;
    ++*(unsigned *)userdata;
    return 0;
}

/* 10 000 records that all change all the time: no more than 1000 signals a second, none of which
 * keeps the loop from a master for long; and the memory for it is 8 bytes a record. */
static void ten_thousand_records_disturb_nobody(void **state)
{
    char *text = many_config();
    unsigned n_signals = 0;
    struct bed bed;
    usec_t begin, busy = 0;

    (void)state;
    bed_begin_with(&bed, text);
    free(text);
    listen(&bed, NULL, "PropertiesChanged", on_any, &n_signals);
    longest = 0;
    begin = clock_now();
    for (unsigned round = 0; clock_now() - begin < 3 * USEC_PER_SEC; round++) {
        usec_t start = clock_now();

        for (size_t i = 0; i < METERS; i++)
            for (size_t j = 0; j < RECORDS; j++)
                control_value_changed(bed.control, bed.meters[i], j);
        busy = clock_now() - start > busy ? clock_now() - start : busy;
        turn_alone(&bed);
        usleep(1000);
    }
    print_message("10000 changes: %u us at most; a turn: %u us at most; %u signals in 3 s\n",
                  (unsigned)busy, (unsigned)longest, n_signals);
    assert_in_range(n_signals, 1000, 3200);
#ifndef SANITIZED
    assert_true(longest < 20 * USEC_PER_MSEC);
#endif
    bed_end(&bed);
}

/* SetValues of 1000 records: the loop is kept for 2 ms on this side. */
static void a_thousand_values_are_set_in_no_time(void **state)
{
    sd_bus_message *call, *answer = NULL;
    char *text = many_config(), name[64];
    struct bed bed;

    (void)state;
    bed_begin_with(&bed, text);
    free(text);
    for (unsigned round = 0; round < 5; round++) {
        longest = 0;
        call = bed_new_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "SetValues");
        assert_true(sd_bus_message_open_container(call, 'a', "(sv)") >= 0);
        for (unsigned i = 0; i < 1000; i++) {
            snprintf(name, sizeof(name), "m%u.r%u", i * 7 % METERS, i / 10);
            assert_true(sd_bus_message_append(call, "(sv)", name, "d", (double)i) >= 0);
        }
        assert_true(sd_bus_message_close_container(call) >= 0);
        answer = NULL;
        assert_true(sd_bus_call_async(bed.client, NULL, call, bed_on_answer, &answer, 0) >= 0);
        sd_bus_message_unref(call);
        while (answer == NULL) {
            while (sd_bus_process(bed.client, NULL) > 0)
                continue;
            turn_alone(&bed);
        }
        sd_bus_message_unref(bed_good(answer));
        print_message("1000 values: %u us at most in one turn\n", (unsigned)longest);
    }
#ifndef SANITIZED
    assert_true(longest < 10 * USEC_PER_MSEC);
#endif
    bed_end(&bed);
}

/* Long lists are made a piece at a time. */
static void long_lists_disturb_nobody(void **state)
{
    static const struct {
        const char *interface, *member, *argument;
    } calls[] = {
        { "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL },
        { MANAGER_INTERFACE, "ListMeters", NULL },
        { MANAGER_INTERFACE, "ListRecords", "m7" },
    };
    char *text = many_config();
    struct bed bed;

    (void)state;
    bed_begin_with(&bed, text);
    free(text);
    for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
        sd_bus_message *call =
            bed_new_call(&bed, SERVICE_PATH, calls[i].interface, calls[i].member);
        sd_bus_message *answer = NULL;
        usec_t begin = clock_now();

        if (calls[i].argument != NULL)
            assert_true(sd_bus_message_append(call, "s", calls[i].argument) >= 0);
        longest = 0;
        assert_true(sd_bus_call_async(bed.client, NULL, call, bed_on_answer, &answer, 0) >= 0);
        sd_bus_message_unref(call);
        while (answer == NULL) {
            while (sd_bus_process(bed.client, NULL) > 0)
                continue;
            turn_alone(&bed);
        }
        print_message("%s: %u us, %u us at most in one turn\n", calls[i].member,
                      (unsigned)(clock_now() - begin), (unsigned)longest);
        sd_bus_message_unref(bed_good(answer));
#ifndef SANITIZED
        assert_true(longest < 20 * USEC_PER_MSEC);
#endif
    }
    bed_end(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_tells_at_most_once_a_second),
        cmocka_unit_test(a_quiet_record_tells_at_once),
        cmocka_unit_test(a_meter_tells_that_its_values_are_good),
        cmocka_unit_test(ports_and_state_tell_too),
        cmocka_unit_test(ten_thousand_records_disturb_nobody),
        cmocka_unit_test(a_thousand_values_are_set_in_no_time),
        cmocka_unit_test(long_lists_disturb_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
