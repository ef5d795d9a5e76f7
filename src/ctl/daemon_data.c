#include "ctl/daemon_data.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "ctl/colour.h"
#include "ctl/ctl.h"

bool daemon_list_begin(struct daemon *d, const char *member, const char *argument,
                       struct daemon_list *ret)
{
    int r;

    *ret = (struct daemon_list){ .member = member };
    if (!daemon_call(d, DAEMON_PATH, DAEMON_MANAGER, member, argument, &ret->reply))
        return false;
    r = sd_bus_message_enter_container(ret->reply, SD_BUS_TYPE_ARRAY, NULL);
    if (r > 0)
        return true;
    ret->reply = sd_bus_message_unref(ret->reply);
    return daemon_misunderstood(member, r);
}

/* What reading an entry has come to: true where there was one. */
static bool judge(struct daemon_list *list, int r)
{
    if (r >= 0)
        return r > 0;
    list->failed = true;
    return daemon_misunderstood(list->member, r);
}

bool daemon_next_port(struct daemon_list *list, struct port_entry *ret)
{
    int is_open = 0;
    int r = sd_bus_message_read(list->reply, "(ssbsuuttttt)", &ret->device, &ret->kind, &is_open,
                                &ret->trouble, &ret->baud, &ret->meters, &ret->requests,
                                &ret->answers, &ret->bad_frames, &ret->foreign, &ret->late);

    ret->is_open = is_open;
    return judge(list, r);
}

bool daemon_next_meter(struct daemon_list *list, struct meter_entry *ret)
{
    int is_mute = 0;
    int r = sd_bus_message_read(list->reply, "(syssysyybuttt)", &ret->name, &ret->address, &ret->id,
                                &ret->manufacturer, &ret->version, &ret->medium, &ret->access,
                                &ret->status, &is_mute, &ret->errors, &ret->requests, &ret->answers,
                                &ret->refused);

    ret->is_mute = is_mute;
    return judge(list, r);
}

int daemon_read_value(sd_bus_message *m, struct daemon_value *ret)
{
    const char *type;
    int r = sd_bus_message_peek_type(m, NULL, &type);

    *ret = (struct daemon_value){ 0 };
    if (r < 0)
        return r;
    if (strcmp(type, "x") == 0)
        return sd_bus_message_read(m, "v", "x", &ret->number.integer);
    if (strcmp(type, "s") == 0)
        return sd_bus_message_read(m, "v", "s", &ret->text);
    ret->number.is_real = true;
    return sd_bus_message_read(m, "v", "d", &ret->number.real);
}

int daemon_append_number(sd_bus_message *m, const struct number *number)
{
    if (number->is_real)
        return sd_bus_message_append(m, "v", "d", number->real);
    return sd_bus_message_append(m, "v", "x", number->integer);
}

/* A variant and a byte array in it: not for one call to read. */
static int read_record(sd_bus_message *m, struct record_entry *ret)
{
    int is_writable = 0;
    int r = sd_bus_message_enter_container(m, SD_BUS_TYPE_STRUCT, "ssayvsstb");

    if (r <= 0)
        return r;
    r = sd_bus_message_read(m, "ss", &ret->name, &ret->kind);
    if (r >= 0)
        r = sd_bus_message_read_array(m, 'y', (const void **)&ret->bytes, &ret->n);
    if (r >= 0)
        r = daemon_read_value(m, &ret->value);
    if (r >= 0)
        r = sd_bus_message_read(m, "sstb", &ret->error, &ret->trouble, &ret->age, &is_writable);
    if (r >= 0)
        r = sd_bus_message_exit_container(m);
    ret->is_writable = is_writable;
    return r < 0 ? r : 1;
}

bool daemon_next_record(struct daemon_list *list, struct record_entry *ret)
{
    return judge(list, read_record(list->reply, ret));
}

bool daemon_list_end(struct daemon_list *list)
{
    list->reply = sd_bus_message_unref(list->reply);
    return !list->failed;
}

/* In a list of all, for daemon_list_end(). */
static bool find_meter(struct daemon *d, const char *name, struct daemon_list *ret_list,
                       struct meter_entry *ret)
{
    struct nearest nearest = { .wanted = name };
    const char *best;

    if (!daemon_list_begin(d, "ListMeters", NULL, ret_list))
        return false;
    while (daemon_next_meter(ret_list, ret)) {
        if (strcmp(ret->name, name) == 0)
            return true;
        nearest_offer(&nearest, ret->name);
    }
    best = nearest_result(&nearest);
    if (!ret_list->failed)
        complain("%s: there is no such meter%s%s%s", name, best ? "; did you mean " : "",
                 best ? best : "", best ? "?" : "");
    return false;
}

int daemon_with_meter(struct daemon *d, const char *name, daemon_meter_job *job, void *userdata)
{
    struct daemon_list list;
    struct meter_entry meter;
    bool ok = find_meter(d, name, &list, &meter) && job(d, &meter, userdata);

    ok = daemon_list_end(&list) && ok;
    daemon_close(d);
    return ok ? CTL_DONE : CTL_FAILED;
}

static void show_value(const struct daemon_value *value, struct shown *ret)
{
    ret->kind = value->text ? SHOWN_STRING : SHOWN_NUMBER;
    if (value->text)
        label_print(&ret->value, "%s", value->text);
    else if (value->number.is_real)
        label_print(&ret->value, "%.15g", value->number.real);
    else
        label_print(&ret->value, "%lld", (long long)value->number.integer);
}

bool daemon_record_shown(const struct record_entry *entry, struct decoded_record *ret_record,
                         struct shown *ret)
{
    struct reader r = reader_over(entry->bytes, entry->n);
    struct decode_fault fault;

    if (entry->n > 0 && !dif_is_special(entry->bytes[0]) &&
        record_decode(&r, FROM_SLAVE, ret_record, &fault) && reader_left(&r) == 0) {
        shown_of(ret_record, ret);
        return true;
    }
    *ret = (struct shown){ .function = "instantaneous", .quantity = "" };
    if (*entry->error)
        ret->error = entry->error;
    else
        show_value(&entry->value, ret);
    return false;
}

int daemon_settings_begin(struct daemon *d, sd_bus_message **ret)
{
    int r = daemon_message(d, DAEMON_PATH, DAEMON_MANAGER, "SetValues", ret);

    return r < 0 ? r : sd_bus_message_open_container(*ret, 'a', "(sv)");
}

int daemon_settings_append(sd_bus_message *m, const char *name, const struct number *number)
{
    int r = sd_bus_message_open_container(m, 'r', "sv");

    if (r >= 0)
        r = sd_bus_message_append_basic(m, 's', name);
    if (r >= 0)
        r = daemon_append_number(m, number);
    return r < 0 ? r : sd_bus_message_close_container(m);
}

int daemon_settings_end(sd_bus_message *m)
{
    return sd_bus_message_close_container(m);
}
