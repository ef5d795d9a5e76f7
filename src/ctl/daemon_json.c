#include "ctl/daemon_json.h"

#include "ctl/utf8.h"

typedef unsigned long long number;

static void write_text(FILE *out, const char *key, const char *text)
{
    fprintf(out, "\"%s\":", key);
    utf8_write_json(out, text);
}

void daemon_json_optional(FILE *out, const char *key, const char *text)
{
    write_text(out, key, *text ? text : NULL);
}

static const char *boolean(bool is)
{
    return is ? "true" : "false";
}

void daemon_json_port(FILE *out, const struct port_entry *p)
{
    write_text(out, "device", p->device);
    fputc(',', out);
    write_text(out, "kind", p->kind);
    fprintf(out, ",\"open\":%s,", boolean(p->is_open));
    daemon_json_optional(out, "trouble", p->trouble);
    if (p->baud > 0)
        fprintf(out, ",\"baud\":%u", p->baud);
    else
        fputs(",\"baud\":null", out);
    fprintf(out, ",\"meters\":%u,\"requests\":%llu,\"answers\":%llu", p->meters,
            (number)p->requests, (number)p->answers);
    fprintf(out, ",\"bad_frames\":%llu,\"foreign\":%llu,\"late\":%llu", (number)p->bad_frames,
            (number)p->foreign, (number)p->late);
}

void daemon_json_meter(FILE *out, const struct meter_entry *m)
{
    write_text(out, "name", m->name);
    fprintf(out, ",\"address\":%u,", m->address);
    write_text(out, "id", m->id);
    fputc(',', out);
    write_text(out, "manufacturer", m->manufacturer);
    fprintf(out, ",\"version\":%u,", m->version);
    write_text(out, "medium", m->medium);
    fprintf(out, ",\"access\":%u,\"status\":%u,\"silent\":%s,\"errors\":%u", m->access, m->status,
            boolean(m->is_mute), m->errors);
    fprintf(out, ",\"requests\":%llu,\"answers\":%llu,\"refused\":%llu", (number)m->requests,
            (number)m->answers, (number)m->refused);
}

static void write_label(FILE *out, const char *key, const struct label *label)
{
    fprintf(out, ",\"%s\":\"", key);
    text_write(out, TEXT_JSON, label->bytes, label->n);
    fputc('"', out);
}

/* As decode --json has them. */
static void write_shown(FILE *out, const struct shown *shown)
{
    if (*shown->quantity)
        fprintf(out, ",\"quantity\":\"%s\"", shown->quantity);
    else
        fputs(",\"quantity\":null", out);
    if (shown->unit.n > 0)
        write_label(out, "unit", &shown->unit);
    else
        fputs(",\"unit\":null", out);
    if (shown->kind == SHOWN_STRING) {
        write_label(out, "value", &shown->value);
    } else {
        fputs(",\"value\":", out);
        if (shown->kind == SHOWN_NOTHING)
            fputs("null", out);
        text_write(out, TEXT_JSON, shown->value.bytes, shown->value.n);
    }
}

void daemon_json_record(FILE *out, const struct record_entry *entry)
{
    struct decoded_record record;
    struct shown shown;
    bool is_record = daemon_record_shown(entry, &record, &shown);

    write_text(out, "name", entry->name);
    fputc(',', out);
    write_text(out, "source", entry->kind);
    fprintf(out, ",\"function\":\"%s\"", shown.function);
    if (is_record)
        fprintf(out, ",\"storage\":%llu,\"tariff\":%u,\"subunit\":%u", (number)record.dib.storage,
                record.dib.tariff, record.dib.subunit);
    write_shown(out, &shown);
    fputs(",\"raw\":\"", out);
    text_write_hex(out, entry->bytes, entry->n, "");
    fputs("\",", out);
    daemon_json_optional(out, "error", shown.error ? shown.error : "");
    fputc(',', out);
    daemon_json_optional(out, "trouble", entry->trouble);
    if (entry->age == UINT64_MAX)
        fputs(",\"age\":null", out);
    else
        fprintf(out, ",\"age\":%.3f", (double)entry->age / 1e6);
    fprintf(out, ",\"writable\":%s", boolean(entry->is_writable));
}
