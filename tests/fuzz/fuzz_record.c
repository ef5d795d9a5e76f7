/* Any text as the settings of a record, and any bytes as one: what the configuration takes encodes
 * to a record of the size that was said, decodes to what was meant, and encodes to the same bytes.
 * Input: a text if its first byte is one of a text, else a struct record. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"
#include "mbus/record_decode.h"
#include "mbus/vib_meaning.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORD_MAX 600U

static void check_value(const struct record *record, const struct decoded_record *d)
{
    const struct decoded_value *v = &d->value;

    if (record->dib.data_field == DATA_FIELD_VARIABLE && v->lvar != record->lvar)
        abort();
    if (v->kind == VALUE_SIGNED && v->integer != record->value.integer)
        abort();
    if ((v->kind == VALUE_UNSIGNED || v->kind == VALUE_BITS) &&
        record->dib.data_field != DATA_FIELD_VARIABLE && v->word != (uint64_t)record->value.integer)
        abort();
    if (v->kind == VALUE_BCD && record->dib.data_field != DATA_FIELD_VARIABLE &&
        v->integer != record->value.integer)
        abort();
}

static void check_dib(const struct dib *a, const struct dib *b)
{
    if (a->data_field != b->data_field || a->function != b->function || a->storage != b->storage ||
        a->tariff != b->tariff || a->subunit != b->subunit)
        abort();
}

/* There and back; the value is compared where it went through the configuration, which sees to it
 * that it fits. */
static void check_record(const struct record *record, bool is_checked)
{
    uint8_t bytes[RECORD_MAX], again[RECORD_MAX];
    struct writer w = writer_over(bytes, sizeof(bytes)),
                  w_again = writer_over(again, sizeof(again));
    struct decoded_record decoded;
    struct decode_fault fault;

    record_encode(record, &w);
    if (w.failed || w.n != record_size(record))
        abort();
    struct reader r = reader_over(bytes, w.n);
    if (!record_decode(&r, FROM_SLAVE, &decoded, &fault) || reader_left(&r) > 0)
        abort();
    check_dib(&record->dib, &decoded.dib);
    if (is_checked)
        check_value(record, &decoded);
    decoded_record_encode(&decoded, &w_again);
    if (w_again.n != w.n || memcmp(bytes, again, w.n) != 0)
        abort();
}

static void try_text(const uint8_t *data, size_t size)
{
    static const char begin[] = "port = { device = \"pty\"; };\nmeter = { records = ( { "
                                "name = \"r\"; ";
    static const char end[] = " } ); };\n";
    struct config_messages messages = { 0 };
    struct config *config = NULL;
    char path[64];
    int fd = memfd_create("record", MFD_CLOEXEC);

    if (fd < 0 || write(fd, begin, strlen(begin)) < 0 || write(fd, data, size) < 0 ||
        write(fd, end, strlen(end)) < 0)
        abort();
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (config_load(path, NULL, &config, &messages) == 0) {
        for (size_t i = 0; i < config->n_meters; i++)
            for (size_t j = 0; j < config->meters[i].n_records; j++)
                check_record(&config->meters[i].records[j].wire, true);
    }
    config_messages_done(&messages);
    config_free(config);
    close(fd);
}

/* A record as bytes of every member; what no configuration makes is put right. */
static void try_struct(const uint8_t *data, size_t size)
{
    static const uint8_t fields[] = { 0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6,
                                      0x7, 0x9, 0xA, 0xB, 0xC, 0xE };
    uint8_t raw[32] = { 0 };
    struct record record = { 0 };
    int64_t min, max;

    memcpy(raw, data, size < sizeof(raw) ? size : sizeof(raw));
    record.dib = (struct dib){
        .data_field = (enum data_field)fields[raw[1] % sizeof(fields)],
        .function = (enum dif_function)(raw[2] & 3),
        .storage = bytes_le(raw + 3, 6) & DIF_STORAGE_MAX,
        .tariff = (uint32_t)bytes_le(raw + 9, 3) & DIF_TARIFF_MAX,
        .subunit = (uint16_t)(bytes_le(raw + 12, 2) & DIF_SUBUNIT_MAX),
        .n_dife = raw[14] % (DIFE_MAX + 1),
    };
    record.vib.bytes[0] = raw[15] & 0x7F;
    record.vib.n = 1;
    if (record.vib.bytes[0] == VIF_TEXT)
        record.vib.bytes[0] = 0;
    if (raw[16] & 1) {
        record.vib.bytes[0] |= 0x80;
        record.vib.bytes[record.vib.n++] = raw[17] & 0x7F;
    }
    memcpy(&record.value.real, raw + 18, sizeof(float));
    record.value.integer = (int64_t)bytes_le(raw + 18, 8);
    if (value_range(record.dib.data_field, CODING_SIGNED, &min, &max) &&
        (record.value.integer < min || record.value.integer > max))
        record.value.integer = max;
    check_record(&record, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] >= ' ' && data[0] < 0x7F)
        try_text(data, size);
    else
        try_struct(data, size);
    return 0;
}
