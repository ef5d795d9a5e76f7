/* A source meets its record: what the record is, and what a master may do to it. */
#include <math.h>

#include "config/build_source.h"
#include "config/read.h"

/* Seconds in one count of a unit that is always as long; 0: it is none. */
static double seconds_in(enum vif_base base)
{
    static const double seconds[] = {
        [VIF_BASE_SECOND] = 1,
        [VIF_BASE_MINUTE] = 60,
        [VIF_BASE_HOUR] = 3600,
        [VIF_BASE_DAY] = 86400,
    };
    return base < ARRAY_SIZE(seconds) ? seconds[base] : 0;
}

/* In one unit as the record is written, whatever power of ten its count is. */
static double seconds_in_unit(const struct record_plan *plan)
{
    double seconds = seconds_in(plan->meaning.base);
    int exponent = plan->meaning.exponent - plan->counting.resolution;
    for (; exponent > 0; exponent--)
        seconds *= 10;
    for (; exponent < 0; exponent++)
        seconds /= 10;
    return seconds;
}

static bool build_internal(struct report *report, struct node *group,
                           const struct record_plan *plan)
{
    struct source_config *source = plan->source;
    struct node *counter = node_child(group, "counter");
    bool is_time =
        source->counter == INTERNAL_OPERATING_TIME || source->counter == INTERNAL_ON_TIME;

    source->unit = 1;
    if (!counter || counter->is_bad)
        return false;
    if (!is_time)
        return true;
    source->unit = seconds_in_unit(plan);
    if (source->unit > 0)
        return true;
    report_error(report, counter, "\"%s\" does not suit the unit of the record; s, min, h or d",
                 counter->string);
    return false;
}

static bool build_start(struct report *report, struct node *group, const struct record_plan *plan,
                        struct value *ret)
{
    struct node *start = node_child(group, "start");
    return !start || (!start->is_bad &&
                      build_number(report, start, &plan->source->start, &plan->counting, ret));
}

/* Whether what a source of the kind gives is what the record carries. */
static bool check_form(struct report *report, struct node *group, const struct record_plan *plan)
{
    enum data_form wanted = plan->source->kind == SOURCE_CLOCK ? FORM_TIME : FORM_NUMBER;

    if (plan->type->form == wanted)
        return true;
    if (plan->type->form == FORM_NONE)
        report_error(report, group, "does not go with %s; leave it out",
                     plan->is_raw ? "a data field of no bytes" : "the type \"none\"");
    else
        report_error(report, group, "does not go with the type \"%s\"; %s alone", plan->type->name,
                     wanted == FORM_TIME ? "dates and times" : "numbers");
    return false;
}

bool build_live(struct report *report, struct node *record, const struct record_plan *plan,
                struct value *ret)
{
    enum source_kind kind;
    struct node *group = source_node(record, &kind);

    if (!check_form(report, group, plan) || group->kind != NODE_GROUP ||
        !read_is_good(record, "resolution"))
        return false;
    if (kind == SOURCE_INTERNAL)
        return build_internal(report, group, plan);
    return kind != SOURCE_PUSHED || build_start(report, group, plan, ret);
}
