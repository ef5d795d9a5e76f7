/* A text that becomes the number of a source, in a thread: neither a file that hangs nor a pattern
 * that takes its time is in the way of an answer. */
#ifndef SOURCE_READING_H
#define SOURCE_READING_H

#include "source/source.h"

struct reading;

/* By the settings of the source, which need not stay; `path` is that of its file, NULL: texts come
 * from elsewhere. 0 or -ENOMEM. */
int reading_new(struct source *s, const char *path, struct reading **ret);

/* Reads its file. Ends with source_number() or source_failed(). */
void reading_of_file(struct reading *reading);

/* Reads n bytes that are here, of which it makes a copy. Ends like that too. */
void reading_of_text(struct reading *reading, const char *text, size_t n);

/* Nothing comes back any more; waits for no thread. Accepts NULL. */
void reading_abandon(struct reading *reading);

#endif
