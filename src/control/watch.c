#include "control/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/connection.h"
#include "control/names.h"
#include "control/text.h"
#include "mbus/frame.h"
#include "sys/clock.h"
#include "sys/log.h"

#define FRAMES_MAX 128U
#define NAME_MAX_SIZE 128U
#define FATE_MAX_SIZE 32U
/* Frames that are sent in one go. */
#define SENT_AT_ONCE 4U
#define COMPLAINT_INTERVAL (10 * USEC_PER_SEC)

struct watched_frame {
    usec_t time, elapsed;
    char port[NAME_MAX_SIZE], client[NAME_MAX_SIZE], fate[FATE_MAX_SIZE];
    bool from_us;
    size_t n;
    uint8_t bytes[FRAME_MAX];
};

/* ---- watchers -------------------------------------------------------------------------------- */

static struct watcher *find(struct watch *watch, const char *name)
{
    for (size_t i = 0; i < WATCHERS_MAX; i++) {
        if (watch->watchers[i].name != NULL && strcmp(watch->watchers[i].name, name) == 0)
            return &watch->watchers[i];
    }
    return NULL;
}

static struct watcher *find_place(struct watch *watch)
{
    for (size_t i = 0; i < WATCHERS_MAX; i++) {
        if (watch->watchers[i].name == NULL)
            return &watch->watchers[i];
    }
    return NULL;
}

static void let_go(struct watcher *w)
{
    struct watch *watch = w->watch;

    if (w->name == NULL)
        return;
    free(w->name);
    w->name = NULL;
    w->left = sd_bus_slot_unref(w->left);
    w->is_there = sd_bus_slot_unref(w->is_there);
    watch->n--;
    if (watch->n > 0)
        return;
    free(watch->frames);
    watch->frames = NULL;
    watch->n_frames = 0;
    sd_event_source_set_enabled(watch->source, SD_EVENT_OFF);
}

static int on_left(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    const char *name, *before, *now;

    (void)error;
    if (sd_bus_message_read(m, "sss", &name, &before, &now) > 0 && *now == '\0')
        let_go(userdata);
    return 0;
}

static int on_is_there(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    int is_there = 0;

    (void)error;
    if (sd_bus_message_read_basic(m, 'b', &is_there) < 0 || !is_there)
        let_go(userdata);
    return 0;
}

/* It could have left before the bus knew that we want to hear of it. */
static int on_match(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct watcher *w = userdata;
    int r = sd_bus_message_is_method_error(m, NULL) > 0 ? -ECANCELED : 0;

    (void)error;
    if (r == 0)
        r = sd_bus_call_method_async(sd_bus_message_get_bus(m), &w->is_there,
                                     "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", "NameHasOwner", on_is_there, w, "s",
                                     w->name);
    if (r < 0)
        let_go(w);
    return 1;
}

static int look_out_for(struct watcher *w, sd_bus *bus)
{
    char rule[512];

    (void)snprintf(rule, sizeof(rule),
                   "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
                   "interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='%s'",
                   w->name);
    return sd_bus_add_match_async(bus, &w->left, rule, on_left, on_match, w);
}

int watch_add(struct watch *watch, sd_bus_message *call, sd_bus_error *error)
{
    const char *name = sd_bus_message_get_sender(call);
    struct watcher *w = find_place(watch);
    int r;

    if (name == NULL || find(watch, name) != NULL)
        return 0;
    if (w == NULL)
        return sd_bus_error_setf(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
                                 "%u programs watch already; no more can", WATCHERS_MAX);
    if (watch->frames == NULL)
        watch->frames = calloc(FRAMES_MAX, sizeof(*watch->frames));
    *w = (struct watcher){ .watch = watch, .name = strdup(name) };
    if (w->name == NULL)
        return -ENOMEM;
    watch->n++;
    r = watch->frames != NULL ? look_out_for(w, sd_bus_message_get_bus(call)) : -ENOMEM;
    if (r < 0)
        let_go(w);
    return r < 0 ? r : 0;
}

void watch_remove(struct watch *watch, sd_bus_message *call)
{
    const char *name = sd_bus_message_get_sender(call);
    struct watcher *w = name != NULL ? find(watch, name) : NULL;

    if (w != NULL)
        let_go(w);
}

void watch_drop(struct watch *watch)
{
    for (size_t i = 0; i < WATCHERS_MAX; i++)
        let_go(&watch->watchers[i]);
}

/* ---- frames ---------------------------------------------------------------------------------- */

static int append_frame(sd_bus_message *m, const struct watched_frame *f)
{
    int r = sd_bus_message_append(m, "t", (uint64_t)f->time);

    if (r >= 0)
        r = text_append(m, f->port);
    if (r >= 0)
        r = text_append(m, f->client);
    if (r >= 0)
        r = sd_bus_message_append(m, "b", f->from_us);
    if (r >= 0)
        r = sd_bus_message_append_array(m, 'y', f->bytes, f->n);
    return r < 0 ? r : sd_bus_message_append(m, "st", f->fate, (uint64_t)f->elapsed);
}

static int send_to(const struct watcher *w, const struct watched_frame *f)
{
    CLEANUP(sd_bus_message_unrefp) sd_bus_message *m = NULL;
    int r = sd_bus_message_new_signal(w->watch->connection->bus, &m, SERVICE_PATH,
                                      MANAGER_INTERFACE, "Frame");

    if (r >= 0)
        r = sd_bus_message_set_destination(m, w->name);
    if (r >= 0)
        r = append_frame(m, f);
    return r < 0 ? r : sd_bus_message_send(m);
}

/* One that does not read costs frames, and never memory without end. */
static void send_frame(struct watch *watch, const struct watched_frame *f)
{
    bool is_behind = !connection_takes_more(watch->connection);

    for (size_t i = 0; i < WATCHERS_MAX; i++) {
        const struct watcher *w = &watch->watchers[i];

        if (w->name != NULL && (is_behind || send_to(w, f) < 0))
            watch->dropped++;
    }
}

static void complain(struct watch *watch)
{
    usec_t now = clock_now();

    if (watch->dropped == 0 || (watch->told != 0 && now - watch->told < COMPLAINT_INTERVAL))
        return;
    log_event(LOG_LEVEL_INFO, NULL, NULL,
              "D-Bus: %llu frames were not shown to programs that watch; the bus is too slow",
              (unsigned long long)watch->dropped);
    watch->told = now;
    watch->dropped = 0;
}

static int on_turn(sd_event_source *source, void *userdata)
{
    struct watch *watch = userdata;

    for (unsigned i = 0; i < SENT_AT_ONCE && watch->n_frames > 0; i++) {
        send_frame(watch, &watch->frames[watch->first]);
        watch->first = (watch->first + 1) % FRAMES_MAX;
        watch->n_frames--;
    }
    complain(watch);
    return watch->n_frames > 0 ? 0 : sd_event_source_set_enabled(source, SD_EVENT_OFF);
}

static void copy_text(char *to, size_t size, const char *from)
{
    (void)snprintf(to, size, "%s", from != NULL ? from : "");
}

void watch_show(struct watch *watch, const struct control_frame *frame)
{
    struct watched_frame *f;

    if (watch->n == 0)
        return;
    if (watch->n_frames == FRAMES_MAX) {
        watch->dropped += watch->n;
        return;
    }
    f = &watch->frames[(watch->first + watch->n_frames) % FRAMES_MAX];
    f->time = clock_wall();
    f->elapsed = frame->elapsed;
    f->from_us = frame->from_us;
    f->n = frame->n < FRAME_MAX ? frame->n : FRAME_MAX;
    if (frame->bytes != NULL)
        memcpy(f->bytes, frame->bytes, f->n);
    copy_text(f->port, sizeof(f->port), frame->port);
    copy_text(f->client, sizeof(f->client), frame->client);
    copy_text(f->fate, sizeof(f->fate), frame->fate);
    watch->n_frames++;
    sd_event_source_set_enabled(watch->source, SD_EVENT_ON);
}

/* ---- life ------------------------------------------------------------------------------------ */

int watch_init(struct watch *watch, struct connection *connection, sd_event *event)
{
    int r;

    watch->connection = connection;
    r = sd_event_add_defer(event, &watch->source, on_turn, watch);
    if (r < 0)
        return r;
    sd_event_source_set_description(watch->source, "dbus-frames");
    sd_event_source_set_priority(watch->source, SD_EVENT_PRIORITY_IDLE);
    return sd_event_source_set_enabled(watch->source, SD_EVENT_OFF);
}

void watch_done(struct watch *watch)
{
    if (watch->source != NULL)
        watch_drop(watch);
    watch->source = sd_event_source_disable_unref(watch->source);
}
