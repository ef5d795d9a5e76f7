/* The type of a record: what it is where none is written, and what suits a VIF (mbus-records 4 to
 * 7, 12.3). */
#include <string.h>

#include "config/build.h"
#include "config/read.h"

/* Codes behind which a text makes sense though they are numbers (mbus-records 10, 12.2). */
static bool is_free(const struct vif_family *f)
{
    return !f || (f->table == VIF_TABLE_PRIMARY && f->first == VIF_TEXT) ||
           (f->table == VIF_TABLE_FD && f->first == VIF_DIMENSIONLESS);
}

static bool takes_text(const struct vib_meaning *m)
{
    return m->type == VIF_LABEL || m->type == VIF_IDENTIFICATION || m->type == VIF_OPAQUE ||
           (m->type == VIF_NUMBER && is_free(m->family));
}

static bool is_time(enum vif_type type)
{
    return type == VIF_DATE || type == VIF_DATETIME || type == VIF_TIME_POINT;
}

/* 6D is "time" in three bytes, and "datetime" in more (mbus-records 12.2). */
static bool takes_time(const struct vib_meaning *m, const char *quantity, enum data_field field)
{
    if (m->type == VIF_DATE)
        return field == DATA_FIELD_INT16;
    if (m->type == VIF_DATETIME && !quantity)
        return field != DATA_FIELD_INT16;
    if (m->type == VIF_DATETIME)
        return (quantity && strcmp(quantity, "time") == 0) ? field == DATA_FIELD_INT24
                                                           : field >= DATA_FIELD_INT32;
    return m->type == VIF_TIME_POINT;
}

static bool takes_number(const struct vib_meaning *m, enum data_field field)
{
    if (m->type == VIF_RULE)
        return field == DATA_FIELD_INT32; /* the four bytes of type K */
    if (m->type == VIF_BITS)
        return field != DATA_FIELD_REAL32;
    return !is_time(m->type) && m->type != VIF_CONTAINER;
}

static bool fits(const struct record_plan *plan, const struct data_type *type)
{
    const struct vib_meaning *m = &plan->meaning;
    switch (type->form) {
    case FORM_NUMBER:
        return takes_number(m, type->field);
    case FORM_TEXT:
        return takes_text(m);
    case FORM_BINARY:
        return takes_text(m) || m->type == VIF_BITS || m->type == VIF_CONTAINER ||
               m->type == VIF_RULE;
    case FORM_TIME:
        return takes_time(m, plan->spec->quantity, type->field);
    case FORM_NONE:
        return true;
    }
    return false;
}

/* No data suit everything, and are what nobody looks for. */
static bool is_offered(const struct record_plan *plan, const struct data_type *type)
{
    return type->form != FORM_NONE && fits(plan, type);
}

const struct data_type *build_default_type(const struct record_plan *plan)
{
    const struct vib_meaning *m = &plan->meaning;
    const char *quantity = plan->spec->quantity ? plan->spec->quantity : "";
    const char *name = "int32";

    if (m->type == VIF_DATE)
        name = "date";
    else if (is_time(m->type))
        name = strcmp(quantity, "time") == 0 ? "time" : "datetime";
    else if (m->type == VIF_CONTAINER || (m->type == VIF_RULE && plan->spec->value.text))
        name = "binary";
    else if (strcmp(quantity, "text") == 0 || (plan->spec->value.text && takes_text(m)))
        name = "text";
    else if (strcmp(quantity, "fabrication_number") == 0)
        name = "bcd8";
    return data_type_find(name);
}

bool build_type_fits(struct report *report, struct node *node, const struct record_plan *plan)
{
    struct phrase allowed = { 0 };
    size_t n = 0, shown = 0;
    const char *quantity = plan->spec->quantity;

    if (!quantity)
        quantity = plan->meaning.quantity;
    if (fits(plan, plan->type))
        return true;
    for (size_t i = 0; i < n_data_types; i++)
        n += is_offered(plan, &data_types[i]);
    for (size_t i = 0; i < n_data_types; i++)
        if (is_offered(plan, &data_types[i]))
            phrase_item(&allowed, shown++, n, "\"%s\"", data_types[i].name);
    report_error(report, build_at(node, "type"), "the type \"%s\" does not suit \"%s\"; %s",
                 plan->type->name, quantity ? quantity : "reserved", allowed.text);
    return false;
}

bool build_dif(struct report *report, struct node *node, struct record_plan *plan)
{
    const struct record_spec *spec = plan->spec;
    (void)report;

    if (!read_is_good(node, "type"))
        return false;
    plan->type = spec->type ? spec->type : build_default_type(plan);
    plan->dib = (struct dib){
        .data_field = plan->type->field,
        .function = spec->function,
        .storage = spec->storage,
        .tariff = spec->tariff,
        .subunit = spec->subunit,
    };
    plan->counting.field = plan->type->field;
    plan->counting.coding = plan->type->form == FORM_TIME
                                ? CODING_TIME
                                : vif_coding(plan->meaning.type, plan->type->field);
    return true;
}
