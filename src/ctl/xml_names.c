#include "ctl/xml_names.h"

#include <stddef.h>
#include <string.h>

#include "base/macros.h"

#define MONTH_SECONDS 2629743.83
#define YEAR_SECONDS 31556926.0

/* What stands in both under the same words is of libmbus; what it has no word for has one of ours.
 */
static const struct {
    const char *ours, *theirs;
} quantities[] = {
    { "energy", "Energy" },
    { "volume", "Volume" },
    { "mass", "Mass" },
    { "on_time", "On time" },
    { "operating_time", "Operating time" },
    { "power", "Power" },
    { "volume_flow", "Volume flow" },
    { "mass_flow", "Mass flow" },
    { "flow_temperature", "Flow temperature" },
    { "return_temperature", "Return temperature" },
    { "temperature_difference", "Temperature difference" },
    { "external_temperature", "External temperature" },
    { "pressure", "Pressure" },
    { "date", "Time point (date)" },
    { "datetime", "Time point (date & time)" },
    { "time", "Time point (time)" },
    { "hca", "H.C.A." },
    { "averaging_duration", "Averaging Duration" },
    { "actuality_duration", "Actuality Duration" },
    { "fabrication_number", "Fabrication No" },
    { "identification", "(Enhanced) Identification" },
    { "bus_address", "Bus Address" },
    { "any", "Any VIF" },
    { "manufacturer_specific", "Manufacturer specific" },
    { "credit", "Credit" },
    { "debit", "Debit" },
    { "access_number", "Access Number (transmission count)" },
    { "device_type", "Medium" },
    { "manufacturer", "Manufacturer" },
    { "parameter_set", "Parameter set identification" },
    { "model", "Model / Version" },
    { "hardware_version", "Hardware version" },
    { "firmware_version", "Firmware version" },
    { "software_version", "Software version" },
    { "customer_location", "Customer location" },
    { "customer", "Customer" },
    { "access_code_user", "Access Code User" },
    { "access_code_operator", "Access Code Operator" },
    { "access_code_system_operator", "Access Code System Operator" },
    { "access_code_developer", "Access Code Developer" },
    { "password", "Password" },
    { "error_flags", "Error flags" },
    { "error_mask", "Error mask" },
    { "security_key", "Security key" },
    { "digital_output", "Digital Output" },
    { "digital_input", "Digital Input" },
    { "remote_control", "Remote control" },
    { "baud_rate", "Baudrate" },
    { "response_delay", "Response delay time" },
    { "retry", "Retry" },
    { "first_storage_number", "First storage # for cyclic storage" },
    { "last_storage_number", "Last storage # for cyclic storage" },
    { "storage_block_size", "Size of storage block" },
    { "storage_interval", "Storage interval" },
    { "since_last_readout", "Duration since last readout" },
    { "tariff_start", "Start (date/time) of tariff" },
    { "tariff_duration", "Duration of tariff" },
    { "tariff_period", "Period of tariff" },
    { "count", "Dimensionless" },
    { "voltage", "Voltage" },
    { "current", "Current" },
    { "reset_counter", "Reset counter" },
    { "cumulation_counter", "Cumulation counter" },
    { "control_signal", "Control signal" },
    { "day_of_week", "Day of week" },
    { "week_number", "Week number" },
    { "day_change", "Time point of day change" },
    { "parameter_activation", "State of parameter activation" },
    { "supplier_information", "Special supplier information" },
    { "since_last_cumulation", "Duration since last cumulation" },
    { "battery_operating_time", "Operating time battery" },
    { "battery_change", "Date and time of battery change" },
    { "battery_remaining", "Remaining battery life time" },
    { "temperature_limit", "Cold / Warm Temperature Limit" },
    { "max_power", "Cumul count max power" },
    { "reactive_energy", "Reactive energy" },
    { "apparent_energy", "Apparent energy" },
    { "reactive_power", "Reactive power" },
    { "apparent_power", "Apparent power" },
    { "humidity", "Relative humidity" },
    { "frequency", "Frequency" },
    { "phase_u_u", "Phase U-U" },
    { "phase_u_i", "Phase U-I" },
    { "rf_level", "RF level" },
};

static const struct xml_unit units[] = {
    [VIF_BASE_NONE] = { "", 1 },
    [VIF_BASE_HCA] = { "Units for H.C.A.", 1 },
    [VIF_BASE_WH] = { "Wh", 1 },
    [VIF_BASE_J] = { "J", 1 },
    [VIF_BASE_CAL] = { "cal", 1 },
    [VIF_BASE_VARH] = { "varh", 1 },
    [VIF_BASE_VAH] = { "VAh", 1 },
    [VIF_BASE_M3] = { "m^3", 1 },
    [VIF_BASE_FT3] = { "feet^3", 1 },
    [VIF_BASE_KG] = { "kg", 1 },
    [VIF_BASE_SECOND] = { "s", 1 },
    [VIF_BASE_MINUTE] = { "s", 60 },
    [VIF_BASE_HOUR] = { "s", 3600 },
    [VIF_BASE_DAY] = { "s", 86400 },
    [VIF_BASE_MONTH] = { "s", MONTH_SECONDS },
    [VIF_BASE_YEAR] = { "s", YEAR_SECONDS },
    [VIF_BASE_W] = { "W", 1 },
    [VIF_BASE_J_PER_H] = { "J/h", 1 },
    [VIF_BASE_VAR] = { "var", 1 },
    [VIF_BASE_VA] = { "VA", 1 },
    [VIF_BASE_M3_PER_H] = { "m^3/h", 1 },
    [VIF_BASE_M3_PER_MIN] = { "m^3/min", 1 },
    [VIF_BASE_M3_PER_S] = { "m^3/s", 1 },
    [VIF_BASE_KG_PER_H] = { "kg/h", 1 },
    [VIF_BASE_DEGC] = { "\260C", 1 },
    [VIF_BASE_KELVIN] = { "K", 1 },
    [VIF_BASE_BAR] = { "bar", 1 },
    [VIF_BASE_PERCENT] = { "%", 1 },
    [VIF_BASE_VOLT] = { "V", 1 },
    [VIF_BASE_AMPERE] = { "A", 1 },
    [VIF_BASE_HERTZ] = { "Hz", 1 },
    [VIF_BASE_DEGREE] = { "\260", 1 },
    [VIF_BASE_DBM] = { "dBm", 1 },
    [VIF_BASE_BAUD] = { "Baud", 1 },
    [VIF_BASE_BIT_TIME] = { "Bittimes", 1 },
    [VIF_BASE_CURRENCY] = { "Currency units", 1 },
    [VIF_BASE_GALLON] = { "American gallon", 1 },
    [VIF_BASE_GALLON_PER_MIN] = { "American gallon/min", 1 },
    [VIF_BASE_GALLON_PER_H] = { "American gallon/h", 1 },
    [VIF_BASE_DEGF] = { "\260F", 1 },
};

/* By device type (mbus-protocol 10.6), in Latin-1. */
static const char *const media[0x40] = {
    [0x00] = "Other",
    [0x01] = "Oil",
    [0x02] = "Electricity",
    [0x03] = "Gas",
    [0x04] = "Heat: Outlet",
    [0x05] = "Steam",
    [0x06] = "Warm water (30-90\260C)",
    [0x07] = "Water",
    [0x08] = "Heat Cost Allocator",
    [0x09] = "Compressed Air",
    [0x0A] = "Cooling load meter: Outlet",
    [0x0B] = "Cooling load meter: Inlet",
    [0x0C] = "Heat: Inlet",
    [0x0D] = "Heat / Cooling load meter",
    [0x0E] = "Bus/System",
    [0x0F] = "Unknown Medium",
    [0x10] = "Irrigation Water",
    [0x11] = "Water Logger",
    [0x12] = "Gas Logger",
    [0x13] = "Gas Converter",
    [0x14] = "Calorific value",
    [0x15] = "Hot water (>90\260C)",
    [0x16] = "Cold water",
    [0x17] = "Dual water",
    [0x18] = "Pressure",
    [0x19] = "A/D Converter",
    [0x1A] = "Smoke Detector",
    [0x1B] = "Ambient Sensor",
    [0x1C] = "Gas Detector",
    [0x20] = "Breaker: Electricity",
    [0x21] = "Valve: Gas or Water",
    [0x25] = "Customer Unit: Display Device",
    [0x28] = "Waste Water",
    [0x29] = "Garbage",
    [0x30] = "Service Unit",
    [0x36] = "Radio Converter: System",
    [0x37] = "Radio Converter: Meter",
};

/* mbus-protocol 11.2. */
static const char *const fixed_media[16] = {
    "Other",
    "Oil",
    "Electricity",
    "Gas",
    "Heat",
    "Steam",
    "Hot Water",
    "Water",
    "H.C.A.",
    "Reserved",
    "Gas Mode 2",
    "Heat Mode 2",
    "Hot Water Mode 2",
    "Water Mode 2",
    "H.C.A. Mode 2",
    "Reserved",
};

static const char *const errors[] = {
    "Unspecified error",          "Unimplemented CI-Field",
    "Buffer too long, truncated", "Too many records",
    "Premature end of record",    "More than 10 DIFE\264s",
    "More than 10 VIFE\264s",     "Reserved",
    "Application busy",           "Too many readouts",
};

const char *xml_quantity(const char *quantity)
{
    for (size_t i = 0; i < ARRAY_SIZE(quantities); i++) {
        if (strcmp(quantities[i].ours, quantity) == 0)
            return quantities[i].theirs;
    }
    return NULL;
}

const struct xml_unit *xml_unit(enum vif_base base)
{
    return (size_t)base < ARRAY_SIZE(units) && units[base].name ? &units[base] : NULL;
}

const char *xml_medium(uint8_t medium)
{
    return medium < ARRAY_SIZE(media) && media[medium] ? media[medium] : "Reserved";
}

const char *xml_fixed_medium(uint8_t medium)
{
    return fixed_media[medium & 0x0F];
}

const char *xml_error(uint8_t code)
{
    return code < ARRAY_SIZE(errors) ? errors[code] : NULL;
}
