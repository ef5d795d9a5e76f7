/* What is the matter with an answer, for people. */
#ifndef CTL_EXPLAIN_H
#define CTL_EXPLAIN_H

#include "ctl/master.h"
#include "ctl/text.h"

/* Appends why an answer is not what was asked for: "no answer", "the checksum of the answer is
 * wrong". */
void explain_answer(const struct answer *answer, struct label *ret);

/* Whether several meters have answered at once, as far as one can tell. */
bool explain_is_collision(const struct answer *answer);

#endif
