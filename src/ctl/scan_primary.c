/* scan: every primary address, one by one. */
#include "ctl/progress.h"
#include "ctl/scan.h"
#include "mbus/link.h"
#include "sys/clock.h"

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

/* Something answers there: who is it? */
static void look(struct scan *s, uint8_t a, enum answer_kind kind)
{
    struct sighting sighting = { .problem = "several meters answer here" };

    if (kind == ANSWER_FOREIGN)
        sighting.problem = "what answers here is no meter";
    else if (kind == ANSWER_ACK && !scan_identify(s, a, &sighting))
        sighting.problem = s->answer.kind == ANSWER_BROKEN ? "several meters answer here, or noise"
                                                           : "there, but gives no data";
    if (s->answer.kind == ANSWER_STOPPED)
        return;
    sighting.address = a;
    s->n_found++;
    scan_show(s, &sighting);
}

bool scan_primary(struct scan *s)
{
    for (unsigned a = 0; a <= ADDRESS_PRIMARY_MAX; a++) {
        enum answer_kind kind;

        show_progress(s, a);
        kind = master_reset(&s->master, (uint8_t)a, 1, &s->answer);
        s->n_asked++;
        if (kind != ANSWER_NONE)
            look(s, (uint8_t)a, kind);
        if (s->answer.kind == ANSWER_STOPPED)
            return false;
    }
    return true;
}
