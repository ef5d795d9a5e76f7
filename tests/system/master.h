/* A small M-Bus master of our own: frames, one exchange, whole readouts, searches. It is written
 * from the protocol reference and knows nothing of our slave. */
#ifndef TESTS_SYSTEM_MASTER_H
#define TESTS_SYSTEM_MASTER_H

#include "tests/system/harness.h"

#define FRAME_MAX 261

#define REQ_SKE 0x49
#define SND_NKE 0x40
#define NETWORK 0xFD /* the address of whoever is selected */

enum reply_kind { REPLY_NONE, REPLY_ACK, REPLY_FRAME, REPLY_BURST };

struct reply {
    enum reply_kind kind;
    size_t n;
    uint8_t bytes[FRAME_MAX];
};

struct master {
    int fd;
    uint8_t fence; /* address of a slave that answers REQ_SKE; see master_ask() */
    bool fenced;   /* it does */
    bool fcb[256]; /* for each address: that of the next REQ_UD2 */
};

/* Finds out whether the slave at address `fence` answers REQ_SKE. */
void master_init(struct master *m, int fd, uint8_t fence);

/* Frame of a body: C A makes a short one, C A CI ... a long one. Returns its length. */
size_t frame_make(const uint8_t *body, size_t n, uint8_t *frame);

/* Frame of a text: "> 53 05 51 01 7A 08" is a body, anything else the bytes as they are. */
size_t frame_parse(const char *text, uint8_t *frame, size_t capacity);

/* Gives a CI 72 or 73 answer another access number, and the checksum that goes with it. */
void frame_set_access(uint8_t *frame, uint8_t access);

void master_send(const struct master *m, const uint8_t *frame, size_t n);

/* The next answer: waits for it, up to 2 s. */
void master_collect(const struct master *m, struct reply *reply);

/* Sends a request that may get no answer, and says what came. Silence is proved by order instead of
 * time: a REQ_SKE goes out behind the request, and on a pty and TCP "each good request is answered
 * in order" (3.2). REQ_SKE changes nothing (5.1). Where the slave does not answer it, time must do.
 */
void master_ask(const struct master *m, const uint8_t *frame, size_t n, struct reply *reply);

/* The same with a text. */
void master_ask_text(const struct master *m, const char *text, struct reply *reply);

/* The same, and what comes must be of this kind. */
void master_expect_(const struct master *m, const char *text, enum reply_kind kind,
                    const char *file, int line);
#define master_expect(m, text, kind) master_expect_(m, text, kind, __FILE__, __LINE__)

/* SND_NKE; the next REQ_UD2 carries FCB = 1 (5.3). Returns whether E5 came. */
bool master_reset(struct master *m, uint8_t address);

/* Selects by id (8 digits, F any), all else wild; `c` is 53 or 73. */
void master_select(struct master *m, uint8_t c, const char *digits, struct reply *reply);

/* REQ_UD2 with the FCB that is next; the bit toggles whatever comes. */
void master_request(struct master *m, uint8_t address, struct reply *reply);

/* A whole readout as wmbusmeters and M4J do it: 7B, then toggling while 1F announces more.
 * `records` gets what stands behind the headers, without the 1F; returns how many bytes, and the
 * telegrams. */
size_t master_read(struct master *m, uint8_t address, uint8_t *records, size_t capacity,
                   unsigned *telegrams);

/* A search (7.6): the ids found, as they stand in the answers, most significant digit first. */
struct search {
    unsigned n;
    unsigned probes;
    char ids[300][9];
};

/* The way of libmbus and pyMeterBus: 73, from the most significant digit, 5B FD. */
void master_search_libmbus(struct master *m, struct search *found);

/* The way of jMBus: 53, from the least significant digit, 7B and 5B in turn. */
void master_search_jmbus(struct master *m, struct search *found);

#endif
