/* Combinable VIFE, record errors and object actions (mbus-records 8.1, 8.2, 9.1, 9.2). Data only.
 */
#include "mbus/vife.h"

#define NAMES(text)                                                                                \
    {                                                                                              \
        .name = (text), .effect = VIFE_NAMES                                                       \
    }
#define DRAFT(text)                                                                                \
    {                                                                                              \
        .name = (text), .effect = VIFE_NAMES, .is_draft = true                                     \
    }
#define COUNTS(text)                                                                               \
    {                                                                                              \
        .name = (text), .effect = VIFE_COUNTS                                                      \
    }
#define DATES(text)                                                                                \
    {                                                                                              \
        .name = (text), .effect = VIFE_DATES                                                       \
    }
#define LASTS(text, unit)                                                                          \
    {                                                                                              \
        .name = (text), .effect = VIFE_LASTS, .base = (unit)                                       \
    }
#define FACTOR(text, power)                                                                        \
    {                                                                                              \
        .name = (text), .effect = VIFE_FACTOR, .exponent = (power)                                 \
    }
#define OFFSET(text, power)                                                                        \
    {                                                                                              \
        .name = (text), .effect = VIFE_OFFSET, .exponent = (power)                                 \
    }
#define PROFILE(text)                                                                              \
    {                                                                                              \
        .name = (text), .effect = VIFE_PROFILE                                                     \
    }
/* Four codes: nn is second, minute, hour, day. */
#define LASTS_4(first, text)                                                                       \
    [(first)] = LASTS(text "_s", VIF_BASE_SECOND),                                                 \
    [(first) + 1] = LASTS(text "_min", VIF_BASE_MINUTE),                                           \
    [(first) + 2] = LASTS(text "_h", VIF_BASE_HOUR),                                               \
    [(first) + 3] = LASTS(text "_d", VIF_BASE_DAY)

const struct vife_row vife_rows[VIFE_CODES] = {
    [0x12] = NAMES("average"),
    [0x13] = PROFILE("inverse_compact_profile"),
    [0x14] = NAMES("relative_deviation"),
    [0x1D] = NAMES("standard_conform"),
    [0x1E] = PROFILE("compact_profile_with_registers"),
    [0x1F] = PROFILE("compact_profile"),
    [0x20] = NAMES("per_second"),
    [0x21] = NAMES("per_minute"),
    [0x22] = NAMES("per_hour"),
    [0x23] = NAMES("per_day"),
    [0x24] = NAMES("per_week"),
    [0x25] = NAMES("per_month"),
    [0x26] = NAMES("per_year"),
    [0x27] = NAMES("per_revolution"),
    [0x28] = NAMES("per_input_pulse_0"),
    [0x29] = NAMES("per_input_pulse_1"),
    [0x2A] = NAMES("per_output_pulse_0"),
    [0x2B] = NAMES("per_output_pulse_1"),
    [0x2C] = NAMES("per_l"),
    [0x2D] = NAMES("per_m3"),
    [0x2E] = NAMES("per_kg"),
    [0x2F] = NAMES("per_K"),
    [0x30] = NAMES("per_kWh"),
    [0x31] = NAMES("per_GJ"),
    [0x32] = NAMES("per_kW"),
    [0x33] = NAMES("per_K_l"),
    [0x34] = NAMES("per_V"),
    [0x35] = NAMES("per_A"),
    [0x36] = NAMES("times_s"),
    [0x37] = NAMES("times_s_per_V"),
    [0x38] = NAMES("times_s_per_A"),
    [0x39] = DATES("start"),
    [0x3A] = NAMES("uncorrected"),
    [0x3B] = NAMES("forward"),
    [0x3C] = NAMES("backward"),
    [0x3D] = { .name = "non_metric", .effect = VIFE_NON_METRIC },
    [0x3E] = NAMES("base_conditions"),
    [0x3F] = { .name = "obis", .effect = VIFE_UNSIGNED },
    /* 100 u f 1 b: u 0 lower, 1 upper; f 0 first, 1 last; b 0 begin, 1 end. */
    [0x40] = NAMES("lower_limit"),
    [0x41] = COUNTS("lower_limit_exceeds"),
    [0x42] = DATES("begin_of_first_lower_limit_exceed"),
    [0x43] = DATES("end_of_first_lower_limit_exceed"),
    [0x46] = DATES("begin_of_last_lower_limit_exceed"),
    [0x47] = DATES("end_of_last_lower_limit_exceed"),
    [0x48] = NAMES("upper_limit"),
    [0x49] = COUNTS("upper_limit_exceeds"),
    [0x4A] = DATES("begin_of_first_upper_limit_exceed"),
    [0x4B] = DATES("end_of_first_upper_limit_exceed"),
    [0x4E] = DATES("begin_of_last_upper_limit_exceed"),
    [0x4F] = DATES("end_of_last_upper_limit_exceed"),
    LASTS_4(0x50, "duration_of_first_lower_limit_exceed"),
    LASTS_4(0x54, "duration_of_last_lower_limit_exceed"),
    LASTS_4(0x58, "duration_of_first_upper_limit_exceed"),
    LASTS_4(0x5C, "duration_of_last_upper_limit_exceed"),
    LASTS_4(0x60, "duration_of_first"),
    LASTS_4(0x64, "duration_of_last"),
    [0x68] = NAMES("during_lower_limit_exceed"),
    [0x69] = NAMES("leakage"),
    [0x6A] = DATES("begin_of_first"),
    [0x6B] = DATES("end_of_first"),
    [0x6C] = NAMES("during_upper_limit_exceed"),
    [0x6D] = NAMES("overflow"),
    [0x6E] = DATES("begin_of_last"),
    [0x6F] = DATES("end_of_last"),
    [0x70] = FACTOR("times_1e-6", -6),
    [0x71] = FACTOR("times_1e-5", -5),
    [0x72] = FACTOR("times_1e-4", -4),
    [0x73] = FACTOR("times_1e-3", -3),
    [0x74] = FACTOR("times_1e-2", -2),
    [0x75] = FACTOR("times_1e-1", -1),
    [0x76] = FACTOR("times_1", 0),
    [0x77] = FACTOR("times_10", 1),
    [0x78] = OFFSET("plus_1e-3", -3),
    [0x79] = OFFSET("plus_1e-2", -2),
    [0x7A] = OFFSET("plus_1e-1", -1),
    [0x7B] = OFFSET("plus_1", 0),
    [0x7C] = { .name = "second_table", .effect = VIFE_SECOND_TABLE },
    [0x7D] = FACTOR("times_1e3", 3),
    [0x7E] = NAMES("future"),
    [0x7F] = { .name = "manufacturer", .effect = VIFE_MANUFACTURER },
};

/* 0D to 0F and 13 are of a draft newer than 2018 (mbus-records 15). */
const struct vife_row vife_second_rows[VIFE_CODES] = {
    [0x01] = NAMES("phase_l1"),
    [0x02] = NAMES("phase_l2"),
    [0x03] = NAMES("phase_l3"),
    [0x04] = NAMES("phase_n"),
    [0x05] = NAMES("phase_l1_l2"),
    [0x06] = NAMES("phase_l2_l3"),
    [0x07] = NAMES("phase_l3_l1"),
    [0x08] = NAMES("quadrant_q1"),
    [0x09] = NAMES("quadrant_q2"),
    [0x0A] = NAMES("quadrant_q3"),
    [0x0B] = NAMES("quadrant_q4"),
    [0x0C] = NAMES("import_minus_export"),
    [0x0D] = DRAFT("alternative_non_metric"),
    [0x0E] = DRAFT("secondary_sensor"),
    [0x0F] = DRAFT("high_resolution"),
    [0x10] = NAMES("absolute"),
    [0x11] = { .name = "unsigned", .effect = VIFE_UNSIGNED },
    [0x12] = { .name = "bits", .effect = VIFE_BITS },
    [0x13] = DRAFT("end_date"),
    [0x14] = NAMES("to_meter"),
    [0x15] = NAMES("from_meter"),
};

const char *const vife_errors[VIFE_ERRORS] = {
    [0x01] = "too_many_dife",
    [0x02] = "storage_not_implemented",
    [0x03] = "subunit_not_implemented",
    [0x04] = "tariff_not_implemented",
    [0x05] = "function_not_implemented",
    [0x06] = "data_class_not_implemented",
    [0x07] = "data_size_not_implemented",
    [0x0B] = "too_many_vife",
    [0x0C] = "illegal_vif_group",
    [0x0D] = "illegal_vif_exponent",
    [0x0E] = "vif_dif_mismatch",
    [0x0F] = "unimplemented_action",
    [RECORD_ERROR_NO_DATA] = "no_data_available",
    [0x16] = "data_overflow",
    [0x17] = "data_underflow",
    [0x18] = "data_error",
    [0x1C] = "premature_end_of_record",
};

const char *const vife_actions[VIFE_ACTIONS] = {
    [0x00] = "write",       [0x01] = "add",
    [0x02] = "subtract",    [0x03] = "or",
    [0x04] = "and",         [0x05] = "xor",
    [0x06] = "and_not",     [0x07] = "clear",
    [0x08] = "add_entry",   [0x09] = "delete_entry",
    [0x0A] = "delayed",     [0x0B] = "freeze",
    [0x0C] = "add_readout", [0x0D] = "delete_readout",
};
