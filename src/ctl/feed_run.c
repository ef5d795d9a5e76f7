#include "ctl/feed_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/timing.h"
#include "ctl/colour.h"
#include "ctl/ctl.h"
#include "ctl/feed_line.h"
#include "ctl/feed_names.h"
#include "ctl/feed_report.h"
#include "ctl/feed_values.h"
#include "ctl/interrupt.h"
#include "sys/clock.h"

/* A reload may have added a name; but a broker full of other topics must not ask all the time. */
#define NAMES_AGE (10 * USEC_PER_SEC)
#define AWAY_MAX (60 * USEC_PER_SEC)
/* So long after a call more is not even looked for: what comes ten thousand times a second goes in
 * a hundred calls, and a line that comes alone still goes at once. */
#define CALL_PAUSE (10 * USEC_PER_MSEC)

struct feed {
    struct daemon *d;
    const char *prefix;
    struct feed_input input;
    uint64_t line;
    struct feed_report report;
    struct feed_names names;
    usec_t names_time; /* when they were asked for */
    bool names_full;   /* that was said */

    struct feed_values *sent, *next; /* what is under way, and what goes next */
    usec_t pause_until;
    sd_bus_slot *call;      /* NULL: nothing is under way */
    sd_bus_message *answer; /* has come, and is to be looked at */

    unsigned arrivals, departures; /* of the daemon, as far as they were taken up */
    bool is_away;
    bool is_silent; /* it is there, and has not answered a call */
    usec_t away_until;
    bool is_ending; /* a signal has come */
    bool has_ended; /* there is no going on */
    bool failed;
};

/* There is no going on; what was not acknowledged is said. */
static void give_up(struct feed *f)
{
    size_t n = f->sent->n + f->next->n;

    if (n > 0)
        complain("values that mbus-slave has not taken: %zu", n);
    f->has_ended = f->failed = true;
}

/* ---- names ----------------------------------------------------------------------------------- */

static struct feed_name *take_name(struct feed *f, const struct feed_line *line)
{
    size_t behind = line->n_meter + 1;
    struct feed_name *name = feed_names_take(&f->names, line->name, line->n_meter,
                                             line->name + behind, line->n_name - behind);

    if (name == NULL && !f->names_full) {
        complain("more names than mbus-slavectl remembers: the others are skipped");
        f->names_full = f->failed = true;
    }
    return name;
}

static bool read_names(struct feed *f)
{
    f->names_time = clock_now();
    return feed_names_read(&f->names, f->d);
}

/* The name of a line if it takes values. */
static struct feed_name *find_name(struct feed *f, const struct feed_line *line)
{
    struct feed_name *name = take_name(f, line);

    if (name == NULL)
        return NULL;
    if (name->kind != FEED_PUSHED && !f->is_away && clock_now() - f->names_time > NAMES_AGE)
        (void)read_names(f);
    if (name->kind == FEED_PUSHED)
        return name;
    f->failed = true;
    feed_report_name(f->line, name);
    return NULL;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void take_line(struct feed *f, const char *text, size_t n, bool is_too_long)
{
    struct feed_line line = { 0 };
    enum feed_verdict verdict =
        is_too_long ? FEED_TOO_LONG : feed_line_parse(text, n, f->prefix, &line);
    struct feed_name *name;

    f->line++;
    if (verdict != FEED_VALUE && verdict != FEED_NOTHING) {
        feed_report_line(&f->report, f->line, verdict, &line);
        f->failed = true;
    }
    if (verdict != FEED_VALUE)
        return;
    name = find_name(f, &line);
    if (name == NULL)
        return;
    f->next->items[f->next->n].name = name;
    f->next->items[f->next->n++].number = line.number;
}

/* Until there is no more, or a call is full. */
static void take_lines(struct feed *f)
{
    const char *line;
    bool is_too_long;
    size_t n;

    while (f->next->n < FEED_VALUES_MAX &&
           (line = feed_input_next(&f->input, &n, &is_too_long)) != NULL)
        take_line(f, line, n, is_too_long);
}

static void read_input(struct feed *f)
{
    char *at;
    size_t room = feed_input_room(&f->input, &at);
    ssize_t n;

    if (room == 0)
        return;
    n = read(STDIN_FILENO, at, room);
    if (n > 0) {
        f->input.end += (size_t)n;
    } else if (n == 0) {
        f->input.is_at_end = true;
    } else if (errno != EINTR && errno != EAGAIN) {
        complain("standard input: %s", strerror(errno));
        f->input.is_at_end = f->failed = true;
    }
}

/* ---- calls ----------------------------------------------------------------------------------- */

static int on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct feed *f = userdata;

    (void)error;
    f->answer = sd_bus_message_ref(m);
    return 0;
}

/* True when a call has left. */
static bool send_sent(struct feed *f)
{
    sd_bus_message *m = NULL;
    int r = feed_values_message(f->sent, f->d, &m);

    if (r >= 0)
        r = sd_bus_call_async(f->d->bus, &f->call, m, on_answer, f, 0);
    sd_bus_message_unref(m);
    f->pause_until = clock_now() + CALL_PAUSE;
    if (r >= 0)
        return true;
    complain("SetValues: %s", strerror(-r));
    give_up(f);
    return false;
}

static bool send_next(struct feed *f)
{
    struct feed_values *empty = f->sent;

    if (f->call || f->is_away || f->has_ended || (f->sent->n == 0 && f->next->n == 0))
        return false;
    if (f->sent->n == 0) {
        f->sent = f->next;
        f->next = empty;
    }
    return send_sent(f);
}

/* The daemon takes none of a call when one of them is not good: the others go again. */
static void refused(struct feed *f, const char *sentence)
{
    complain("%s; skipped", sentence);
    f->failed = true;
    if (feed_values_drop_named(f->sent, sentence) == 0) {
        complain("values that mbus-slave has not taken: %zu", f->sent->n);
        f->sent->n = 0;
    }
    (void)feed_values_drop_untaken(f->next);
}

static void wait_for_daemon(struct feed *f)
{
    if (!f->is_away)
        f->away_until = clock_now() + AWAY_MAX;
    f->is_away = true;
}

static void go_away(struct feed *f)
{
    if (!f->is_away)
        complain("mbus-slave has left the bus; waiting up to %u s for it",
                 (unsigned)(AWAY_MAX / USEC_PER_SEC));
    wait_for_daemon(f);
}

/* Where it has not left, the call goes again. */
static void wait_for_answer(struct feed *f)
{
    if (f->is_silent || f->departures != f->d->departures)
        return;
    complain("mbus-slave does not answer; waiting up to %u s for it",
             (unsigned)(AWAY_MAX / USEC_PER_SEC));
    f->is_silent = true;
    f->away_until = clock_now() + AWAY_MAX;
}

static void has_answered(struct feed *f)
{
    if (f->is_silent && !f->is_away)
        fprintf(stderr, "mbus-slave answers again; going on\n");
    f->is_silent = false;
}

static void take_answer(struct feed *f)
{
    CLEANUP(sd_bus_message_unrefp) sd_bus_message *m = TAKE_PTR(f->answer);
    const sd_bus_error *error;
    char sentence[DAEMON_SENTENCE_MAX];

    if (m == NULL)
        return;
    f->call = sd_bus_slot_unref(f->call);
    error = sd_bus_message_get_error(m);
    switch (daemon_trouble(error, 0)) {
    case DAEMON_FINE:
        has_answered(f);
        f->sent->n = 0;
        break;
    case DAEMON_GONE:
        go_away(f);
        break;
    case DAEMON_SILENT:
        wait_for_answer(f);
        break;
    case DAEMON_REFUSED:
        has_answered(f);
        refused(f, error->message ? error->message : error->name);
        break;
    case DAEMON_DENIED:
    case DAEMON_NO_BUS:
        daemon_sentence(f->d, error, 0, sentence);
        complain("%s", sentence);
        give_up(f);
        break;
    }
}

/* Somebody has the name (again): the records may be others, and what was not acknowledged goes
 * again. */
static void come_back(struct feed *f)
{
    size_t dropped;

    f->call = sd_bus_slot_unref(f->call);
    f->answer = sd_bus_message_unref(f->answer);
    if (!read_names(f)) { /* it was said why: gone again */
        wait_for_daemon(f);
        return;
    }
    f->is_away = f->is_silent = false;
    dropped = feed_values_drop_untaken(f->sent) + feed_values_drop_untaken(f->next);
    fprintf(stderr, "mbus-slave is back; going on\n");
    if (dropped > 0) {
        complain("values whose records are not there any more: %zu", dropped);
        f->failed = true;
    }
}

static void follow_daemon(struct feed *f)
{
    bool has_left = f->departures != f->d->departures, has_come = f->arrivals != f->d->arrivals;

    f->departures = f->d->departures;
    f->arrivals = f->d->arrivals;
    if (has_left)
        go_away(f);
    if (has_come)
        come_back(f);
    if ((f->is_away || f->is_silent) && clock_now() >= f->away_until) {
        complain(f->is_away ? "mbus-slave has not come back" : "mbus-slave still does not answer");
        give_up(f);
    }
}

/* ---- the loop -------------------------------------------------------------------------------- */

/* The first signal ends the input; a second one, and one while nobody is there, ends all. */
static void obey_signal(struct feed *f)
{
    interrupt_forget();
    if (f->is_ending || f->is_away || f->is_silent)
        give_up(f);
    f->is_ending = true; /* and what has no line feed yet may be half a number */
}

static bool has_all_input(const struct feed *f)
{
    return f->input.is_at_end || f->is_ending;
}

static void wait_for_more(struct feed *f)
{
    bool wants_input = !has_all_input(f) && f->next->n < FEED_VALUES_MAX;
    bool pauses = wants_input && clock_now() < f->pause_until, is_readable;
    usec_t until = pauses ? f->pause_until : USEC_NEVER;
    int r;

    if ((f->is_away || f->is_silent) && f->away_until < until)
        until = f->away_until;
    r = daemon_wait(f->d, wants_input && !pauses ? STDIN_FILENO : -1, until, &is_readable);
    if (r == -EINTR && interrupted()) {
        obey_signal(f);
    } else if (r < 0 && r != -EINTR) {
        complain("the connection to the system bus is lost");
        give_up(f);
    } else if (is_readable) {
        read_input(f);
    }
}

/* One round; false when it was the last. */
static bool go_on(struct feed *f)
{
    if (daemon_process(f->d) < 0) {
        complain("the connection to the system bus is lost");
        give_up(f);
        return false;
    }
    take_answer(f);
    follow_daemon(f);
    do
        take_lines(f);
    while (send_next(f));
    if (f->has_ended || (has_all_input(f) && f->sent->n == 0 && f->next->n == 0))
        return false;
    wait_for_more(f);
    return !f->has_ended;
}

int feed_run(struct daemon *d, const char *prefix)
{
    struct feed *f = calloc(1, sizeof(*f));
    int status = CTL_FAILED;

    if (f == NULL || (f->sent = calloc(2, sizeof(*f->sent))) == NULL) {
        complain("%s", strerror(ENOMEM));
        free(f);
        return CTL_FAILED;
    }
    struct feed_values *values = f->sent;
    f->next = values + 1;
    f->d = d;
    f->prefix = prefix;
    interrupt_catch();
    if (daemon_watch(d) && read_names(f)) {
        while (go_on(f))
            ;
        feed_report_end(&f->report);
        status = f->failed ? CTL_FAILED : CTL_DONE;
    }
    sd_bus_slot_unref(f->call);
    sd_bus_message_unref(f->answer);
    feed_names_done(&f->names);
    free(values);
    free(f);
    return status;
}
