#include "slave/answers.h"

static const uint8_t ack[] = { FRAME_ACK };

/* What several answers at once look like to a master: no start of a frame and no E5, so that every
 * master known takes it for a collision (mbus-protocol 7.6). */
static const uint8_t short_clash[] = { 0xFE, 0xFC };
static const uint8_t long_clash[] = { 0xFE, 0xFC, 0xF8 };

void answers_give(struct slave *s, const uint8_t *bytes, size_t n, usec_t now)
{
    usec_t after = s->timing.not_after;

    s->pending = (struct slave_answer){
        .bytes = bytes,
        .n = n,
        .not_before = now + s->timing.not_before,
        .not_after = after == USEC_NEVER ? USEC_NEVER : now + after,
    };
}

enum slave_verdict answers_acknowledge(struct slave *s, size_t n_meters, usec_t now)
{
    if (n_meters > 1) {
        answers_give(s, short_clash, sizeof(short_clash), now);
        return SLAVE_CLASH;
    }
    answers_give(s, ack, sizeof(ack), now);
    return SLAVE_ANSWER;
}

enum slave_verdict answers_clash(struct slave *s, usec_t now)
{
    answers_give(s, long_clash, sizeof(long_clash), now);
    return SLAVE_CLASH;
}
