#include <string.h>

#include "config/phrase.h"
#include "sys/capture.h"
#include "sys/process.h"

/* Escaped it may be longer than it came; it is not cut within a character. */
static void add_complaint(struct phrase *phrase, const char *complaint)
{
    struct phrase clean = { 0 };
    size_t n;

    phrase_bytes(&clean, complaint, strlen(complaint));
    n = clean.n < CAPTURE_COMPLAINT_MAX ? clean.n : CAPTURE_COMPLAINT_MAX;
    while (n > 0 && ((unsigned char)clean.text[n] & 0xC0U) == 0x80U)
        n--;
    if (n > 0)
        phrase_add(phrase, ": %.*s", (int)n, clean.text);
}

void process_why(struct phrase *phrase, const struct process_result *result)
{
    switch (result->end) {
    case PROCESS_EXITED:
        phrase_add(phrase, "exit status %d", (int)result->code);
        break;
    case PROCESS_KILLED:
        phrase_add(phrase, "killed by signal %d", (int)result->code);
        break;
    case PROCESS_TIMED_OUT:
        phrase_add(phrase, "no answer within ");
        phrase_duration(phrase, (usec_t)result->code * USEC_PER_MSEC);
        break;
    case PROCESS_TOO_MUCH:
        phrase_add(phrase, "prints more than %u KiB", CAPTURE_OUTPUT_MAX / 1024);
        break;
    case PROCESS_NOT_RUN:
        phrase_add(phrase, "cannot be run: %s", strerror((int)-result->code));
        break;
    }
    add_complaint(phrase, result->complaint);
}
