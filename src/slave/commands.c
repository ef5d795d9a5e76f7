#include "slave/commands.h"

#include "base/macros.h"
#include "mbus/link.h"

static const uint8_t ack[] = { FRAME_ACK };

typedef enum slave_verdict (*command)(struct slave *s, const struct frame *request, usec_t now);

static enum slave_verdict answer(struct slave *s, const uint8_t *bytes, size_t n, usec_t now)
{
    usec_t after = s->timing.not_after;

    s->pending = (struct slave_answer){
        .bytes = bytes,
        .n = n,
        .not_before = now + s->timing.not_before,
        .not_after = after == USEC_NEVER ? USEC_NEVER : now + after,
    };
    return SLAVE_ANSWER;
}

/* mbus-protocol 5.3: the link reset clears the FCB memory and rewinds the readout. */
static enum slave_verdict snd_nke(struct slave *s, const struct frame *request, usec_t now)
{
    slave_forget_telegram(s);
    if (request->a == ADDRESS_BROADCAST)
        return SLAVE_SILENT;
    return answer(s, ack, sizeof(ack), now);
}

/* mbus-protocol 14.2: a meter without alarms has nothing to tell. */
static enum slave_verdict req_ud1(struct slave *s, const struct frame *request, usec_t now)
{
    if (request->a == ADDRESS_BROADCAST)
        return SLAVE_SILENT;
    return answer(s, ack, sizeof(ack), now);
}

/* mbus-protocol 5.4: the same FCB again within the repeat time gets the very same bytes. After it
 * the master is one that never toggles, and wants fresh values. */
static bool is_repeat(const struct slave *s, bool fcb, usec_t now)
{
    if (s->readout.virgin || s->n_telegram == 0 || fcb != s->readout.last)
        return false;
    return now - s->telegram_time <= s->meter->def->repeat_time;
}

static enum slave_verdict req_ud2(struct slave *s, const struct frame *request, usec_t now)
{
    bool fcb = request->c & C_FCB, fcv = request->c & C_FCV;

    if (request->a == ADDRESS_BROADCAST)
        return SLAVE_SILENT;
    if (!fcv || !is_repeat(s, fcb, now)) {
        s->n_telegram = meter_answer(s->meter, s->telegram, sizeof(s->telegram));
        s->telegram_time = now;
    }
    if (fcv)
        s->readout = (struct fcb_memory){ .virgin = false, .last = fcb };
    return answer(s, s->telegram, s->n_telegram, now);
}

/* mbus-protocol 5.1, column "frame": the bits of `mask` tell the functions apart. */
static const struct {
    enum frame_kind kind;
    uint8_t c, mask;
    command run;
} commands[] = {
    { FRAME_KIND_SHORT, C_PRM | LINK_SND_NKE, 0xFF, snd_nke },
    { FRAME_KIND_SHORT, C_PRM | LINK_REQ_UD1, 0xFF ^ (C_FCB | C_FCV), req_ud1 },
    { FRAME_KIND_SHORT, C_PRM | LINK_REQ_UD2, 0xFF ^ (C_FCB | C_FCV), req_ud2 },
};

enum slave_verdict commands_execute(struct slave *s, const struct frame *request, usec_t now)
{
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (commands[i].kind == request->kind && (request->c & commands[i].mask) == commands[i].c)
            return commands[i].run(s, request, now);
    }
    return SLAVE_UNKNOWN;
}
