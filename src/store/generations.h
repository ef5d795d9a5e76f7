/*
 * Two generations of a file in a directory: `state`, the newest, and `state.old`, one that is
 * known to be on the disk to its last byte. A new one is written under a third name and takes the
 * place of `state` at once, so that a process that is killed leaves the one or the other. Only
 * then, and when time allows, is it forced to the disk: after a power failure `state` may be
 * damaged, and `state.old` is read.
 */
#ifndef STORE_GENERATIONS_H
#define STORE_GENERATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/text.h"

#define GENERATION_FILE "state"
#define GENERATION_FILE_OLD "state.old"
#define GENERATION_FILE_NEW "state.new"

/* Which file was read. */
enum generation {
    GENERATION_NONE, /* neither is there, or good */
    GENERATION_CURRENT,
    GENERATION_OLD,
};

struct generations {
    int directory;     /* not owned */
    uint64_t written;  /* number of the `state` on the disk, counted since the start; 0: none */
    uint64_t synced;   /* the last that is known to be on the disk */
    uint64_t doubtful; /* the last of those of which the disk did not take all */
};

/* What was found at the start. */
struct generations_found {
    enum generation used;
    enum text_verdict current, old; /* what is wrong with them; GOOD too where one was not read */
    unsigned newer_version;         /* one is of this later version: nothing was touched, 0: none */
};

/*
 * Reads the newest generation that is good. A damaged `state` gets the name `state.damaged`, a
 * damaged `state.old` the name `state.old.damaged`. With `ret_found->newer_version` set, nothing
 * was changed in the directory, and nothing must be written there.
 *
 * *ret_bytes is for the caller to free; NULL when there is no good one. 0 or a negative errno:
 * something is there and cannot be read.
 */
int generations_load(struct generations *g, int directory, char **ret_bytes, size_t *ret_n,
                     struct generations_found *ret_found);

/* Writes the next generation. 0, or a negative errno, and then `state` is what it was before.
 * Allocates nothing, and does not wait for the disk more than rename() does. */
int generations_write(struct generations *g, const char *bytes, size_t n);

/* Whether all that was written is known to be on the disk. */
bool generations_are_synced(const struct generations *g);

/* Forces `state` in a directory, and the directory, to the disk; blocks for as long as the disk
 * takes. 0 or a negative errno. To be followed by generations_note_sync(). */
int generations_sync(int directory);

/* Tells the outcome of a generations_sync() that began when `generation` had been written. After a
 * failure no generation so far counts as safe any more: the kernel reports an error once and then
 * takes the pages for clean. */
void generations_note_sync(struct generations *g, uint64_t generation, int result);

#endif
