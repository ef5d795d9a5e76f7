#include "ctl/colour.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/utf8.h"

const struct colours colours_none = { "", "", "", "", "" };
const struct colours colours_some = { "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[0m" };

const struct colours *colours_of(int fd)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool is_wanted = isatty(fd) && (no_color == NULL || *no_color == '\0') && term != NULL &&
                     strcmp(term, "dumb") != 0;

    return is_wanted ? &colours_some : &colours_none;
}

void complain(const char *format, ...)
{
    const struct colours *colours = colours_of(STDERR_FILENO);
    char text[1024];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    fflush(stdout);
    fputs(colours->wrong, stderr);
    (void)utf8_write(stderr, TEXT_PLAIN, text);
    fprintf(stderr, "%s\n", colours->off);
}
