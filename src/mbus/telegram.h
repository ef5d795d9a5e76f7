/* A whole telegram of a slave, from the first 68 to the 16: header, then record by record, and back
 * to its bytes (mbus-protocol 8.2, 10 to 14; mbus-records 1 and 13). */
#ifndef MBUS_TELEGRAM_H
#define MBUS_TELEGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mbus/decode_fault.h"
#include "mbus/header.h"
#include "mbus/record_decode.h"

enum telegram_kind {
    TELEGRAM_RECORDS, /* CI 72, 78, 7A */
    TELEGRAM_FIXED,   /* CI 73 */
    TELEGRAM_ERROR,   /* CI 70, 6E, 6F: an application error */
    TELEGRAM_ALARM,   /* CI 71, 74, 75 */
};

/* What stands before the records; `body` points into the telegram that was decoded. */
struct telegram {
    enum telegram_kind kind;
    uint8_t c, a, ci;
    enum header_kind header_kind; /* HEADER_NONE for the fixed structure */
    struct header header;         /* fixed structure: id, access, status and device type in here */
    uint8_t fixed_units[2];       /* TELEGRAM_FIXED: the two type and unit bytes */
    bool has_code;                /* TELEGRAM_ERROR: whether a code follows */
    uint8_t code;        /* TELEGRAM_ERROR: 0 when none does; TELEGRAM_ALARM: 8 alarm bits */
    const uint8_t *body; /* records, counters, or what is behind the code */
    size_t n_body;
    size_t body_offset; /* from the first byte of the telegram */
};

/* Takes the frame and its header apart. On false `ret_fault` says what is wrong and where. An
 * application error and an alarm are answers, what the master sends is none. */
bool telegram_decode(const uint8_t *bytes, size_t n, struct telegram *ret,
                     struct decode_fault *ret_fault);

/* The same for what is behind the CI field alone; offsets count from there. */
bool telegram_decode_body(uint8_t ci, const uint8_t *bytes, size_t n, struct telegram *ret,
                          struct decode_fault *ret_fault);

enum telegram_item_kind {
    ITEM_END,
    ITEM_RECORD,
    ITEM_COUNTER,      /* of the fixed structure; given as a record */
    ITEM_FILL,         /* `n` fill bytes */
    ITEM_MANUFACTURER, /* 0F or 1F with all that is behind it */
    ITEM_REST,         /* what cannot be decoded, to the end */
};

struct telegram_item {
    enum telegram_item_kind kind;
    size_t offset;      /* from the first byte of the telegram */
    const uint8_t *raw; /* its bytes there */
    size_t n;
    struct decoded_record record; /* ITEM_RECORD, ITEM_COUNTER */
    bool more;                    /* ITEM_MANUFACTURER: DIF 1F, more telegrams follow */
    const uint8_t *data;          /* ITEM_MANUFACTURER: behind the DIF; ITEM_REST: raw */
    size_t n_data;
    struct decode_fault fault; /* ITEM_REST */
};

/* Walks what is behind the header. */
struct telegram_walk {
    const struct telegram *telegram;
    struct reader reader;
    unsigned counter; /* of the fixed structure: how many were given */
};

struct telegram_walk telegram_walk_over(const struct telegram *telegram);

/* The next item; its bytes stay the telegram's. False behind the last one, then the kind is
 * ITEM_END. */
bool telegram_next(struct telegram_walk *walk, struct telegram_item *ret);

/* Writes an item from its decoded form. */
void telegram_item_encode(const struct telegram_item *item, struct writer *w);

/* Writes what stands between the CI field and the first item. */
void telegram_header_encode(const struct telegram *telegram, struct writer *w);

/*
 * Builds the whole frame again from the decoded form of all that is in it. `frame` holds FRAME_MAX
 * bytes; returns how many were written, 0 when it does not fit.
 */
size_t telegram_encode_again(const struct telegram *telegram, uint8_t *frame);

#endif
