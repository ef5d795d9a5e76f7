#include "mbus/vife.h"

#include <string.h>

#define SECOND_TABLE 0x7CU

const char *vife_error_name(uint8_t code)
{
    return code < VIFE_ERRORS ? vife_errors[code] : NULL;
}

const char *vife_action_name(uint8_t code)
{
    return code < VIFE_ACTIONS ? vife_actions[code] : NULL;
}

bool vife_is_chosen(const struct vife_row *row)
{
    return row->name != NULL && row->effect != VIFE_SECOND_TABLE &&
           row->effect != VIFE_MANUFACTURER && !row->is_draft;
}

static const struct vife_row *find_in(const struct vife_row *rows, const char *name,
                                      uint8_t *ret_code)
{
    for (unsigned code = 0; code < VIFE_CODES; code++) {
        if (!vife_is_chosen(&rows[code]) || strcmp(rows[code].name, name) != 0)
            continue;
        *ret_code = (uint8_t)code;
        return &rows[code];
    }
    return NULL;
}

const struct vife_row *vife_find(const char *name, uint8_t ret_code[2], uint8_t *ret_n)
{
    const struct vife_row *row = find_in(vife_rows, name, &ret_code[0]);

    *ret_n = 1;
    if (row != NULL)
        return row;
    ret_code[0] = SECOND_TABLE;
    *ret_n = 2;
    return find_in(vife_second_rows, name, &ret_code[1]);
}

bool vife_is_error_or_action(const char *name)
{
    for (unsigned i = 0; i < VIFE_ERRORS; i++) {
        if (vife_errors[i] != NULL && strcmp(vife_errors[i], name) == 0)
            return true;
    }
    for (unsigned i = 0; i < VIFE_ACTIONS; i++) {
        if (vife_actions[i] != NULL && strcmp(vife_actions[i], name) == 0)
            return true;
    }
    return false;
}
