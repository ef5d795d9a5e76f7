/* mbus-slavectl monitor: the frames of the daemon's ports as they pass. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/timing.h"
#include "ctl/colour.h"
#include "ctl/ctl.h"
#include "ctl/daemon_data.h"
#include "ctl/daemon_options.h"
#include "ctl/frame_line.h"
#include "ctl/interrupt.h"
#include "ctl/options.h"
#include "ctl/utf8.h"
#include "mbus/frame.h"

static const char help[] =
    "mbus-slavectl monitor [OPTION...]\n"
    "Prints each frame as it passes over the ports of the running mbus-slave: when, on which port, "
    "<\n"
    "what was heard or > what was answered, and what became of it. Ctrl-C ends it.\n"
    "\n"
    "  --hex                  all bytes too\n"
    "  --json                 an object a line\n"
    "  --instance NAME        the daemon whose configuration has control.name NAME\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 it was ended by a signal, 1 mbus-slave is not running, or has left, 2 usage.\n";

struct monitor {
    struct daemon daemon;
    bool json, hex;
    const struct colours *colours;
    size_t port_width;
    char watched[DAEMON_NAME_MAX + 1]; /* the unique name of whom we watch */
};

/* The arguments of the signal Frame. */
struct passed {
    uint64_t time; /* CLOCK_REALTIME, microseconds */
    const char *port, *client, *fate;
    bool from_us;
    const uint8_t *bytes;
    size_t n;
    uint64_t after; /* the request; of what is from us */
};

/* What became of a frame in the words of people; what is not here is said as the daemon does. */
static const struct {
    bool from_us;
    const char *fate, *text;
} fates[] = {
    { false, "answer", "" }, /* which follows */
    { false, "another slave's", "foreign" },
    { true, "late", "late: not sent" },
    { true, "unsent", "the line did not take it" },
    { true, "replaced", "not sent: a newer request came" },
    { true, "not kept", "not sent: it could not be stored" },
};

static const char *fate_text(const struct passed *p)
{
    for (size_t i = 0; i < ARRAY_SIZE(fates); i++) {
        if (fates[i].from_us == p->from_us && strcmp(fates[i].fate, p->fate) == 0)
            return fates[i].text;
    }
    return p->fate;
}

static bool is_wrong(const struct passed *p)
{
    struct frame frame;

    if (p->from_us)
        return strcmp(p->fate, "sent") != 0;
    return frame_parse(p->bytes, p->n, &frame) != FRAME_GOOD;
}

/* ---- for people ------------------------------------------------------------------------------ */

static void print_time(uint64_t time)
{
    time_t seconds = (time_t)(time / USEC_PER_SEC);
    struct tm local;
    char text[16] = "";

    if (localtime_r(&seconds, &local))
        (void)strftime(text, sizeof(text), "%H:%M:%S", &local);
    printf("%s.%03u", text, (unsigned)(time % USEC_PER_SEC / USEC_PER_MSEC));
}

static void print_port(const struct monitor *m, const struct passed *p)
{
    size_t width;

    fputs("  ", stdout);
    width = utf8_write(stdout, TEXT_PLAIN, p->port);
    printf("%*s", width < m->port_width ? (int)(m->port_width - width) : 0, "");
    if (*p->client) {
        fputc(' ', stdout);
        (void)utf8_write(stdout, TEXT_PLAIN, p->client);
    }
}

static void print_fate(const struct passed *p, bool has_text)
{
    const char *text = fate_text(p), *between = has_text ? "  " : "";
    double ms = (double)p->after / (double)USEC_PER_MSEC;

    if (p->from_us && strcmp(p->fate, "sent") == 0)
        printf("%s(after %.1f ms)", between, ms);
    else if (p->from_us)
        printf("%s(%s, %.1f ms after the request)", between, text, ms);
    else if (*text)
        printf("%s(%s)", between, text);
}

static void print_line(const struct monitor *m, const struct passed *p)
{
    const char *wrong = is_wrong(p) ? m->colours->wrong : "";
    struct label label = { 0 };

    print_time(p->time);
    print_port(m, p);
    printf("  %s%s ", wrong, p->from_us ? ">" : "<");
    frame_line(p->bytes, p->n, &label);
    text_write(stdout, TEXT_PLAIN, label.bytes, label.n);
    print_fate(p, label.n > 0);
    if (m->hex && p->n > 0) {
        fputs("  ", stdout);
        text_write_hex(stdout, p->bytes, p->n, " ");
    }
    printf("%s\n", *wrong ? m->colours->off : "");
}

/* ---- for programs ---------------------------------------------------------------------------- */

static void print_json(const struct passed *p)
{
    time_t seconds = (time_t)(p->time / USEC_PER_SEC);
    struct tm utc;
    char text[32] = "";
    struct label label = { 0 };

    if (gmtime_r(&seconds, &utc))
        (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    printf("{\"time\":\"%s.%06uZ\",\"port\":", text, (unsigned)(p->time % USEC_PER_SEC));
    utf8_write_json(stdout, p->port);
    fputs(",\"client\":", stdout);
    utf8_write_json(stdout, *p->client ? p->client : NULL);
    frame_line(p->bytes, p->n, &label);
    printf(",\"from_us\":%s,\"frame\":\"", p->from_us ? "true" : "false");
    text_write(stdout, TEXT_JSON, label.bytes, label.n);
    fputs("\",\"fate\":", stdout);
    utf8_write_json(stdout, p->fate);
    if (p->from_us)
        printf(",\"after_us\":%llu", (unsigned long long)p->after);
    else
        fputs(",\"after_us\":null", stdout);
    fputs(",\"raw\":\"", stdout);
    text_write_hex(stdout, p->bytes, p->n, "");
    fputs("\"}\n", stdout);
}

/* ---- watching -------------------------------------------------------------------------------- */

static int read_frame(sd_bus_message *m, struct passed *ret)
{
    int from_us = 0, r;

    r = sd_bus_message_read(m, "tssb", &ret->time, &ret->port, &ret->client, &from_us);
    if (r >= 0)
        r = sd_bus_message_read_array(m, 'y', (const void **)&ret->bytes, &ret->n);
    if (r >= 0)
        r = sd_bus_message_read(m, "st", &ret->fate, &ret->after);
    ret->from_us = from_us;
    return r;
}

/* Signals are for us alone: no rule of the bus lets them through, this looks at all that comes. */
static int on_message(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct monitor *monitor = userdata;
    const char *sender = sd_bus_message_get_sender(m);
    struct passed passed;

    (void)error;
    if (sd_bus_message_is_signal(m, DAEMON_MANAGER, "Frame") <= 0 || sender == NULL ||
        strcmp(sender, monitor->watched) != 0)
        return 0;
    if (read_frame(m, &passed) < 0)
        return 0;
    if (monitor->json)
        print_json(&passed);
    else
        print_line(monitor, &passed);
    return 1;
}

static bool measure_ports(struct monitor *m)
{
    struct daemon_list list;
    struct port_entry port;

    if (!daemon_list_begin(&m->daemon, "ListPorts", NULL, &list))
        return false;
    while (daemon_next_port(&list, &port)) {
        size_t width = utf8_write(NULL, TEXT_PLAIN, port.device);

        m->port_width = width > m->port_width ? width : m->port_width;
    }
    return daemon_list_end(&list);
}

static bool begin(struct monitor *m)
{
    sd_bus_message *reply = NULL;
    int r = sd_bus_add_filter(m->daemon.bus, NULL, on_message, m);

    if (r < 0) {
        complain("%s", strerror(-r));
        return false;
    }
    if (!daemon_watch(&m->daemon) || !measure_ports(m) ||
        !daemon_call(&m->daemon, DAEMON_PATH, DAEMON_MANAGER, "Watch", NULL, &reply))
        return false;
    (void)snprintf(m->watched, sizeof(m->watched), "%s", sd_bus_message_get_sender(reply));
    sd_bus_message_unref(reply);
    return true;
}

static int watch(struct monitor *m)
{
    bool is_readable;

    for (;;) {
        int r = daemon_process(&m->daemon);

        /* Nobody has to wait for the next frame, a program that reads this neither. */
        if (fflush(stdout) != 0) /* main() says so */
            return CTL_FAILED;
        if (m->daemon.departures > 0) {
            complain("mbus-slave has left the bus");
            return CTL_FAILED;
        }
        if (r >= 0)
            r = daemon_wait(&m->daemon, -1, USEC_NEVER, &is_readable);
        if (r == -EINTR && interrupted())
            return CTL_DONE;
        if (r < 0 && r != -EINTR) {
            complain("the connection to the system bus is lost");
            return CTL_FAILED;
        }
    }
}

int ctl_monitor(int argc, char *argv[])
{
    struct monitor m = { .colours = colours_of(STDOUT_FILENO) };
    const char *instance = NULL;
    const struct ctl_option options[] = {
        { "json", &m.json, NULL }, { "hex", &m.hex, NULL }, { "instance", NULL, &instance }, { 0 }
    };
    int status, first = ctl_options(argc, argv, options, help, &status);

    if (first < 0)
        return status;
    if (first < argc)
        return daemon_usage("monitor", "monitor takes no argument");
    status = daemon_open(&m.daemon, instance);
    if (status != CTL_DONE)
        return status;
    interrupt_catch();
    status = begin(&m) ? watch(&m) : CTL_FAILED;
    daemon_close(&m.daemon);
    return status;
}
