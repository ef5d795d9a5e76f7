#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "ctl/way.h"

static const struct {
    const char *device, *host, *service; /* host NULL: refused */
} rows[] = {
    { "tcp:10001", "localhost", "10001" },
    { "tcp:gateway.local:10001", "gateway.local", "10001" },
    { "tcp:192.0.2.7:1", "192.0.2.7", "1" },
    { "tcp:[::1]:65535", "::1", "65535" },
    { "tcp:[fe80::1%eth0]:7", "fe80::1%eth0", "7" },
    { "/dev/ttyUSB0", NULL, NULL },
    { "tcp", NULL, NULL },
    { "tcp:", NULL, NULL },
    { "tcp::10001", NULL, NULL },
    { "tcp:host", NULL, NULL },
    { "tcp:host:", NULL, NULL },
    { "tcp:host:0", NULL, NULL },
    { "tcp:host:65536", NULL, NULL },
    { "tcp:host:99999999999", NULL, NULL },
    { "tcp:host:1x", NULL, NULL },
    { "tcp:::1:10001", NULL, NULL },
    { "tcp:[::1:10001", NULL, NULL },
    { "tcp:[::1]10001", NULL, NULL },
    { "tcp:[]:10001", NULL, NULL },
};

static void names_are_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct way_tcp tcp;

        if (way_parse_tcp(rows[i].device, &tcp) != (rows[i].host != NULL))
            fail_msg("%s", rows[i].device);
        if (rows[i].host == NULL)
            continue;
        assert_string_equal(tcp.host, rows[i].host);
        assert_string_equal(tcp.service, rows[i].service);
    }
}

static void a_host_has_an_end(void **state)
{
    char host[WAY_HOST_SIZE + 1], device[2 * WAY_HOST_SIZE];
    struct way_tcp tcp;

    (void)state;
    memset(host, 'a', WAY_HOST_SIZE);
    host[WAY_HOST_SIZE] = '\0';
    snprintf(device, sizeof(device), "tcp:%s:1", host);
    assert_false(way_parse_tcp(device, &tcp));
    snprintf(device, sizeof(device), "tcp:%s:1", host + 1);
    assert_true(way_parse_tcp(device, &tcp));
}

static void rates_are_those_of_the_bus(void **state)
{
    (void)state;
    assert_true(way_has_baud(300));
    assert_true(way_has_baud(38400));
    assert_false(way_has_baud(0));
    assert_false(way_has_baud(2401));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_taken_apart),
        cmocka_unit_test(a_host_has_an_end),
        cmocka_unit_test(rates_are_those_of_the_bus),
    };

    return cmocka_run_group_tests_name("ctl/way", tests, NULL, NULL);
}
