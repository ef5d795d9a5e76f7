#include "mbus/telegram.h"

#include "base/macros.h"
#include "mbus/fixed.h"
#include "mbus/frame.h"
#include "mbus/link.h"

#define C_DIRECTION_AND_FUNCTION 0xCFU /* without ACD and DFC */

static const struct {
    uint8_t ci;
    enum telegram_kind kind;
    enum header_kind header;
} answers[] = {
    { 0x6E, TELEGRAM_ERROR, HEADER_SHORT },
    { 0x6F, TELEGRAM_ERROR, HEADER_LONG },
    { CI_APPLICATION_ERROR, TELEGRAM_ERROR, HEADER_NONE },
    { CI_ALARM, TELEGRAM_ALARM, HEADER_NONE },
    { CI_VARIABLE, TELEGRAM_RECORDS, HEADER_LONG },
    { CI_FIXED, TELEGRAM_FIXED, HEADER_NONE },
    { 0x74, TELEGRAM_ALARM, HEADER_SHORT },
    { 0x75, TELEGRAM_ALARM, HEADER_LONG },
    { 0x78, TELEGRAM_RECORDS, HEADER_NONE },
    { 0x7A, TELEGRAM_RECORDS, HEADER_SHORT },
};

static bool fail(enum decode_reason reason, size_t offset, size_t missing, struct decode_fault *ret)
{
    *ret = (struct decode_fault){ .reason = reason, .offset = offset, .missing = missing };
    return false;
}

/* mbus-protocol 3.2, and at which byte it is not kept. */
static bool check_frame(const uint8_t *bytes, size_t n, struct decode_fault *ret)
{
    static const enum decode_reason reasons[FRAME_FAULTS] = {
        [FRAME_BAD_START] = DECODE_NO_START,
        [FRAME_BAD_LENGTH] = DECODE_BAD_LENGTH,
        [FRAME_BAD_SECOND_START] = DECODE_NO_SECOND_START,
        [FRAME_BAD_CHECKSUM] = DECODE_BAD_CHECKSUM,
        [FRAME_BAD_STOP] = DECODE_NO_STOP,
    };
    struct frame_scan scan = { 0 };
    enum frame_fault fault = FRAME_GOOD;

    for (size_t i = 0; i < n; i++) {
        enum frame_step step = frame_scan_byte(&scan, bytes[i], &fault);

        if (step == FRAME_BROKEN)
            return fail(reasons[fault], i, 0, ret);
        if (step == FRAME_COMPLETE)
            return i + 1 == n || fail(DECODE_BYTES_BEHIND, i + 1, 0, ret);
    }
    return fail(DECODE_FRAME_CUT_OFF, n, scan.size > n ? scan.size - n : 1, ret);
}

/* The 16 bytes of mbus-protocol 11; the counters stay in the body. */
static bool decode_fixed(const uint8_t *bytes, size_t n, struct telegram *ret,
                         struct decode_fault *fault)
{
    int type;

    if (n != FIXED_SIZE)
        return fail(DECODE_FIXED_SIZE, n < FIXED_SIZE ? n : FIXED_SIZE, 0, fault);
    ret->fixed_units[0] = bytes[6];
    ret->fixed_units[1] = bytes[7];
    type = fixed_device_type((uint8_t)(bytes[7] >> 6 << 2 | bytes[6] >> 6));
    ret->header = (struct header){
        .ident = { .id = (uint32_t)bytes_le(bytes, 4),
                   .medium = type < 0 ? MEDIUM_WILDCARD : (uint8_t)type },
        .access = bytes[4],
        .status = bytes[5],
    };
    ret->body = bytes + 8;
    ret->n_body = n - 8;
    ret->body_offset = 8;
    return true;
}

static bool decode_code(const uint8_t *bytes, size_t n, struct telegram *ret,
                        struct decode_fault *fault)
{
    ret->has_code = n > 0;
    if (!ret->has_code && ret->kind == TELEGRAM_ALARM)
        return fail(DECODE_ALARM_CUT_OFF, ret->body_offset, 1, fault);
    ret->code = ret->has_code ? bytes[0] : 0;
    ret->body = bytes + ret->has_code;
    ret->n_body = n - ret->has_code;
    ret->body_offset += ret->has_code;
    return true;
}

bool telegram_decode_body(uint8_t ci, const uint8_t *bytes, size_t n, struct telegram *ret,
                          struct decode_fault *ret_fault)
{
    size_t i = 0, size;

    while (i < ARRAY_SIZE(answers) && answers[i].ci != ci)
        i++;
    if (i == ARRAY_SIZE(answers))
        return fail(ci == 0x76 || ci == 0x77 ? DECODE_MODE_2 : DECODE_UNKNOWN_CI, 0, 0, ret_fault);
    *ret = (struct telegram){ .kind = answers[i].kind, .ci = ci, .header_kind = answers[i].header };
    if (ret->kind == TELEGRAM_FIXED)
        return decode_fixed(bytes, n, ret, ret_fault);
    size = header_size(ret->header_kind);
    if (n < size)
        return fail(DECODE_HEADER_CUT_OFF, n, size - n, ret_fault);
    header_decode(ret->header_kind, bytes, &ret->header);
    ret->body = bytes + size;
    ret->n_body = n - size;
    ret->body_offset = size;
    return ret->kind == TELEGRAM_RECORDS || decode_code(ret->body, ret->n_body, ret, ret_fault);
}

bool telegram_decode(const uint8_t *bytes, size_t n, struct telegram *ret,
                     struct decode_fault *ret_fault)
{
    struct frame frame;

    if (!check_frame(bytes, n, ret_fault))
        return false;
    frame_split(bytes, n, &frame);
    if (frame.kind != FRAME_KIND_LONG)
        return fail(DECODE_NO_DATA, 0, 0, ret_fault);
    if ((frame.c & C_DIRECTION_AND_FUNCTION) != C_RSP_UD)
        return fail(DECODE_NO_ANSWER, FRAME_DATA_OFFSET - 3, 0, ret_fault);
    if (!telegram_decode_body(frame.ci, frame.data, frame.n, ret, ret_fault)) {
        bool is_ci = ret_fault->reason == DECODE_UNKNOWN_CI || ret_fault->reason == DECODE_MODE_2;

        ret_fault->offset += is_ci ? FRAME_DATA_OFFSET - 1 : FRAME_DATA_OFFSET;
        return false;
    }
    ret->c = frame.c;
    ret->a = frame.a;
    ret->body_offset += FRAME_DATA_OFFSET;
    return true;
}

struct telegram_walk telegram_walk_over(const struct telegram *telegram)
{
    return (struct telegram_walk){ .telegram = telegram,
                                   .reader = reader_over(telegram->body, telegram->n_body) };
}

/* A counter as the record that would say the same (mbus-protocol 11). */
static void next_counter(struct telegram_walk *walk, struct decoded_record *ret)
{
    const struct telegram *t = walk->telegram;
    uint8_t unit = t->fixed_units[walk->counter] & 0x3F;
    bool is_historic = walk->counter == 1 && unit == FIXED_UNIT_HISTORIC;
    struct fixed_meaning meaning = { 0 };
    const uint8_t *data;

    if (is_historic)
        unit = t->fixed_units[0] & 0x3F;
    (void)fixed_unit_meaning(unit, &meaning);
    (void)read_bytes(&walk->reader, 4, &data);
    *ret = (struct decoded_record){
        .dib = { .data_field =
                     t->header.status & FIXED_STATUS_BINARY ? DATA_FIELD_INT32 : DATA_FIELD_BCD8,
                 .storage = is_historic || t->header.status & FIXED_STATUS_STORED },
        .quantity = meaning.quantity,
        .base = meaning.base,
        .exponent = meaning.exponent,
    };
    value_decode(ret->dib.data_field, 0, VIF_NUMBER, data, 4, &ret->value);
    walk->counter++;
}

static void next_rest(struct telegram_walk *walk, size_t at, struct telegram_item *ret)
{
    struct reader *r = &walk->reader;

    ret->kind = ITEM_REST;
    ret->fault.offset = at;
    ret->data = ret->raw;
    ret->n_data = (size_t)(r->end - ret->raw);
    r->at = r->end;
}

/* A DIF whose low nibble is F (mbus-records 1). */
static void next_special(struct telegram_walk *walk, struct telegram_item *ret)
{
    struct reader *r = &walk->reader;
    uint8_t dif = *r->at;

    switch (dif) {
    case DIF_FILL:
        ret->kind = ITEM_FILL;
        while (r->at < r->end && *r->at == DIF_FILL)
            r->at++;
        break;
    case DIF_MANUFACTURER:
    case DIF_MORE_FOLLOWS:
        ret->kind = ITEM_MANUFACTURER;
        ret->more = dif == DIF_MORE_FOLLOWS;
        ret->data = r->at + 1;
        ret->n_data = reader_left(r) - 1;
        r->at = r->end;
        break;
    default:
        ret->fault =
            (struct decode_fault){ .reason = dif == DIF_GLOBAL_READOUT ? DECODE_GLOBAL_READOUT
                                                                       : DECODE_RESERVED_DIF };
        next_rest(walk, ret->offset, ret);
        break;
    }
}

bool telegram_next(struct telegram_walk *walk, struct telegram_item *ret)
{
    const struct telegram *t = walk->telegram;
    struct reader *r = &walk->reader;

    ret->kind = ITEM_END;
    ret->raw = r->at;
    ret->offset = t->body_offset + (size_t)(r->at - t->body);
    if (reader_left(r) == 0 || t->kind == TELEGRAM_ERROR || t->kind == TELEGRAM_ALARM)
        return false;
    if (t->kind == TELEGRAM_FIXED) {
        ret->kind = ITEM_COUNTER;
        next_counter(walk, &ret->record);
    } else if (dif_is_special(*r->at)) {
        next_special(walk, ret);
    } else if (record_decode(r, FROM_SLAVE, &ret->record, &ret->fault)) {
        ret->kind = ITEM_RECORD;
    } else {
        next_rest(walk, t->body_offset + (size_t)(r->at - t->body), ret);
    }
    ret->n = (size_t)(r->at - ret->raw);
    return true;
}

void telegram_item_encode(const struct telegram_item *item, struct writer *w)
{
    switch (item->kind) {
    case ITEM_END:
        break;
    case ITEM_RECORD:
        decoded_record_encode(&item->record, w);
        break;
    case ITEM_COUNTER:
        decoded_value_encode(item->record.dib.data_field, &item->record.value, w);
        break;
    case ITEM_FILL:
        for (size_t i = 0; i < item->n; i++)
            write_u8(w, DIF_FILL);
        break;
    case ITEM_MANUFACTURER:
        write_u8(w, item->more ? DIF_MORE_FOLLOWS : DIF_MANUFACTURER);
        write_bytes(w, item->data, item->n_data);
        break;
    case ITEM_REST:
        write_bytes(w, item->data, item->n_data);
        break;
    }
}

void telegram_header_encode(const struct telegram *telegram, struct writer *w)
{
    if (telegram->kind == TELEGRAM_FIXED) {
        write_le(w, telegram->header.ident.id, 4);
        write_u8(w, telegram->header.access);
        write_u8(w, telegram->header.status);
        write_bytes(w, telegram->fixed_units, sizeof(telegram->fixed_units));
        return;
    }
    header_encode(telegram->header_kind, &telegram->header, w);
    if (telegram->has_code)
        write_u8(w, telegram->code);
    if (telegram->kind != TELEGRAM_RECORDS)
        write_bytes(w, telegram->body, telegram->n_body);
}

size_t telegram_encode_again(const struct telegram *telegram, uint8_t *frame)
{
    struct writer w = writer_over(frame + FRAME_DATA_OFFSET, FRAME_MAX - FRAME_DATA_OFFSET - 2);
    struct telegram_walk walk = telegram_walk_over(telegram);
    struct telegram_item item;

    telegram_header_encode(telegram, &w);
    while (telegram_next(&walk, &item))
        telegram_item_encode(&item, &w);
    if (w.failed)
        return 0;
    return frame_seal_long(frame, telegram->c, telegram->a, telegram->ci, w.n);
}
