#include "tests/unit/test.h"

#include <string.h>

#include "mbus/vif.h"

/* mbus-records 12.2, column "VIF at resolution 1", and 12.1, the families that meet. */
static const struct {
    const char *quantity, *unit;
    int resolution;
    const char *vib;
} choices[] = {
    { NULL, "Wh", 0, "03" },
    { NULL, "kWh", 0, "06" },
    { NULL, "kWh", 1, "07" },
    { NULL, "MWh", 0, "FB 01" },
    { NULL, "MWh", -1, "FB 00" },
    { NULL, "MWh", -3, "06" },
    { NULL, "J", 0, "08" },
    { NULL, "kJ", 0, "0B" },
    { NULL, "MJ", 0, "0E" },
    { NULL, "GJ", 0, "FB 09" },
    { NULL, "Mcal", 0, "FB 0D" },
    { NULL, "kvarh", 0, "FB 02" },
    { NULL, "kVAh", 0, "FB 04" },
    { NULL, "ml", 0, "10" },
    { NULL, "l", 0, "13" },
    { NULL, "m3", 0, "16" },
    { NULL, "m3", -2, "14" },
    { NULL, "m3", 2, "FB 10" },
    { NULL, "ft3", 0, "FB 20" },
    { NULL, "ft3", -1, "FB 21" },
    { NULL, "g", 0, "18" },
    { NULL, "kg", 0, "1B" },
    { NULL, "t", 0, "1E" },
    { NULL, "t", 2, "FB 18" },
    { "on_time", "s", 0, "20" },
    { "on_time", "d", 0, "23" },
    { "operating_time", "h", 0, "26" },
    { "averaging_duration", "min", 0, "71" },
    { "actuality_duration", "s", 0, "74" },
    { "power", "mW", 0, "28" },
    { "power", "W", 0, "2B" },
    { "power", "kW", 0, "2E" },
    { "power", "MW", 0, "FB 29" },
    { "max_power", "W", 0, "FB 7B" },
    { NULL, "kJ_per_h", 0, "33" },
    { NULL, "GJ_per_h", 0, "FB 31" },
    { NULL, "var", 0, "FB 14" },
    { NULL, "kVA", 0, "FB 37" },
    { NULL, "l_per_h", 0, "3B" },
    { NULL, "m3_per_h", 0, "3E" },
    { NULL, "l_per_min", 0, "44" },
    { NULL, "m3_per_min", 0, "47" },
    { NULL, "ml_per_s", 0, "4B" },
    { NULL, "l_per_s", 0, "4E" },
    { NULL, "kg_per_h", 0, "53" },
    { "flow_temperature", "degC", 0, "5B" },
    { "return_temperature", "C", -1, "5E" },
    { NULL, "K", 0, "63" },
    { "external_temperature", "°C", -2, "65" },
    { "temperature_limit", "degC", 0, "FB 77" },
    { NULL, "bar", 0, "6B" },
    { NULL, "hPa", 0, "68" },
    { NULL, "kPa", 0, "69" },
    { NULL, "%", 0, "FB 1B" },
    { "humidity", "%RH", -1, "FB 1A" },
    { NULL, "uV", 0, "FD 43" },
    { NULL, "V", 0, "FD 49" },
    { NULL, "kV", 0, "FD 4C" },
    { NULL, "mA", 0, "FD 59" },
    { NULL, "kA", 0, "FD 5F" },
    { NULL, "Hz", 0, "FB 2F" },
    { NULL, "mHz", 0, "FB 2C" },
    { "phase_u_i", "deg", -1, "FB 2B" },
    { NULL, "dBm", 0, "FD 71" },
    { NULL, "Bd", 0, "FD 1C" },
    { "battery_operating_time", "month", 0, "FD 6E" },
    { "battery_remaining", "month", 0, "FD FD 02" },
    { "battery_remaining", "year", 0, "FD FD 03" },
    { "date", NULL, 0, "6C" },
    { "datetime", NULL, 0, "6D" },
    { "time", NULL, 0, "6D" },
    { "custom", NULL, 0, "7C" },
    { "text", NULL, 0, "FD 3A" },
    { "customer", NULL, 0, "FD 11" },
    { "tariff_start", NULL, 0, "FD 30" },
    { "battery_change", NULL, 0, "FD 70" },
    { "error_flags", NULL, 0, "FD 17" },
    { "digital_input", NULL, 0, "FD 1B" },
    { "pulse_weight", "l", 0, "13" },
    /* 12.1, the third choice: a factor. */
    { NULL, "varh", 0, "FB 82 73" },
    { NULL, "V", 9, "FD CF 7D" },
    { "power_factor", NULL, -3, "FD BA 73" },
    { "flow_temperature", "degC", 1, "DB 77" },
    { "flow_temperature", "degC", -5, "D8 74" },
    { "phase_u_i", "deg", 0, "FB AB 77" },
    { "custom", NULL, -6, "FC 70" },
    { "battery_remaining", "d", 0, "FD 74" },
    { "credit", "currency", 0, "FD 03" },
    { "hca", NULL, 0, "6E" },
    { "count", NULL, 0, "FD 3A" },
    { "fabrication_number", NULL, 0, "78" },
    { "bus_address", NULL, 0, "7A" },
    { "reset_counter", NULL, 0, "FD 60" },
};

static void choice_is_that_of_the_reference(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
        const struct vif_unit *unit = choices[i].unit ? vif_unit_find(choices[i].unit) : NULL;
        struct vif_choice choice;

        assert_true(choices[i].unit == NULL || unit != NULL);
        assert_int_equal(vif_choose(choices[i].quantity, unit, choices[i].resolution, &choice),
                         VIF_OK);
        assert_hex(choice.vib.bytes, choice.vib.n, choices[i].vib);
    }
}

static const struct {
    const char *quantity, *unit;
    int resolution;
    enum vif_verdict verdict;
    int nearest;
} refusals[] = {
    { "warmth", "kWh", 0, VIF_QUANTITY_UNKNOWN, 0 },
    { "warmth", NULL, 0, VIF_QUANTITY_UNKNOWN, 0 },
    { NULL, NULL, 0, VIF_UNIT_NEEDED, 0 },
    { "energy", NULL, 0, VIF_UNIT_NEEDED, 0 },
    { NULL, "degC", 0, VIF_QUANTITY_NEEDED, 0 },
    { NULL, "W", 0, VIF_QUANTITY_NEEDED, 0 },
    { NULL, "h", 0, VIF_QUANTITY_NEEDED, 0 },
    { "energy", "l", 0, VIF_UNIT_MISMATCH, 0 },
    { "hca", "kWh", 0, VIF_UNIT_MISMATCH, 0 },
    { NULL, "month", 0, VIF_QUANTITY_NEEDED, 0 },
    { "pulse_weight", NULL, 0, VIF_UNIT_NEEDED, 0 },
    { "pulse_weight", "degC", 0, VIF_QUANTITY_NEEDED, 0 },
    { "date", "h", 0, VIF_UNIT_MISMATCH, 0 },
    { NULL, "V", 8, VIF_NO_EXPONENT, 6 },
    { NULL, "V", 10, VIF_NO_EXPONENT, 6 },
    { NULL, "varh", -4, VIF_NO_EXPONENT, 3 },
    { "flow_temperature", "degC", 2, VIF_NO_EXPONENT, 0 },
    { "flow_temperature", "degC", -10, VIF_NO_EXPONENT, -3 },
    { "on_time", "h", -7, VIF_NO_EXPONENT, 0 },
};

static void what_cannot_be_said_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
        const struct vif_unit *unit = refusals[i].unit ? vif_unit_find(refusals[i].unit) : NULL;
        struct vif_choice choice;

        assert_int_equal(vif_choose(refusals[i].quantity, unit, refusals[i].resolution, &choice),
                         refusals[i].verdict);
        if (refusals[i].verdict == VIF_NO_EXPONENT)
            assert_int_equal(choice.exponent, refusals[i].nearest);
    }
}

static void tables_are_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_vif_units; i++) {
        bool used = false;

        assert_ptr_equal(vif_unit_find(vif_units[i].name), &vif_units[i]);
        for (size_t j = 0; j < n_vif_families; j++)
            used = used || vif_families[j].base == vif_units[i].base;
        assert_true(used);
    }
    for (size_t i = 0; i < n_vif_families; i++) {
        const struct vif_family *f = &vif_families[i];

        assert_true(f->table == 0 || f->table == 0xFB || f->table == 0xFD ||
                    f->table == VIF_TABLE_FD_FD);
        assert_in_range(f->n, 1, 16);
        assert_in_range(f->first + f->n - 1, 0, f->table == 0 ? 0x7C : 0x7F);
    }
    assert_null(vif_unit_find("kwh"));
}

/* What a table has rows for: ranges of codes, first and last, in order. */
struct range {
    uint8_t first, last;
};

static void assert_ranges(uint8_t table, const struct range *ranges, size_t n)
{
    for (unsigned code = 0; code < 0x80; code++) {
        bool wanted = false;

        for (size_t i = 0; i < n; i++)
            wanted = wanted || (code >= ranges[i].first && code <= ranges[i].last);
        assert_int_equal(vif_find(table, (uint8_t)code) != NULL, wanted);
    }
}

/* mbus-records 5, 6, 6.1 and 7: all that is not reserved there, and the drafts of 15. */
static void every_code_has_its_row(void **state)
{
    static const struct range primary[] = {
        { 0x00, 0x6E }, { 0x70, 0x7A }, { 0x7C, 0x7C }, { 0x7E, 0x7F }
    };
    static const struct range fb[] = {
        { 0x00, 0x06 }, { 0x08, 0x09 }, { 0x0C, 0x11 }, { 0x14, 0x1B }, { 0x20, 0x26 },
        { 0x28, 0x31 }, { 0x34, 0x37 }, { 0x58, 0x6E }, { 0x70, 0x7F },
    };
    static const struct range fd[] = { { 0x00, 0x76 } };
    static const struct range fd_fd[] = { { 0x00, 0x00 }, { 0x02, 0x03 }, { 0x3E, 0x3E } };

    (void)state;
    assert_ranges(VIF_TABLE_PRIMARY, primary, ARRAY_SIZE(primary));
    assert_ranges(VIF_TABLE_FB, fb, ARRAY_SIZE(fb));
    assert_ranges(VIF_TABLE_FD, fd, ARRAY_SIZE(fd));
    assert_ranges(VIF_TABLE_FD_FD, fd_fd, ARRAY_SIZE(fd_fd));
    assert_ranges(VIF_TABLE_EF, NULL, 0);
}

/* The unit in which a count is read. */
static const struct {
    uint8_t table, code;
    const char *unit;
} units_read[] = {
    { 0, 0x00, "Wh" },
    { 0, 0x03, "Wh" },
    { 0, 0x04, "kWh" },
    { 0, 0x06, "kWh" },
    { 0, 0x07, "kWh" },
    { VIF_TABLE_FB, 0x00, "MWh" },
    { 0, 0x10, "ml" },
    { 0, 0x13, "l" },
    { 0, 0x14, "m3" },
    { 0, 0x17, "m3" },
    { VIF_TABLE_FB, 0x11, "m3" },
    { 0, 0x2B, "W" },
    { 0, 0x2C, "kW" },
    { 0, 0x3B, "l_per_h" },
    { 0, 0x5A, "degC" },
    { 0, 0x61, "K" },
    { 0, 0x69, "bar" },
    { VIF_TABLE_FD, 0x48, "V" },
    { VIF_TABLE_FD, 0x59, "mA" },
    { VIF_TABLE_FB, 0x0C, "Mcal" },
    { VIF_TABLE_FB, 0x22, "gal" },
    { 0, 0x22, "h" },
    { 0, 0x6C, NULL },
    { 0, 0x6E, NULL },
};

static void counts_are_read_in_usual_units(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(units_read); i++) {
        const struct vif_family *f = vif_find(units_read[i].table, units_read[i].code);
        const struct vif_unit *unit =
            vif_unit_for(f, f->base, f->exponent + units_read[i].code - f->first);

        if (units_read[i].unit == NULL)
            assert_null(unit);
        else
            assert_string_equal(unit->name, units_read[i].unit);
    }
}

/* mbus-records 8.1: 70 to 77 and 7D, and the code alone when a real needs no factor. */
static void factors_are_taken_out_again(void **state)
{
    struct vif_choice choice;

    (void)state;
    assert_int_equal(vif_choose(NULL, vif_unit_find("varh"), 0, &choice), VIF_OK);
    assert_int_equal(choice.exponent, 3);
    assert_int_equal(choice.factor, -3);
    vif_choice_drop_factor(&choice);
    assert_hex(choice.vib.bytes, choice.vib.n, "FB 02");
    vif_choice_drop_factor(&choice);
    assert_hex(choice.vib.bytes, choice.vib.n, "FB 02");
}

/* mbus-records 10: layout A has the text before the VIFE. */
static void plain_text_stands_where_it_is_told(void **state)
{
    static const uint8_t text[] = { 'H', 'R', '%' };
    struct vib vib = { .bytes = { 0xFC, 0x74 }, .n = 2, .n_text = 3, .text = text };
    uint8_t bytes[16];
    struct writer w = writer_over(bytes, sizeof(bytes));

    (void)state;
    vib_write(&vib, &w);
    assert_hex(bytes, w.n, "FC 74 03 48 52 25");
    vib.text_first = true;
    w = writer_over(bytes, sizeof(bytes));
    vib_write(&vib, &w);
    assert_hex(bytes, w.n, "FC 03 48 52 25 74");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choice_is_that_of_the_reference),
        cmocka_unit_test(what_cannot_be_said_is_refused),
        cmocka_unit_test(tables_are_sound),
        cmocka_unit_test(every_code_has_its_row),
        cmocka_unit_test(counts_are_read_in_usual_units),
        cmocka_unit_test(factors_are_taken_out_again),
        cmocka_unit_test(plain_text_stands_where_it_is_told),
    };

    return cmocka_run_group_tests_name("vif", tests, NULL, NULL);
}
