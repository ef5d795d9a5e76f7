#include "tests/system/bus.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define POLL_MS 10

/* ---- the bus --------------------------------------------------------------------------------- */

/* The socket has a folder of its own: the daemon watches that until the bus comes. */
void test_bus_init(struct test_bus *bus, struct rig *rig)
{
    *bus = (struct test_bus){ 0 };
    assert_int_equal(mkdir(rig_path(rig, "dbus"), 0700), 0);
    snprintf(bus->address, sizeof(bus->address), "unix:path=%s", rig_path(rig, "dbus/socket"));
    rig->bus = bus->address;
}

static void write_settings(const struct test_bus *bus, const struct rig *rig)
{
    FILE *f = fopen(rig_path(rig, "bus.conf"), "we");

    assert_non_null(f);
    fprintf(f,
            "<busconfig>\n"
            "  <listen>%s</listen>\n"
            "  <auth>EXTERNAL</auth>\n"
            "  <policy context=\"default\">\n"
            "    <allow send_destination=\"*\"/><allow eavesdrop=\"false\"/><allow own=\"*\"/>\n"
            "  </policy>\n"
            "</busconfig>\n",
            bus->address);
    fclose(f);
}

static bool is_there(const struct test_bus *bus)
{
    sd_bus *client = test_bus_connect(bus);

    sd_bus_flush_close_unref(client);
    return client != NULL;
}

void test_bus_start(struct test_bus *bus, const struct rig *rig)
{
    int64_t end = now_us() + PATIENCE_MS * 1000;
    char settings[200];

    write_settings(bus, rig);
    unlink(rig_path(rig, "dbus/socket"));
    snprintf(settings, sizeof(settings), "--config-file=%s", rig_path(rig, "bus.conf"));
    bus->pid = fork();
    assert_true(bus->pid >= 0);
    if (bus->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO); /* it may not raise its limits */
        execlp("dbus-daemon", "dbus-daemon", settings, "--nofork", "--nosyslog", NULL);
        _exit(127);
    }
    while (!is_there(bus)) {
        if (now_us() > end || waitpid(bus->pid, NULL, WNOHANG) != 0)
            fail_msg("dbus-daemon does not start; is the Debian package dbus-daemon installed?");
        wait_ms(POLL_MS);
    }
    bus->client = test_bus_connect(bus);
}

void test_bus_expect_service(const struct test_bus *bus)
{
    int64_t end = now_us() + PATIENCE_MS * 1000;

    while (sd_bus_get_name_creds(bus->client, SERVICE, 0, NULL) < 0) {
        if (now_us() > end)
            fail_msg("the daemon does not come to its D-Bus");
        wait_ms(POLL_MS);
    }
}

void test_bus_kill(struct test_bus *bus)
{
    bus->client = sd_bus_close_unref(bus->client);
    if (bus->pid == 0)
        return;
    kill(bus->pid, SIGKILL);
    waitpid(bus->pid, NULL, 0);
    bus->pid = 0;
}

/* ---- clients --------------------------------------------------------------------------------- */

sd_bus *test_bus_connect(const struct test_bus *bus)
{
    sd_bus *client;

    if (sd_bus_new(&client) < 0)
        return NULL;
    if (sd_bus_set_address(client, bus->address) < 0 || sd_bus_set_bus_client(client, true) < 0 ||
        sd_bus_start(client) < 0 || sd_bus_get_unique_name(client, &(const char *){ NULL }) < 0)
        return sd_bus_close_unref(client);
    return client;
}

const char *test_bus_set_(sd_bus *client, ...)
{
    static char name[128];
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message *m;
    const char *record;
    va_list args;

    assert_true(sd_bus_message_new_method_call(client, &m, SERVICE, SERVICE_PATH,
                                               SERVICE ".Manager", "SetValues") >= 0);
    assert_true(sd_bus_message_open_container(m, 'a', "(sv)") >= 0);
    va_start(args, client);
    while (*(record = va_arg(args, const char *)) != '\0')
        assert_true(sd_bus_message_append(m, "(sv)", record, "d", va_arg(args, double)) >= 0);
    va_end(args);
    assert_true(sd_bus_message_close_container(m) >= 0);
    if (sd_bus_call(client, m, 0, &error, NULL) < 0)
        snprintf(name, sizeof(name), "%s", error.name != NULL ? error.name : "unknown");
    else
        name[0] = '\0';
    sd_bus_message_unref(m);
    sd_bus_error_free(&error);
    return name;
}

static void get_text(sd_bus *client, const char *path, const char *property, char *ret, size_t size)
{
    char *text = NULL;
    int r =
        sd_bus_get_property_string(client, SERVICE, path, SERVICE ".Record", property, NULL, &text);

    if (r < 0)
        fail_msg("%s of %s: %s", property, path, strerror(-r));
    snprintf(ret, size, "%s", text);
    free(text);
}

static void get_value(sd_bus *client, const char *path, char *ret, size_t size)
{
    sd_bus_message *m = NULL;
    const char *type = "";
    double real = 0;
    int64_t whole = 0;

    assert_true(
        sd_bus_call_method(client, SERVICE, path, SERVICE ".Record", "Get", NULL, &m, NULL) >= 0);
    assert_true(sd_bus_message_peek_type(m, NULL, &type) > 0);
    if (*type == 'd') {
        assert_true(sd_bus_message_read(m, "v", "d", &real) >= 0);
        snprintf(ret, size, "%.10g", real);
    } else if (*type == 'x') {
        assert_true(sd_bus_message_read(m, "v", "x", &whole) >= 0);
        snprintf(ret, size, "%lld", (long long)whole);
    } else {
        const char *text = "";

        assert_true(sd_bus_message_read(m, "v", "s", &text) >= 0);
        snprintf(ret, size, "%s", text);
    }
    sd_bus_message_unref(m);
}

void test_bus_show(sd_bus *client, const char *meter, const char *record, struct test_shown *ret)
{
    char path[200];

    snprintf(path, sizeof(path), SERVICE_PATH "/meter/%s/%s", meter, record);
    get_value(client, path, ret->value, sizeof(ret->value));
    get_text(client, path, "Error", ret->error, sizeof(ret->error));
    get_text(client, path, "Trouble", ret->trouble, sizeof(ret->trouble));
}
