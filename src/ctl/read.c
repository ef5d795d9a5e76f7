/* mbus-slavectl read: asks one meter, as a master does, and says what it answers. */
#include <stdio.h>

#include "ctl/bus_options.h"
#include "ctl/ctl.h"
#include "ctl/explain.h"
#include "ctl/interrupt.h"
#include "ctl/options.h"
#include "ctl/show.h"
#include "mbus/application_error.h"
#include "mbus/link.h"

static const char help[] =
    "mbus-slavectl read [OPTION...] DEVICE ADDRESS\n"
    "Asks a meter for its data, all telegrams of them, and says what they mean.\n"
    "\n"
    "DEVICE is a serial port, a pty, or tcp:HOST:PORT. ADDRESS is 0 to 250; 254 for the only "
    "meter,\n"
    "whatever its address; 253 for the one that was selected; or 16 digits of a secondary "
    "address:\n"
    "identification, manufacturer, version, medium, as scan shows them, F for any. The 8 digits "
    "of the\n"
    "identification will do.\n"
    "\n"
    "  --baud N               the rate of the bus (2400)\n"
    "  --timeout MS           how long to wait for the beginning of an answer\n"
    "  --json                 an array of telegrams\n"
    "  --xml                  as libmbus writes them, values in base units\n"
    "  --hex                  the bytes, encoded from what was decoded\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 the meter was read, 1 it was not, or reports an error, 2 usage.\n";

/* A meter that always announces one more is not read for ever. */
#define TELEGRAMS_MAX 250U

struct reading {
    const char *device, *who; /* as written */
    struct address address;
    struct master master;
    struct answer answer; /* the last one */
    const struct write_form *form;
    bool is_table;
    unsigned n;     /* telegrams shown */
    unsigned items; /* in them */
};

static int complain(const struct reading *r, const char *request)
{
    struct label why = { 0 };

    if (interrupted())
        return CTL_FAILED;
    explain_answer(&r->answer, &why);
    fflush(stdout);
    fprintf(stderr, "%s: %s: %.*s", r->device, r->who, (int)why.n, (const char *)why.bytes);
    if (r->answer.kind != ANSWER_STOPPED)
        fprintf(stderr, "; asked %u times by %s", MASTER_TRIES, request);
    if (r->answer.kind != ANSWER_STOPPED && !r->master.is_tcp)
        fprintf(stderr, " at %u baud", r->master.baud);
    if (explain_is_collision(&r->answer) && r->address.primary > ADDRESS_PRIMARY_MAX)
        fprintf(stderr,
                ". Several meters answer to this address; mbus-slavectl scan %s%s tells "
                "them apart",
                r->address.is_secondary ? "--secondary " : "", r->device);
    fputc('\n', stderr);
    return CTL_FAILED;
}

/* Gets the meter to answer at its first telegram. SND_NKE to 253 clears the table for a selection,
 * and nobody has to answer it (mbus-protocol 7.3); it would undo the one that 253 speaks of. */
static int approach(struct reading *r)
{
    const struct address *to = &r->address;

    if (to->is_secondary) {
        (void)master_reset(&r->master, to->primary, 1, &r->answer);
        if (r->answer.kind != ANSWER_STOPPED &&
            master_select(&r->master, &to->selection, MASTER_TRIES, &r->answer) == ANSWER_ACK)
            return CTL_DONE;
        return complain(r, "selection");
    }
    if (to->primary == ADDRESS_SELECTED ||
        master_reset(&r->master, to->primary, MASTER_TRIES, &r->answer) == ANSWER_ACK)
        return CTL_DONE;
    return complain(r, "SND_NKE");
}

/* The records and other data of a telegram, as XML numbers them. */
static unsigned count_items(const struct telegram *t)
{
    struct telegram_walk walk = telegram_walk_over(t);
    struct telegram_item item;
    unsigned n = 0;

    while (telegram_next(&walk, &item))
        n += item.kind != ITEM_FILL && item.kind != ITEM_REST;
    return n;
}

static bool announces_more(const struct found *found)
{
    struct telegram_walk walk;
    struct telegram_item item;

    if (!found->is_telegram)
        return false;
    walk = telegram_walk_over(&found->telegram);
    while (telegram_next(&walk, &item)) {
        if (item.kind == ITEM_MANUFACTURER)
            return item.more;
    }
    return false;
}

static int judge(const struct reading *r, const struct found *found)
{
    const struct decode_fault *f = &found->fault;
    const struct telegram *t = &found->telegram;

    fflush(stdout);
    if (f->reason != DECODE_GOOD) {
        fprintf(stderr, "%s: %s: telegram %u, offset %zu: %s\n", r->device, r->who, found->number,
                f->offset, decode_reason_text(f->reason));
        return CTL_FAILED;
    }
    if (t->kind == TELEGRAM_ERROR) {
        fprintf(stderr, "%s: %s: the meter reports an application error: %02Xh, %s\n", r->device,
                r->who, t->code, application_error_text(t->code));
        return CTL_FAILED;
    }
    return CTL_DONE;
}

/* Shows the telegram that came. The table of an application error is its message. */
static int show(struct reading *r, bool *ret_more)
{
    struct found found = {
        .bytes = r->answer.bytes, .n = r->answer.n, .number = r->n + 1, .item = r->items
    };

    show_examine(&found);
    *ret_more = announces_more(&found);
    if (!r->is_table || !found.is_telegram || found.telegram.kind != TELEGRAM_ERROR) {
        if (r->n++ == 0)
            r->form->begin(stdout, 1);
        r->form->telegram(stdout, &found);
        r->items += found.is_telegram ? count_items(&found.telegram) : 0;
    }
    return judge(r, &found);
}

static int read_meter(struct reading *r)
{
    bool fcb = true, more = true; /* 1 behind a reset and a selection (mbus-protocol 5.3) */
    int status = approach(r), last;

    for (unsigned n = 0; more && status != CTL_FAILED && n < TELEGRAMS_MAX; n++, fcb = !fcb) {
        if (master_request(&r->master, r->address.primary, fcb, MASTER_TRIES, &r->answer) !=
            ANSWER_FRAME) {
            status = complain(r, "REQ_UD2");
            break;
        }
        last = show(r, &more);
        if (last != CTL_DONE)
            status = last;
    }
    if (more && status == CTL_DONE) {
        fprintf(stderr, "%s: %s: more than %u telegrams, and no end\n", r->device, r->who,
                TELEGRAMS_MAX);
        status = CTL_FAILED;
    }
    if (r->n > 0)
        r->form->end(stdout, 1);
    return status;
}

static int usage(const char *what, const char *why)
{
    fprintf(stderr, "%s%s%s\nmbus-slavectl read --help says how it is used.\n", what,
            *what ? ": " : "", why);
    return CTL_USAGE;
}

/* The device and the address; CTL_DONE, or what to end with. */
static int take_arguments(int n, char *argv[], struct reading *r)
{
    const char *why;

    if (n != 2)
        return usage("", n < 2 ? "a device and an address are needed"
                               : "a device and an address are all it takes");
    r->device = argv[0];
    r->who = argv[1];
    why = address_parse(r->who, &r->address);
    return why ? usage(r->who, why) : CTL_DONE;
}

int ctl_read(int argc, char *argv[])
{
    bool json = false, xml = false, hex = false;
    struct bus_options bus = { 0 };
    const struct ctl_option options[] = {
        { "baud", NULL, &bus.baud_text },
        { "timeout", NULL, &bus.timeout_text },
        { "json", &json, NULL },
        { "xml", &xml, NULL },
        { "hex", &hex, NULL },
        { 0 },
    };
    struct reading r = { 0 };
    int status, first = ctl_options(argc, argv, options, help, &status);

    if (first < 0)
        return status;
    r.form = show_form(json, xml, hex);
    if (r.form == &write_xml)
        r.form = &write_xml_answer;
    r.is_table = !json && !xml && !hex;
    if (r.form == NULL)
        return usage("", "--json, --xml and --hex exclude each other");
    status = take_arguments(argc - first, argv + first, &r);
    if (status != CTL_DONE)
        return status;
    if (!bus_options_take(&bus))
        return CTL_USAGE;
    if (!bus_open(r.device, &bus, &r.master))
        return CTL_FAILED;
    status = read_meter(&r);
    master_close(&r.master);
    interrupt_obey();
    return status;
}
