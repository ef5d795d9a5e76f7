#include "ctl/explain.h"

#include <errno.h>
#include <string.h>

#define BYTES_SHOWN 8U

bool explain_is_collision(const struct answer *answer)
{
    if (answer->kind != ANSWER_BROKEN)
        return false;
    switch (answer->fault) {
    case FRAME_GOOD:
    case FRAME_BAD_START:
    case FRAME_BAD_PARITY:
    case FRAME_BAD_BREAK:
        return true;
    default:
        return false;
    }
}

static void add_bytes(const struct answer *answer, struct label *ret)
{
    for (size_t i = 0; i < answer->n && i < BYTES_SHOWN; i++)
        label_print(ret, " %02X", answer->bytes[i]);
    if (answer->n > BYTES_SHOWN)
        label_print(ret, " ...");
}

static void explain_broken(const struct answer *answer, struct label *ret)
{
    switch (answer->fault) {
    case FRAME_BAD_CHECKSUM:
        label_print(ret, "the checksum of the answer is wrong");
        break;
    case FRAME_BAD_GAP:
        label_print(ret, "the answer breaks off after %zu byte%s", answer->n,
                    answer->n == 1 ? "" : "s");
        break;
    case FRAME_BAD_PARITY:
    case FRAME_BAD_BREAK:
        label_print(ret, "characters with wrong parity: a collision of several meters, noise, or "
                         "another rate");
        break;
    case FRAME_GOOD:
        label_print(ret, "more came than one answer (a collision of several meters):");
        add_bytes(answer, ret);
        break;
    case FRAME_BAD_START:
        label_print(ret, "no frame came (a collision of several meters, noise, or another rate):");
        add_bytes(answer, ret);
        break;
    default:
        label_print(ret, "the answer is a broken frame (%s):", frame_fault_name(answer->fault));
        add_bytes(answer, ret);
        break;
    }
}

void explain_answer(const struct answer *answer, struct label *ret)
{
    switch (answer->kind) {
    case ANSWER_NONE:
        label_print(ret, "no answer");
        break;
    case ANSWER_ACK:
        label_print(ret, "E5 alone: the meter has no data now");
        break;
    case ANSWER_BROKEN:
        explain_broken(answer, ret);
        break;
    case ANSWER_FRAME:
    case ANSWER_FOREIGN:
        label_print(ret, "what came is no answer to this request:");
        add_bytes(answer, ret);
        break;
    case ANSWER_STOPPED:
        label_print(ret, "%s",
                    answer->error == -EPIPE ? "the other side is gone" : strerror(-answer->error));
        break;
    }
}
