#include "ctl/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* Back to the first column, and all that stands in the line erased. */
#define ERASE "\r\033[K"

void progress_show(const char *format, ...)
{
    char text[80]; /* more would go over the line of a usual terminal */
    va_list args;

    if (!isatty(STDERR_FILENO))
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    fprintf(stderr, ERASE "%s", text);
}

void progress_erase(void)
{
    if (isatty(STDERR_FILENO))
        fputs(ERASE, stderr);
}
