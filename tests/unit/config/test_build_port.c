#include "tests/unit/config/support.h"

static void test_default_gap(void **state)
{
    (void)state;
    static const struct {
        const char *port;
        usec_t gap;
    } rows[] = {
        { "device = \"/dev/x\"; baud = 300;", 110000 },
        { "device = \"/dev/x\"; baud = 1200;", 27500 },
        { "device = \"/dev/x\"; baud = 2400;", 20000 },
        { "device = \"/dev/x\"; baud = 9600;", 20000 },
        { "device = \"pty\"; baud = 9600;", 100000 },
        { "device = \"pty\"; baud = 300;", 110000 },
        { "device = \"tcp:1\";", 100000 },
        { "device = \"/dev/x\"; gap = \"10 ms\";", 10000 },
        { "device = \"pty\"; gap = 5;", 5000000 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[256];
        snprintf(text, sizeof(text), "port = { %s };\nmeter = { };\n", rows[i].port);
        struct loaded loaded = load_good(text);
        const struct port_config *port = &loaded.config->ports[0];
        assert_int_equal(port_gap(port, port->baud), rows[i].gap);
        loaded_done(&loaded);
    }
}

static void test_kinds(void **state)
{
    (void)state;
    struct loaded loaded = load_good(
        "ports = (\n"
        "  { device = \"/dev/x\"; parity = \"none\"; answer_delay = \"150 ms\"; byte_gap = 0; },\n"
        "  { device = \"pty\"; link = \"run/pty\"; mode = \"0600\"; byte_gap = \"50 ms\"; },\n"
        "  { device = \"tcp:[::0]:10001\"; max_clients = 1; idle_timeout = 0; baud = 300; }\n"
        ");\nmeter = { };\n");
    const struct port_config *ports = loaded.config->ports;
    assert_int_equal(loaded.config->n_ports, 3);
    assert_int_equal(ports[0].kind, PORT_SERIAL);
    assert_false(ports[0].parity_even);
    assert_int_equal(ports[0].answer_delay, 150 * USEC_PER_MSEC);
    assert_int_equal(ports[1].kind, PORT_PTY);
    assert_string_equal(ports[1].link, "run/pty");
    assert_int_equal(ports[1].mode, 0600);
    assert_int_equal(ports[1].byte_gap, 50 * USEC_PER_MSEC);
    assert_int_equal(ports[2].kind, PORT_TCP);
    assert_string_equal(ports[2].host, "::");
    assert_int_equal(ports[2].tcp_port, 10001);
    assert_int_equal(ports[2].max_clients, 1);
    assert_int_equal(ports[2].idle_timeout, 0);
    loaded_done(&loaded);
}

/* With 10 ms to spare, what is accepted is sent in time. */
static void test_longest_answer_delay(void **state)
{
    (void)state;
    static const struct {
        unsigned baud;
        unsigned ms;
    } rows[] = {
        { 300, 150 },  { 600, 150 }, { 1200, 150 }, { 2400, 150 },
        { 4800, 106 }, { 9600, 72 }, { 19200, 55 }, { 38400, 46 },
    };
    static const char *const devices[] = { "/dev/x", "pty" };
    for (size_t i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(devices); i++) {
        const char *device = devices[i % ARRAY_SIZE(devices)];
        unsigned baud = rows[i / ARRAY_SIZE(devices)].baud, ms = rows[i / ARRAY_SIZE(devices)].ms;
        char text[256];
        snprintf(text, sizeof(text),
                 "port = { device = \"%s\"; baud = %u; answer_delay = \"%u ms\"; };\n", device,
                 baud, ms);
        struct loaded loaded = load_good(text);
        assert_int_equal(loaded.config->ports[0].answer_delay, ms * USEC_PER_MSEC);
        loaded_done(&loaded);
        snprintf(text, sizeof(text),
                 "port = { device = \"%s\"; baud = %u; answer_delay = \"%u ms\"; };\n", device,
                 baud, ms + 1);
        loaded = load_text(text, NULL);
        assert_int_equal(loaded.messages.n_errors, 1);
        loaded_done(&loaded);
    }
}

/* The command line has made it impossible, and is told so; it can make it possible as well. */
static void test_answer_delay_with_baud(void **state)
{
    (void)state;
    static const char slow[] = "port = { device = \"pty\"; answer_delay = \"150 ms\"; };\n";
    struct config_overrides overrides = { .baud = "4800" };
    struct loaded loaded = load_text(slow, &overrides);
    assert_int_equal(loaded.messages.n, 1);
    assert_string_equal(loaded.messages.items[0].text,
                        "--baud: \"150 ms\" of port.answer_delay is beyond the answer window at "
                        "4800 baud; 0 to 106 ms");
    loaded_done(&loaded);

    overrides = (struct config_overrides){ .baud = "300" };
    loaded = load_text("port = { device = \"pty\"; baud = 9600; answer_delay = \"150 ms\"; };\n",
                       &overrides);
    assert_int_equal(loaded.messages.n, 0);
    loaded_done(&loaded);

    /* In a network an answer goes at once. */
    overrides = (struct config_overrides){ .device = "tcp:10001", .baud = "4800" };
    loaded = load_text(slow, &overrides);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.messages.n, 1); /* "not used" */
    loaded_done(&loaded);
}

static void test_auto(void **state)
{
    (void)state;
    struct loaded loaded = load_good("port = { device = \"/dev/x\"; baud = \"auto\"; "
                                     "baud_fallback = \"1 h\"; answer_delay = \"72 ms\"; };\n");
    assert_int_equal(loaded.config->ports[0].baud, 0);
    assert_int_equal(loaded.config->ports[0].baud_fallback, 60 * USEC_PER_MIN);
    loaded_done(&loaded);

    struct config_overrides overrides = { .baud = "auto" };
    loaded = load_text("port = { device = \"/dev/x\"; };\n", &overrides);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.config->ports[0].baud, 0);
    loaded_done(&loaded);
}

static void test_too_many(void **state)
{
    (void)state;
    char text[4096] = "ports = (";
    for (unsigned i = 0; i < 65; i++)
        strcat(text, i > 0 ? ", { device = \"pty\"; }" : "{ device = \"pty\"; }");
    strcat(text, ");\nmeter = { };\n");
    struct loaded loaded = load_text(text, NULL);
    assert_int_equal(loaded.messages.n, 1);
    assert_non_null(strstr(loaded.messages.items[0].text, ":1: ports: 65 ports; at most 64"));
    loaded_done(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_gap),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_longest_answer_delay),
        cmocka_unit_test(test_answer_delay_with_baud),
        cmocka_unit_test(test_auto),
        cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests_name("config/build_port", tests, NULL, NULL);
}
