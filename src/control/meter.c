/* The object of a meter. */
#include "control/meter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/control.h"
#include "control/names.h"
#include "control/objects.h"
#include "control/private.h"
#include "control/text.h"
#include "mbus/frame.h"
#include "mbus/link.h"
#include "meter/rsp_ud.h"

#define TEXT_SIZE 16U

static void id_text(const struct ident *ident, char text[static TEXT_SIZE])
{
    (void)snprintf(text, TEXT_SIZE, "%08X", ident->id);
}

/* Three letters, or the code in hex where it is none of letters. */
static void manufacturer_text(const struct ident *ident, char text[static TEXT_SIZE])
{
    ident_manufacturer_letters(ident->manufacturer, text);
    if (ident_manufacturer(text) != ident->manufacturer)
        (void)snprintf(text, TEXT_SIZE, "%04X", ident->manufacturer);
}

/* Its name, or its number where the code is reserved. */
static int append_medium(sd_bus_message *m, const struct ident *ident)
{
    const char *name = medium_name(ident->medium);
    char text[TEXT_SIZE];

    (void)snprintf(text, sizeof(text), "%u", ident->medium);
    return sd_bus_message_append_basic(m, 's', name != NULL ? name : text);
}

static int append_text(sd_bus_message *m, const struct subject *s, const char *property)
{
    const struct ident *ident = &s->meter->now.ident;
    char text[TEXT_SIZE];

    if (strcmp(property, "Name") == 0)
        return text_append(m, s->meter->def->name);
    if (strcmp(property, "Medium") == 0)
        return append_medium(m, ident);
    if (strcmp(property, "Id") == 0)
        id_text(ident, text);
    else
        manufacturer_text(ident, text);
    return sd_bus_message_append_basic(m, 's', text);
}

static int append_byte(sd_bus_message *m, const struct subject *s, const char *property)
{
    const struct meter *meter = s->meter;
    uint8_t byte = meter->access;

    if (strcmp(property, "Address") == 0)
        byte = meter->now.address;
    else if (strcmp(property, "Version") == 0)
        byte = meter->now.ident.version;
    else if (strcmp(property, "Status") == 0)
        byte = meter_status(meter);
    return sd_bus_message_append_basic(m, 'y', &byte);
}

static int append_mute(sd_bus_message *m, const struct subject *s, const char *property)
{
    (void)property;
    return sd_bus_message_append(m, "b", s->meter->is_mute);
}

static int append_errors(sd_bus_message *m, const struct subject *s, const char *property)
{
    (void)property;
    return sd_bus_message_append(m, "u", (uint32_t)s->meter->n_errors);
}

static int append_count(sd_bus_message *m, const struct subject *s, const char *property)
{
    const struct meter_tally *tally = &s->meter->tally;
    uint64_t n = tally->errors;

    if (strcmp(property, "Requests") == 0)
        n = tally->requests;
    else if (strcmp(property, "Answers") == 0)
        n = tally->answers;
    return sd_bus_message_append(m, "t", n);
}

int meter_append_row(sd_bus_message *m, const struct subject *s)
{
    const struct meter *meter = s->meter;
    const struct ident *ident = &meter->now.ident;
    char id[TEXT_SIZE], manufacturer[TEXT_SIZE];
    int r = sd_bus_message_open_container(m, 'r', METER_ROW);

    id_text(ident, id);
    manufacturer_text(ident, manufacturer);
    if (r >= 0)
        r = text_append(m, meter->def->name);
    if (r >= 0)
        r = sd_bus_message_append(m, "yssy", meter->now.address, id, manufacturer, ident->version);
    if (r >= 0)
        r = append_medium(m, ident);
    if (r >= 0)
        r = sd_bus_message_append(m, "yybuttt", meter->access, meter_status(meter), meter->is_mute,
                                  (uint32_t)meter->n_errors, meter->tally.requests,
                                  meter->tally.answers, meter->tally.errors);
    return r < 0 ? r : sd_bus_message_close_container(m);
}

/* ---- methods --------------------------------------------------------------------------------- */

/* On a copy, since a telegram counts as an access (mbus-protocol 10.3). A mute meter gives none. */
static int append_telegrams(sd_bus_message *m, struct meter meter)
{
    const struct readout readout = { 0 };
    const struct readout_source source = { &meter, &readout, meter.now.cells };
    size_t next = 0, n;
    int r = 0;

    do {
        uint8_t frame[FRAME_MAX];

        n = meter.is_mute ? 0 : rsp_ud_encode(&source, next, C_RSP_UD, frame, sizeof(frame), &next);
        if (n > 0)
            r = sd_bus_message_append_array(m, 'y', frame, n);
        meter.access++;
    } while (r >= 0 && n > 0 && next > 0);
    return r;
}

static int on_telegram(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    CLEANUP(sd_bus_message_unrefp) sd_bus_message *answer = NULL;
    const struct subject *s = userdata;
    int r = sd_bus_message_new_method_return(m, &answer);

    (void)error;
    if (r >= 0)
        r = sd_bus_message_open_container(answer, 'a', "ay");
    if (r >= 0)
        r = append_telegrams(answer, *s->meter);
    if (r >= 0)
        r = sd_bus_message_close_container(answer);
    return r < 0 ? r : sd_bus_message_send(answer);
}

static int on_forget(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    const struct subject s = *(const struct subject *)userdata;
    struct control *c = s.control;
    const char *name = s.meter->def->name;
    int r = c->host.forget(c->host.userdata, s.meter);

    if (r == -EADDRINUSE)
        return sd_bus_error_setf(error, SD_BUS_ERROR_FAILED,
                                 "%s: address %u, which the file gives it, is another meter's now; "
                                 "nothing was changed",
                                 name, s.meter->def->address);
    if (r < 0)
        return sd_bus_error_setf(error, SD_BUS_ERROR_FAILED,
                                 "%s: cannot be forgotten: %s; nothing was changed", name,
                                 strerror(-r));
    if (r > 0)
        control_meter_changed(c, s.meter);
    return sd_bus_reply_method_return(m, "b", r > 0);
}

GETTER(get_text, append_text)
GETTER(get_byte, append_byte)
GETTER(get_mute, append_mute)
GETTER(get_errors, append_errors)
GETTER(get_count, append_count)

const sd_bus_vtable meter_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Name", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Address", "y", get_byte, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Id", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Manufacturer", "s", get_text, 0, 0),
    SD_BUS_PROPERTY("Version", "y", get_byte, 0, 0),
    SD_BUS_PROPERTY("Medium", "s", get_text, 0, 0),
    SD_BUS_PROPERTY("AccessNumber", "y", get_byte, 0, 0),
    SD_BUS_PROPERTY("Status", "y", get_byte, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Mute", "b", get_mute, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Errors", "u", get_errors, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Requests", "t", get_count, 0, 0),
    SD_BUS_PROPERTY("Answers", "t", get_count, 0, 0),
    SD_BUS_PROPERTY("RefusedRequests", "t", get_count, 0, 0),
    SD_BUS_METHOD_WITH_ARGS("Telegram", SD_BUS_NO_ARGS, SD_BUS_RESULT("aay", frames), on_telegram,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("Forget", SD_BUS_NO_ARGS, SD_BUS_RESULT("b", forgotten), on_forget,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};
