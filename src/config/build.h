/* Groups of settings into the structs of the configuration; inside config/ only. */
#ifndef CONFIG_BUILD_H
#define CONFIG_BUILD_H

#include "config/report.h"
#include "config/schema.h"

/* `nodes` are the groups of the ports, `ret` zeroed room for as many. */
void build_ports(struct report *report, struct node *const *nodes, size_t n,
                 struct port_config *ret);

void build_meter(struct report *report, struct node *node, struct meter_def *ret);

/* The lines of a Hat. */
void build_hat(struct report *report, struct node *hat, struct hat_config *ret);

/* Reads the settings of a record and checks what every structure wants of them. */
void build_record_spec(struct report *report, struct node *node, struct record_spec *ret);

/* A record of the variable structure from a spec; false when it is not complete. */
bool build_record(struct report *report, struct node *node, const struct record_spec *spec,
                  struct record *ret);

/* The count of a spec in a data field; false when it does not fit. */
bool build_value(struct report *report, struct node *node, const struct record_spec *spec,
                 enum data_field field, struct value *ret);

/* The fixed structure from one or two specs. */
void build_fixed(struct report *report, struct node *meter, struct node *records,
                 const struct record_spec *specs, struct meter_def *ret);

/* Where a message about a member goes: at it, or at its group when it is not set. */
struct node *build_at(struct node *group, const char *name);

/* Whether a node is a group; reported when it is not. */
bool build_is_group(struct report *report, struct node *node);

/* Whether a node is a list of something; reported when it is not. */
bool build_is_list(struct report *report, struct node *node);

#endif
