#include "sys/notify.h"

#include <inttypes.h>

#include <systemd/sd-daemon.h>

#include "sys/clock.h"

void notify_ready(const char *status)
{
    sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void notify_status(const char *status)
{
    sd_notifyf(0, "STATUS=%s", status);
}

/* The time in the same message lets systemd tell this reload from an earlier one. */
void notify_reloading(void)
{
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, clock_now());
}

void notify_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}
