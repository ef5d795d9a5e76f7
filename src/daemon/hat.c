#include "daemon/hat.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

/* sd-event takes an accuracy of 0 for 250 ms. */
#define TIMER_ACCURACY 1

static void log_failure(enum hat_role role, const struct gpio_failure *failure)
{
    log_event(LOG_LEVEL_ERROR, MESSAGE_LINE_FAILED,
              LOG_FIELDS({ "MBUS_ROLE", hat_role_name(role) }, { "MBUS_LINE", failure->line },
                         { "MBUS_CHIP", failure->chip }, { "MBUS_CONSUMER", failure->consumer }),
              "hat.%s: %s", hat_role_name(role), failure->text);
}

/* A line that fails at work is told once each time it goes from good to bad: it is let go then, so
 * that a reload tries again. */
static void drive(struct hat *hat, enum hat_role role, bool active)
{
    int r;

    hat->wanted[role] = active;
    if (hat->lines[role] == NULL)
        return;
    r = gpio_set(hat->lines[role], active);
    if (r == 0)
        return;
    log_event(LOG_LEVEL_ERROR, MESSAGE_LINE_FAILED,
              LOG_FIELDS({ "MBUS_ROLE", hat_role_name(role) }), "hat.%s: cannot be driven: %s",
              hat_role_name(role), strerror(-r));
    hat->lines[role] = gpio_close(hat->lines[role]);
}

/* 0 or a negative errno; the line is inactive then. */
static int open_line(struct hat *hat, enum hat_role role)
{
    struct gpio_failure failure;
    int r;

    if (!hat->config->roles[role].is_set || hat->lines[role] != NULL)
        return 0;
    r = gpio_open_output(&hat->config->roles[role].line, &hat->lines[role], &failure);
    if (r < 0)
        log_failure(role, &failure);
    return r;
}

static int on_pulse_end(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct hat *hat = userdata;

    (void)source;
    (void)usec;
    drive(hat, HAT_ACTIVITY, false);
    return 0;
}

static int add_pulse_timer(struct hat *hat, sd_event *event)
{
    int r = sd_event_add_time(event, &hat->pulse_end, CLOCK_MONOTONIC, 0, TIMER_ACCURACY,
                              on_pulse_end, hat);

    if (r < 0)
        return r;
    sd_event_source_set_description(hat->pulse_end, "hat-pulse");
    return sd_event_source_set_enabled(hat->pulse_end, SD_EVENT_OFF);
}

int hat_start(struct hat *hat, sd_event *event, const struct hat_config *config)
{
    bool all = true;
    int r;

    *hat = (struct hat){ .config = config };
    r = add_pulse_timer(hat, event);
    if (r < 0)
        return r;
    /* Nothing is asserted before all of them are ours. */
    for (unsigned i = 0; i < HAT_ROLES; i++)
        all = open_line(hat, (enum hat_role)i) == 0 && all;
    if (!all) {
        hat_stop(hat);
        return -ECANCELED;
    }
    drive(hat, HAT_ENABLE, true);
    return 0;
}

void hat_stop(struct hat *hat)
{
    hat->pulse_end = sd_event_source_disable_unref(hat->pulse_end);
    for (unsigned i = HAT_ROLES; i-- > 0;)
        hat->lines[i] = gpio_close(hat->lines[i]);
}

static bool line_stays(const struct hat_line_config *a, const struct hat_line_config *b)
{
    return a->is_set && b->is_set && line_config_equal(&a->line, &b->line);
}

void hat_reload(struct hat *hat, const struct hat_config *config)
{
    const struct hat_config *old = hat->config;

    hat->config = config;
    /* All are let go before any is requested: two roles may have changed places. */
    for (unsigned i = HAT_ROLES; i-- > 0;) {
        if (!line_stays(&old->roles[i], &config->roles[i]))
            hat->lines[i] = gpio_close(hat->lines[i]);
    }
    for (unsigned i = 0; i < HAT_ROLES; i++) {
        enum hat_role role = (enum hat_role)i;

        if (hat->lines[role] == NULL && open_line(hat, role) == 0 && hat->wanted[role])
            drive(hat, role, true);
    }
}

bool hat_has(const struct hat *hat, enum hat_role role)
{
    return hat->lines[role] != NULL;
}

void hat_activity(struct hat *hat)
{
    if (hat == NULL || !hat_has(hat, HAT_ACTIVITY))
        return;
    if (!hat->wanted[HAT_ACTIVITY])
        drive(hat, HAT_ACTIVITY, true);
    sd_event_source_set_time(hat->pulse_end, clock_now() + hat->config->roles[HAT_ACTIVITY].pulse);
    sd_event_source_set_enabled(hat->pulse_end, SD_EVENT_ONESHOT);
}

void hat_transmit(struct hat *hat, bool begins)
{
    hat->transmitting += begins ? 1U : -1U;
    if (hat->wanted[HAT_TRANSMIT] != (hat->transmitting > 0))
        drive(hat, HAT_TRANSMIT, hat->transmitting > 0);
}
