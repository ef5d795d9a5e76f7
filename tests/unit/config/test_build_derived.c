#include "tests/unit/config/support.h"

#define INPUTS                                                                                     \
    "{ name = \"a\"; unit = \"V\"; value = 1; }, { name = \"b\"; unit = \"V\"; pushed = { }; }, "

static void assert_derived(const char *derived, enum derived_kind kind, double factor,
                           const char *inputs, bool is_kept)
{
    char text[1024], found[64] = "";
    snprintf(text, sizeof(text),
             "port = { device = \"pty\"; };\nmeter = { records = ( " INPUTS
             "{ name = \"d\"; unit = \"V\"; derived = { %s }; },\n"
             "{ name = \"e\"; unit = \"V\"; derived = { copy = [ \"d\" ]; }; } ); };\n",
             derived);
    struct loaded loaded = load_good(text);
    assert_int_equal(loaded.config->n_sources, 3);
    const struct source_config *source = &loaded.config->sources[1];
    assert_int_equal(source->kind, SOURCE_DERIVED);
    assert_int_equal(source->record, 2);
    assert_int_equal(source->derived.kind, kind);
    assert_memory_equal(&source->derived.factor, &factor, sizeof(factor));
    for (size_t i = 0; i < source->derived.n_inputs; i++) {
        size_t n = strlen(found);
        snprintf(found + n, sizeof(found) - n, "%zu ", source->derived.inputs[i]);
    }
    assert_string_equal(found, inputs);
    assert_true(loaded.config->meters[0].records[2].is_live);
    assert_int_equal(loaded.config->meters[0].records[2].is_kept, is_kept);
    assert_int_equal(source->max_age, 0);
    loaded_done(&loaded);
}

static void test_kinds(void **state)
{
    (void)state;
    assert_derived("sum = [ \"a\" ];", DERIVED_SUM, 1, "0 ", false);
    assert_derived("sum = [ \"b\", \"a\", \"b\" ]; factor = -0.5;", DERIVED_SUM, -0.5, "1 0 1 ",
                   false);
    assert_derived("difference = ( \"b\", \"a\" );", DERIVED_DIFFERENCE, 1, "1 0 ", false);
    assert_derived("product = [ \"a\", \"b\" ]; factor = 1163;", DERIVED_PRODUCT, 1163, "0 1 ",
                   false);
    assert_derived("integral = [ \"b\" ];", DERIVED_INTEGRAL, 1, "1 ", true);
    assert_derived("copy = [ \"a\" ];", DERIVED_COPY, 1, "0 ", false);
}

/* A record further down may be named, and one by several; neither is a circle. */
static void test_any_order(void **state)
{
    (void)state;
    struct loaded loaded = load_good(
        "port = { device = \"pty\"; };\nmeter = { records = (\n"
        "{ name = \"top\"; unit = \"V\"; derived = { sum = [ \"left\", \"right\" ]; }; },\n"
        "{ name = \"left\"; unit = \"V\"; derived = { copy = [ \"base\" ]; }; },\n"
        "{ name = \"right\"; unit = \"V\"; derived = { sum = [ \"left\", \"base\" ]; }; },\n"
        "{ name = \"base\"; unit = \"V\"; pushed = { }; } ); };\n");
    assert_int_equal(loaded.config->sources[0].derived.inputs[0], 1);
    assert_int_equal(loaded.config->sources[0].derived.inputs[1], 2);
    assert_int_equal(loaded.config->sources[2].derived.inputs[1], 3);
    loaded_done(&loaded);
}

/* A long way and a large circle take neither stack nor time. */
static void test_thousand(void **state)
{
    (void)state;
    for (int is_circle = 0; is_circle < 2; is_circle++) {
        char *text = NULL;
        size_t n = 0;
        FILE *stream = open_memstream(&text, &n);
        assert_non_null(stream);
        fprintf(stream, "port = { device = \"pty\"; };\nmeter = { records = (\n");
        for (int i = 0; i < 999; i++)
            fprintf(
                stream,
                "{ name = \"r%d\"; quantity = \"count\"; derived = { sum = [ \"r%d\" ]; }; },\n", i,
                i + 1);
        fprintf(stream, is_circle
                            ? "{ name = \"r999\"; quantity = \"count\"; derived = { copy = "
                              "[ \"r0\" ]; }; } ); };\n"
                            : "{ name = \"r999\"; quantity = \"count\"; value = 1; } ); };\n");
        fclose(stream);
        struct loaded loaded = load_text(text, NULL);
        assert_int_equal(loaded.messages.n_errors, is_circle);
        if (is_circle)
            assert_non_null(strstr(loaded.messages.items[0].text,
                                   ": meter.records[0].derived.sum: r0 -> r1 -> r2 -> r3 -> r4 -> "
                                   "r5 -> r6 -> r7 -> ... -> r0 is a circle; records that do not "
                                   "need this one"));
        loaded_done(&loaded);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_thousand),
    };
    return cmocka_run_group_tests_name("config/build_derived", tests, NULL, NULL);
}
