#include "tests/unit/config/support.h"

#include "meter/rsp_ud.h"

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
    size_t need;
    assert_int_equal(meter_answer_size(&loaded.config->meters[0]), 252);
    assert_int_equal(meter_telegrams(&loaded.config->meters[0], &need), 1);
    loaded_done(&loaded);

    loaded = load_records(25);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(meter_telegrams(&loaded.config->meters[0], &need), 2);
    assert_string_equal(loaded.config->meters[0].records[24].name, "r24");
    loaded_done(&loaded);

    loaded = load_records(1000);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(meter_telegrams(&loaded.config->meters[0], &need), 44);
    loaded_done(&loaded);

    loaded = load_records(1001);
    assert_int_equal(loaded.messages.n, 1);
    assert_non_null(
        strstr(loaded.messages.items[0].text, "meter.records: 1001 records; at most 1000"));
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

/* One meter with these settings. */
static struct loaded load_meter(const char *settings)
{
    char text[1024];
    snprintf(text, sizeof(text), HEAD "meter = { %s };\n", settings);
    return load_good(text);
}

static void test_allow(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        uint8_t bits;
    } rows[] = {
        { "", 0xE1 },
        { "allow = [ ];", 0 },
        { "allow = ( );", 0 },
        { "allow = [ \"address\" ];", METER_ALLOW_ADDRESS },
        { "allow = [ \"id\", \"identity\" ];", METER_ALLOW_ID | METER_ALLOW_IDENTITY },
        { "allow = ( \"baud\", \"clock\" );", METER_ALLOW_BAUD | METER_ALLOW_CLOCK },
        { "allow = [ \"readout\", \"reset\", \"freeze\" ];",
          METER_ALLOW_READOUT | METER_ALLOW_RESET | METER_ALLOW_FREEZE },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct loaded loaded = load_meter(rows[i].settings);
        assert_int_equal(loaded.config->meters[0].allow, rows[i].bits);
        loaded_done(&loaded);
    }
}

static void test_protocol(void **state)
{
    (void)state;
    struct loaded loaded =
        load_meter("max_telegram = 64; session_time = 0; on_refused = \"error\"; "
                   "nke_253 = \"always\";");
    const struct meter_def *def = &loaded.config->meters[0];
    assert_int_equal(def->max_telegram, 64);
    assert_int_equal(def->session_time, 0);
    assert_int_equal(def->on_refused, METER_REFUSAL_ERROR);
    assert_int_equal(def->nke_253, METER_NKE_253_ALWAYS);
    loaded_done(&loaded);

    loaded = load_meter("nke_253 = \"never\"; session_time = \"24 h\";");
    assert_int_equal(loaded.config->meters[0].nke_253, METER_NKE_253_NEVER);
    assert_int_equal(loaded.config->meters[0].session_time, 24 * 60 * USEC_PER_MIN);
    loaded_done(&loaded);
}

static void test_manufacturer_data(void **state)
{
    (void)state;
    struct loaded loaded = load_meter("manufacturer_data = \" 01aF  Ff 00 \";");
    const struct meter_def *def = &loaded.config->meters[0];
    assert_hex(def->tail, def->n_tail, "01 AF FF 00");
    loaded_done(&loaded);

    /* 12 bytes of header and the 0F leave 239 of 252, or 48 of 61. */
    char settings[600] = "manufacturer_data = \"";
    for (unsigned i = 0; i < 239; i++)
        strcat(settings, "5A");
    strcat(settings, "\";");
    loaded = load_meter(settings);
    assert_int_equal(loaded.config->meters[0].n_tail, 239);
    assert_int_equal(meter_answer_size(&loaded.config->meters[0]), 252);
    loaded_done(&loaded);
    strcpy(settings, "max_telegram = 64; manufacturer_data = \"");
    for (unsigned i = 0; i < 48; i++)
        strcat(settings, "5A");
    strcat(settings, "\";");
    loaded = load_meter(settings);
    assert_int_equal(loaded.config->meters[0].n_tail, 48);
    loaded_done(&loaded);
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
        cmocka_unit_test(test_allow),
        cmocka_unit_test(test_protocol),
        cmocka_unit_test(test_manufacturer_data),
        cmocka_unit_test(test_single_in_a_list),
    };
    return cmocka_run_group_tests_name("config/build_meter", tests, NULL, NULL);
}
