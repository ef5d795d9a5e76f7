/* decode --xml: the normalised XML of libmbus, for programs that read that. Values are in base
 * units. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/decimal.h"
#include "ctl/shown.h"
#include "ctl/write.h"
#include "ctl/xml_names.h"
#include "mbus/application_error.h"
#include "mbus/fixed.h"

static void write_element(FILE *out, const char *name, const struct label *text)
{
    fprintf(out, "        <%s>", name);
    text_write(out, TEXT_XML, text->bytes, text->n);
    fprintf(out, "</%s>\n", name);
}

static void write_text(FILE *out, const char *name, const char *text)
{
    struct label label = { 0 };

    label_add(&label, (const uint8_t *)text, strlen(text));
    write_element(out, name, &label);
}

static void write_number(FILE *out, const char *name, unsigned long long number)
{
    fprintf(out, "        <%s>%llu</%s>\n", name, number, name);
}

/* Letters come out even where the code is none: 0000 is "@@@". */
static void write_manufacturer(FILE *out, uint16_t code)
{
    char letters[4];

    ident_manufacturer_letters(code, letters);
    write_text(out, "Manufacturer", letters);
}

static void write_slave(FILE *out, const struct telegram *t)
{
    const struct header *h = &t->header;
    bool is_long = t->header_kind == HEADER_LONG;
    uint8_t fixed = (uint8_t)(t->fixed_units[1] >> 6 << 2 | t->fixed_units[0] >> 6);

    fputs("    <SlaveInformation>\n", out);
    if (is_long || t->kind == TELEGRAM_FIXED)
        fprintf(out, "        <Id>%X</Id>\n", h->ident.id);
    if (is_long) {
        write_manufacturer(out, h->ident.manufacturer);
        write_number(out, "Version", h->ident.version);
        write_text(out, "ProductName", "");
    }
    if (is_long || t->kind == TELEGRAM_FIXED)
        write_text(out, "Medium", is_long ? xml_medium(h->ident.medium) : xml_fixed_medium(fixed));
    if (t->header_kind != HEADER_NONE || t->kind == TELEGRAM_FIXED) {
        write_number(out, "AccessNumber", h->access);
        fprintf(out, "        <Status>%02X</Status>\n", h->status);
    }
    if (t->header_kind != HEADER_NONE)
        fprintf(out, "        <Signature>%04X</Signature>\n", h->configuration);
    if (t->kind == TELEGRAM_ALARM)
        fprintf(out, "        <Alarm>%02X</Alarm>\n", t->code);
    fputs("    </SlaveInformation>\n\n", out);
}

/* In the base unit: "%f" as theirs. */
static void show_base_number(const struct decoded_record *r, struct label *ret)
{
    bool is_bits = r->value.kind == VALUE_BITS;
    const struct xml_unit *unit = is_bits ? NULL : xml_unit(r->base);
    struct decimal decimal;
    char text[DECIMAL_TEXT_MAX];
    double number;

    if (!decimal_of(&r->value, r->type, r->exponent, &decimal))
        return;
    if (r->value.kind == VALUE_REAL) {
        number = (double)r->value.real * pow(10, r->exponent);
    } else {
        (void)decimal_text(&decimal, text);
        number = strtod(text, NULL);
    }
    for (unsigned i = 0; !is_bits && i < r->offsets.n; i++)
        number += pow(10, r->offsets.exponents[i]);
    label_print(ret, "%f", unit ? number * unit->factor : number);
}

/* Their dates end in Z, though those of the bus are local. */
static void show_xml_time(const struct shown *shown, const struct decoded_record *r,
                          struct label *ret)
{
    bool has_date = r->value.time_kind != TIME_OF_DAY, has_time = r->value.time_kind != TIME_DATE;

    for (size_t i = 0; i < shown->value.n; i++)
        label_print(ret, "%c", shown->value.bytes[i] == ' ' ? 'T' : shown->value.bytes[i]);
    if (r->value.time_kind == TIME_TO_MINUTE)
        label_print(ret, ":00");
    if (has_date && has_time)
        label_print(ret, "Z");
}

/* A binary number of variable length comes highest byte first. */
static void write_bytes_value(FILE *out, const struct decoded_value *v)
{
    bool is_number = lvar_decode(v->lvar).kind == LVAR_BINARY;

    fputs("        <Value>", out);
    for (size_t i = 0; i < v->n; i++)
        fprintf(out, "%s%02X", i ? " " : "", v->bytes[is_number ? v->n - 1U - i : i]);
    fputs("</Value>\n", out);
}

static void show_xml_value(const struct decoded_record *r, const struct shown *shown,
                           struct label *ret)
{
    const struct decoded_value *v = &r->value;

    if (v->state == VALUE_NO_NUMBER) {
        for (size_t i = 0; i < v->n; i++)
            label_print(ret, "%X", v->bytes[i]);
    } else if (shown->kind == SHOWN_NOTHING) {
        return;
    } else if (v->kind == VALUE_TIME) {
        show_xml_time(shown, r, ret);
    } else if (v->kind == VALUE_TEXT || v->kind == VALUE_IDENT) {
        *ret = shown->value;
    } else {
        show_base_number(r, ret);
    }
}

/* A unit in plain text is their quantity; dates have the unit "-". */
static void write_meaning(FILE *out, const struct decoded_record *r, const struct shown *shown)
{
    const struct xml_unit *unit = xml_unit(r->base);
    const char *quantity = xml_quantity(shown->quantity);
    bool is_reserved = r->quantity == NULL;

    if (vib_is_text(&r->vib)) {
        write_text(out, "Unit", "-");
        write_element(out, "Quantity", &shown->unit);
        return;
    }
    if (r->type == VIF_DATE || r->type == VIF_DATETIME || r->type == VIF_TIME_POINT)
        write_text(out, "Unit", "-");
    else
        write_text(out, "Unit", is_reserved ? "Reserved" : unit ? unit->name : "");
    if (is_reserved)
        quantity = "Reserved";
    write_text(out, "Quantity", quantity ? quantity : shown->quantity);
}

static void write_record(FILE *out, const struct telegram_item *item)
{
    static const char *const functions[] = { "Instantaneous value", "Maximum value",
                                             "Minimum value", "Value during error state" };
    const struct decoded_record *r = &item->record;
    struct label value = { 0 };
    struct shown shown;

    shown_of(r, &shown);
    write_text(out, "Function", functions[r->dib.function]);
    write_number(out, "StorageNumber", r->dib.storage);
    if (r->n_dife > 0) {
        write_number(out, "Tariff", r->dib.tariff);
        write_number(out, "Device", r->dib.subunit);
    }
    write_meaning(out, r, &shown);
    if (shown.kind != SHOWN_NOTHING && r->value.kind == VALUE_BINARY) {
        write_bytes_value(out, &r->value); /* longer than a label */
        return;
    }
    show_xml_value(r, &shown, &value);
    write_element(out, "Value", &value);
}

static void write_tail(FILE *out, const struct telegram_item *item)
{
    write_text(out, "Function", item->more ? "More records follow" : "Manufacturer specific");
    write_number(out, "StorageNumber", 0);
    write_text(out, "Unit", "");
    write_text(out, "Quantity", "");
    fputs("        <Value>", out);
    text_write_hex(out, item->data, item->n_data, " ");
    fputs("</Value>\n", out);
}

/* "10 kWh": a unit of the fixed structure (mbus-protocol 11.3), a thousandfold every third code. */
static void show_fixed_unit(uint8_t code, struct label *ret)
{
    static const struct {
        uint8_t first;
        const char *units[3];
    } rows[] = {
        { 0x02, { "Wh", "kWh", "MWh" } }, { 0x0B, { "kJ", "MJ", "GJ" } },
        { 0x14, { "W", "kW", "MW" } },    { 0x1D, { "kJ/h", "MJ/h", "GJ/h" } },
        { 0x26, { "ml", "l", "m^3" } },   { 0x2F, { "ml/h", "l/h", "m^3/h" } },
    };
    static const struct {
        uint8_t code;
        const char *text;
    } others[] = {
        { 0x00, "h,m,s" },
        { 0x01, "D,M,Y" },
        { 0x38, "1e-3 \260C" },
        { 0x39, "units for HCA" },
        { FIXED_UNIT_HISTORIC, "reserved but historic" },
        { FIXED_UNIT_NONE, "without units" },
    };
    static const char *const multiples[3] = { "", "10 ", "100 " };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (code >= rows[i].first && code - rows[i].first < 9)
            label_print(ret, "%s%s", multiples[(code - rows[i].first) % 3],
                        rows[i].units[(code - rows[i].first) / 3]);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (code == others[i].code)
            label_print(ret, "%s", others[i].text);
    }
    if (ret->n == 0)
        label_print(ret, "reserved");
}

static void write_counter(FILE *out, const struct telegram *t, unsigned i,
                          const struct telegram_item *item)
{
    bool is_stored = t->header.status & FIXED_STATUS_STORED;
    const struct decoded_value *v = &item->record.value;
    struct label unit = { 0 }, value = { 0 };

    show_fixed_unit(t->fixed_units[i] & 0x3F, &unit);
    if (v->state == VALUE_NO_NUMBER || (v->kind == VALUE_BCD && v->state == VALUE_INVALID))
        label_hex(&value, item->raw, item->n);
    else if (v->state != VALUE_INVALID)
        label_print(&value, "%lld", (long long)v->integer);
    write_text(out, "Function", is_stored ? "Stored value" : "Actual value");
    write_element(out, "Unit", &unit);
    write_element(out, "Value", &value);
}

static void write_items(FILE *out, const struct telegram *t, unsigned first)
{
    struct telegram_walk walk = telegram_walk_over(t);
    struct telegram_item item;

    for (unsigned n = 0; telegram_next(&walk, &item);) {
        if (item.kind == ITEM_FILL || item.kind == ITEM_REST)
            continue;
        fprintf(out, "    <DataRecord id=\"%u\">\n", first + n);
        if (item.kind == ITEM_RECORD)
            write_record(out, &item);
        else if (item.kind == ITEM_COUNTER)
            write_counter(out, t, n, &item);
        else
            write_tail(out, &item);
        fputs("    </DataRecord>\n\n", out);
        n++;
    }
}

static void write_error(FILE *out, uint8_t code)
{
    const char *text = xml_error(code);

    fputs("    <SlaveInformation>\n", out);
    write_text(out, "Error", text ? text : application_error_text(code));
    fputs("    </SlaveInformation>\n\n", out);
}

/* The header of the first telegram is that of the answer. */
static void write_content(FILE *out, const struct found *found, bool has_header)
{
    const struct telegram *t = &found->telegram;

    if (!found->is_telegram)
        return;
    if (t->kind == TELEGRAM_ERROR) {
        write_error(out, t->code);
        return;
    }
    if (has_header || t->kind == TELEGRAM_ALARM)
        write_slave(out, t);
    write_items(out, t, found->item);
}

static void begin_element(FILE *out)
{
    fputs("<MBusData>\n\n", out);
}

static void end_element(FILE *out)
{
    fputs("</MBusData>\n", out);
}

static void begin(FILE *out, unsigned n)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
    if (n != 1)
        fputs("<MBusTelegrams>\n", out);
}

static void write_telegram(FILE *out, const struct found *found)
{
    begin_element(out);
    write_content(out, found, true);
    end_element(out);
}

static void end(FILE *out, unsigned n)
{
    if (n != 1)
        fputs("</MBusTelegrams>\n", out);
}

static void begin_answer(FILE *out, unsigned n)
{
    begin(out, n);
    begin_element(out);
}

static void write_part(FILE *out, const struct found *found)
{
    write_content(out, found, found->number == 1);
}

static void end_answer(FILE *out, unsigned n)
{
    end_element(out);
    end(out, n);
}

const struct write_form write_xml = { begin, write_telegram, end };
const struct write_form write_xml_answer = { begin_answer, write_part, end_answer };
