/* Where the number of a record comes from; inside config/ only. */
#ifndef CONFIG_BUILD_SOURCE_H
#define CONFIG_BUILD_SOURCE_H

#include "config/build.h"

/* The sources of all meters, as they are found. */
struct source_list {
    struct source_config *items;
    size_t n, capacity;
};

/* Room for one more source, zeroed, which stays in its place until the next; NULL: no memory. */
struct source_config *source_list_add(struct report *report, struct source_list *list);

/* The first setting of a record that says where its value comes from, and what kind that is; NULL:
 * there is none. Kinds of a later version are none. */
struct node *source_node(const struct node *record, enum source_kind *ret);

/* Whether the record has a source of a later version, which is reported where it stands. */
bool source_is_later(const struct node *record);

/* More than one source, and settings that do not go with the one there is. */
void build_source_check(struct report *report, struct node *record);

/* Reads the source of a record, as far as that does not depend on what the record is. */
void build_source(struct report *report, struct node *record, const struct record_spec *spec,
                  struct source_config *ret);

/* What a live record has in place of a value: its source must suit it. The start of a pushed one
 * becomes `ret`. */
bool build_live(struct report *report, struct node *record, const struct record_plan *plan,
                struct value *ret);

/* What a derived source does with its inputs, and that they are as many as it takes. */
void build_derived_group(struct report *report, struct node *group, struct source_config *ret);

/* Inputs of the derived sources of a meter by their names. Its sources are those in the list from
 * `first` on; its records are `records` in the file. */
void build_derived(struct report *report, struct node *records, const struct meter_def *def,
                   struct source_list *sources, size_t first);

#endif
