/* What a master writes that is no record of ours but the meter itself: its addresses and its clock
 * (mbus-protocol 13.1 to 13.3). */
#ifndef SLAVE_IDENTITY_H
#define SLAVE_IDENTITY_H

#include "mbus/application_error.h"
#include "mbus/record_view.h"
#include "slave/slave.h"

/* Whether the first `n_vib` bytes of the VIB stand for one of them, at storage 0, tariff 0, subunit
 * 0. */
bool identity_is_meant(const struct record_view *v, size_t n_vib);

/* Writes it to the draft of the meter. `alone`: no other meter gets the same frame. */
enum application_error identity_write(const struct slave *s, struct slave_meter *m, bool alone,
                                      const struct record_view *v, size_t n_vib);

#endif
