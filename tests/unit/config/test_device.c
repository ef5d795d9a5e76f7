#include "tests/unit/config/support.h"

#include "config/device.h"

static void test_good(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum port_kind kind;
        const char *host;
        uint16_t port;
    } rows[] = {
        { "/dev/ttyAMA0", PORT_SERIAL, "", 0 },
        { "/dev/serial/by-id/usb-x", PORT_SERIAL, "", 0 },
        { "pty", PORT_PTY, "", 0 },
        { "tcp:1", PORT_TCP, "", 1 },
        { "tcp:65535", PORT_TCP, "", 65535 },
        { "tcp:0.0.0.0:10001", PORT_TCP, "0.0.0.0", 10001 },
        { "tcp:[::]:10001", PORT_TCP, "::", 10001 },
        { "tcp:[0:0:0:0:0:0:0:1]:10001", PORT_TCP, "::1", 10001 },
        { "tcp:[2001:DB8::1]:10001", PORT_TCP, "2001:db8::1", 10001 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct device device;
        assert_null(device_parse(rows[i].text, &device));
        assert_int_equal(device.kind, rows[i].kind);
        assert_string_equal(device.host, rows[i].host);
        assert_int_equal(device.tcp_port, rows[i].port);
    }
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "/",
        "ttyAMA0",
        "Pty",
        "tcp",
        "tcp:",
        "tcp:0",
        "tcp:65536",
        "tcp:100000",
        "tcp:-1",
        "tcp: 1",
        "tcp:localhost:1",
        "tcp::1",
        "tcp:::1",
        "tcp:[]:1",
        "tcp:[::1]",
        "tcp:[::1]1",
        "tcp:[::1:1",
        "tcp:[1.2.3.4]:1",
        "tcp:[fe80::1%lo]:1",
        "tcp:1.2.3:1",
        "tcp:1.2.3.4:",
        "tcp:1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21:1",
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct device device;
        assert_non_null(device_parse(texts[i], &device));
    }
}

static struct port_config port_of(char *text, struct device *device)
{
    assert_null(device_parse(text, device));
    return (struct port_config){ .device = text,
                                 .kind = device->kind,
                                 .host = device->host[0] ? device->host : NULL,
                                 .tcp_port = device->tcp_port };
}

static void test_collisions(void **state)
{
    (void)state;
    static struct {
        char a[32], b[32];
        bool collides;
    } rows[] = {
        { "/dev/a", "/dev/a", true },
        { "/dev/a", "/dev/b", false },
        { "pty", "pty", false },
        { "pty", "tcp:1", false },
        { "tcp:1", "tcp:1", true },
        { "tcp:1", "tcp:2", false },
        { "tcp:1", "tcp:127.0.0.1:1", true },
        { "tcp:1", "tcp:[::1]:1", true },
        { "tcp:1", "tcp:10.0.0.1:1", false },
        { "tcp:1", "tcp:0.0.0.0:1", true },
        { "tcp:10.0.0.1:1", "tcp:10.0.0.1:1", true },
        { "tcp:10.0.0.1:1", "tcp:10.0.0.2:1", false },
        { "tcp:10.0.0.1:1", "tcp:0.0.0.0:1", true },
        { "tcp:[::1]:1", "tcp:0.0.0.0:1", false },
        { "tcp:[::]:1", "tcp:0.0.0.0:1", true },
        { "tcp:[::]:1", "tcp:10.0.0.1:1", true },
        { "tcp:[::]:1", "tcp:1", true },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct device first, second;
        struct port_config a = port_of(rows[i].a, &first), b = port_of(rows[i].b, &second);
        assert_int_equal(device_collides(&a, &b), rows[i].collides);
        assert_int_equal(device_collides(&b, &a), rows[i].collides);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_collisions),
    };
    return cmocka_run_group_tests_name("config/device", tests, NULL, NULL);
}
