#include "config/pattern.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

/* The number at `p`, cut off where it is too large anyway. */
static unsigned count_at(const char **p)
{
    unsigned count = 0;
    for (; **p >= '0' && **p <= '9'; (*p)++)
        if (count <= PATTERN_COPIES_MAX)
            count = count * 10 + (unsigned)(**p - '0');
    return count;
}

/* Copies of "{3}", "{3,}" or "{,5}", of which `p` is behind the bracket. */
static unsigned copies_at(const char *p)
{
    unsigned least = count_at(&p), most = least;
    if (*p == ',') {
        p++;
        most = count_at(&p);
    }
    return most > least ? most : least;
}

/* Nested or not, they are multiplied: who needs so many looks for something else. */
static bool has_too_many_copies(const char *text)
{
    unsigned copies = 1;
    for (const char *p = strchr(text, '{'); p && copies <= PATTERN_COPIES_MAX;
         p = strchr(p + 1, '{')) {
        unsigned more = copies_at(p + 1);
        copies = more > PATTERN_COPIES_MAX ? more : more > 0 ? copies * more : copies;
    }
    return copies > PATTERN_COPIES_MAX;
}

/* Not among what POSIX gives an extended expression; matching with them can take for ever. */
static bool has_back_reference(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p != '\\')
            continue;
        p++;
        if (*p >= '1' && *p <= '9')
            return true;
        if (*p == '\0')
            break;
    }
    return false;
}

bool pattern_check(const char *text, char *why, size_t n)
{
    regex_t compiled;
    char error[128];

    if (strlen(text) > PATTERN_MAX) {
        snprintf(why, n, "is longer than a pattern may be; %u characters", PATTERN_MAX);
        return false;
    }
    if (has_too_many_copies(text)) {
        snprintf(why, n, "repeats too often; its counts in { } multiply to at most %u",
                 PATTERN_COPIES_MAX);
        return false;
    }
    if (has_back_reference(text)) {
        snprintf(why, n, "refers back to a group; extended expressions without \"\\1\" to \"\\9\"");
        return false;
    }
    int r = regcomp(&compiled, text, REG_EXTENDED);
    if (r == 0) {
        regfree(&compiled);
        return true;
    }
    regerror(r, &compiled, error, sizeof(error));
    snprintf(why, n, "is no regular expression; %s", error);
    return false;
}
