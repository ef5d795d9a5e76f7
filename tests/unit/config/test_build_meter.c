#include "tests/unit/config/support.h"

#define HEAD "port = { device = \"pty\"; };\n"

/* `n` records of ten bytes each. */
static struct loaded load_records(unsigned n)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    fprintf(stream, HEAD "meter = { records = (");
    for (unsigned i = 0; i < n; i++)
        fprintf(stream, "%s { name = \"r%u\"; unit = \"kWh\"; type = \"int64\"; value = %u; }",
                i > 0 ? "," : "", i, i);
    fprintf(stream, ") };\n");
    fclose(stream);
    struct loaded loaded = load_text(text, NULL);
    free(text);
    return loaded;
}

static void test_largest_telegram(void **state)
{
    (void)state;
    /* 12 bytes of header and 10 a record. */
    struct loaded loaded = load_records(24);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(meter_answer_size(&loaded.config->meters[0]), CONFIG_TELEGRAM_MAX);
    loaded_done(&loaded);

    loaded = load_records(25);
    assert_int_equal(loaded.messages.n, 1);
    assert_non_null(
        strstr(loaded.messages.items[0].text, "meter.records: the telegram needs 262 bytes; 252"));
    loaded_done(&loaded);

    loaded = load_records(1001);
    assert_int_equal(loaded.messages.n, 1);
    assert_non_null(strstr(loaded.messages.items[0].text, "meter.records: 1001 records; no"));
    loaded_done(&loaded);
}

static void test_status(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        uint8_t bits;
    } rows[] = {
        { "[ ]", 0 },
        { "( )", 0 },
        { "[ \"busy\" ]", 0x01 },
        { "[ \"application_error\" ]", 0x02 },
        { "[ \"alarm\" ]", 0x03 },
        { "( \"power_low\", \"permanent_error\", \"temporary_error\" )", 0x1C },
        { "[ \"manufacturer_1\", \"manufacturer_2\", \"manufacturer_3\", \"busy\" ]", 0xE1 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[256];
        snprintf(text, sizeof(text), HEAD "meter = { status = %s; };\n", rows[i].status);
        struct loaded loaded = load_good(text);
        assert_int_equal(loaded.config->meters[0].status, rows[i].bits);
        loaded_done(&loaded);
    }
}

static void test_single_in_a_list(void **state)
{
    (void)state;
    struct loaded loaded = load_good(HEAD "meters = ( { name = \"a_1\"; medium = 200; } );\n");
    assert_int_equal(loaded.config->n_meters, 1);
    assert_string_equal(loaded.config->meters[0].name, "a_1");
    assert_int_equal(loaded.config->meters[0].ident.medium, 200);
    loaded_done(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_largest_telegram),
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_single_in_a_list),
    };
    return cmocka_run_group_tests_name("config/build_meter", tests, NULL, NULL);
}
