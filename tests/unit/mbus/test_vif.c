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
    { NULL, "month", 0, "FD 6E" },
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
    { NULL, "V", 9, VIF_NO_EXPONENT, 6 },
    { NULL, "varh", 0, VIF_NO_EXPONENT, 3 },
    { "flow_temperature", "degC", 1, VIF_NO_EXPONENT, 0 },
    { "flow_temperature", "degC", -5, VIF_NO_EXPONENT, -3 },
    { "on_time", "h", -1, VIF_NO_EXPONENT, 0 },
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

        assert_true(f->table == 0 || f->table == 0xFB || f->table == 0xFD);
        assert_in_range(f->n, 1, 16);
        assert_in_range(f->first + f->n - 1, 0, f->table == 0 ? 0x7A : 0x7F);
    }
    assert_null(vif_unit_find("kwh"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choice_is_that_of_the_reference),
        cmocka_unit_test(what_cannot_be_said_is_refused),
        cmocka_unit_test(tables_are_sound),
    };

    return cmocka_run_group_tests_name("vif", tests, NULL, NULL);
}
