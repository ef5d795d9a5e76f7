/* decode without an option: a table that people read. */
#include "base/macros.h"
#include "ctl/colour.h"
#include "ctl/shown.h"
#include "ctl/write.h"
#include "mbus/application_error.h"
#include "mbus/link.h"

enum column {
    COLUMN_NUMBER,
    COLUMN_FUNCTION,
    COLUMN_STORAGE,
    COLUMN_TARIFF,
    COLUMN_SUBUNIT,
    COLUMN_QUANTITY,
    COLUMN_VALUE,
    COLUMN_UNIT,
    COLUMN_NOTES,
    COLUMNS,
};

static const char *const titles[COLUMNS] = {
    "#", "function", "storage", "tariff", "subunit", "quantity", "value", "unit", "notes",
};

/* A longer text than this moves what stands behind it. */
#define WIDTH_MAX 40U

struct row {
    struct label cells[COLUMNS];
    bool is_right[COLUMNS]; /* set against the right edge: numbers */
    bool is_wrong;          /* there is an error in its notes */
};

/* mbus-protocol 10.4 under the names of the configuration, and 11.1. */
static void add_status(const struct telegram *t, struct label *ret)
{
    static const char *const application[] = { NULL, "busy", "application_error", "alarm" };
    static const char *const bits[] = { "power_low",      "permanent_error", "temporary_error",
                                        "manufacturer_1", "manufacturer_2",  "manufacturer_3" };
    uint8_t status = t->header.status;

    label_print(ret, ", status %02X", status);
    if (t->kind != TELEGRAM_FIXED && status & 3)
        label_print(ret, " %s", application[status & 3]);
    for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
        if (status >> 2 >> i & 1)
            label_print(ret, " %s", bits[i]);
    }
}

static void add_header(const struct telegram *t, struct label *ret)
{
    const struct ident *ident = &t->header.ident;
    bool is_fixed = t->kind == TELEGRAM_FIXED;

    if (is_fixed || t->header_kind == HEADER_LONG) {
        label_print(ret, ", %08X", ident->id);
        if (!is_fixed) {
            label_print(ret, " ");
            shown_manufacturer(ident->manufacturer, ret);
            label_print(ret, " version %u", ident->version);
        }
        label_print(ret, ", ");
        if (is_fixed && medium_name(ident->medium) == NULL)
            label_print(ret, "reserved"); /* not by the code of the variable structure */
        else
            (void)shown_medium(ident->medium, ret);
    }
    if (is_fixed || t->header_kind != HEADER_NONE) {
        label_print(ret, ", access number %u", t->header.access);
        add_status(t, ret);
    }
    if (t->header.configuration)
        label_print(ret, ", configuration %04X", t->header.configuration);
}

static void add_note(struct label *notes, const char *text)
{
    label_print(notes, "%s%s", notes->n > 0 ? " " : "", text);
}

static void add_modifiers(const struct decoded_vib *vib, struct label *notes)
{
    struct modifier_walk walk = { .vib = vib, .direction = FROM_SLAVE };
    struct modifier modifier;

    while (modifier_next(&walk, &modifier)) {
        struct label name = { 0 };

        if (!shown_modifier(&modifier, &name))
            continue;
        add_note(notes, "");
        label_add(notes, name.bytes, name.n);
    }
}

static void add_bits(uint64_t word, struct label *notes)
{
    if (word == 0)
        return;
    add_note(notes, "bits");
    for (unsigned i = 0; i < 64; i++) {
        if (word >> i & 1)
            label_print(notes, " %u", i);
    }
}

static void fill_notes(const struct decoded_record *r, const struct shown *shown, struct row *ret)
{
    struct label *notes = &ret->cells[COLUMN_NOTES];

    add_modifiers(&r->vib, notes);
    if (r->value.kind == VALUE_BITS)
        add_bits(r->value.word, notes);
    if (shown->is_summer)
        add_note(notes, "summer time");
    if (shown->error)
        add_note(notes, shown->error);
    if (shown->letters.n > 0) {
        add_note(notes, "\"");
        label_add(notes, shown->letters.bytes, shown->letters.n);
        label_print(notes, "\"");
    }
    ret->is_wrong = shown->error != NULL;
}

static void fill_row(const struct decoded_record *r, unsigned number, struct row *ret)
{
    struct shown shown;

    shown_of(r, &shown);
    *ret = (struct row){ .is_right = { [COLUMN_NUMBER] = true,
                                       [COLUMN_STORAGE] = true,
                                       [COLUMN_TARIFF] = true,
                                       [COLUMN_SUBUNIT] = true } };
    label_print(&ret->cells[COLUMN_NUMBER], "%u", number);
    label_print(&ret->cells[COLUMN_FUNCTION], "%s", shown.function);
    label_print(&ret->cells[COLUMN_STORAGE], "%llu", (unsigned long long)r->dib.storage);
    label_print(&ret->cells[COLUMN_TARIFF], "%u", r->dib.tariff);
    label_print(&ret->cells[COLUMN_SUBUNIT], "%u", r->dib.subunit);
    label_print(&ret->cells[COLUMN_QUANTITY], "%s", shown.quantity);
    ret->cells[COLUMN_UNIT] = shown.unit;
    ret->is_right[COLUMN_VALUE] = shown.kind != SHOWN_STRING;
    shown_cell(r, &shown, &ret->cells[COLUMN_VALUE]);
    fill_notes(r, &shown, ret);
}

static void fill_titles(struct row *ret)
{
    *ret = (struct row){ .is_right = { [COLUMN_NUMBER] = true,
                                       [COLUMN_STORAGE] = true,
                                       [COLUMN_TARIFF] = true,
                                       [COLUMN_SUBUNIT] = true,
                                       [COLUMN_VALUE] = true } };
    for (unsigned i = 0; i < COLUMNS; i++)
        label_print(&ret->cells[i], "%s", titles[i]);
}

static void widen(const struct row *row, size_t *widths)
{
    for (unsigned i = 0; i < COLUMNS; i++) {
        size_t width = text_write(NULL, TEXT_PLAIN, row->cells[i].bytes, row->cells[i].n);

        if (width > widths[i])
            widths[i] = width < WIDTH_MAX ? width : WIDTH_MAX;
    }
}

static void write_blanks(FILE *out, size_t n)
{
    fprintf(out, "%*s", (int)n, "");
}

static void write_row(FILE *out, const struct row *row, const size_t *widths)
{
    unsigned last = COLUMNS - 1;

    while (last > 0 && row->cells[last].n == 0)
        last--;
    for (unsigned i = 0; i <= last; i++) {
        const struct label *cell = &row->cells[i];
        size_t width = text_write(NULL, TEXT_PLAIN, cell->bytes, cell->n);
        size_t blanks = width < widths[i] ? widths[i] - width : 0;

        write_blanks(out, 2);
        if (row->is_right[i])
            write_blanks(out, blanks);
        text_write(out, TEXT_PLAIN, cell->bytes, cell->n);
        if (!row->is_right[i] && i < last)
            write_blanks(out, blanks);
    }
}

/* Calls for each record of a telegram, with its number from 0. */
static bool next_record(struct telegram_walk *walk, struct telegram_item *ret)
{
    while (telegram_next(walk, ret)) {
        if (ret->kind == ITEM_RECORD || ret->kind == ITEM_COUNTER)
            return true;
    }
    return false;
}

static void write_records(FILE *out, const struct telegram *t, const struct colours *colours)
{
    struct telegram_walk walk = telegram_walk_over(t);
    size_t widths[COLUMNS] = { 0 };
    struct telegram_item item;
    struct row row;
    unsigned n = 0;

    fill_titles(&row);
    widen(&row, widths);
    for (; next_record(&walk, &item); n++) {
        fill_row(&item.record, n, &row);
        widen(&row, widths);
    }
    if (n == 0)
        return;
    fill_titles(&row);
    fputs(colours->head, out);
    write_row(out, &row, widths);
    fprintf(out, "%s\n", colours->off);
    walk = telegram_walk_over(t);
    for (n = 0; next_record(&walk, &item); n++) {
        fill_row(&item.record, n, &row);
        fputs(row.is_wrong ? colours->wrong : "", out);
        write_row(out, &row, widths);
        fprintf(out, "%s\n", row.is_wrong ? colours->off : "");
    }
}

static void write_bytes_line(FILE *out, const char *text, const struct telegram_item *item)
{
    fprintf(out, "  %s", text);
    if (item->n_data > 0) {
        fprintf(out, ", %zu %s: ", item->n_data, item->n_data == 1 ? "byte" : "bytes");
        text_write_hex(out, item->data, item->n_data, " ");
    }
    fputc('\n', out);
}

/* What no record is. */
static void write_others(FILE *out, const struct telegram *t)
{
    struct telegram_walk walk = telegram_walk_over(t);
    struct telegram_item item;

    while (telegram_next(&walk, &item)) {
        if (item.kind == ITEM_MANUFACTURER) {
            write_bytes_line(out, "manufacturer data", &item);
            if (item.more)
                fputs("  more records follow in the next telegram\n", out);
        } else if (item.kind == ITEM_REST) {
            write_bytes_line(out, "not decoded", &item);
        }
    }
}

static void write_one(FILE *out, const struct found *found, const struct colours *colours)
{
    const struct telegram *t = &found->telegram;
    struct label title = { 0 };

    label_print(&title, "Telegram %u", found->number);
    if (found->is_telegram) {
        label_print(&title, ": address %u", t->a);
        add_header(t, &title);
    } else {
        label_print(&title, ", %zu bytes", found->n);
    }
    fprintf(out, "%s%s", found->number > 1 ? "\n" : "", colours->title);
    text_write(out, TEXT_PLAIN, title.bytes, title.n);
    fprintf(out, "%s\n", colours->off);
    if (found->fault.reason != DECODE_GOOD)
        fprintf(out, "  %sat offset %zu: %s%s\n", colours->wrong, found->fault.offset,
                decode_reason_text(found->fault.reason), colours->off);
    if (!found->is_telegram)
        return;
    if (t->kind == TELEGRAM_ERROR)
        fprintf(out, "  application error %02Xh: %s\n", t->code, application_error_text(t->code));
    if (t->kind == TELEGRAM_ALARM)
        fprintf(out, "  alarm %02Xh\n", t->code);
    write_records(out, t, colours);
    write_others(out, t);
}

static void write_plain(FILE *out, const struct found *found)
{
    write_one(out, found, &colours_none);
}

static void write_coloured(FILE *out, const struct found *found)
{
    write_one(out, found, &colours_some);
}

static void nothing(FILE *out, unsigned n)
{
    (void)out;
    (void)n;
}

const struct write_form write_table = { nothing, write_plain, nothing };
const struct write_form write_table_coloured = { nothing, write_coloured, nothing };
