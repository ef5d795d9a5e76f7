/* How masters look for secondary addresses: mbus-protocol 7.6. */
#include "tests/system/master.h"

#include <stdio.h>
#include <string.h>

#define DIGITS 8

static void take_id(struct search *found, const struct reply *reply)
{
    const uint8_t *id = reply->bytes + 7;

    assert_true(found->n < ARRAY_SIZE(found->ids));
    snprintf(found->ids[found->n++], sizeof(found->ids[0]), "%02X%02X%02X%02X", id[3], id[2], id[1],
             id[0]);
}

/* "E5 alone => 5B FD, read long frame, report its id; garbage => collision". The 5B is a fresh
 * telegram 1, since a selection makes the path virgin (5.4). */
static void libmbus_level(struct master *m, struct search *found, char *mask, unsigned position)
{
    for (int digit = '0'; digit <= '9'; digit++) {
        struct reply reply;

        mask[position] = (char)digit;
        found->probes++;
        master_select(m, 0x73, mask, &reply);
        if (reply.kind == REPLY_ACK) {
            master_ask_text(m, "10 5B FD 58 16", &reply);
            assert_int_equal(reply.kind, REPLY_FRAME);
            take_id(found, &reply);
        } else if (reply.kind != REPLY_NONE && position + 1 < DIGITS) {
            libmbus_level(m, found, mask, position + 1);
        }
    }
    mask[position] = 'F';
}

void master_search_libmbus(struct master *m, struct search *found)
{
    char mask[] = "FFFFFFFF";

    *found = (struct search){ .n = 0 };
    master_expect(m, "10 40 FD 3D 16", REPLY_NONE);
    master_expect(m, "10 40 FF 3F 16", REPLY_NONE);
    libmbus_level(m, found, mask, 0);
}

/* "An undecodable select answer counts as somebody there, then an undecodable read answer counts as
 * collision; a timeout there also descends." */
static void jmbus_level(struct master *m, struct search *found, char *mask, unsigned position)
{
    for (int digit = '0'; digit <= '9'; digit++) {
        struct reply reply;

        mask[position] = (char)digit;
        found->probes++;
        master_select(m, 0x53, mask, &reply);
        if (reply.kind == REPLY_NONE)
            continue;
        master_request(m, NETWORK, &reply);
        if (reply.kind == REPLY_FRAME)
            take_id(found, &reply);
        else if (position > 0)
            jmbus_level(m, found, mask, position - 1);
    }
    mask[position] = 'F';
}

void master_search_jmbus(struct master *m, struct search *found)
{
    char mask[] = "FFFFFFFF";

    *found = (struct search){ .n = 0 };
    jmbus_level(m, found, mask, DIGITS - 1);
}
