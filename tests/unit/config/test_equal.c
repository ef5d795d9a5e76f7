#include "tests/unit/config/support.h"

#define FIXED "structure = \"fixed\"; "
#define LITRE "{ name = \"a\"; unit = \"l\";"

/* One setting each that makes another port of { device = "..." }. */
static void test_ports(void **state)
{
    (void)state;
    static const char *const ports[] = {
        "device = \"/dev/x\";",
        "device = \"/dev/y\";",
        "device = \"/dev/x\"; baud = 300;",
        "device = \"/dev/x\"; baud = \"auto\";",
        "device = \"/dev/x\"; baud_fallback = 60;",
        "device = \"/dev/x\"; parity = \"none\";",
        "device = \"/dev/x\"; gap = 1;",
        "device = \"/dev/x\"; answer_delay = \"1 ms\";",
        "device = \"/dev/x\"; byte_gap = \"1 ms\";",
        "device = \"pty\";",
        "device = \"pty\"; link = \"a\";",
        "device = \"pty\"; link = \"b\";",
        "device = \"pty\"; mode = \"0600\";",
        "device = \"tcp:1\";",
        "device = \"tcp:2\";",
        "device = \"tcp:127.0.0.1:1\";",
        "device = \"tcp:1\"; max_clients = 1;",
        "device = \"tcp:1\"; idle_timeout = 1;",
    };
    struct loaded a[ARRAY_SIZE(ports)], b[ARRAY_SIZE(ports)];
    for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
        char text[256];
        snprintf(text, sizeof(text), "port = { %s };\nmeter = { };\n", ports[i]);
        a[i] = load_good(text);
        b[i] = load_good(text);
    }
    for (size_t i = 0; i < ARRAY_SIZE(ports); i++)
        for (size_t j = 0; j < ARRAY_SIZE(ports); j++)
            assert_int_equal(port_config_equal(a[i].config->ports, b[j].config->ports), i == j);
    for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
        loaded_done(&a[i]);
        loaded_done(&b[i]);
    }
}

static void test_meters(void **state)
{
    (void)state;
    static const char *const meters[] = {
        "",
        "name = \"a\";",
        "address = 1;",
        "id = \"1\";",
        "manufacturer = \"ABC\";",
        "version = 2;",
        "medium = 7;",
        "status = [ \"busy\" ];",
        "repeat_time = 1;",
        "session_time = 1;",
        "max_telegram = 254;",
        "allow = [ ];",
        "on_refused = \"error\";",
        "nke_253 = \"always\";",
        "manufacturer_data = \"01\";",
        "manufacturer_data = \"02\";",
        "manufacturer_data = \"01 02\";",
        "records = ( { name = \"b\"; unit = \"V\"; value = 1; } );",
        "records = ( { name = \"a\"; unit = \"V\"; value = 1; sets = [ \"all\" ]; } );",
        "records = ( { name = \"a\"; unit = \"V\"; value = 1; writable = true; } );",
        "records = ( { name = \"a\"; unit = \"V\"; value = 1; writable = { min = 0; }; } );",
        "records = ( { name = \"a\"; unit = \"V\"; value = 1; writable = { max = 9; }; } );",
        "records = ( { name = \"a\"; unit = \"V\"; value = 1; } );",
        "records = ( { name = \"a\"; unit = \"V\"; value = 2; } );",
        "records = ( { name = \"a\"; unit = \"A\"; value = 1; } );",
        "records = ( { name = \"a\"; unit = \"V\"; type = \"int16\"; value = 1; } );",
        "records = ( { name = \"a\"; unit = \"V\"; type = \"real32\"; value = 1; } );",
        "records = ( { name = \"a\"; unit = \"V\"; type = \"real32\"; value = 2; } );",
        "records = ( { name = \"a\"; unit = \"V\"; function = \"maximum\"; value = 1; } );",
        "records = ( { name = \"a\"; unit = \"V\"; storage = 1; value = 1; } );",
        "records = ( { name = \"a\"; unit = \"V\"; tariff = 1; value = 1; } );",
        "records = ( { name = \"a\"; unit = \"V\"; subunit = 1; value = 1; } );",
        "records = ( { name = \"a\"; quantity = \"customer\"; value = \"ab\"; } );",
        "records = ( { name = \"a\"; quantity = \"customer\"; value = \"ac\"; } );",
        "records = ( { name = \"a\"; quantity = \"customer\"; value = \"\"; } );",
        "records = ( { name = \"a\"; quantity = \"customer\"; type = \"binary\"; "
        "value = \"6261\"; } );",
        "records = ( { name = \"a\"; quantity = \"custom\"; unit = \"a\"; value = 1; } );",
        "records = ( { name = \"a\"; quantity = \"custom\"; unit = \"b\"; value = 1; } );",
        "records = ( { name = \"a\"; vif = \"FC 01 61 12\"; value = 1; } );",
        "records = ( { name = \"a\"; vif = \"FC 12 01 61\"; value = 1; } );",
        "records = ( { name = \"a\"; dif = \"84 00\"; unit = \"V\"; value = 1; } );",
        "records = ( { name = \"a\"; quantity = \"date\"; value = \"2024-05-17\"; } );",
        "records = ( { name = \"a\"; quantity = \"date\"; value = \"2024-05-18\"; } );",
        "on_stale = \"silent\";",
        "records = ( { name = \"a\"; unit = \"V\"; pushed = { }; } );",
        "records = ( { name = \"a\"; unit = \"V\"; pushed = { start = 0; }; } );",
        "records = ( { name = \"a\"; unit = \"V\"; pushed = { start = 1; }; } );",
        "records = ( { name = \"a\"; unit = \"V\"; pushed = { }; writable = true; } );",
        "records = ( { name = \"a\"; unit = \"mV\"; resolution = 1000; value = 1000; } );",
        FIXED "records = ( " LITRE " value = 1; } );",
        FIXED "records = ( " LITRE " value = 2; } );",
        FIXED "records = ( " LITRE " resolution = 1000; value = 1000; } );",
        FIXED "records = ( " LITRE " type = \"bcd8\"; value = 1; } );",
        FIXED "records = ( " LITRE " value = 1; }, { name = \"b\"; unit = \"l\"; value = 1; } );",
    };
    struct loaded a[ARRAY_SIZE(meters)], b[ARRAY_SIZE(meters)];
    for (size_t i = 0; i < ARRAY_SIZE(meters); i++) {
        char text[512];
        snprintf(text, sizeof(text), "port = { device = \"pty\"; };\nmeter = { %s };\n", meters[i]);
        a[i] = load_good(text);
        b[i] = load_good(text);
    }
    for (size_t i = 0; i < ARRAY_SIZE(meters); i++)
        for (size_t j = 0; j < ARRAY_SIZE(meters); j++)
            assert_int_equal(meter_def_equal(a[i].config->meters, b[j].config->meters), i == j);
    for (size_t i = 0; i < ARRAY_SIZE(meters); i++) {
        loaded_done(&a[i]);
        loaded_done(&b[i]);
    }
}

static void test_lines(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "line = \"A\";",
        "line = \"B\";",
        "line = \"A\"; active_low = true;",
        "line = \"A\"; bias = \"pull_up\";",
        "line = \"A\"; drive = \"open_drain\";",
        "chip = \"A\"; offset = 0;",
        "chip = \"A\"; offset = 1;",
        "chip = \"B\"; offset = 0;",
    };
    struct loaded a[ARRAY_SIZE(lines)], b[ARRAY_SIZE(lines)];
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        char text[256];
        snprintf(text, sizeof(text),
                 "port = { device = \"pty\"; };\nmeter = { };\nhat = { enable = { %s }; };\n",
                 lines[i]);
        a[i] = load_good(text);
        b[i] = load_good(text);
    }
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        for (size_t j = 0; j < ARRAY_SIZE(lines); j++)
            assert_int_equal(line_config_equal(&a[i].config->hat.roles[HAT_ENABLE].line,
                                               &b[j].config->hat.roles[HAT_ENABLE].line),
                             i == j);
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        loaded_done(&a[i]);
        loaded_done(&b[i]);
    }
}

/* One setting each that makes another source of record "r". */
static void test_sources(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "file = { path = \"/x\"; };",
        "file = { path = \"/y\"; };",
        "file = { path = \"/x\"; pattern = \"a\"; };",
        "file = { path = \"/x\"; pattern = \"b\"; };",
        "file = { path = \"/x\"; field = 1; };",
        "file = { path = \"/x\"; scale = 2; };",
        "file = { path = \"/x\"; offset = 2; };",
        "file = { path = \"/x\"; interval = 1; };",
        "file = { path = \"/x\"; }; writable = { command = [ \"/z\" ]; };",
        "command = { argv = [ \"/x\" ]; };",
        "command = { argv = [ \"/x\", \"a\" ]; };",
        "command = { argv = [ \"/x\" ]; timeout = 1; };",
        "pushed = { };",
        "pushed = { start = 0; };",
        "pushed = { start = 1; };",
        "pushed = { start = 1.0; };",
        "derived = { sum = [ \"a\" ]; };",
        "derived = { product = [ \"a\" ]; };",
        "derived = { sum = [ \"a\", \"b\" ]; };",
        "derived = { sum = [ \"b\", \"a\" ]; };",
        "derived = { sum = [ \"a\" ]; factor = 2; };",
        "internal = { counter = \"answers\"; };",
        "internal = { counter = \"errors\"; };",
        "type = \"real32\"; value = 1; writable = { command = [ \"/x\" ]; };",
        "quantity = \"on_time\"; unit = \"s\"; internal = { counter = \"on_time\"; };",
        "quantity = \"on_time\"; unit = \"h\"; internal = { counter = \"on_time\"; };",
        "quantity = \"datetime\"; clock = { };",
        "quantity = \"datetime\"; clock = { zone = \"UTC\"; };",
    };
    struct loaded a[ARRAY_SIZE(sources)], b[ARRAY_SIZE(sources)];
    for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
        char text[512];
        const char *unit = strstr(sources[i], "quantity") ? "" : "quantity = \"count\";";
        snprintf(text, sizeof(text),
                 "port = { device = \"pty\"; };\nmeter = { records = ( { name = \"a\"; "
                 "quantity = \"count\"; value = 1; }, { name = \"b\"; quantity = \"count\"; "
                 "value = 1; }, { name = \"r\"; %s %s } ); };\n",
                 unit, sources[i]);
        a[i] = load_good(text);
        b[i] = load_good(text);
        /* Where it is makes no other of it, nor what is shown of a number that is not good. */
        b[i].config->sources[0].meter = 3;
        b[i].config->sources[0].max_age = 7;
        b[i].config->sources[0].on_error = SOURCE_HOLD;
        b[i].config->sources[0].record = 4;
    }
    for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
        for (size_t j = 0; j < ARRAY_SIZE(sources); j++)
            assert_int_equal(source_config_equal(a[i].config->sources, b[j].config->sources),
                             i == j);
    for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
        loaded_done(&a[i]);
        loaded_done(&b[i]);
    }
}

/* Which meters live on a port is no setting of the port: it stays open. */
static void test_rosters(void **state)
{
    (void)state;
    struct loaded a = load_good("port = { device = \"pty\"; };\nmeter = { };\n");
    struct loaded b =
        load_good("port = { device = \"pty\"; meters = [ \"meter\" ]; };\nmeter = { };\n");
    assert_true(port_config_equal(a.config->ports, b.config->ports));
    loaded_done(&a);
    loaded_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ports),   cmocka_unit_test(test_meters),
        cmocka_unit_test(test_lines),   cmocka_unit_test(test_sources),
        cmocka_unit_test(test_rosters),
    };
    return cmocka_run_group_tests_name("config/equal", tests, NULL, NULL);
}
