#include "config/schema.h"

#include <string.h>

#define ROW(g, n, t) .group = SCHEMA_##g, .name = (n), .type = SCHEMA_##t
#define WORDS(list) .words = (list), .n_words = ARRAY_SIZE(list)
#define FIELD(type, member) .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define USEC_PER_HOUR (60 * USEC_PER_MIN)
#define USEC_PER_DAY (24 * USEC_PER_HOUR)

/* No chip has that many lines. */
#define LINE_OFFSET_MAX 1023

/* More words than any text has that is meant to be read. */
#define FIELD_MAX 1000
#define MAX_AGE_MAX (365 * USEC_PER_DAY)

#define SERIAL (1U << PORT_SERIAL)
#define PTY (1U << PORT_PTY)
#define TCP (1U << PORT_TCP)

static const struct schema_word rates[] = {
    { "300", 300, false },     { "600", 600, false },     { "1200", 1200, false },
    { "2400", 2400, false },   { "4800", 4800, false },   { "9600", 9600, false },
    { "19200", 19200, false }, { "38400", 38400, false }, { "auto", 0, false },
};

static const struct schema_word parities[] = { { "even", true, false }, { "none", false, false } };

static const struct schema_word modes[] = {
    { "0600", 0600, false },
    { "0660", 0660, false },
    { "0666", 0666, false },
};

static const struct schema_word structures[] = {
    { "variable", METER_VARIABLE, false },
    { "fixed", METER_FIXED, false },
};

/* The first three share two bits (mbus-protocol 10.4). */
static const struct schema_word statuses[] = {
    { "busy", METER_STATUS_BUSY, false },
    { "application_error", METER_STATUS_APPLICATION_ERROR, false },
    { "alarm", METER_STATUS_ALARM, false },
    { "power_low", METER_STATUS_POWER_LOW, false },
    { "permanent_error", METER_STATUS_PERMANENT_ERROR, false },
    { "temporary_error", METER_STATUS_TEMPORARY_ERROR, false },
    { "manufacturer_1", METER_STATUS_MANUFACTURER_1, false },
    { "manufacturer_2", METER_STATUS_MANUFACTURER_2, false },
    { "manufacturer_3", METER_STATUS_MANUFACTURER_3, false },
};

static const struct schema_word permissions[] = {
    { "address", METER_ALLOW_ADDRESS, false },   { "id", METER_ALLOW_ID, false },
    { "identity", METER_ALLOW_IDENTITY, false }, { "baud", METER_ALLOW_BAUD, false },
    { "clock", METER_ALLOW_CLOCK, false },       { "readout", METER_ALLOW_READOUT, false },
    { "reset", METER_ALLOW_RESET, false },       { "freeze", METER_ALLOW_FREEZE, false },
};

static const struct schema_word refusals[] = {
    { "silent", METER_REFUSAL_SILENT, false },
    { "error", METER_REFUSAL_ERROR, false },
};

static const struct schema_word nke_253_words[] = {
    { "selected", METER_NKE_253_SELECTED, false },
    { "always", METER_NKE_253_ALWAYS, false },
    { "never", METER_NKE_253_NEVER, false },
};

static const struct schema_word stale_words[] = {
    { "report", false, false },
    { "silent", true, false },
};

static const struct schema_word functions[] = {
    { "instantaneous", DIF_INSTANTANEOUS, false },
    { "minimum", DIF_MINIMUM, false },
    { "maximum", DIF_MAXIMUM, false },
    { "error", DIF_ERROR, false },
};

/* Applications by the upper nibble of their sub-code: the older list (mbus-protocol 9). */
static const struct schema_word applications[] = {
    { "all", 1 << 0x0, false },
    { "user", 1 << 0x1, false },
    { "simple_billing", 1 << 0x2, false },
    { "enhanced_billing", 1 << 0x3, false },
    { "multi_tariff", 1 << 0x4, false },
    { "instantaneous", 1 << 0x5, false },
    { "load_management", 1 << 0x6, false },
    { "installation", 1 << 0x8, false },
    { "testing", 1 << 0x9, false },
    { "calibration", 1 << 0xA, false },
    { "manufacturing", 1 << 0xB, false },
    { "development", 1 << 0xC, false },
    { "self_test", 1 << 0xD, false },
};

static const struct schema_word on_error_words[] = {
    { "error", SOURCE_ERROR, false },
    { "hold", SOURCE_HOLD, false },
    { "zero", SOURCE_ZERO, false },
};

static const struct schema_word counters[] = {
    { "operating_time", INTERNAL_OPERATING_TIME, false },
    { "on_time", INTERNAL_ON_TIME, false },
    { "answers", INTERNAL_ANSWERS, false },
    { "requests", INTERNAL_REQUESTS, false },
    { "errors", INTERNAL_ERRORS, false },
    { "restarts", INTERNAL_RESTARTS, false },
};

static const struct schema_word levels[] = {
    { "error", LOG_LEVEL_ERROR, false },
    { "warning", LOG_LEVEL_WARNING, false },
    { "info", LOG_LEVEL_INFO, false },
    { "debug", LOG_LEVEL_DEBUG, false },
};

static const struct schema_word biases[] = {
    { "as_is", LINE_BIAS_AS_IS, false },
    { "disabled", LINE_BIAS_DISABLED, false },
    { "pull_up", LINE_BIAS_PULL_UP, false },
    { "pull_down", LINE_BIAS_PULL_DOWN, false },
};

static const struct schema_word drives[] = {
    { "push_pull", LINE_PUSH_PULL, false },
    { "open_drain", LINE_OPEN_DRAIN, false },
    { "open_source", LINE_OPEN_SOURCE, false },
};

/* clang-format off: a row is a setting */
const struct schema_row schema_rows[] = {
    { ROW(TOP, "port", SUBGROUP) },
    { ROW(TOP, "ports", SUBGROUPS) },
    { ROW(TOP, "meter", SUBGROUP) },
    { ROW(TOP, "meters", SUBGROUPS) },
    { ROW(TOP, "log", SUBGROUP) },
    { ROW(TOP, "hat", SUBGROUP) },
    { ROW(TOP, "state", SUBGROUP) },
    { ROW(TOP, "control", SUBGROUP) },

    { ROW(PORT, "device", DEVICE), .kinds = SERIAL | PTY | TCP, FIELD(struct port_config, device) },
    { ROW(PORT, "baud", RATE), WORDS(rates), .fallback = "2400", .kinds = SERIAL | PTY | TCP,
      FIELD(struct port_config, baud) },
    { ROW(PORT, "baud_fallback", DURATION), .min = USEC_PER_SEC, .max = USEC_PER_HOUR,
      .fallback = "2 min", .kinds = SERIAL, FIELD(struct port_config, baud_fallback) },
    { ROW(PORT, "parity", WORD), WORDS(parities), .fallback = "even", .kinds = SERIAL,
      FIELD(struct port_config, parity_even) },
    { ROW(PORT, "gap", DURATION), .min = 10 * USEC_PER_MSEC, .max = 5 * USEC_PER_SEC,
      .kinds = SERIAL | PTY | TCP, FIELD(struct port_config, gap) },
    { ROW(PORT, "answer_delay", DURATION), .max = 150 * USEC_PER_MSEC, .fallback = "0 s",
      .kinds = SERIAL | PTY, FIELD(struct port_config, answer_delay) },
    { ROW(PORT, "byte_gap", DURATION), .max = 50 * USEC_PER_MSEC, .fallback = "0 s",
      .kinds = SERIAL | PTY, FIELD(struct port_config, byte_gap) },
    { ROW(PORT, "link", PATH), .kinds = PTY, FIELD(struct port_config, link) },
    { ROW(PORT, "mode", WORD), WORDS(modes), .fallback = "0666", .kinds = PTY,
      FIELD(struct port_config, mode) },
    { ROW(PORT, "max_clients", INTEGER), .min = 1, .max = 64, .fallback = "8", .kinds = TCP,
      FIELD(struct port_config, max_clients) },
    { ROW(PORT, "idle_timeout", DURATION), .max = 30 * USEC_PER_DAY, .fallback = "10 min",
      .kinds = TCP, FIELD(struct port_config, idle_timeout) },
    { ROW(PORT, "meters", NAMES), .kinds = SERIAL | PTY | TCP },
    { ROW(PORT, "faults", LATER) },

    { ROW(METER, "name", NAME), .fallback = "meter", FIELD(struct meter_def, name) },
    { ROW(METER, "address", INTEGER), .max = 250, .fallback = "0",
      FIELD(struct meter_def, address) },
    { ROW(METER, "id", ID), .fallback = "00000000", FIELD(struct meter_def, ident.id) },
    { ROW(METER, "manufacturer", MANUFACTURER), .fallback = "TST",
      FIELD(struct meter_def, ident.manufacturer) },
    { ROW(METER, "version", INTEGER), .max = 255, .fallback = "1",
      FIELD(struct meter_def, ident.version) },
    { ROW(METER, "medium", MEDIUM), .max = 254, .fallback = "other",
      FIELD(struct meter_def, ident.medium) },
    { ROW(METER, "structure", WORD), WORDS(structures), .fallback = "variable",
      FIELD(struct meter_def, structure) },
    { ROW(METER, "status", FLAGS), WORDS(statuses), .exclusive = METER_STATUS_ALARM,
      FIELD(struct meter_def, status) },
    { ROW(METER, "repeat_time", DURATION), .max = USEC_PER_HOUR, .fallback = "10 s",
      FIELD(struct meter_def, repeat_time) },
    { ROW(METER, "session_time", DURATION), .max = USEC_PER_DAY, .fallback = "2 min",
      FIELD(struct meter_def, session_time) },
    { ROW(METER, "max_telegram", INTEGER), .min = 64, .max = 255, .fallback = "255",
      FIELD(struct meter_def, max_telegram) },
    { ROW(METER, "allow", FLAGS), WORDS(permissions), .fallback = "address, readout, reset, freeze",
      FIELD(struct meter_def, allow) },
    { ROW(METER, "on_refused", WORD), WORDS(refusals), .fallback = "silent",
      FIELD(struct meter_def, on_refused) },
    { ROW(METER, "nke_253", WORD), WORDS(nke_253_words), .fallback = "selected",
      FIELD(struct meter_def, nke_253) },
    { ROW(METER, "manufacturer_data", HEX) },
    { ROW(METER, "records", SUBGROUPS) },
    { ROW(METER, "history", LATER) },
    { ROW(METER, "on_stale", WORD), WORDS(stale_words), .fallback = "report",
      FIELD(struct meter_def, silent_when_stale) },

    { ROW(RECORD, "name", NAME) },
    { ROW(RECORD, "unit", UNIT), .offset = offsetof(struct record_spec, unit),
      .size = sizeof(void *) },
    { ROW(RECORD, "quantity", QUANTITY), FIELD(struct record_spec, quantity) },
    { ROW(RECORD, "resolution", RESOLUTION), .fallback = "1",
      FIELD(struct record_spec, resolution) },
    { ROW(RECORD, "type", DATA_TYPE), .offset = offsetof(struct record_spec, type),
      .size = sizeof(void *) },
    { ROW(RECORD, "function", WORD), WORDS(functions), .fallback = "instantaneous",
      FIELD(struct record_spec, function) },
    { ROW(RECORD, "storage", INTEGER), .max = (int64_t)DIF_STORAGE_MAX, .fallback = "0",
      FIELD(struct record_spec, storage) },
    { ROW(RECORD, "tariff", INTEGER), .max = DIF_TARIFF_MAX, .fallback = "0",
      FIELD(struct record_spec, tariff) },
    { ROW(RECORD, "subunit", INTEGER), .max = DIF_SUBUNIT_MAX, .fallback = "0",
      FIELD(struct record_spec, subunit) },
    { ROW(RECORD, "modifiers", MODIFIERS) },
    { ROW(RECORD, "dif", HEX) },
    { ROW(RECORD, "vif", HEX) },
    { ROW(RECORD, "value", VALUE), FIELD(struct record_spec, value) },
    { ROW(RECORD, "sets", FLAGS), WORDS(applications), .is_filled = true,
      FIELD(struct record_spec, sets) },
    { ROW(RECORD, "writable", BOOL_OR_GROUP) },
    { ROW(RECORD, "file", SUBGROUP) },
    { ROW(RECORD, "command", SUBGROUP) },
    { ROW(RECORD, "pulses", LATER) },
    { ROW(RECORD, "pushed", SUBGROUP) },
    { ROW(RECORD, "derived", SUBGROUP) },
    { ROW(RECORD, "output", LATER) },
    { ROW(RECORD, "clock", SUBGROUP) },
    { ROW(RECORD, "internal", SUBGROUP) },
    { ROW(RECORD, "max_age", DURATION), .max = MAX_AGE_MAX, FIELD(struct record_spec, max_age) },
    { ROW(RECORD, "on_error", WORD), WORDS(on_error_words), .fallback = "error",
      FIELD(struct record_spec, on_error) },

    { ROW(FILE, "path", PATH), FIELD(struct source_config, path) },
    { ROW(FILE, "pattern", PATTERN), FIELD(struct source_config, text.pattern) },
    { ROW(FILE, "field", INTEGER), .max = FIELD_MAX, .fallback = "0",
      FIELD(struct source_config, text.field) },
    { ROW(FILE, "scale", FACTOR), .fallback = "1", FIELD(struct source_config, text.scale) },
    { ROW(FILE, "offset", REAL), .fallback = "0", FIELD(struct source_config, text.offset) },
    { ROW(FILE, "interval", DURATION), .min = 100 * USEC_PER_MSEC, .max = USEC_PER_DAY,
      .fallback = "10 s", FIELD(struct source_config, interval) },

    { ROW(COMMAND, "argv", ARGV), FIELD(struct source_config, argv) },
    { ROW(COMMAND, "pattern", PATTERN), FIELD(struct source_config, text.pattern) },
    { ROW(COMMAND, "field", INTEGER), .max = FIELD_MAX, .fallback = "0",
      FIELD(struct source_config, text.field) },
    { ROW(COMMAND, "scale", FACTOR), .fallback = "1", FIELD(struct source_config, text.scale) },
    { ROW(COMMAND, "offset", REAL), .fallback = "0", FIELD(struct source_config, text.offset) },
    { ROW(COMMAND, "interval", DURATION), .min = USEC_PER_SEC, .max = USEC_PER_DAY,
      .fallback = "60 s", FIELD(struct source_config, interval) },
    { ROW(COMMAND, "timeout", DURATION), .min = 100 * USEC_PER_MSEC, .max = USEC_PER_HOUR,
      .fallback = "10 s", FIELD(struct source_config, timeout) },

    { ROW(PUSHED, "start", NUMBER), FIELD(struct source_config, start) },

    { ROW(DERIVED, "sum", NAMES) },
    { ROW(DERIVED, "difference", NAMES) },
    { ROW(DERIVED, "product", NAMES) },
    { ROW(DERIVED, "integral", NAMES) },
    { ROW(DERIVED, "copy", NAMES) },
    { ROW(DERIVED, "factor", FACTOR), .fallback = "1",
      FIELD(struct source_config, derived.factor) },

    { ROW(CLOCK, "zone", ZONE), FIELD(struct source_config, zone) },

    { ROW(INTERNAL, "counter", WORD), WORDS(counters), FIELD(struct source_config, counter) },

    { ROW(WRITABLE, "min", NUMBER), FIELD(struct writable_spec, min) },
    { ROW(WRITABLE, "max", NUMBER), FIELD(struct writable_spec, max) },
    { ROW(WRITABLE, "command", ARGV), FIELD(struct writable_spec, command) },

    { ROW(STATE, "directory", PATH), FIELD(struct config, state_directory) },
    { ROW(STATE, "interval", DURATION), .min = USEC_PER_SEC, .max = USEC_PER_DAY,
      .fallback = "60 s", FIELD(struct config, state_interval) },

    { ROW(CONTROL, "name", BUS_NAME), FIELD(struct config, control_name) },

    { ROW(LOG, "level", WORD), WORDS(levels), .fallback = "info", FIELD(struct config, log_level) },

    { ROW(HAT, "enable", SUBGROUP) },
    { ROW(HAT, "activity", SUBGROUP) },
    { ROW(HAT, "transmit", SUBGROUP) },
    { ROW(HAT, "reset", LATER) },
    { ROW(HAT, "ready", LATER) },
    { ROW(HAT, "bus_power", LATER) },

    { ROW(HAT_LINE, "line", LINE), FIELD(struct hat_line_config, line.name) },
    { ROW(HAT_LINE, "chip", CHIP), FIELD(struct hat_line_config, line.chip) },
    { ROW(HAT_LINE, "offset", INTEGER), .max = LINE_OFFSET_MAX,
      FIELD(struct hat_line_config, line.offset) },
    { ROW(HAT_LINE, "active_low", BOOL), FIELD(struct hat_line_config, line.active_low) },
    { ROW(HAT_LINE, "bias", WORD), WORDS(biases), .fallback = "as_is",
      FIELD(struct hat_line_config, line.bias) },
    { ROW(HAT_LINE, "drive", WORD), WORDS(drives), .fallback = "push_pull",
      FIELD(struct hat_line_config, line.drive) },
    { ROW(HAT_LINE, "pulse", DURATION), .min = USEC_PER_MSEC, .max = USEC_PER_SEC,
      .fallback = "50 ms", FIELD(struct hat_line_config, pulse) },
};
/* clang-format on */
const size_t n_schema_rows = ARRAY_SIZE(schema_rows);

const struct schema_row *schema_find(enum schema_group group, const char *name)
{
    for (size_t i = 0; i < n_schema_rows; i++)
        if (schema_rows[i].group == group && strcmp(schema_rows[i].name, name) == 0)
            return &schema_rows[i];
    return NULL;
}

const struct schema_word *schema_word_find(const struct schema_row *row, const char *name)
{
    for (size_t i = 0; i < row->n_words; i++)
        if (strcmp(row->words[i].name, name) == 0)
            return &row->words[i];
    return NULL;
}
