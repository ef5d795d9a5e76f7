/* Colours for people who look at a terminal, and none for anybody else. */
#ifndef CTL_COLOUR_H
#define CTL_COLOUR_H

/* Each begins what it names; `off` ends it. All are empty where nobody wants colours. */
struct colours {
    const char *title, *head, *wrong, *good, *off;
};

extern const struct colours colours_none, colours_some;

/* Those of a descriptor: a terminal, unless NO_COLOR is set or TERM is "dumb" or nothing. */
const struct colours *colours_of(int fd);

/* One line on standard error, in the colour of what is wrong; what was printed before comes first.
 */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
