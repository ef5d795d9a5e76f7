#include "mbus/time_text.h"

struct line {
    char *text;
    size_t n;
};

static void add(struct line *line, char c)
{
    line->text[line->n++] = c;
}

static void add_digits(struct line *line, unsigned value, unsigned digits)
{
    if (digits > 1)
        add_digits(line, value / 10, digits - 1);
    add(line, (char)('0' + value % 10));
}

/* 0 before: nothing stands there. */
static void add_part(struct line *line, char before, unsigned value, unsigned every)
{
    if (before != 0)
        add(line, before);
    if (value == every)
        add(line, '*');
    else
        add_digits(line, value, 2);
}

static void add_date(struct line *line, enum time_kind kind, const struct time_point *t)
{
    int year = time_year(kind, t);

    if (year < 0)
        add(line, '*');
    else
        add_digits(line, (unsigned)year, 4);
    add_part(line, '-', t->month, t->month != 0 ? TIME_EVERY_MONTH : 0);
    add_part(line, '-', t->day, 0);
}

size_t time_text(enum time_kind kind, const struct time_point *time, char ret[static TIME_TEXT_MAX])
{
    struct line line = { .text = ret };

    if (kind != TIME_OF_DAY)
        add_date(&line, kind, time);
    if (kind != TIME_DATE) {
        add_part(&line, kind == TIME_OF_DAY ? 0 : ' ', time->hour, TIME_EVERY_HOUR);
        add_part(&line, ':', time->minute, TIME_EVERY_MINUTE);
    }
    if (kind == TIME_OF_DAY || kind == TIME_TO_SECOND)
        add_part(&line, ':', time->second, TIME_EVERY_MINUTE);
    ret[line.n] = '\0';
    return line.n;
}
