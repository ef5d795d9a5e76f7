#include "store/ledger_layout.h"

#include "store/setting.h"

/* What a key is made of begins with what it is the key of. */
enum {
    KEY_OF_METER = 1,
    KEY_OF_RECORD,
    KEY_OF_PATH,
};

uint64_t ledger_check_of_header(const struct ledger_header *header)
{
    uint64_t sum = ledger_mix(LEDGER_MAGIC, header->magic);

    sum = ledger_mix(sum, (uint64_t)header->version << 32 | header->slot_size);
    sum = ledger_mix(sum, header->n_slots);
    return ledger_mix(sum, header->state);
}

/* Byte by byte, and the end. */
static uint64_t mix_text(uint64_t sum, const char *text)
{
    for (; *text; text++)
        sum = ledger_mix(sum, (unsigned char)*text);
    return ledger_mix(sum, 0);
}

uint64_t ledger_key_of_meter(const struct meter_def *def)
{
    return mix_text(KEY_OF_METER, def->name);
}

uint64_t ledger_key_of_record(const struct meter_def *def, const struct meter_record *record)
{
    uint64_t sum = mix_text(mix_text(KEY_OF_RECORD, def->name), record->name);
    struct record_key key;

    record_key_of(&record->wire, &key);
    for (size_t i = 0; i < key.n; i++)
        sum = ledger_mix(sum, key.bytes[i]);
    return ledger_mix(sum, (uint64_t)record->counting.resolution);
}

uint64_t ledger_key_of_path(const char *path)
{
    return mix_text(KEY_OF_PATH, path);
}
