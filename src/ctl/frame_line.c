#include "ctl/frame_line.h"

#include <string.h>

#include "base/macros.h"
#include "ctl/shown.h"
#include "mbus/application_error.h"
#include "mbus/frame.h"
#include "mbus/link.h"
#include "mbus/telegram.h"

#define HEX_SHORT 8U
#define RECORDS_SHOWN 3U

void frame_line_hex(const uint8_t *bytes, size_t n, size_t most, struct label *ret)
{
    size_t shown = most > 0 && n > most ? most : n;

    for (size_t i = 0; i < shown; i++)
        label_print(ret, "%s%02X", i > 0 ? " " : "", bytes[i]);
    if (shown < n)
        label_print(ret, " ... (%zu bytes)", n);
}

/* ---- what a master sends --------------------------------------------------------------------- */

/* mbus-protocol 6. */
static void add_address(uint8_t a, const char *preposition, struct label *ret)
{
    static const struct {
        uint8_t a;
        const char *meaning;
    } special[] = {
        { ADDRESS_SELECTED, "the selected" },
        { ADDRESS_TEST, "whoever is there" },
        { ADDRESS_BROADCAST, "all" },
    };

    label_print(ret, " %s %u", preposition, a);
    for (size_t i = 0; i < ARRAY_SIZE(special); i++) {
        if (special[i].a == a)
            label_print(ret, " (%s)", special[i].meaning);
    }
}

static void add_function(const struct frame *f, struct label *ret)
{
    const char *name = link_function_name(f->c);

    if (name)
        label_print(ret, "%s", name);
    else
        label_print(ret, "C %02X", f->c);
    if (f->c & C_PRM && f->c & C_FCV)
        label_print(ret, " FCB=%u", f->c & C_FCB ? 1 : 0);
    if (!(f->c & C_PRM) && f->c & C_ACD)
        label_print(ret, " ACD");
    if (!(f->c & C_PRM) && f->c & C_DFC)
        label_print(ret, " DFC");
}

/* Eight bytes of a selection (mbus-protocol 7.1): digits and bytes with all bits set are any. */
static void add_selection(const uint8_t *bytes, struct label *ret)
{
    uint16_t manufacturer = (uint16_t)bytes_le(bytes + 4, 2);

    label_print(ret, "%08X ", (unsigned)bytes_le(bytes, 4));
    if (manufacturer == 0xFFFF)
        label_print(ret, "any");
    else
        shown_manufacturer(manufacturer, ret);
    if (bytes[6] == 0xFF)
        label_print(ret, " version any ");
    else
        label_print(ret, " version %u ", bytes[6]);
    if (bytes[7] == 0xFF)
        label_print(ret, "any medium");
    else
        (void)shown_medium(bytes[7], ret);
}

/* The object action among the VIFE (mbus-records 9.1), or what a record without one does. */
static const char *action_of(const struct decoded_record *r)
{
    struct modifier_walk walk = { .vib = &r->vib, .direction = FROM_MASTER };
    struct modifier modifier;

    while (modifier_next(&walk, &modifier)) {
        if (modifier.kind == MODIFIER_ACTION && modifier.name)
            return modifier.name;
    }
    return r->dib.data_field == DATA_FIELD_SELECTION ? "read" : "set";
}

/* "set volume 456 m3" */
static void add_order(const struct decoded_record *r, struct label *ret)
{
    struct shown shown;
    struct label value = { 0 };
    bool is_id;

    shown_of(r, &shown);
    is_id = strcmp(shown.quantity, "identification") == 0 && r->value.kind == VALUE_BCD;
    label_print(ret, "%s %s", action_of(r),
                strcmp(shown.quantity, "bus_address") == 0 ? "address" : shown.quantity);
    if (r->dib.storage > 0)
        label_print(ret, " storage %llu", (unsigned long long)r->dib.storage);
    if (shown.kind == SHOWN_NOTHING)
        return;
    shown_cell(r, &shown, &value);
    label_print(ret, " ");
    if (is_id)
        label_print(ret, "%08llu", (unsigned long long)r->value.integer);
    else
        label_add(ret, value.bytes, value.n);
    if (shown.unit.n > 0)
        label_print(ret, " ");
    label_add(ret, shown.unit.bytes, shown.unit.n);
}

/* What stands behind a CI field with records for the slave. */
static void add_orders(const uint8_t *bytes, size_t n, struct label *ret)
{
    struct reader r = reader_over(bytes, n);
    struct decoded_record record;
    struct decode_fault fault;
    unsigned count = 0;

    while (reader_left(&r) > 0) {
        uint8_t dif = *r.at, special;

        if (dif == DIF_FILL) {
            (void)read_u8(&r, &special);
            continue;
        }
        label_print(ret, "%s", count++ > 0 ? ", " : "");
        if (count > RECORDS_SHOWN) {
            label_print(ret, "...");
            return;
        }
        if (dif == DIF_GLOBAL_READOUT) {
            (void)read_u8(&r, &special);
            label_print(ret, "read all");
        } else if (dif_is_special(dif)) {
            label_print(ret, "manufacturer data");
            return;
        } else if (record_decode(&r, FROM_MASTER, &record, &fault)) {
            add_order(&record, ret);
        } else {
            label_print(ret, "%s", decode_reason_text(fault.reason));
            return;
        }
    }
    if (count == 0)
        label_print(ret, "no records");
}

static void add_reset(const uint8_t *data, size_t n, struct label *ret)
{
    label_print(ret, "application reset");
    if (n > 0)
        label_print(ret, " %02X", data[0]);
}

static void add_synchronise(const uint8_t *data, size_t n, struct label *ret)
{
    (void)data;
    (void)n;
    label_print(ret, "synchronise");
}

static void add_select(const uint8_t *data, size_t n, struct label *ret)
{
    label_print(ret, "select ");
    if (n < 8)
        frame_line_hex(data, n, HEX_SHORT, ret);
    else
        add_selection(data, ret);
    if (n > 8) {
        label_print(ret, ", ");
        add_orders(data + 8, n - 8, ret);
    }
}

/* mbus-protocol 8.1: the CI field, the header behind it, and who says what the rest is. */
static const struct {
    uint8_t ci;
    enum header_kind header;
    void (*add)(const uint8_t *data, size_t n, struct label *ret);
} orders[] = {
    { CI_RESET, HEADER_NONE, add_reset },
    { CI_DATA, HEADER_NONE, add_orders },
    { CI_SELECT, HEADER_NONE, add_select },
    { CI_RESET_LONG, HEADER_LONG, add_reset },
    { CI_SYNCHRONISE_OLD, HEADER_NONE, add_synchronise },
    { CI_DATA_SHORT, HEADER_SHORT, add_orders },
    { CI_DATA_LONG, HEADER_LONG, add_orders },
    { CI_SYNCHRONISE, HEADER_NONE, add_synchronise },
};

/* What an order behind a header is; the long one says for whom. */
static void add_body(const struct frame *f, size_t i, struct label *ret)
{
    size_t skip = header_size(orders[i].header);

    if (f->n < skip) {
        label_print(ret, "%s", decode_reason_text(DECODE_HEADER_CUT_OFF));
        return;
    }
    if (orders[i].header == HEADER_LONG) {
        label_print(ret, "for ");
        add_selection(f->data, ret);
        label_print(ret, ", ");
    }
    orders[i].add(f->data + skip, f->n - skip, ret);
}

/* mbus-protocol 13.4. */
static bool add_rate(uint8_t ci, struct label *ret)
{
    static const unsigned rates[] = { 300, 600, 1200, 2400, 4800, 9600, 19200, 38400 };

    if (ci < CI_RATE_FIRST || ci > CI_RATE_LAST)
        return false;
    label_print(ret, ": set %u baud", rates[ci - CI_RATE_FIRST]);
    return true;
}

static void add_send(const struct frame *f, struct label *ret)
{
    add_function(f, ret);
    label_print(ret, " CI %02X", f->ci);
    add_address(f->a, "to", ret);
    if (add_rate(f->ci, ret))
        return;
    label_print(ret, ", %zu %s", f->n, f->n == 1 ? "byte" : "bytes");
    for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
        if (orders[i].ci == f->ci) {
            label_print(ret, ": ");
            add_body(f, i, ret);
        }
    }
}

/* ---- what a slave answers -------------------------------------------------------------------- */

static void add_who(const struct telegram *t, struct label *ret)
{
    const struct ident *ident = &t->header.ident;

    if (t->kind == TELEGRAM_FIXED) {
        label_print(ret, "%08X ", ident->id);
        (void)shown_medium(ident->medium, ret);
        label_print(ret, ", ");
    } else if (t->header_kind == HEADER_LONG) {
        label_print(ret, "%08X ", ident->id);
        shown_manufacturer(ident->manufacturer, ret);
        label_print(ret, " ");
        (void)shown_medium(ident->medium, ret);
        label_print(ret, ", ");
    }
}

/* "5 records, status 10, more follow" */
static void add_contents(const struct telegram *t, struct label *ret)
{
    struct telegram_walk walk = telegram_walk_over(t);
    struct telegram_item item;
    const char *what = t->kind == TELEGRAM_FIXED ? "counter" : "record", *wrong = NULL;
    unsigned n = 0;
    bool more = false;

    while (telegram_next(&walk, &item)) {
        n += item.kind == ITEM_RECORD || item.kind == ITEM_COUNTER;
        more = more || (item.kind == ITEM_MANUFACTURER && item.more);
        if (item.kind == ITEM_REST)
            wrong = decode_reason_text(item.fault.reason);
    }
    label_print(ret, "%u %s%s", n, what, n == 1 ? "" : "s");
    if (t->header.status)
        label_print(ret, ", status %02X", t->header.status);
    if (more)
        label_print(ret, ", more follow");
    if (wrong)
        label_print(ret, ", then %s", wrong);
}

static void add_answer(const struct frame *f, const uint8_t *bytes, size_t n, struct label *ret)
{
    struct telegram t;
    struct decode_fault fault;

    add_function(f, ret);
    add_address(f->a, "from", ret);
    label_print(ret, ": ");
    if (!telegram_decode(bytes, n, &t, &fault)) {
        label_print(ret, "CI %02X, %zu bytes: %s", f->ci, f->n, decode_reason_text(fault.reason));
        return;
    }
    add_who(&t, ret);
    switch (t.kind) {
    case TELEGRAM_ERROR:
        label_print(ret, "application error %02X: %s", t.code, application_error_text(t.code));
        break;
    case TELEGRAM_ALARM:
        label_print(ret, "alarm %02X", t.code);
        break;
    case TELEGRAM_RECORDS:
    case TELEGRAM_FIXED:
        add_contents(&t, ret);
        break;
    }
}

void frame_line(const uint8_t *bytes, size_t n, struct label *ret)
{
    struct frame frame;

    if (n == 0)
        return;
    if (frame_parse(bytes, n, &frame) != FRAME_GOOD) {
        frame_line_hex(bytes, n, HEX_SHORT, ret);
        return;
    }
    switch (frame.kind) {
    case FRAME_KIND_ACK:
        label_print(ret, "E5");
        break;
    case FRAME_KIND_SHORT:
        add_function(&frame, ret);
        add_address(frame.a, frame.c & C_PRM ? "to" : "from", ret);
        break;
    case FRAME_KIND_LONG:
        if (frame.c & C_PRM)
            add_send(&frame, ret);
        else
            add_answer(&frame, bytes, n, ret);
        break;
    }
}
