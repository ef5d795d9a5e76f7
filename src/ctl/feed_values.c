#include "ctl/feed_values.h"

#include <ctype.h>
#include <string.h>

#include "ctl/daemon_data.h"

int feed_values_message(const struct feed_values *values, struct daemon *d, sd_bus_message **ret)
{
    int r = daemon_settings_begin(d, ret);

    for (size_t i = 0; r >= 0 && i < values->n; i++)
        r = daemon_settings_append(*ret, values->items[i].name->text, &values->items[i].number);
    return r < 0 ? r : daemon_settings_end(*ret);
}

static bool is_part_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Whether a name stands in a sentence, not only as a part of a longer one. */
static bool is_named(const char *sentence, const struct feed_name *name)
{
    const char *at = sentence;

    while ((at = strstr(at, name->text)) != NULL) {
        bool begins = at == sentence || (!is_part_of_name(at[-1]) && at[-1] != '.');

        if (begins && !is_part_of_name(at[name->n]))
            return true;
        at++;
    }
    return false;
}

size_t feed_values_drop_named(struct feed_values *values, const char *sentence)
{
    for (size_t i = 0; i < values->n; i++) {
        struct feed_name *name = values->items[i].name;

        if (!is_named(sentence, name))
            continue;
        name->kind = FEED_OTHER;
        name->was_reported = true;
    }
    return feed_values_drop_untaken(values);
}

size_t feed_values_drop_untaken(struct feed_values *values)
{
    size_t before = values->n;

    values->n = 0;
    for (size_t i = 0; i < before; i++) {
        if (values->items[i].name->kind == FEED_PUSHED)
            values->items[values->n++] = values->items[i];
    }
    return before - values->n;
}
