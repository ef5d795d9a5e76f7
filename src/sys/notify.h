/* What systemd is told of us (sd_notify(3)); nothing happens where it does not listen. */
#ifndef SYS_NOTIFY_H
#define SYS_NOTIFY_H

/* `status` is one line for `systemctl status`. */
void notify_ready(const char *status);
void notify_status(const char *status);
void notify_reloading(void);
void notify_stopping(void);

#endif
