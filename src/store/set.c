#include "store/set.h"

#include <string.h>

#include "store/entries.h"
#include "store/text.h"

void set_done(struct set *set)
{
    buffer_done(&set->foreign);
}

int set_copy_unclaimed(struct line_range all, struct buffer *ret)
{
    size_t need = ret->n;
    int r;

    for (size_t i = 0; i < all.n; i++)
        need += all.first[i].is_claimed ? 0 : all.first[i].n + 1;
    r = buffer_reserve(ret, need);
    for (size_t i = 0; r == 0 && i < all.n; i++) {
        const struct line *line = &all.first[i];

        if (line->is_claimed)
            continue;
        memcpy(ret->at + ret->n, line->bytes, line->n);
        ret->at[ret->n + line->n] = '\n';
        ret->n += line->n + 1;
    }
    return r;
}

int set_adopt_foreign(struct set *set, struct line_range all)
{
    lines_unclaim(all);
    for (size_t i = 0; i < set->n_meters; i++)
        entries_claim_meter(all, set->meters[i]->def);
    for (size_t i = 0; i < set->n_rates; i++)
        entries_claim_rate(all, set->rates[i].device);
    return set_copy_unclaimed(all, &set->foreign);
}

bool set_render(const struct set *set, enum set_content content, struct buffer *ret)
{
    struct text_out out = text_begin(ret->at, ret->capacity);

    for (size_t i = 0; i < set->n_meters; i++) {
        const struct meter *meter = set->meters[i];
        bool is_draft = content == SET_DRAFT && meter->drafting;

        entries_write_meter(&out, meter, is_draft ? &meter->draft : &meter->now);
    }
    for (size_t i = 0; i < set->n_rates; i++) {
        const struct state_rate *rate = &set->rates[i];

        entries_write_rate(&out, rate->device, rate->configured, rate->baud);
    }
    text_copy(&out, set->foreign.at, set->foreign.n);
    text_end(&out);
    ret->n = out.w.n;
    return !out.w.failed;
}

size_t set_longest(const struct set *set)
{
    struct text_out out = text_begin(NULL, 0);

    for (size_t i = 0; i < set->n_meters; i++)
        entries_write_longest_meter(&out, set->meters[i]->def);
    for (size_t i = 0; i < set->n_rates; i++)
        entries_write_longest_rate(&out, set->rates[i].device);
    text_copy(&out, set->foreign.at, set->foreign.n);
    text_end(&out);
    return out.w.n;
}
