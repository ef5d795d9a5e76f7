#include "mbus/ident.h"

#include <string.h>

#include "base/macros.h"

/* mbus-protocol 10.6, under the names that the configuration uses. */
const struct medium media[] = {
    { 0x00, "other" },
    { 0x01, "oil" },
    { 0x02, "electricity" },
    { 0x03, "gas" },
    { 0x04, "heat_outlet" },
    { 0x05, "steam" },
    { 0x06, "warm_water" },
    { 0x07, "water" },
    { 0x08, "heat_cost_allocator" },
    { 0x09, "compressed_air" },
    { 0x0A, "cooling_outlet" },
    { 0x0B, "cooling_inlet" },
    { 0x0C, "heat_inlet" },
    { 0x0D, "heat_cooling" },
    { 0x0E, "bus_system" },
    { 0x0F, "unknown" },
    { 0x10, "irrigation_water" },
    { 0x11, "water_logger" },
    { 0x12, "gas_logger" },
    { 0x13, "gas_converter" },
    { 0x14, "calorific_value" },
    { 0x15, "hot_water" },
    { 0x16, "cold_water" },
    { 0x17, "dual_water" },
    { 0x18, "pressure" },
    { 0x19, "ad_converter" },
    { 0x1A, "smoke_detector" },
    { 0x1B, "room_sensor" },
    { 0x1C, "gas_detector" },
    { 0x20, "breaker" },
    { 0x21, "valve" },
    { 0x25, "customer_unit" },
    { 0x28, "waste_water" },
    { 0x29, "garbage" },
    { 0x30, "service_tool" },
    { 0x31, "gateway" },
    { 0x32, "repeater" },
    { 0x33, "bidirectional_repeater" },
    { 0x36, "radio_converter_system" },
    { 0x37, "radio_converter_meter" },
    { 0x38, "bus_converter" },
};

const size_t n_media = ARRAY_SIZE(media);

int medium_find(const char *name)
{
    for (size_t i = 0; i < n_media; i++) {
        if (strcmp(media[i].name, name) == 0)
            return media[i].code;
    }
    return -1;
}

const char *medium_name(uint8_t code)
{
    for (size_t i = 0; i < n_media; i++) {
        if (media[i].code == code)
            return media[i].name;
    }
    return NULL;
}

int ident_manufacturer(const char *letters)
{
    int code = 0;

    if (strlen(letters) != 3)
        return -1;
    for (int i = 0; i < 3; i++) {
        if (letters[i] < 'A' || letters[i] > 'Z')
            return -1;
        code = code << 5 | (letters[i] - 'A' + 1);
    }
    return code;
}

void ident_manufacturer_letters(uint16_t code, char ret[static 4])
{
    for (int i = 0; i < 3; i++)
        ret[i] = (char)('A' - 1 + (code >> (10 - 5 * i) & 0x1F));
    ret[3] = '\0';
}

bool ident_equal(const struct ident *a, const struct ident *b)
{
    return a->id == b->id && a->manufacturer == b->manufacturer && a->version == b->version &&
           a->medium == b->medium;
}
