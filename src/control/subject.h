/* What a message, an object or a change is about: the service, a port, a meter or a record. */
#ifndef CONTROL_SUBJECT_H
#define CONTROL_SUBJECT_H

#include "control/control.h"

enum subject_kind {
    SUBJECT_MANAGER,
    SUBJECT_PORT,
    SUBJECT_METER,
    SUBJECT_RECORD,
};

struct subject {
    struct control *control;
    enum subject_kind kind;
    size_t port;
    struct meter *meter; /* of a meter or record */
    size_t record;
};

static inline const struct meter_record *subject_definition(const struct subject *s)
{
    return &s->meter->def->records[s->record];
}

static inline const struct meter_cell *subject_cell(const struct subject *s)
{
    return &s->meter->now.cells[s->record];
}

#endif
