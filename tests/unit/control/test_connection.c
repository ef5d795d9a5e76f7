#include "tests/unit/control/bed.h"

static void a_bus_that_comes_later_is_joined(void **state)
{
    struct bed bed;

    (void)state;
    bed_prepare(&bed, BED_CONFIG);
    bed_start_service(&bed);
    bed_run_for(&bed, 300 * USEC_PER_MSEC);
    /* Nothing is heard, and nothing is kept for later. */
    control_value_changed(bed.control, bed.meters[0], 1);
    control_meter_changed(bed.control, bed.meters[0]);
    bed_start_bus(&bed);
    bed.client = bed_connect(&bed);
    bed_wait_name(&bed);
    sd_bus_message_unref(bed_property(&bed, SERVICE_PATH, MANAGER_INTERFACE, "Version"));
    bed_end(&bed);
}

/* Waiting for a bus that is not there wakes nobody up. */
static void waiting_for_the_bus_costs_nothing(void **state)
{
    struct bed bed;
    unsigned turns = 0;
    usec_t end;

    (void)state;
    bed_prepare(&bed, BED_CONFIG);
    /* The folders above it are watched: not one in which others are at work. */
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/dev/shm/mbus-slave-test-none/bus", 1);
    bed_start_service(&bed);
    bed_run_for(&bed, 3 * USEC_PER_SEC);
    end = clock_now() + 3 * USEC_PER_SEC;
    while (clock_now() < end)
        turns += sd_event_run(bed.event, end - clock_now()) > 0;
    assert_int_equal(turns, 0);
    bed_end(&bed);
}

static void a_bus_that_is_killed_is_joined_again(void **state)
{
    struct bed bed;

    (void)state;
    bed_begin(&bed);
    for (unsigned i = 0; i < 3; i++) {
        char path[128];

        sd_bus_message_unref(
            bed_good(bed_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "Watch", NULL)));
        bed.client = sd_bus_close_unref(bed.client);
        bed_stop_bus(&bed);
        bed_run_for(&bed, 200 * USEC_PER_MSEC);
        assert_false(control_is_watched(bed.control));
        control_value_changed(bed.control, bed.meters[0], 1);
        snprintf(path, sizeof(path), "%s/bus", bed.dir);
        unlink(path);
        bed_start_bus(&bed);
        bed.client = bed_connect(&bed);
        bed_wait_name(&bed);
        sd_bus_message_unref(bed_property(&bed, SERVICE_PATH, MANAGER_INTERFACE, "Version"));
    }
    bed_end(&bed);
}

/* Whoever has the name keeps it; when it leaves, it is ours. */
static void a_name_that_is_taken_is_waited_for(void **state)
{
    sd_bus_message *call = NULL, *answer;
    struct bed bed;
    sd_bus *other;
    uint32_t code;

    (void)state;
    bed_prepare(&bed, BED_CONFIG);
    bed_start_bus(&bed);
    bed.client = other = bed_connect(&bed);
    assert_true(sd_bus_message_new_method_call(other, &call, "org.freedesktop.DBus",
                                               "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                               "RequestName") >= 0);
    assert_true(sd_bus_message_append(call, "su", SERVICE_NAME, 0) >= 0);
    answer = bed_good(bed_send(&bed, call));
    assert_true(sd_bus_message_read(answer, "u", &code) > 0);
    assert_int_equal(code, 1);
    sd_bus_message_unref(answer);
    bed_start_service(&bed);
    bed_run_for(&bed, 300 * USEC_PER_MSEC);
    sd_bus_close_unref(other);
    bed.client = bed_connect(&bed);
    bed_wait_name(&bed);
    sd_bus_message_unref(bed_property(&bed, SERVICE_PATH, MANAGER_INTERFACE, "Version"));
    bed_end(&bed);
}

/* Without its policy file the bus refuses the name, and gives it once the file is there. */
static void a_name_that_is_refused_is_asked_for_again(void **state)
{
    struct bed bed;

    (void)state;
    bed_prepare(&bed, BED_CONFIG);
    bed_configure_bus(&bed, "<policy context=\"default\"><allow send_destination=\"*\"/>"
                            "<allow receive_sender=\"*\"/></policy>");
    bed_start_bus(&bed);
    bed_start_service(&bed);
    bed_run_for(&bed, 300 * USEC_PER_MSEC);
    bed_configure_bus(&bed, bed_policy_open());
    kill(bed.bus_pid, SIGHUP);
    bed.client = bed_connect(&bed);
    bed_wait_name(&bed);
    sd_bus_message_unref(bed_property(&bed, SERVICE_PATH, MANAGER_INTERFACE, "Version"));
    bed_end(&bed);
}

/* ---- reload ---------------------------------------------------------------------------------- */

struct objects {
    unsigned come, gone;
    char newest[128];
};

static int on_objects(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct objects *objects = userdata;
    const char *path = "";

    (void)error;
    if (sd_bus_message_is_signal(m, "org.freedesktop.DBus.ObjectManager", "InterfacesAdded") > 0)
        objects->come++;
    else
        objects->gone++;
    assert_true(sd_bus_message_read(m, "o", &path) > 0);
    snprintf(objects->newest, sizeof(objects->newest), "%s", path);
    return 0;
}

static void listen(struct bed *bed, struct objects *objects)
{
    static const char rule[] =
        "type='signal',interface='org.freedesktop.DBus.ObjectManager',path='" SERVICE_PATH "'";

    assert_true(sd_bus_add_match_async(bed->client, NULL, rule, on_objects, NULL, objects) >= 0);
    bed_run_for(bed, 200 * USEC_PER_MSEC);
}

/* "heat" stays, "water" goes, "gas" comes, and one port less. */
static void a_reload_tells_what_comes_and_goes(void **state)
{
    struct objects objects = { 0 };
    struct meter **meters;
    struct meter_cell **cells;
    struct config *config;
    struct bed bed;
    uint8_t address;
    sd_bus_message *m;

    (void)state;
    bed_begin(&bed);
    listen(&bed, &objects);
    config = bed_load(&bed, BED_CONFIG_WITH("gas"));
    bed_make_meters(config, &meters, &cells);
    assert_int_equal(sources_reload(bed.sources, config, meters), 0);
    assert_int_equal(control_reload(bed.control, config, meters), 0);
    bed_free_meters(bed.config->n_meters, bed.meters, bed.cells);
    config_free(bed.config);
    bed.config = config;
    bed.meters = meters;
    bed.cells = cells;
    bed_run_for(&bed, 200 * USEC_PER_MSEC);
    assert_int_equal(objects.gone, 2);
    assert_int_equal(objects.come, 2);
    assert_string_equal(objects.newest, METER_PREFIX "/gas/volume");
    m = bed_property(&bed, METER_PREFIX "/gas", METER_INTERFACE, "Address");
    assert_true(sd_bus_message_read(m, "v", "y", &address) > 0);
    assert_int_equal(address, 4);
    sd_bus_message_unref(m);
    bed_bad(bed_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "ListRecords", "s", "water"),
            ERROR_NO_SUCH_METER, "water");
    bed_end(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bus_that_comes_later_is_joined),
        cmocka_unit_test(waiting_for_the_bus_costs_nothing),
        cmocka_unit_test(a_bus_that_is_killed_is_joined_again),
        cmocka_unit_test(a_name_that_is_taken_is_waited_for),
        cmocka_unit_test(a_name_that_is_refused_is_asked_for_again),
        cmocka_unit_test(a_reload_tells_what_comes_and_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
