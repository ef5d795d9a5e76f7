/* scan: every primary address, one by one. */
#include "ctl/progress.h"
#include "ctl/scan.h"
#include "mbus/link.h"
#include "sys/clock.h"

/* Meters share an address, but not so many in a row. */
#define BROKEN_MAX 5U

#define COLLISION "several meters answer here, or noise"

static void show_progress(const struct scan *s, unsigned a)
{
    usec_t passed = clock_now() - s->begun;
    unsigned left =
        (unsigned)(passed * (ADDRESS_PRIMARY_MAX + 1 - a) / (a > 0 ? a : 1) / USEC_PER_SEC);

    if (a == 0)
        progress_show("address 0 of %u", ADDRESS_PRIMARY_MAX);
    else
        progress_show("address %u of %u, %u found, %u s left", a, ADDRESS_PRIMARY_MAX, s->n_found,
                      left + 1);
}

/* Asks who is at an address; false when nobody is, or when the scan must stop. */
static bool look(struct scan *s, uint8_t a, struct sighting *ret)
{
    enum answer_kind kind = master_reset(&s->master, a, 1, &s->answer);

    *ret = (struct sighting){ .problem = COLLISION };
    if (kind == ANSWER_FOREIGN)
        ret->problem = "what answers here is no meter";
    else if (kind == ANSWER_ACK && !scan_identify(s, a, ret))
        ret->problem = s->answer.kind == ANSWER_BROKEN ? COLLISION : "there, but gives no data";
    ret->address = a;
    return kind != ANSWER_NONE && s->answer.kind != ANSWER_STOPPED;
}

/* What came may be the late answer of the address before, which then seemed silent: both are asked
 * anew, and the time that they need is what the rest is given. */
static bool look_again(struct scan *s, uint8_t a, bool was_silent, struct sighting *ret)
{
    unsigned patience = scan_calm(s);
    struct sighting before;
    bool is_late = was_silent && look(s, a - 1, &before), is_there;

    if (is_late)
        scan_show(s, &before);
    if (s->answer.kind == ANSWER_STOPPED)
        return false;
    is_there = look(s, a, ret);
    if (!is_late)
        s->master.patience = patience;
    s->master.was_disturbed = false;
    return is_there;
}

/* Whether the answer to the last question may be somebody else's, or another's is lost by it. */
static bool is_doubtful(const struct scan *s, bool is_there)
{
    return s->answer.kind != ANSWER_STOPPED &&
           (s->master.was_disturbed || (is_there && s->answer.kind != ANSWER_FRAME));
}

static bool is_broken(const struct answer *answer)
{
    return answer->kind == ANSWER_BROKEN || answer->kind == ANSWER_FOREIGN;
}

/* Behind the last address no question hears its late answer. */
static bool look_at_last(struct scan *s)
{
    struct sighting last;

    master_await_quiet(&s->master);
    if (!s->master.was_disturbed)
        return true;
    (void)scan_calm(s);
    if (look(s, ADDRESS_PRIMARY_MAX, &last))
        scan_show(s, &last);
    return s->answer.kind != ANSWER_STOPPED;
}

bool scan_primary(struct scan *s)
{
    bool was_silent = false;
    unsigned n_broken = 0;

    for (unsigned a = 0; a <= ADDRESS_PRIMARY_MAX; a++) {
        struct sighting sighting;
        bool is_there;

        show_progress(s, a);
        is_there = look(s, (uint8_t)a, &sighting);
        s->n_asked++;
        if (is_doubtful(s, is_there))
            is_there = look_again(s, (uint8_t)a, was_silent, &sighting);
        if (s->answer.kind == ANSWER_STOPPED)
            return false;
        if (is_there)
            scan_show(s, &sighting);
        was_silent = !is_there;
        n_broken = is_there && is_broken(&s->answer) ? n_broken + 1 : 0;
        if (n_broken == BROKEN_MAX) {
            s->trouble =
                "5 addresses in a row gave broken answers: noise, or another rate (--baud)";
            return false;
        }
    }
    return !was_silent || look_at_last(s);
}
