/* "modifiers" of a record: the VIFE behind its VIF (mbus-records 8); inside config/ only. */
#ifndef CONFIG_BUILD_MODIFIERS_H
#define CONFIG_BUILD_MODIFIERS_H

#include "config/report.h"
#include "mbus/vif.h"

/* The VIFE of a record in their order, without extension bits. */
struct vife_list {
    uint8_t bytes[VIFE_MAX];
    size_t n; /* more than there is room for when it is too many */
    int factor;
    bool has_own_count; /* the data count events or time: not what the unit says */
};

/* Takes `n` codes into the list. */
void modifiers_add(struct vife_list *list, const uint8_t *code, size_t n);

/* Whether a modifier says which input or output the pulses are of; accepts NULL. */
bool modifiers_name_pulse(const struct node *modifiers);

/* Takes the codes of "modifiers" (NULL: none) into the list; false when one is wrong, which is
 * reported. */
bool modifiers_list(struct report *report, const struct node *modifiers, struct vife_list *ret);

/* Puts the VIFE behind the code that was chosen; false when they are too many. */
bool modifiers_append(struct report *report, struct node *node, const struct vife_list *list,
                      struct vib *vib);

#endif
