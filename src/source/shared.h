/* What the engine gives the kinds of sources. */
#ifndef SOURCE_SHARED_H
#define SOURCE_SHARED_H

#include "source/source.h"
#include "sys/pool.h"

/* Threads for files that may block for ever; NULL: none could be made. */
struct pool *sources_pool(struct sources *set);

/* Threads for texts whose pattern may take its time; NULL: none could be made. */
struct pool *sources_text_pool(struct sources *set);

sd_event *sources_event(const struct sources *set);

/* When the source wants to be refreshed next, where its interval does not say so (CLOCK_MONOTONIC).
 */
void source_refresh_at(struct source *s, usec_t at);

/* Whether another source before this one, of the same meter and kind, has this counter. */
bool source_is_first(const struct source *s, enum internal_counter counter);

#endif
