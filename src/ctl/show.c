#include "ctl/show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void show_examine(struct found *found)
{
    struct telegram_walk walk;
    struct telegram_item item;

    found->is_telegram = telegram_decode(found->bytes, found->n, &found->telegram, &found->fault);
    if (!found->is_telegram)
        return;
    walk = telegram_walk_over(&found->telegram);
    while (telegram_next(&walk, &item)) {
        if (item.kind == ITEM_REST)
            found->fault = item.fault;
    }
}

/* Colours for people who look at it and have not said that they want none. */
static bool wants_colours(void)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

const struct write_form *show_form(bool json, bool xml, bool hex)
{
    if (json + xml + hex > 1)
        return NULL;
    if (json)
        return &write_json;
    if (xml)
        return &write_xml;
    if (hex)
        return &write_hex;
    return wants_colours() ? &write_table_coloured : &write_table;
}
