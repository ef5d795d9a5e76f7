/* The service on a bus of its own: a real dbus-daemon, a real configuration, and a client that asks
 * while the loop of the service turns. */
#ifndef TESTS_CONTROL_BED_H
#define TESTS_CONTROL_BED_H

#include "tests/unit/test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

#include "control/control.h"
#include "control/names.h"
#include "sys/clock.h"

#define WAIT_MAX (10 * USEC_PER_SEC)

/* Two ports and two meters, of which the second has this name. */
#define BED_CONFIG_WITH(second)                                                                    \
    "ports = ( { device = \"pty\"; }, { device = \"tcp:9\"; meters = [ \"" second "\" ]; } );\n"   \
    "meters = ( { name = \"heat\"; address = 3; id = \"12345678\"; medium = \"heat_outlet\";\n"    \
    "  records = (\n"                                                                              \
    "  { name = \"energy\"; unit = \"kWh\"; resolution = 0.1; value = 1234.5; writable = true; }," \
    "  { name = \"flow\"; quantity = \"flow_temperature\"; unit = \"degC\"; resolution = 0.01;\n"  \
    "    type = \"int16\"; pushed = {}; },\n"                                                      \
    "  { name = \"power\"; quantity = \"power\"; unit = \"W\"; pushed = {}; },\n"                  \
    "  { name = \"since\"; quantity = \"datetime\"; type = \"datetime\";\n"                        \
    "    value = \"2024-05-17 12:34\"; },\n"                                                       \
    "  { name = \"owner\"; quantity = \"customer\"; type = \"text\";\n"                            \
    "    value = \"Gr\xC3\xBC\xC3\x9F\"; } ); },\n"                                                \
    " { name = \"" second "\"; address = 4; records = (\n"                                         \
    "  { name = \"volume\"; unit = \"m3\"; resolution = 0.001; value = 7; } ); } );\n"
#define BED_CONFIG BED_CONFIG_WITH("water")

struct bed {
    char dir[64], address[128];
    pid_t bus_pid;
    sd_event *event;
    struct config *config;
    struct meter **meters;
    struct meter_cell **cells;
    struct sources *sources;
    struct control *control;
    sd_bus *client;
    int forget_result;
    unsigned n_forgotten;
    bool is_open;
    const char *trouble;
};

/* ---- the bus --------------------------------------------------------------------------------- */

static inline void bed_write(const struct bed *bed, const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", bed->dir, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline const char *bed_policy_open(void)
{
    return "<policy context=\"default\"><allow send_destination=\"*\"/><allow "
           "receive_sender=\"*\"/>"
           "<allow own=\"*\"/></policy>";
}

/* `policy` is what stands in the file besides. */
static inline void bed_configure_bus(const struct bed *bed, const char *policy)
{
    char text[4096];

    assert_true(
        (size_t)snprintf(
            text, sizeof(text),
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\""
            " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
            "<busconfig><listen>unix:path=%s/bus</listen><auth>EXTERNAL</auth>%s"
            "</busconfig>\n",
            bed->dir, policy) < sizeof(text));
    bed_write(bed, "bus.conf", text);
}

/* Returns when it listens. */
static inline void bed_start_bus(struct bed *bed)
{
    char option[128], ready = 0;
    int fds[2];

    snprintf(option, sizeof(option), "--config-file=%s/bus.conf", bed->dir);
    assert_int_equal(pipe(fds), 0);
    bed->bus_pid = fork();
    assert_true(bed->bus_pid >= 0);
    if (bed->bus_pid == 0) {
        char number[32];

        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no bus behind */
        close(fds[0]);
        snprintf(number, sizeof(number), "--print-address=%d", fds[1]);
        execlp("dbus-daemon", "dbus-daemon", option, "--nofork", "--nopidfile", "--nosyslog",
               number, (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    assert_int_equal(read(fds[0], &ready, 1), 1);
    close(fds[0]);
}

static inline void bed_stop_bus(struct bed *bed)
{
    if (bed->bus_pid == 0)
        return;
    kill(bed->bus_pid, SIGKILL);
    assert_int_equal(waitpid(bed->bus_pid, NULL, 0), bed->bus_pid);
    bed->bus_pid = 0;
}

/* ---- the service ----------------------------------------------------------------------------- */

static inline void bed_port(void *userdata, size_t i, struct control_port *ret)
{
    const struct bed *bed = userdata;

    *ret = (struct control_port){ .name = bed->config->ports[i].device,
                                  .kind = bed->config->ports[i].kind,
                                  .is_open = bed->is_open,
                                  .trouble = bed->is_open ? "" : "No such device",
                                  .baud = i == 0 ? 2400 : 0 };
    ret->counters.verdicts[SLAVE_ANSWER] = 5;
    ret->counters.verdicts[SLAVE_REFUSED] = 1;
    ret->counters.verdicts[SLAVE_FAULT] = 2;
    ret->counters.verdicts[SLAVE_FOREIGN] = 3;
    ret->counters.verdicts[SLAVE_OTHER_ADDRESS] = 4;
    ret->counters.fates[SLAVE_SENT] = 6;
    ret->counters.fates[SLAVE_LATE] = 7;
}

static inline void bed_state(void *userdata, struct control_state *ret)
{
    const struct bed *bed = userdata;

    *ret = (struct control_state){ "/var/lib/x", bed->trouble };
}

static inline int bed_forget(void *userdata, struct meter *meter)
{
    struct bed *bed = userdata;

    bed->n_forgotten++;
    if (bed->forget_result > 0)
        meter->now.address = meter->def->address;
    return bed->forget_result;
}

static inline void bed_changed(void *userdata, struct meter *meter, size_t record)
{
    const struct bed *bed = userdata;

    control_value_changed(bed->control, meter, record);
}

static inline void bed_trouble(void *userdata, const struct source *s, const char *why)
{
    (void)userdata;
    (void)s;
    (void)why;
}

static inline void bed_muted(void *userdata, struct meter *meter)
{
    (void)userdata;
    (void)meter;
}

static inline struct config *bed_load(const struct bed *bed, const char *text)
{
    struct config_messages messages = { 0 };
    struct config *config = NULL;
    char path[128];

    bed_write(bed, "mbus-slave.conf", text);
    snprintf(path, sizeof(path), "%s/mbus-slave.conf", bed->dir);
    if (config_load(path, NULL, &config, &messages) != 0)
        fail_msg("%s", messages.n > 0 ? messages.items[0].text : "cannot be loaded");
    config_messages_done(&messages);
    return config;
}

static inline void bed_make_meters(const struct config *config, struct meter ***ret_meters,
                                   struct meter_cell ***ret_cells)
{
    struct meter **meters = calloc(config->n_meters, sizeof(*meters));
    struct meter_cell **cells = calloc(config->n_meters, sizeof(*cells));

    assert_non_null(meters);
    assert_non_null(cells);
    for (size_t i = 0; i < config->n_meters; i++) {
        const struct meter_def *def = &config->meters[i];

        meters[i] = calloc(1, sizeof(**meters));
        cells[i] = calloc(2 * def->n_records + 1, sizeof(**cells));
        assert_non_null(meters[i]);
        assert_non_null(cells[i]);
        meter_init(meters[i], def, cells[i]);
        meters[i]->index = i;
    }
    *ret_meters = meters;
    *ret_cells = cells;
}

static inline void bed_free_meters(size_t n, struct meter **meters, struct meter_cell **cells)
{
    for (size_t i = 0; i < n; i++) {
        free(meters[i]);
        free(cells[i]);
    }
    free(meters);
    free(cells);
}

static inline void bed_start_service(struct bed *bed)
{
    const struct control_host host = { bed->event, bed_port, bed_state, bed_forget, bed };
    const struct sources_host sources_host = {
        .event = bed->event,
        .changed = bed_changed,
        .trouble = bed_trouble,
        .muted = bed_muted,
        .userdata = bed,
    };

    assert_int_equal(sources_new(&sources_host, bed->config, bed->meters, &bed->sources), 0);
    assert_int_equal(control_new(&host, bed->config, bed->meters, bed->sources, &bed->control), 0);
}

/* ---- time ------------------------------------------------------------------------------------ */

/* Of the processor, for this thread: what else the machine does makes no difference. */
static inline usec_t bed_cpu_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (usec_t)now.tv_sec * USEC_PER_SEC + (usec_t)now.tv_nsec / 1000;
}

static inline void bed_turn(struct bed *bed)
{
    assert_true(sd_event_run(bed->event, USEC_PER_MSEC) >= 0);
    while (bed->client != NULL && sd_bus_process(bed->client, NULL) > 0)
        continue;
}

static inline void bed_run_for(struct bed *bed, usec_t usec)
{
    usec_t end = clock_now() + usec;

    while (clock_now() < end)
        bed_turn(bed);
}

/* ---- the client ------------------------------------------------------------------------------ */

static inline sd_bus *bed_connect(const struct bed *bed)
{
    sd_bus *bus = NULL;

    assert_true(sd_bus_new(&bus) >= 0);
    assert_true(sd_bus_set_address(bus, bed->address) >= 0);
    assert_true(sd_bus_set_bus_client(bus, true) >= 0);
    assert_true(sd_bus_start(bus) >= 0);
    return bus;
}

static inline int bed_on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    sd_bus_message **ret = userdata;

    (void)error;
    *ret = sd_bus_message_ref(m);
    return 1;
}

/* Sends a call and turns the loop until its answer is there: a return or an error. */
static inline sd_bus_message *bed_send(struct bed *bed, sd_bus_message *call)
{
    sd_bus_message *answer = NULL;
    usec_t end = clock_now() + WAIT_MAX;

    assert_true(sd_bus_call_async(bed->client, NULL, call, bed_on_answer, &answer, 0) >= 0);
    sd_bus_message_unref(call);
    while (answer == NULL) {
        assert_true(clock_now() < end);
        bed_turn(bed);
    }
    return answer;
}

static inline sd_bus_message *bed_new_call(struct bed *bed, const char *path, const char *interface,
                                           const char *member)
{
    sd_bus_message *call = NULL;

    assert_true(sd_bus_message_new_method_call(bed->client, &call, SERVICE_NAME, path, interface,
                                               member) >= 0);
    return call;
}

static inline sd_bus_message *bed_call(struct bed *bed, const char *path, const char *interface,
                                       const char *member, const char *types, ...)
{
    sd_bus_message *call = bed_new_call(bed, path, interface, member);
    va_list args;

    va_start(args, types);
    if (types != NULL)
        assert_true(sd_bus_message_appendv(call, types, args) >= 0);
    va_end(args);
    return bed_send(bed, call);
}

/* An answer that must be good. */
static inline sd_bus_message *bed_good(sd_bus_message *answer)
{
    const sd_bus_error *error = sd_bus_message_get_error(answer);

    if (error != NULL)
        fail_msg("%s: %s", error->name, error->message);
    return answer;
}

/* One that must be this error, and say this. */
static inline void bed_bad(sd_bus_message *answer, const char *name, const char *part)
{
    const sd_bus_error *error = sd_bus_message_get_error(answer);

    if (error == NULL || error->name == NULL || error->message == NULL)
        fail_msg("no error, but %s was due", name);
    else if (strcmp(error->name, name) != 0 || strstr(error->message, part) == NULL)
        fail_msg("%s (%s) is not %s, or says nothing of \"%s\"", error->name, error->message, name,
                 part);
    sd_bus_message_unref(answer);
}

static inline sd_bus_message *bed_property(struct bed *bed, const char *path, const char *interface,
                                           const char *name)
{
    return bed_good(
        bed_call(bed, path, "org.freedesktop.DBus.Properties", "Get", "ss", interface, name));
}

/* Waits until the service has its name. */
static inline void bed_wait_name(struct bed *bed)
{
    usec_t end = clock_now() + WAIT_MAX;
    int has = 0;

    while (!has) {
        sd_bus_message *call = NULL, *answer;

        assert_true(clock_now() < end);
        assert_true(sd_bus_message_new_method_call(bed->client, &call, "org.freedesktop.DBus",
                                                   "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                                   "NameHasOwner") >= 0);
        assert_true(sd_bus_message_append(call, "s", SERVICE_NAME) >= 0);
        answer = bed_good(bed_send(bed, call));
        assert_true(sd_bus_message_read(answer, "b", &has) >= 0);
        sd_bus_message_unref(answer);
    }
}

/* ---- life ------------------------------------------------------------------------------------ */

/* No bus yet, and no service. */
static inline void bed_prepare(struct bed *bed, const char *config)
{
    *bed = (struct bed){ .dir = "/tmp/mbus-slave-bus-XXXXXX", .is_open = true, .trouble = "" };
    assert_non_null(mkdtemp(bed->dir));
    snprintf(bed->address, sizeof(bed->address), "unix:path=%s/bus", bed->dir);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", bed->address, 1);
    bed_configure_bus(bed, bed_policy_open());
    assert_true(sd_event_new(&bed->event) >= 0);
    bed->config = bed_load(bed, config);
    bed_make_meters(bed->config, &bed->meters, &bed->cells);
}

static inline void bed_begin_with(struct bed *bed, const char *config)
{
    bed_prepare(bed, config);
    bed_start_bus(bed);
    bed_start_service(bed);
    bed->client = bed_connect(bed);
    bed_wait_name(bed);
}

static inline void bed_begin(struct bed *bed)
{
    bed_begin_with(bed, BED_CONFIG);
}

static inline void bed_end(struct bed *bed)
{
    static const char *const files[] = { "mbus-slave.conf", "bus.conf", "bus", "policy.conf" };
    char path[128];

    control_free(bed->control);
    sources_free(bed->sources);
    bed->client = sd_bus_close_unref(bed->client);
    bed_free_meters(bed->config->n_meters, bed->meters, bed->cells);
    config_free(bed->config);
    sd_event_unref(bed->event);
    bed_stop_bus(bed);
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", bed->dir, files[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(bed->dir), 0);
}

#endif
