/* mbus-slavectl scan: who is there on a bus. */
#include "ctl/scan.h"

#include <errno.h>
#include <stdio.h>

#include "ctl/bus_options.h"
#include "ctl/ctl.h"
#include "ctl/explain.h"
#include "ctl/interrupt.h"
#include "ctl/options.h"
#include "ctl/progress.h"
#include "ctl/way.h"
#include "mbus/link.h"
#include "sys/clock.h"

static const char help[] =
    "mbus-slavectl scan [OPTION...] DEVICE\n"
    "Looks for meters on a bus and lists each as it is found. DEVICE is a serial port, a pty, or\n"
    "tcp:HOST:PORT. On a terminal a line shows how far the scan is.\n"
    "\n"
    "  --secondary            search by secondary address, digit by digit, not by the addresses "
    "0 to 250\n"
    "  --baud N               the rate of the bus, also of one behind a gateway (2400)\n"
    "  --timeout MS           how long to wait for the beginning of an answer, from the end of a\n"
    "                         request; without it what the standard gives a meter, over TCP and\n"
    "                         100 ms more\n"
    "  --json                 an array of meters\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 a meter was found, 1 none was or the scan gave up, 2 usage.\n";

/* What a gateway in the same house may add to the window of the bus behind it, 330 bits and 50 ms
 * (mbus-protocol 4): a scan waits for it at each address. */
#define NETWORK_MARGIN (100 * USEC_PER_MSEC)

unsigned scan_calm(struct scan *s)
{
    unsigned before = s->master.patience;

    if (before < SCAN_PATIENCE_MAX)
        s->master.patience = 2 * before;
    master_await_quiet(&s->master);
    s->master.was_disturbed = false;
    return before;
}

void scan_show(struct scan *s, const struct sighting *sighting)
{
    progress_erase();
    if (s->is_json)
        sighting_write_json(stdout, s->n_rows, sighting);
    else
        sighting_write_row(stdout, s->n_rows, sighting);
    s->n_rows++;
    if (sighting->is_meter)
        s->n_found++;
    else
        s->n_unreadable++;
    fflush(stdout);
}

bool scan_identify(struct scan *s, uint8_t a, struct sighting *ret)
{
    *ret = (struct sighting){ .address = -1 };
    if (master_request(&s->master, a, true, MASTER_TRIES, &s->answer) != ANSWER_FRAME)
        return false;
    sighting_of(&s->answer, ret);
    return true;
}

static void sum_up(const struct scan *s, bool is_secondary)
{
    usec_t tenths = (clock_now() - s->begun) / (USEC_PER_SEC / 10);

    printf("%u meter%s found; %u %s asked in %u.%u s\n", s->n_found, s->n_found == 1 ? "" : "s",
           s->n_asked, is_secondary ? "selections" : "addresses", (unsigned)(tenths / 10),
           (unsigned)(tenths % 10));
    if (s->n_unreadable > 0)
        printf("%u place%s answered with something unreadable\n", s->n_unreadable,
               s->n_unreadable == 1 ? "" : "s");
}

static int run(struct scan *s, bool is_secondary)
{
    bool is_done;

    s->begun = clock_now();
    if (s->is_json)
        fputc('[', stdout);
    is_done = is_secondary ? scan_secondary(s) : scan_primary(s);
    progress_erase();
    if (s->is_json)
        fputs("\n]\n", stdout);
    else
        sum_up(s, is_secondary);
    fflush(stdout);
    if (s->trouble) {
        fprintf(stderr, "%s: %s\n", s->device, s->trouble);
    } else if (!is_done && s->answer.error != -EINTR) {
        struct label why = { 0 };

        explain_answer(&s->answer, &why);
        fprintf(stderr, "%s: %.*s\n", s->device, (int)why.n, (const char *)why.bytes);
    }
    return is_done && s->n_found > 0 ? CTL_DONE : CTL_FAILED;
}

int ctl_scan(int argc, char *argv[])
{
    bool json = false, is_secondary = false;
    struct bus_options bus = { 0 };
    const struct ctl_option options[] = {
        { "secondary", &is_secondary, NULL },
        { "baud", NULL, &bus.baud_text },
        { "timeout", NULL, &bus.timeout_text },
        { "json", &json, NULL },
        { 0 },
    };
    struct scan s = { 0 };
    int status, first = ctl_options(argc, argv, options, help, &status);

    if (first < 0)
        return status;
    if (argc - first != 1) {
        fprintf(stderr, "a device is needed, and no more\n"
                        "mbus-slavectl scan --help says how it is used.\n");
        return CTL_USAGE;
    }
    s = (struct scan){ .device = argv[first], .is_json = json };
    if (!bus_options_take(&bus))
        return CTL_USAGE;
    if (bus.timeout == 0 && way_is_tcp(s.device))
        bus.timeout = bits_at_least(330, bus.baud) + 50 * USEC_PER_MSEC + NETWORK_MARGIN;
    if (!bus_open(s.device, &bus, &s.master))
        return CTL_FAILED;
    status = run(&s, is_secondary);
    master_close(&s.master);
    interrupt_obey();
    return status;
}
