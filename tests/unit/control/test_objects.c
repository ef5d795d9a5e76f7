#include "tests/unit/control/bed.h"

#include "meter/live.h"

#define HEAT METER_PREFIX "/heat"
#define PROPERTIES "org.freedesktop.DBus.Properties"

/* The bed is set up once for all tests that change nothing. */
static struct bed bed;

static int begin(void **state)
{
    (void)state;
    bed_begin(&bed);
    return 0;
}

static int end(void **state)
{
    (void)state;
    bed_end(&bed);
    return 0;
}

static char *introspect(const char *path)
{
    sd_bus_message *answer =
        bed_good(bed_call(&bed, path, "org.freedesktop.DBus.Introspectable", "Introspect", NULL));
    const char *text;
    char *copy;

    assert_true(sd_bus_message_read(answer, "s", &text) >= 0);
    copy = strdup(text);
    assert_non_null(copy);
    sd_bus_message_unref(answer);
    return copy;
}

static void expect_in(const char *path, const char *const parts[])
{
    char *text = introspect(path);

    for (; *parts != NULL; parts++) {
        if (strstr(text, *parts) == NULL)
            fail_msg("%s is not in what %s says of itself:\n%s", *parts, path, text);
    }
    free(text);
}

static void the_tree_can_be_walked(void **state)
{
    (void)state;
    expect_in(SERVICE_PATH,
              (const char *const[]){ "<node name=\"port\"/>", "<node name=\"meter\"/>",
                                     "interface name=\"" MANAGER_INTERFACE "\"",
                                     "\"org.freedesktop.DBus.ObjectManager\"", NULL });
    expect_in(METER_PREFIX,
              (const char *const[]){ "<node name=\"heat\"/>", "<node name=\"water\"/>", NULL });
    expect_in(HEAT, (const char *const[]){ METER_INTERFACE "\"", "<node name=\"energy\"/>",
                                           "<node name=\"owner\"/>", NULL });
    expect_in(HEAT "/flow", (const char *const[]){ RECORD_INTERFACE "\"", "name=\"Set\"", NULL });
    expect_in(PORT_PREFIX,
              (const char *const[]){ "<node name=\"0\"/>", "<node name=\"1\"/>", NULL });
    expect_in(PORT_PREFIX "/1", (const char *const[]){ PORT_INTERFACE "\"", NULL });
}

static void what_is_not_there_is_no_object(void **state)
{
    static const char *const paths[] = {
        METER_PREFIX "/heap", HEAT "/energ",     HEAT "/energy/x",
        PORT_PREFIX "/2",     PORT_PREFIX "/00", PORT_PREFIX "/x"
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
        bed_bad(bed_call(&bed, paths[i], PROPERTIES, "GetAll", "s", RECORD_INTERFACE),
                SD_BUS_ERROR_UNKNOWN_OBJECT, "");
}

static void a_port_shows_its_counts(void **state)
{
    sd_bus_message *m =
        bed_good(bed_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "ListPorts", NULL));
    uint64_t requests, answers, bad, foreign, late;
    const char *name, *kind, *trouble;
    uint32_t baud, n_meters;
    int open;

    (void)state;
    assert_true(sd_bus_message_enter_container(m, 'a', "(ssbsuuttttt)") > 0);
    assert_true(sd_bus_message_read(m, "(ssbsuuttttt)", &name, &kind, &open, &trouble, &baud,
                                    &n_meters, &requests, &answers, &bad, &foreign, &late) > 0);
    assert_string_equal(kind, "pty");
    assert_int_equal(open, 1);
    assert_int_equal(baud, 2400);
    assert_int_equal(n_meters, 2);
    assert_int_equal(requests, 6);
    assert_int_equal(answers, 6);
    assert_int_equal(bad, 2);
    assert_int_equal(foreign, 7);
    assert_int_equal(late, 7);
    assert_true(sd_bus_message_read(m, "(ssbsuuttttt)", &name, &kind, &open, &trouble, &baud,
                                    &n_meters, &requests, &answers, &bad, &foreign, &late) > 0);
    assert_string_equal(name, "tcp:9");
    assert_string_equal(kind, "tcp");
    assert_int_equal(n_meters, 1);
    sd_bus_message_unref(m);
    m = bed_property(&bed, PORT_PREFIX "/1", PORT_INTERFACE, "Meters");
    assert_true(sd_bus_message_read(m, "v", "as", 1, &name) > 0);
    assert_string_equal(name, "water");
    sd_bus_message_unref(m);
}

static void a_meter_says_who_it_is(void **state)
{
    sd_bus_message *m =
        bed_good(bed_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "ListMeters", NULL));
    const char *name, *id, *manufacturer, *medium;
    uint8_t address, version, access, status;
    uint64_t requests, answers, errors;
    uint32_t n_errors;
    int mute;

    (void)state;
    assert_true(sd_bus_message_enter_container(m, 'a', "(syssysyybuttt)") > 0);
    assert_true(sd_bus_message_read(m, "(syssysyybuttt)", &name, &address, &id, &manufacturer,
                                    &version, &medium, &access, &status, &mute, &n_errors,
                                    &requests, &answers, &errors) > 0);
    assert_string_equal(name, "heat");
    assert_int_equal(address, 3);
    assert_string_equal(id, "12345678");
    assert_string_equal(manufacturer, "TST");
    assert_string_equal(medium, "heat_outlet");
    /* Two records have nothing to show yet. */
    assert_int_equal(n_errors, 2);
    assert_int_equal(status, METER_STATUS_TEMPORARY_ERROR);
    sd_bus_message_unref(m);
    m = bed_property(&bed, HEAT, METER_INTERFACE, "Address");
    assert_true(sd_bus_message_read(m, "v", "y", &address) > 0);
    assert_int_equal(address, 3);
    sd_bus_message_unref(m);
}

static void expect_record(const char *record, const char *quantity, const char *unit)
{
    static const char *const names[] = { "Name", "Quantity", "Unit" };
    const char *wanted[] = { record, quantity, unit }, *text;
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", HEAT, record);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        sd_bus_message *m = bed_property(&bed, path, RECORD_INTERFACE, names[i]);

        assert_true(sd_bus_message_read(m, "v", "s", &text) > 0);
        assert_string_equal(text, wanted[i]);
        sd_bus_message_unref(m);
    }
}

static void a_record_has_quantity_and_unit_of_the_file(void **state)
{
    (void)state;
    expect_record("energy", "energy", "kWh");
    expect_record("flow", "flow_temperature", "degC");
    expect_record("power", "power", "W");
    expect_record("since", "datetime", "");
    expect_record("owner", "customer", "");
}

/* Value and error of a record. */
static sd_bus_message *get(const char *record)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", HEAT, record);
    return bed_good(bed_call(&bed, path, RECORD_INTERFACE, "Get", NULL));
}

static void expect_text(const char *record, const char *wanted)
{
    sd_bus_message *m = get(record);
    const char *text, *error;

    assert_true(sd_bus_message_read(m, "v", "s", &text) > 0);
    assert_true(sd_bus_message_read(m, "s", &error) > 0);
    assert_string_equal(text, wanted);
    assert_string_equal(error, "");
    sd_bus_message_unref(m);
}

static void values_come_in_their_types(void **state)
{
    sd_bus_message *m = get("energy");
    const char *error;
    double real;

    (void)state;
    assert_true(sd_bus_message_read(m, "v", "d", &real) > 0);
    assert_true(real == 1234.5);
    sd_bus_message_unref(m);
    m = get("power");
    assert_true(sd_bus_message_skip(m, "v") > 0);
    assert_true(sd_bus_message_read(m, "s", &error) > 0);
    assert_string_equal(error, "no_data_available");
    sd_bus_message_unref(m);
    expect_text("since", "2024-05-17 12:34");
    expect_text("owner", "Gr\xC3\xBC\xC3\x9F");
}

/* A row of ListRecords: the bytes are those of the telegram, with the error in them. */
static void records_are_listed_as_they_are_sent(void **state)
{
    sd_bus_message *m =
        bed_good(bed_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "ListRecords", "s", "heat"));
    const char *name, *kind, *error, *trouble;
    const void *bytes;
    uint64_t age;
    size_t n;
    int writable;

    (void)state;
    assert_true(sd_bus_message_enter_container(m, 'a', "(ssayvsstb)") > 0);
    assert_true(sd_bus_message_enter_container(m, 'r', "ssayvsstb") > 0);
    assert_true(sd_bus_message_read(m, "ss", &name, &kind) > 0);
    assert_string_equal(name, "energy");
    assert_string_equal(kind, "constant");
    assert_true(sd_bus_message_read_array(m, 'y', &bytes, &n) > 0);
    assert_hex(bytes, n, "04 05 39 30 00 00");
    assert_true(sd_bus_message_skip(m, "v") > 0);
    assert_true(sd_bus_message_read(m, "sstb", &error, &trouble, &age, &writable) > 0);
    assert_true(age == UINT64_MAX);
    assert_int_equal(writable, 1);
    assert_true(sd_bus_message_exit_container(m) > 0);
    assert_true(sd_bus_message_enter_container(m, 'r', "ssayvsstb") > 0);
    assert_true(sd_bus_message_read(m, "ss", &name, &kind) > 0);
    assert_string_equal(kind, "pushed");
    assert_true(sd_bus_message_read_array(m, 'y', &bytes, &n) > 0);
    assert_int_equal(((const uint8_t *)bytes)[0] & 0x30, 0x30);
    assert_int_equal(((const uint8_t *)bytes)[2], 0x15);
    sd_bus_message_unref(m);
    bed_bad(bed_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "ListRecords", "s", "heap"),
            ERROR_NO_SUCH_METER, "heap");
}

/* mbus-protocol 10.3: looking is no access. */
static void a_telegram_is_shown_without_an_access(void **state)
{
    const char *path = METER_PREFIX "/water";
    sd_bus_message *m = bed_good(bed_call(&bed, path, METER_INTERFACE, "Telegram", NULL));
    const void *bytes;
    size_t n;

    (void)state;
    assert_true(sd_bus_message_enter_container(m, 'a', "ay") > 0);
    assert_true(sd_bus_message_read_array(m, 'y', &bytes, &n) > 0);
    assert_hex(bytes, n,
               "68 15 15 68 08 04 72 00 00 00 00 74 52 01 00 00 00 00 00 04 13 58 1B 00 00 CF 16");
    assert_int_equal(sd_bus_message_at_end(m, false), 1);
    assert_int_equal(bed.meters[1]->access, 0);
    sd_bus_message_unref(m);
}

static void all_objects_come_in_one_answer(void **state)
{
    sd_bus_message *m = bed_good(bed_call(&bed, SERVICE_PATH, "org.freedesktop.DBus.ObjectManager",
                                          "GetManagedObjects", NULL));
    unsigned n = 0;

    (void)state;
    assert_true(sd_bus_message_enter_container(m, 'a', "{oa{sa{sv}}}") > 0);
    while (sd_bus_message_at_end(m, false) == 0) {
        assert_true(sd_bus_message_skip(m, "{oa{sa{sv}}}") > 0);
        n++;
    }
    /* 2 ports, 2 meters, 6 records. */
    assert_int_equal(n, 10);
    sd_bus_message_unref(m);
}

static void the_manager_says_what_is_kept(void **state)
{
    sd_bus_message *m = bed_property(&bed, SERVICE_PATH, MANAGER_INTERFACE, "StateDirectory");
    const char *text;
    uint32_t n;

    (void)state;
    assert_true(sd_bus_message_read(m, "v", "s", &text) > 0);
    assert_string_equal(text, "/var/lib/x");
    sd_bus_message_unref(m);
    m = bed_property(&bed, SERVICE_PATH, MANAGER_INTERFACE, "Meters");
    assert_true(sd_bus_message_read(m, "v", "u", &n) > 0);
    assert_int_equal(n, 2);
    sd_bus_message_unref(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_can_be_walked),
        cmocka_unit_test(what_is_not_there_is_no_object),
        cmocka_unit_test(a_port_shows_its_counts),
        cmocka_unit_test(a_meter_says_who_it_is),
        cmocka_unit_test(a_record_has_quantity_and_unit_of_the_file),
        cmocka_unit_test(values_come_in_their_types),
        cmocka_unit_test(records_are_listed_as_they_are_sent),
        cmocka_unit_test(a_telegram_is_shown_without_an_access),
        cmocka_unit_test(all_objects_come_in_one_answer),
        cmocka_unit_test(the_manager_says_what_is_kept),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
