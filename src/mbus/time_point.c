#include "mbus/time_point.h"

#include "base/macros.h"
#include "mbus/datetime.h"

/* Where `width` bits of a member stand: at bit `at` of the bytes read as one little endian number;
 * they are the member's bits from `shift` on. */
struct bits {
    size_t member;
    uint8_t at, width, shift;
};

#define BITS(name, at, width)                                                                      \
    {                                                                                              \
        offsetof(struct time_point, name), at, width, 0                                            \
    }
#define MORE_BITS(name, at, width, shift)                                                          \
    {                                                                                              \
        offsetof(struct time_point, name), at, width, shift                                        \
    }

static const struct bits date_bits[] = {
    BITS(day, 0, 5),
    BITS(year, 5, 3),
    BITS(month, 8, 4),
    MORE_BITS(year, 12, 4, 3),
};

static const struct bits of_day_bits[] = {
    BITS(second, 0, 6), BITS(reserved, 6, 2), MORE_BITS(reserved, 14, 2, 2),
    BITS(minute, 8, 6), BITS(hour, 16, 5),    MORE_BITS(reserved, 21, 3, 4),
};

static const struct bits to_minute_bits[] = {
    BITS(minute, 0, 6),    BITS(reserved, 6, 1),      BITS(invalid, 7, 1), BITS(hour, 8, 5),
    BITS(hundreds, 13, 2), BITS(summer, 15, 1),       BITS(day, 16, 5),    BITS(year, 21, 3),
    BITS(month, 24, 4),    MORE_BITS(year, 28, 4, 3),
};

static const struct bits to_second_bits[] = {
    BITS(second, 0, 6), BITS(summer, 6, 1),     BITS(leap, 7, 1),
    BITS(minute, 8, 6), BITS(invalid, 15, 1),   BITS(deviation_plus, 14, 1),
    BITS(hour, 16, 5),  BITS(weekday, 21, 3),   BITS(day, 24, 5),
    BITS(year, 29, 3),  BITS(month, 32, 4),     MORE_BITS(year, 36, 4, 3),
    BITS(week, 40, 6),  BITS(deviation, 46, 2),
};

static const struct {
    uint8_t size;
    uint8_t n;
    const struct bits *bits;
} layouts[TIME_KINDS] = {
    [TIME_DATE] = { 2, ARRAY_SIZE(date_bits), date_bits },
    [TIME_OF_DAY] = { 3, ARRAY_SIZE(of_day_bits), of_day_bits },
    [TIME_TO_MINUTE] = { 4, ARRAY_SIZE(to_minute_bits), to_minute_bits },
    [TIME_TO_SECOND] = { 6, ARRAY_SIZE(to_second_bits), to_second_bits },
};

unsigned time_size(enum time_kind kind)
{
    return layouts[kind].size;
}

bool time_kind_of(size_t size, enum time_kind *ret)
{
    for (unsigned kind = 0; kind < TIME_KINDS; kind++) {
        if (layouts[kind].size != size)
            continue;
        *ret = (enum time_kind)kind;
        return true;
    }
    return false;
}

void time_decode(enum time_kind kind, const uint8_t *bytes, struct time_point *ret)
{
    uint64_t word = bytes_le(bytes, layouts[kind].size);

    *ret = (struct time_point){ 0 };
    for (size_t i = 0; i < layouts[kind].n; i++) {
        const struct bits *b = &layouts[kind].bits[i];
        uint8_t *member = (uint8_t *)ret + b->member;

        *member |= (uint8_t)((word >> b->at & ((1U << b->width) - 1)) << b->shift);
    }
}

void time_encode(enum time_kind kind, const struct time_point *time, struct writer *w)
{
    uint64_t word = 0;

    for (size_t i = 0; i < layouts[kind].n; i++) {
        const struct bits *b = &layouts[kind].bits[i];
        const uint8_t *member = (const uint8_t *)time + b->member;

        word |= (uint64_t)(*member >> b->shift & ((1U << b->width) - 1)) << b->at;
    }
    write_le(w, word, layouts[kind].size);
}

static bool is_within(unsigned value, unsigned max, unsigned every)
{
    return value <= max || value == every;
}

static bool is_clock_possible(const struct time_point *t)
{
    return is_within(t->second, 59, TIME_EVERY_MINUTE) &&
           is_within(t->minute, 59, TIME_EVERY_MINUTE) && is_within(t->hour, 23, TIME_EVERY_HOUR);
}

/* 29 February is in every year that is not said. */
static bool is_leap_day_missing(enum time_kind kind, const struct time_point *t)
{
    int year = time_year(kind, t);

    return t->month == 2 && t->day == 29 && year >= 0 && !datetime_is_leap(year);
}

static bool is_date_possible(enum time_kind kind, const struct time_point *t)
{
    static const uint8_t days[16] = {
        31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 31
    };

    if (t->month == 0 && kind != TIME_TO_SECOND)
        return false;
    return days[t->month & 0x0F] >= t->day && days[t->month & 0x0F] != 0 &&
           is_within(t->year, 99, TIME_EVERY_YEAR) && !is_leap_day_missing(kind, t);
}

static bool is_said_invalid(enum time_kind kind, const struct time_point *t)
{
    if (kind == TIME_DATE)
        return t->day == 31 && t->month == TIME_EVERY_MONTH && t->year == TIME_EVERY_YEAR;
    if (kind == TIME_OF_DAY)
        return t->second == TIME_EVERY_MINUTE && t->minute == TIME_EVERY_MINUTE &&
               t->hour == TIME_EVERY_HOUR && t->reserved == 0x7F;
    return t->invalid;
}

enum time_verdict time_check(enum time_kind kind, const struct time_point *time)
{
    if (is_said_invalid(kind, time))
        return TIME_INVALID;
    if (!is_clock_possible(time))
        return TIME_IMPOSSIBLE;
    return kind == TIME_OF_DAY || is_date_possible(kind, time) ? TIME_GOOD : TIME_IMPOSSIBLE;
}

int time_year(enum time_kind kind, const struct time_point *time)
{
    if (time->year == TIME_EVERY_YEAR)
        return -1;
    if (kind == TIME_TO_SECOND || (time->hundreds == 0 && time->year <= 80))
        return 2000 + time->year;
    return 1900 + 100 * time->hundreds + time->year;
}
