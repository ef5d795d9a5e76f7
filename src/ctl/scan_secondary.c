/* scan --secondary: a search by wildcards. */
#include "ctl/progress.h"
#include "ctl/scan.h"
#include "ctl/search.h"
#include "mbus/link.h"

/* What the search knows of while it runs. */
struct errand {
    struct scan *scan;
    struct sighting last; /* of the last probe that found one */
};

static bool has_wildcard(const struct selection *who)
{
    for (unsigned i = 0; i < SELECTION_SIZE; i++) {
        if (who->bytes[i] == 0xFF ||
            (i < 4 && ((who->bytes[i] & 0x0F) == 0x0F || (who->bytes[i] & 0xF0) == 0xF0)))
            return true;
    }
    return false;
}

/* How much of the search lies behind: the first two digits say it, since they grow. */
static unsigned percent(const struct selection *who)
{
    unsigned first = who->bytes[3] >> 4, second = who->bytes[3] & 0x0F;

    if (first == 0x0F)
        return 0;
    return (first * 15 + (second == 0x0F ? 0 : second)) * 100 / (15 * 15);
}

static void show_progress(const struct scan *s, const struct selection *who)
{
    char text[SELECTION_TEXT_SIZE];

    selection_text(who, text);
    progress_show("%2u %%: asking for %s, %u found", percent(who), text, s->n_found);
}

/* A meter of which no more is known than what it answers to. */
static void show_nameless(struct scan *s, const struct selection *who, const struct sighting *found)
{
    struct sighting sighting = *found;

    sighting.address = -1;
    sighting.has_id = true;
    sighting.has_all = false;
    sighting.ident = selection_ident(who);
    scan_show(s, &sighting);
}

static enum probe identify(struct errand *e)
{
    struct scan *s = e->scan;

    if (scan_identify(s, ADDRESS_SELECTED, &e->last)) {
        if (e->last.has_id)
            return PROBE_ONE;
        if (e->last.problem == NULL)
            e->last.problem = "does not say who it is";
    } else if (s->answer.kind == ANSWER_STOPPED) {
        return PROBE_STOP;
    } else if (s->answer.kind == ANSWER_BROKEN || s->answer.kind == ANSWER_FOREIGN) {
        /* Two E5 at the same time are one (mbus-protocol 2.4). */
        return PROBE_SEVERAL;
    } else {
        e->last.problem = "there, but gives no data";
    }
    return PROBE_NAMELESS;
}

static enum probe ask(struct errand *e, const struct selection *who)
{
    struct scan *s = e->scan;

    s->n_asked++;
    switch (master_select(&s->master, who, 1, &s->answer)) {
    case ANSWER_NONE:
        return PROBE_NOTHING;
    case ANSWER_ACK:
        return identify(e);
    case ANSWER_STOPPED:
        return PROBE_STOP;
    default:
        return PROBE_SEVERAL;
    }
}

/* Whether what came may be a late answer to the question before. */
static bool is_doubtful(const struct errand *e, const struct selection *who, enum probe result)
{
    switch (result) {
    case PROBE_NOTHING:
        return e->scan->master.was_disturbed;
    case PROBE_ONE:
        return e->scan->master.was_disturbed || !search_fits(who, &e->last.ident);
    case PROBE_STOP:
        return false;
    default:
        return true;
    }
}

/* What is in doubt is asked anew, and when it was late, so is the rest with the time that it needs.
 * The search repeats the question before. */
static enum probe probe(void *context, const struct selection *who, struct ident *ret)
{
    struct errand *e = context;
    struct scan *s = e->scan;
    enum probe result;

    show_progress(s, who);
    result = ask(e, who);
    if (is_doubtful(e, who, result)) {
        unsigned patience = scan_calm(s);
        enum probe first = result;

        result = ask(e, who);
        if (result == first)
            s->master.patience = patience;
        s->master.was_disturbed = false;
    }
    if (result == PROBE_NAMELESS)
        show_nameless(s, who, &e->last);
    *ret = e->last.ident;
    return result;
}

static void found(void *context)
{
    struct errand *e = context;

    scan_show(e->scan, &e->last);
}

static void unresolved(void *context, const struct selection *who, bool others)
{
    struct errand *e = context;
    struct sighting sighting = { .address = -1, .has_id = true, .ident = selection_ident(who) };

    sighting.has_all = !has_wildcard(who);
    if (sighting.has_all)
        sighting.problem = "several meters have this address, or one gives broken answers";
    else if (others)
        sighting.problem = "others cannot be told apart, or noise";
    else
        sighting.problem = "several meters that cannot be told apart, or noise";
    scan_show(e->scan, &sighting);
}

bool scan_secondary(struct scan *s)
{
    static const struct search_calls calls = { probe, found, unresolved };
    struct errand errand = { .scan = s };

    enum search_end end = search_run(&calls, &errand);

    if (end == SEARCH_TALKER)
        s->trouble = "something on the bus answers every selection: noise, another rate, or a "
                     "defective meter";
    else if (end == SEARCH_ENDLESS)
        s->trouble = "the search does not come to an end: noise, or a defective meter";
    return end == SEARCH_DONE;
}
