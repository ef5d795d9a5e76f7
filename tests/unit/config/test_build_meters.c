#include "tests/unit/config/support.h"

static void test_rosters(void **state)
{
    (void)state;
    struct loaded loaded = load_good("ports = (\n"
                                     "  { device = \"pty\"; meters = [ \"c\", \"a\" ]; },\n"
                                     "  { device = \"pty\"; meters = ( \"b\" ); },\n"
                                     "  { device = \"tcp:1\"; meters = [ \"a\", \"b\" ]; }\n"
                                     ");\n"
                                     "meters = (\n"
                                     "  { name = \"a\"; address = 1; },\n"
                                     "  { name = \"b\"; address = 2; },\n"
                                     "  { name = \"c\"; address = 2; }\n"
                                     ");\n");
    const struct port_config *ports = loaded.config->ports;
    assert_int_equal(loaded.config->n_meters, 3);
    assert_int_equal(ports[0].n_meters, 2);
    assert_int_equal(ports[0].meters[0], 2);
    assert_int_equal(ports[0].meters[1], 0);
    assert_int_equal(ports[1].n_meters, 1);
    assert_int_equal(ports[1].meters[0], 1);
    assert_int_equal(ports[2].n_meters, 2);
    loaded_done(&loaded);
}

/* The address of a meter that came out of the box. */
static void test_unset_addresses(void **state)
{
    (void)state;
    struct loaded loaded = load_good("port = { device = \"pty\"; };\n"
                                     "meters = ( { name = \"a\"; }, { name = \"b\"; } );\n");
    assert_int_equal(loaded.config->n_meters, 2);
    assert_null(loaded.config->ports[0].meters);
    loaded_done(&loaded);
}

static void test_homeless(void **state)
{
    (void)state;
    struct loaded loaded = load_text("port = { device = \"pty\"; meters = [ \"b\" ]; };\n"
                                     "meters = ( { name = \"a\"; }, { name = \"b\"; } );\n",
                                     NULL);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.messages.n, 1);
    assert_non_null(strstr(loaded.messages.items[0].text,
                           ":2: meters[0]: \"a\" is among the \"meters\" of no port; it answers "
                           "nobody"));
    loaded_done(&loaded);
}

/* What the command line says concerns the first meter. */
static void test_overrides(void **state)
{
    (void)state;
    struct config_overrides overrides = { .addr = "5", .id = "9" };
    struct loaded loaded = load_text("port = { device = \"pty\"; };\n"
                                     "meters = ( { name = \"a\"; address = 1; },\n"
                                     "  { name = \"b\"; address = 2; id = \"7\"; } );\n",
                                     &overrides);
    assert_int_equal(loaded.messages.n, 0);
    assert_int_equal(loaded.config->meters[0].address, 5);
    assert_int_equal(loaded.config->meters[0].ident.id, 9);
    assert_int_equal(loaded.config->meters[1].address, 2);
    assert_int_equal(loaded.config->meters[1].ident.id, 7);
    loaded_done(&loaded);
}

/* `n` meters, the i-th with the name m(i % names). */
static struct loaded load_many(unsigned n, unsigned names, const char *port)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    fprintf(stream, "port = { device = \"pty\"; %s };\nmeters = (\n", port);
    for (unsigned i = 0; i < n; i++)
        fprintf(stream,
                "%s  { name = \"m%u\"; id = \"%u\";\n    records = (\n"
                "      { name = \"v\"; unit = \"V\"; value = 1; },\n"
                "      { name = \"a\"; unit = \"A\"; value = 2; }\n    );\n  }",
                i > 0 ? ",\n" : "", i % names, i);
    fprintf(stream, ");\n");
    fclose(stream);
    struct loaded loaded = load_text(text, NULL);
    free(text);
    return loaded;
}

static void test_thousands(void **state)
{
    (void)state;
    struct loaded loaded = load_many(10000, 10000, "");
    assert_int_equal(loaded.messages.n, 0);
    assert_int_equal(loaded.config->n_meters, 10000);
    assert_string_equal(loaded.config->meters[9999].name, "m9999");
    assert_string_equal(loaded.config->meters[9999].records[1].name, "a");
    loaded_done(&loaded);

    loaded = load_many(10001, 10001, "");
    assert_int_equal(loaded.messages.n, 1);
    assert_non_null(
        strstr(loaded.messages.items[0].text, ":2: meters: 10001 meters; at most 10000"));
    loaded_done(&loaded);

    /* Every one of them wrong. */
    loaded = load_many(10000, 1, "");
    assert_int_equal(loaded.messages.n_errors, 9999);
    assert_non_null(strstr(loaded.messages.items[998].text,
                           "\"m0\" is the name of meters[0]; a name of its own"));
    loaded_done(&loaded);

    /* So many wrong names that most get no hint. */
    char port[4096] = "meters = [ \"m9999\"";
    for (unsigned i = 0; i < 100; i++)
        strcat(port, ", \"m999a\"");
    strcat(port, " ];");
    loaded = load_many(10000, 10000, port);
    assert_int_equal(loaded.messages.n, 100);
    assert_non_null(strstr(loaded.messages.items[0].text,
                           "port.meters[1]: \"m999a\" is no meter; did you mean \"m999\"?"));
    assert_non_null(strstr(loaded.messages.items[99].text,
                           "\"m999a\" is no meter; the name of one of the 10000 meters"));
    loaded_done(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rosters),   cmocka_unit_test(test_unset_addresses),
        cmocka_unit_test(test_homeless),  cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_thousands),
    };
    return cmocka_run_group_tests_name("config/build_meters", tests, NULL, NULL);
}
