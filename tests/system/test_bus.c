/* The daemon and its system bus: there is none, it comes, it dies, it comes back; and what busctl
 * introspect finds. */
#include "tests/system/house.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct house house;

static int clean_up(void **state)
{
    (void)state;
    house_clean_up(&house);
    return 0;
}

static void set(double number, const char *wire)
{
    assert_string_equal(test_bus_set(house.bus.client, "house.room", number), "");
    EXPECT_NOW(&house, GOOD, wire);
}

/* Said once each: that there is none, that it is there, that it is gone. */
static void it_works_without_a_bus_and_finds_one(void **state)
{
    (void)state;
    house_init(&house, false);
    house_config(&house, "", ROOM("room", "pushed = { start = 1; };"));
    house_start(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("01 00"));
    rig_expect_log(&house.rig, "D-Bus: no system bus");
    for (unsigned i = 1; i <= 3; i++) {
        char wire[32];

        test_bus_start(&house.bus, &house.rig);
        test_bus_expect_service(&house.bus);
        snprintf(wire, sizeof(wire), GOOD_IS("%02X 00"), 10 + i);
        set(10 + i, wire);
        test_bus_kill(&house.bus);
        EXPECT_NOW(&house, GOOD, wire);
    }
    rig_expect_log(&house.rig, "D-Bus: the system bus is gone");
    assert_int_equal(rig_count_log(&house.rig, "D-Bus: no system bus"), 1);
    assert_int_equal(rig_count_log(&house.rig, "D-Bus: there as"), 3);
    house_end(&house);
}

/* A reload, a stop and a start in the time in which there is none. */
static void a_bus_that_is_gone_keeps_nothing_from_working(void **state)
{
    (void)state;
    house_init(&house, true);
    house_config(&house, "", ROOM("room", "pushed = { start = 1; };"));
    house_start(&house);
    set(2, GOOD_IS("02 00"));
    test_bus_kill(&house.bus);
    house_config(&house, "", ROOM("room", "pushed = { start = 1; };") ", " CONSTANT);
    house_reload(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("02 00") CONSTANT_IS);
    test_bus_start(&house.bus, &house.rig);
    test_bus_expect_service(&house.bus);
    set(3, GOOD_IS("03 00") CONSTANT_IS);
    test_bus_kill(&house.bus);
    house_stop(&house);
    house_start(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00") CONSTANT_IS);
    house_end(&house);
}

/* A second daemon on the same bus is told to take a name of its own, and serves its masters. */
static void a_name_that_is_taken_is_said(void **state)
{
    struct rig second;
    int port = free_tcp_port(), fd;

    (void)state;
    house_init(&house, true);
    house_config(&house, "", CONSTANT);
    house_start(&house);
    rig_init(&second);
    second.bus = house.bus.address;
    rig_config(&second, "port = { device = \"tcp:%d\"; };\n" STOCK_METER, port);
    rig_start(&second, NULL);
    rig_expect_log(&second, "belongs to another program; control.name");
    fd = tcp_connect(port);
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    rig_config(&second,
               "port = { device = \"tcp:%d\"; };\ncontrol = { name = \"second\"; };\n" STOCK_METER,
               port);
    kill(second.pid, SIGHUP);
    rig_expect_log(&second, "D-Bus: there as " SERVICE ".second");
    ASK(fd, "10 5B 03 5E 16", STOCK_1);
    close(fd);
    rig_stop(&second);
    rig_done(&second);
    house_end(&house);
}

/* ---- introspection --------------------------------------------------------------------------- */

static const char *introspect(const char *path)
{
    static char text[16 * 1024];
    sd_bus_message *m = NULL;
    const char *xml = "";

    assert_true(sd_bus_call_method(house.bus.client, SERVICE, path,
                                   "org.freedesktop.DBus.Introspectable", "Introspect", NULL, &m,
                                   NULL) >= 0);
    assert_true(sd_bus_message_read(m, "s", &xml) >= 0);
    snprintf(text, sizeof(text), "%s", xml);
    sd_bus_message_unref(m);
    return text;
}

static void expect_names(const char *path, const char *const *names)
{
    const char *xml = introspect(path);

    for (; *names != NULL; names++) {
        char quoted[64];

        snprintf(quoted, sizeof(quoted), "name=\"%s\"", *names);
        if (strstr(xml, quoted) == NULL)
            fail_msg("%s: no %s in\n%s", path, *names, xml);
    }
}

static void all_is_introspectable(void **state)
{
    static const char *const manager[] = { SERVICE ".Manager",
                                           "org.freedesktop.DBus.ObjectManager",
                                           "Version",
                                           "StateDirectory",
                                           "StateTrouble",
                                           "Meters",
                                           "Ports",
                                           "ListPorts",
                                           "ListMeters",
                                           "ListRecords",
                                           "SetValues",
                                           "Watch",
                                           "Unwatch",
                                           "Frame",
                                           "GetManagedObjects",
                                           NULL };
    static const char *const port[] = {
        SERVICE ".Port", "Device",  "Kind", "Open",    "Trouble",   "Baud", "Meters",
        "Requests",      "Answers", "Late", "Foreign", "BadFrames", NULL
    };
    static const char *const meter[] = { SERVICE ".Meter",
                                         "Name",
                                         "Address",
                                         "Id",
                                         "Manufacturer",
                                         "Version",
                                         "Medium",
                                         "AccessNumber",
                                         "Status",
                                         "Mute",
                                         "Errors",
                                         "Requests",
                                         "Answers",
                                         "RefusedRequests",
                                         "Telegram",
                                         "Forget",
                                         NULL };
    static const char *const record[] = {
        SERVICE ".Record", "Name",    "Source",   "Quantity", "Unit", "Value",
        "Error",           "Trouble", "Writable", "Get",      "Set",  NULL
    };
    static const char *const children[] = { "meter", "port", NULL };
    static const char *const ports[] = { "0", "1", NULL };
    static const char *const meters[] = { "house", "fence", NULL };

    (void)state;
    house_init(&house, true);
    house_config(&house, "", ROOM("room", "pushed = {};"));
    house_start(&house);
    expect_names(SERVICE_PATH, manager);
    expect_names(SERVICE_PATH, children);
    expect_names(SERVICE_PATH "/port", ports);
    expect_names(SERVICE_PATH "/meter", meters);
    expect_names(SERVICE_PATH "/port/0", port);
    expect_names(SERVICE_PATH "/meter/house", meter);
    expect_names(SERVICE_PATH "/meter/house/room", record);
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_works_without_a_bus_and_finds_one),
        cmocka_unit_test(a_bus_that_is_gone_keeps_nothing_from_working),
        cmocka_unit_test(a_name_that_is_taken_is_said),
        cmocka_unit_test(all_is_introspectable),
    };

    return cmocka_run_group_tests_name("bus", tests, NULL, clean_up);
}
