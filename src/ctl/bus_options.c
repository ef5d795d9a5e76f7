#include "ctl/bus_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/interrupt.h"
#include "ctl/way.h"

#define TIMEOUT_MS_MAX 60000U

/* A whole number from 1 to `max`; 0 when it is none. */
static unsigned number(const char *text, unsigned max)
{
    size_t n = strlen(text);
    unsigned long value = strtoul(text, NULL, 10);

    if (n == 0 || n > 6 || strspn(text, "0123456789") != n || value > max)
        return 0;
    return (unsigned)value;
}

bool bus_options_take(struct bus_options *options)
{
    options->baud = BUS_BAUD_DEFAULT;
    if (options->baud_text) {
        options->baud = number(options->baud_text, 38400);
        if (options->baud == 0 || !way_has_baud(options->baud)) {
            fprintf(stderr,
                    "--baud: %s is no rate of the bus; 300 600 1200 2400 4800 9600 19200 "
                    "38400\n",
                    options->baud_text);
            return false;
        }
    }
    if (options->timeout_text) {
        options->timeout = number(options->timeout_text, TIMEOUT_MS_MAX) * USEC_PER_MSEC;
        if (options->timeout == 0) {
            fprintf(stderr, "--timeout: %s is no number of milliseconds; 1 to %u\n",
                    options->timeout_text, TIMEOUT_MS_MAX);
            return false;
        }
    }
    return true;
}

bool bus_open(const char *device, const struct bus_options *options, struct master *ret)
{
    const char *why;
    struct way_tcp tcp;

    if (way_is_tcp(device) && !way_parse_tcp(device, &tcp))
        why = "not of the form tcp:HOST:PORT";
    else
        why = master_open(device, options->baud, options->timeout, ret);
    if (why)
        fprintf(stderr, "%s: %s\n", device, why);
    else
        interrupt_catch();
    return why == NULL;
}
