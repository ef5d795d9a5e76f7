/* The words of libmbus's normalised XML for what our tables name. */
#ifndef CTL_XML_NAMES_H
#define CTL_XML_NAMES_H

#include <stdint.h>

#include "mbus/vif.h"

/* "Volume flow" for "volume_flow"; NULL where libmbus knows none. */
const char *xml_quantity(const char *quantity);

/* A unit of libmbus, and what one of ours is in it: a day is 86400 s. */
struct xml_unit {
    const char *name;
    double factor;
};

/* The unit in which libmbus gives a base, for those that it knows; NULL for the others. */
const struct xml_unit *xml_unit(enum vif_base base);

/* "Heat: Outlet" for a device type; "Reserved" where there is none. */
const char *xml_medium(uint8_t medium);

/* The same for the 4-bit medium of the fixed structure. */
const char *xml_fixed_medium(uint8_t medium);

/* What an application error is called. */
const char *xml_error(uint8_t code);

#endif
