#include "mbus/data_type.h"

#include <string.h>

#include "base/macros.h"

const struct data_type data_types[] = {
    { "int8", "integer of 8 bits", DATA_FIELD_INT8, FORM_NUMBER },
    { "int16", "integer of 16 bits", DATA_FIELD_INT16, FORM_NUMBER },
    { "int24", "integer of 24 bits", DATA_FIELD_INT24, FORM_NUMBER },
    { "int32", "integer of 32 bits", DATA_FIELD_INT32, FORM_NUMBER },
    { "int48", "integer of 48 bits", DATA_FIELD_INT48, FORM_NUMBER },
    { "int64", "integer of 64 bits", DATA_FIELD_INT64, FORM_NUMBER },
    { "bcd2", "2 decimal digits", DATA_FIELD_BCD2, FORM_NUMBER },
    { "bcd4", "4 decimal digits", DATA_FIELD_BCD4, FORM_NUMBER },
    { "bcd6", "6 decimal digits", DATA_FIELD_BCD6, FORM_NUMBER },
    { "bcd8", "8 decimal digits", DATA_FIELD_BCD8, FORM_NUMBER },
    { "bcd12", "12 decimal digits", DATA_FIELD_BCD12, FORM_NUMBER },
    { "real32", "IEEE 754 single", DATA_FIELD_REAL32, FORM_NUMBER },
    { "text", "up to 191 characters of ISO 8859-1", DATA_FIELD_VARIABLE, FORM_TEXT },
    { "binary", "bytes", DATA_FIELD_VARIABLE, FORM_BINARY },
    { "date", "date (type G)", DATA_FIELD_INT16, FORM_TIME },
    { "time", "time of day (type J)", DATA_FIELD_INT24, FORM_TIME },
    { "datetime", "date and time to the minute (type F)", DATA_FIELD_INT32, FORM_TIME },
    { "datetime_s", "date and time to the second (type I)", DATA_FIELD_INT48, FORM_TIME },
    { "none", "no data", DATA_FIELD_NONE, FORM_NONE },
};

const size_t n_data_types = ARRAY_SIZE(data_types);

const struct data_type *data_type_find(const char *name)
{
    for (size_t i = 0; i < n_data_types; i++) {
        if (strcmp(data_types[i].name, name) == 0)
            return &data_types[i];
    }
    return NULL;
}

const struct data_type *data_type_of(enum data_field field, enum data_form form)
{
    for (size_t i = 0; i < n_data_types; i++) {
        if (data_types[i].field == field && data_types[i].form == form)
            return &data_types[i];
    }
    return NULL;
}
