#include "control/replies.h"

#include <errno.h>
#include <stdlib.h>

#include "control/private.h"

/* Rows in one go: half a millisecond, a few on a slow machine. */
#define ROWS_AT_ONCE 50U
/* Answers under way at the same time. */
#define REPLIES_MAX 16U

static void free_reply(struct reply *reply)
{
    sd_bus_message_unref(reply->call);
    sd_bus_message_unref(reply->answer);
    free(reply);
}

/* Begins the answer, or begins it anew. */
static int open_answer(struct replies *replies, struct reply *reply, sd_bus_error *error)
{
    int r;

    reply->at = reply->at_record = 0;
    reply->answer = sd_bus_message_unref(reply->answer);
    r = sd_bus_message_rewind(reply->call, true);
    if (r >= 0)
        r = reply->kind->begin(replies->control, reply, error);
    if (r >= 0)
        r = sd_bus_message_new_method_return(reply->call, &reply->answer);
    if (r >= 0)
        r = sd_bus_message_open_container(reply->answer, 'a', reply->kind->contents);
    return r;
}

/* 1: there is more; 0: it is sent; or a negative errno. */
static int go_on(struct replies *replies, struct reply *reply)
{
    int r = 1;

    for (unsigned i = 0; i < ROWS_AT_ONCE && r > 0; i++)
        r = reply->kind->row(replies->control, reply);
    if (r != 0)
        return r;
    r = sd_bus_message_close_container(reply->answer);
    if (r >= 0)
        r = sd_bus_message_send(reply->answer);
    return r < 0 ? r : 0;
}

static void refuse(struct reply *reply, int r, const sd_bus_error *error)
{
    if (sd_bus_error_is_set(error))
        sd_bus_reply_method_error(reply->call, error);
    else
        sd_bus_reply_method_errno(reply->call, r, NULL);
}

static void take_first(struct replies *replies)
{
    struct reply *reply = replies->first;

    replies->first = reply->next;
    replies->n--;
    free_reply(reply);
}

/* One piece of the oldest answer. */
static int on_turn(sd_event_source *source, void *userdata)
{
    struct replies *replies = userdata;
    struct reply *reply = replies->first;
    int r = 0;

    if (reply != NULL)
        r = go_on(replies, reply);
    if (reply != NULL && r <= 0) {
        if (r < 0)
            refuse(reply, r, NULL);
        take_first(replies);
    }
    return replies->first != NULL ? 0 : sd_event_source_set_enabled(source, SD_EVENT_OFF);
}

int replies_init(struct replies *replies, struct control *control, sd_event *event)
{
    int r;

    replies->control = control;
    r = sd_event_add_defer(event, &replies->source, on_turn, replies);
    if (r < 0)
        return r;
    sd_event_source_set_description(replies->source, "dbus-replies");
    sd_event_source_set_priority(replies->source, SD_EVENT_PRIORITY_IDLE);
    return sd_event_source_set_enabled(replies->source, SD_EVENT_OFF);
}

static void append(struct replies *replies, struct reply *reply)
{
    struct reply **at = &replies->first;

    while (*at != NULL)
        at = &(*at)->next;
    *at = reply;
    replies->n++;
    sd_event_source_set_enabled(replies->source, SD_EVENT_ON);
}

int replies_begin(struct replies *replies, const struct reply_kind *kind, sd_bus_message *call,
                  sd_bus_error *error)
{
    struct reply *reply;
    int r;

    if (replies->n >= REPLIES_MAX)
        return sd_bus_error_set(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
                                "too many long answers are under way; ask again");
    reply = calloc(1, sizeof(*reply));
    if (reply == NULL)
        return -ENOMEM;
    reply->kind = kind;
    reply->call = sd_bus_message_ref(call);
    r = open_answer(replies, reply, error);
    if (r >= 0)
        r = go_on(replies, reply);
    if (r > 0) {
        append(replies, reply);
        return 1;
    }
    free_reply(reply);
    return r < 0 ? r : 1;
}

void replies_restart(struct replies *replies)
{
    struct reply **at = &replies->first;

    while (*at != NULL) {
        struct reply *reply = *at;
        sd_bus_error error = SD_BUS_ERROR_NULL;
        int r = open_answer(replies, reply, &error);

        if (r >= 0) {
            at = &reply->next;
            continue;
        }
        refuse(reply, r, &error);
        sd_bus_error_free(&error);
        *at = reply->next;
        replies->n--;
        free_reply(reply);
    }
}

void replies_drop(struct replies *replies)
{
    while (replies->first != NULL)
        take_first(replies);
    sd_event_source_set_enabled(replies->source, SD_EVENT_OFF);
}

void replies_done(struct replies *replies)
{
    if (replies->source != NULL)
        replies_drop(replies);
    replies->source = sd_event_source_disable_unref(replies->source);
}
