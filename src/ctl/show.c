#include "ctl/show.h"

#include <unistd.h>

#include "ctl/colour.h"

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
    return *colours_of(STDOUT_FILENO)->off ? &write_table_coloured : &write_table;
}
