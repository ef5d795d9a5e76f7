/* What a setting takes, for people. */
#include "config/device.h"
#include "config/schema.h"

void schema_words(const struct schema_row *row, struct phrase *ret)
{
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < row->n_words; i++)
        n += row->words[i].later ? 0 : 1;
    for (size_t i = 0; i < row->n_words; i++) {
        const struct schema_word *word = &row->words[i];
        const char *quote = row->type == SCHEMA_RATE && word->value != 0 ? "" : "\"";
        if (!word->later)
            phrase_item(ret, shown++, n, "%s%s%s", quote, word->name, quote);
    }
}

void schema_allowed(const struct schema_row *row, struct phrase *ret)
{
    static const char *const texts[] = {
        [SCHEMA_SUBGROUP] = "a group { }",
        [SCHEMA_SUBGROUPS] = "a list of groups ( { }, { } )",
        [SCHEMA_BOOL] = "true or false",
        [SCHEMA_BOOL_OR_GROUP] = "true, false or a group { }",
        [SCHEMA_NUMBER] = "a number",
        [SCHEMA_REAL] = "a number",
        [SCHEMA_FACTOR] = "a number other than 0",
        [SCHEMA_RESOLUTION] = "a power of ten, such as 0.001, 1 or 100",
        [SCHEMA_NAME] = "a name of small letters, digits and \"_\" that begins with a letter",
        [SCHEMA_NAMES] = "an array of names, such as [ \"heat\", \"water\" ]",
        [SCHEMA_HEX] = "bytes as pairs of hex digits in quotes, such as \"01 A5\"",
        [SCHEMA_PATH] = "a path",
        [SCHEMA_PATTERN] = "a regular expression, such as \"t=(-?[0-9]+)\"",
        [SCHEMA_ARGV] = "an array of texts, such as [ \"/usr/bin/sensor\", \"-v\" ]",
        [SCHEMA_ZONE] = "a time zone, such as \"Europe/Berlin\" or \"UTC\"",
        [SCHEMA_BUS_NAME] = "a name of letters, digits and \"_\" that begins with no digit",
        [SCHEMA_LINE] = "the name of a line, such as \"GPIO26\"",
        [SCHEMA_CHIP] = "a chip by its label, name or path, such as \"pinctrl-bcm2711\"",
        [SCHEMA_DEVICE] = DEVICE_FORMS,
        [SCHEMA_ID] = "1 to 8 digits in quotes",
        [SCHEMA_MANUFACTURER] = "three letters A to Z in quotes",
        [SCHEMA_MEDIUM] = "a name such as \"water\", or 0 to 254",
        [SCHEMA_UNIT] = "a unit such as \"kWh\", \"m3\" or \"degC\"",
        [SCHEMA_QUANTITY] = "a quantity such as \"energy\" or \"flow_temperature\"",
        [SCHEMA_VALUE] = "a number, or a text in quotes",
        [SCHEMA_MODIFIERS] = "an array of names, such as [ \"per_hour\", \"uncorrected\" ]",
    };
    switch (row->type) {
    case SCHEMA_INTEGER:
        phrase_add(ret, "a whole number from %lld to %lld", (long long)row->min,
                   (long long)row->max);
        break;
    case SCHEMA_DURATION:
        phrase_add(ret, "a duration from ");
        phrase_duration(ret, (usec_t)row->min);
        phrase_add(ret, " to ");
        phrase_duration(ret, (usec_t)row->max);
        phrase_add(ret, ", such as \"500 ms\" or \"2 s\"");
        break;
    case SCHEMA_FLAGS:
        phrase_add(ret, "an array of ");
        schema_words(row, ret);
        break;
    case SCHEMA_DATA_TYPE:
        for (size_t i = 0; i < n_data_types; i++)
            phrase_item(ret, i, n_data_types, "\"%s\"", data_types[i].name);
        break;
    case SCHEMA_WORD:
    case SCHEMA_RATE:
        schema_words(row, ret);
        break;
    default:
        if (row->type < ARRAY_SIZE(texts) && texts[row->type])
            phrase_add(ret, "%s", texts[row->type]);
        break;
    }
}
