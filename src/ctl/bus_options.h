/* What the commands of the small master have in common: a rate, a timeout, a device. */
#ifndef CTL_BUS_OPTIONS_H
#define CTL_BUS_OPTIONS_H

#include <stdbool.h>

#include "ctl/master.h"

#define BUS_BAUD_DEFAULT 2400U

struct bus_options {
    const char *baud_text, *timeout_text; /* as given, or NULL */
    unsigned baud;
    usec_t timeout; /* 0: the standard's */
};

/* Reads the texts; false, and an error is printed, when one of them is none. */
bool bus_options_take(struct bus_options *options);

/* Opens the device, or prints why it cannot be had. From then on Ctrl-C waits (ctl/interrupt.h). */
bool bus_open(const char *device, const struct bus_options *options, struct master *ret);

#endif
