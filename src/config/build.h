/* Groups of settings into the structs of the configuration; inside config/ only. */
#ifndef CONFIG_BUILD_H
#define CONFIG_BUILD_H

#include "config/report.h"
#include "config/schema.h"
#include "mbus/lvar.h"
#include "mbus/vib_meaning.h"

/* A whole file. 0, -EINVAL when something was reported, -ENOMEM. */
int build_config(struct report *report, struct node *root, const struct config_overrides *overrides,
                 struct config *ret);

/* `nodes` are the groups of the ports, `ret` zeroed room for as many. */
void build_ports(struct report *report, struct node *const *nodes, size_t n,
                 struct port_config *ret);

/* The meters, for which `config` has room, and who of them lives on its ports, which are built. */
void build_meters(struct report *report, struct node *const *nodes, size_t n,
                  struct node *const *port_nodes, size_t n_ports, struct config *config);

struct source_list;

/* `sources` takes in those of the meter, which is the one of that index. */
void build_meter(struct report *report, struct node *node, size_t index, struct meter_def *ret,
                 struct source_list *sources);

/* The lines of a Hat. */
void build_hat(struct report *report, struct node *hat, struct hat_config *ret);

/* Reads the settings of a record and checks what every structure wants of them. */
void build_record_spec(struct report *report, struct node *node, struct record_spec *ret);

/* A record of the variable structure from a spec and a source that is read; false when it is not
 * complete. */
bool build_record(struct report *report, struct node *node, const struct record_spec *spec,
                  struct source_config *source, struct meter_record *ret);

/* A record as far as it is put together: from the spec its VIB, what that means, its data. */
struct record_plan {
    const struct record_spec *spec;
    struct source_config *source; /* SOURCE_CONSTANT: what is written is the value */
    const struct data_type *type;
    struct vib vib; /* its text is in `text` */
    struct vib_meaning meaning;
    bool is_raw; /* of a "vif" or "dif" of its own: what it means is for whoever wrote it */
    struct dib dib;
    struct counting counting;
    uint8_t text[VIB_TEXT_MAX];
    uint8_t lvar, data[LVAR_DATA_MAX]; /* DATA_FIELD_VARIABLE, as on the wire */
};

/* The VIB of a plan and what it means, by "unit", "quantity", "resolution" and "modifiers" or from
 * a "vif" of its own; false when something was reported, here or before. */
bool build_vif(struct report *report, struct node *node, struct record_plan *plan);
bool build_raw_vif(struct report *report, struct node *node, struct record_plan *plan);

/* The DIB of a plan whose VIB is there, and the type of its data. */
bool build_dif(struct report *report, struct node *node, struct record_plan *plan);
bool build_raw_dif(struct report *report, struct node *node, struct record_plan *plan);

/* Parses the VIB of the plan: what it means. False when it is no VIB. */
bool build_meaning(struct record_plan *plan);

/* The type that a record has where none is written. */
const struct data_type *build_default_type(const struct record_plan *plan);

/* Whether the type suits what the VIB means; reported when it does not. */
bool build_type_fits(struct report *report, struct node *node, const struct record_plan *plan);

/* The value of a plan whose type is known: a number or a moment into `ret`, text and bytes into the
 * plan. */
bool build_value(struct report *report, struct node *node, struct record_plan *plan,
                 struct value *ret);

/* Text and bytes of variable length, and dates: false and an error at `node` when it is none. */
bool build_text(struct report *report, struct node *node, struct record_plan *plan);
bool build_binary(struct report *report, struct node *node, struct record_plan *plan);
bool build_time(struct report *report, struct node *node, const struct record_plan *plan,
                struct value *ret);

/* What a master may write into a record. */
void build_writable(struct report *report, struct node *node, const struct record_plan *plan,
                    struct meter_record *ret);

/* The count of a number; false and an error at `node` when it does not fit. */
bool build_number(struct report *report, struct node *node, const struct number *number,
                  const struct counting *counting, struct value *ret);

/* The fixed structure from one or two specs. */
void build_fixed(struct report *report, struct node *meter, struct node *records,
                 const struct record_spec *specs, struct meter_def *ret);

/* Reports a member that is not there and has no default; `instead` says what belongs there. */
void build_required(struct report *report, struct node *group, const char *name,
                    const char *instead);

/* Where a message about a member goes: at it, or at its group when it is not set. */
struct node *build_at(struct node *group, const char *name);

/* Whether a node is a group; reported when it is not. */
bool build_is_group(struct report *report, struct node *node);

/* Whether a node is a list of something; reported when it is not. */
bool build_is_list(struct report *report, struct node *node);

#endif
