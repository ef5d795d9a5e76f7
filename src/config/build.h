/* Groups of settings into the structs of the configuration; inside config/ only. */
#ifndef CONFIG_BUILD_H
#define CONFIG_BUILD_H

#include "config/report.h"
#include "config/schema.h"

/* A whole file. 0, -EINVAL when something was reported, -ENOMEM. */
int build_config(struct report *report, struct node *root, const struct config_overrides *overrides,
                 struct config *ret);

/* `nodes` are the groups of the ports, `ret` zeroed room for as many. */
void build_ports(struct report *report, struct node *const *nodes, size_t n,
                 struct port_config *ret);

/* The meters, for which `config` has room, and who of them lives on its ports, which are built. */
void build_meters(struct report *report, struct node *const *nodes, size_t n,
                  struct node *const *port_nodes, size_t n_ports, struct config *config);

void build_meter(struct report *report, struct node *node, struct meter_def *ret);

/* The lines of a Hat. */
void build_hat(struct report *report, struct node *hat, struct hat_config *ret);

/* Reads the settings of a record and checks what every structure wants of them. */
void build_record_spec(struct report *report, struct node *node, struct record_spec *ret);

/* A record of the variable structure from a spec; false when it is not complete. */
bool build_record(struct report *report, struct node *node, const struct record_spec *spec,
                  struct meter_record *ret);

/* What a master may write into a record of this data field. */
void build_writable(struct report *report, struct node *node, const struct record_spec *spec,
                    enum data_field field, struct meter_record *ret);

/* The count of a number in a data field; false and an error at `node` when it does not fit. */
bool build_number(struct report *report, struct node *node, const struct number *number,
                  int resolution, enum data_field field, struct value *ret);

/* The same of the value of a spec. */
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
