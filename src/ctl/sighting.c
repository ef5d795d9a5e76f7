#include "ctl/sighting.h"

#include <string.h>

#include "ctl/master.h"
#include "ctl/shown.h"
#include "mbus/link.h"
#include "mbus/telegram.h"

#define COLUMNS "%7s  %-8s  %-12s  %7s  %-18s  "

void sighting_of(const struct answer *answer, struct sighting *ret)
{
    struct telegram t;
    struct decode_fault fault;

    *ret = (struct sighting){ .address = answer->frame.a };
    if (!telegram_decode(answer->bytes, answer->n, &t, &fault)) {
        ret->problem = "its data cannot be decoded";
        return;
    }
    if (t.kind == TELEGRAM_ERROR)
        ret->problem = "reports an application error";
    ret->is_meter = true;
    ret->has_all = t.header_kind == HEADER_LONG;
    ret->has_id = ret->has_all || t.kind == TELEGRAM_FIXED;
    if (ret->has_id)
        ret->ident = t.header.ident;
}

static const char *text(struct label *label)
{
    label_add(label, (const uint8_t *)"", 1);
    return (const char *)label->bytes;
}

/* What `read` takes: of the fixed structure the id alone is sure to be selectable. */
static void secondary_text(const struct sighting *s, char ret[SELECTION_TEXT_SIZE])
{
    struct selection selection = selection_of(&s->ident);

    if (!s->has_all)
        memset(selection.bytes + 4, 0xFF, SELECTION_SIZE - 4);
    selection_text(&selection, ret);
}

void sighting_write_row(FILE *out, unsigned number, const struct sighting *s)
{
    struct label address = { 0 }, id = { 0 }, manufacturer = { 0 }, version = { 0 }, medium = { 0 };
    char secondary[SELECTION_TEXT_SIZE] = "";

    if (number == 0)
        fprintf(out, "%7s  %-8s  %-12s  %7s  %-18s  %s\n", "address", "id", "manufacturer",
                "version", "medium", "secondary");
    if (s->address >= 0)
        label_print(&address, "%d", s->address);
    if (s->has_id) {
        label_print(&id, "%08X", s->ident.id);
        secondary_text(s, secondary);
    }
    if (s->has_id && (s->has_all || s->ident.medium != MEDIUM_WILDCARD))
        (void)shown_medium(s->ident.medium, &medium);
    if (s->has_all) {
        shown_manufacturer(s->ident.manufacturer, &manufacturer);
        label_print(&version, "%u", s->ident.version);
    }
    fprintf(out, COLUMNS, text(&address), text(&id), text(&manufacturer), text(&version),
            text(&medium));
    if (s->problem)
        fprintf(out, "%-16s  %s\n", secondary, s->problem);
    else
        fprintf(out, "%s\n", secondary);
}

static void write_text(FILE *out, const char *key, bool is_known, const char *value)
{
    if (is_known)
        fprintf(out, ",\"%s\":\"%s\"", key, value);
    else
        fprintf(out, ",\"%s\":null", key);
}

void sighting_write_json(FILE *out, unsigned number, const struct sighting *s)
{
    struct label manufacturer = { 0 };
    char id[9], secondary[SELECTION_TEXT_SIZE];
    bool has_medium = s->has_id && (s->has_all || s->ident.medium != MEDIUM_WILDCARD);
    const char *medium = has_medium ? medium_name(s->ident.medium) : NULL;

    shown_manufacturer(s->ident.manufacturer, &manufacturer);
    (void)snprintf(id, sizeof(id), "%08X", s->ident.id);
    secondary_text(s, secondary);
    fputs(number > 0 ? ",\n" : "\n", out);
    if (s->address >= 0)
        fprintf(out, "{\"address\":%d", s->address);
    else
        fputs("{\"address\":null", out);
    write_text(out, "id", s->has_id, id);
    write_text(out, "manufacturer", s->has_all, text(&manufacturer));
    if (s->has_all)
        fprintf(out, ",\"version\":%u", s->ident.version);
    else
        fputs(",\"version\":null", out);
    if (has_medium && medium == NULL)
        fprintf(out, ",\"medium\":%u", s->ident.medium);
    else
        write_text(out, "medium", medium != NULL, medium);
    write_text(out, "secondary", s->has_id, secondary);
    write_text(out, "problem", s->problem != NULL, s->problem);
    fputc('}', out);
}
