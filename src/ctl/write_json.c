/* decode --json: an array of telegrams, one a line. */
#include "ctl/shown.h"
#include "ctl/write.h"
#include "mbus/application_error.h"

static void write_label(FILE *out, const struct label *label)
{
    fputc('"', out);
    text_write(out, TEXT_JSON, label->bytes, label->n);
    fputc('"', out);
}

/* A label in quotes, or null where it is empty. */
static void write_optional(FILE *out, const char *key, const struct label *label)
{
    fprintf(out, ",\"%s\":", key);
    if (label->n > 0)
        write_label(out, label);
    else
        fputs("null", out);
}

static void write_modifiers(FILE *out, const struct decoded_vib *vib)
{
    struct modifier_walk walk = { .vib = vib, .direction = FROM_SLAVE };
    struct modifier modifier;
    const char *between = "";

    fputs(",\"modifiers\":[", out);
    while (modifier_next(&walk, &modifier)) {
        struct label name = { 0 };

        if (!shown_modifier(&modifier, &name))
            continue;
        fputs(between, out);
        write_label(out, &name);
        between = ",";
    }
    fputc(']', out);
}

static void write_value(FILE *out, const struct shown *shown)
{
    fputs(",\"value\":", out);
    switch (shown->kind) {
    case SHOWN_NOTHING:
        fputs("null", out);
        break;
    case SHOWN_NUMBER:
        text_write(out, TEXT_JSON, shown->value.bytes, shown->value.n);
        break;
    case SHOWN_STRING:
        write_label(out, &shown->value);
        break;
    }
}

static void write_record(FILE *out, const struct telegram_item *item)
{
    const struct decoded_record *r = &item->record;
    struct shown shown;

    shown_of(r, &shown);
    fprintf(out, "{\"function\":\"%s\",\"storage\":%llu,\"tariff\":%u,\"subunit\":%u",
            shown.function, (unsigned long long)r->dib.storage, r->dib.tariff, r->dib.subunit);
    fprintf(out, ",\"quantity\":\"%s\"", shown.quantity);
    write_optional(out, "unit", &shown.unit);
    write_modifiers(out, &r->vib);
    write_value(out, &shown);
    fputs(",\"raw\":\"", out);
    text_write_hex(out, item->raw, item->n, "");
    if (shown.error)
        fprintf(out, "\",\"error\":\"%s\"", shown.error);
    else
        fputs("\",\"error\":null", out);
    if (shown.letters.n > 0)
        write_optional(out, "display", &shown.letters);
    if (shown.is_summer)
        fputs(",\"summer_time\":true", out);
    fputc('}', out);
}

/* The fixed structure has neither manufacturer nor version nor configuration; without a header
 * there is nothing. */
static void write_header(FILE *out, const struct telegram *t)
{
    const struct header *h = &t->header;
    bool is_fixed = t->kind == TELEGRAM_FIXED, is_long = t->header_kind == HEADER_LONG;
    struct label manufacturer = { 0 }, medium = { 0 };

    fprintf(out, "{\"c\":%u,\"a\":%u,\"ci\":%u", t->c, t->a, t->ci);
    if (is_fixed || is_long)
        fprintf(out, ",\"id\":\"%08X\"", h->ident.id);
    else
        fputs(",\"id\":null", out);
    if (is_long)
        shown_manufacturer(h->ident.manufacturer, &manufacturer);
    write_optional(out, "manufacturer", &manufacturer);
    if (is_long)
        fprintf(out, ",\"version\":%u", h->ident.version);
    else
        fputs(",\"version\":null", out);
    if (is_long && medium_name(h->ident.medium) == NULL)
        fprintf(out, ",\"medium\":%u", h->ident.medium);
    else if ((is_fixed || is_long) && shown_medium(h->ident.medium, &medium))
        write_optional(out, "medium", &medium);
    else
        fputs(",\"medium\":null", out);
    if (is_fixed || t->header_kind != HEADER_NONE)
        fprintf(out, ",\"access\":%u,\"status\":%u", h->access, h->status);
    else
        fputs(",\"access\":null,\"status\":null", out);
    if (t->header_kind != HEADER_NONE)
        fprintf(out, ",\"configuration\":%u", h->configuration);
    else
        fputs(",\"configuration\":null", out);
}

static void write_items(FILE *out, const struct telegram *t)
{
    struct telegram_walk walk = telegram_walk_over(t);
    struct telegram_item item, tail = { 0 };
    const char *between = "";

    fputs(",\"records\":[", out);
    while (telegram_next(&walk, &item)) {
        if (item.kind == ITEM_MANUFACTURER)
            tail = item;
        if (item.kind != ITEM_RECORD && item.kind != ITEM_COUNTER)
            continue;
        fputs(between, out);
        write_record(out, &item);
        between = ",";
    }
    fputs("],\"manufacturer_data\":\"", out);
    text_write_hex(out, tail.data, tail.n_data, "");
    fprintf(out, "\",\"more\":%s", tail.more ? "true" : "false");
}

/* With the bytes that were not decoded: all, or from the first record on that is wrong. */
static void write_malformed(FILE *out, const struct found *found)
{
    struct telegram_item item = { .data = found->bytes, .n_data = found->n };

    if (found->is_telegram) {
        struct telegram_walk walk = telegram_walk_over(&found->telegram);

        while (telegram_next(&walk, &item) && item.kind != ITEM_REST)
            ;
    }
    fprintf(out, ",\"malformed\":{\"offset\":%zu,\"reason\":\"%s\",\"missing\":%zu,\"raw\":\"",
            found->fault.offset, decode_reason_text(found->fault.reason), found->fault.missing);
    text_write_hex(out, item.data, item.n_data, "");
    fputs("\"}", out);
}

static void write_telegram(FILE *out, const struct found *found)
{
    fputs(found->number == 1 ? "\n" : ",\n", out);
    if (found->is_telegram) {
        write_header(out, &found->telegram);
        write_items(out, &found->telegram);
        if (found->telegram.kind == TELEGRAM_ERROR)
            fprintf(out, ",\"application_error\":{\"code\":%u,\"text\":\"%s\"}",
                    found->telegram.code, application_error_text(found->telegram.code));
        if (found->telegram.kind == TELEGRAM_ALARM)
            fprintf(out, ",\"alarm\":%u", found->telegram.code);
    } else {
        fputs("{\"raw\":\"", out);
        text_write_hex(out, found->bytes, found->n, "");
        fputc('"', out);
    }
    if (found->fault.reason != DECODE_GOOD)
        write_malformed(out, found);
    fputc('}', out);
}

static void begin(FILE *out, unsigned n)
{
    (void)n;
    fputc('[', out);
}

static void end(FILE *out, unsigned n)
{
    (void)n;
    fputs("\n]\n", out);
}

const struct write_form write_json = { begin, write_telegram, end };
