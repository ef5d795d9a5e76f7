#include "tests/fake/daemon_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

#define PATH "/io/github/mbus_slave1"
#define PREFIX "io.github.mbus_slave1"

/* The service of this process. */
static struct {
    struct daemon_fake_manner manner;
    FILE *given;
    unsigned frames_left;
    char watcher[64];
} own;

/* ---- what it is ------------------------------------------------------------------------------ */

struct record {
    const char *meter, *name, *kind;
    const uint8_t *bytes;
    size_t n;
    double value;
    const char *error, *trouble;
    uint64_t age;
};

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

static struct record records[] = {
    { "heat", "energy", "pushed", BYTES(0x04, 0x06, 0x10, 0x27, 0, 0), 10000, "", "", 5000000 },
    { "heat", "power", "pushed", BYTES(0x02, 0x2B, 0xDC, 0x05), 1500, "", "", 200000000 },
    { "heat", "serial", "constant", BYTES(0x0C, 0x78, 0x78, 0x56, 0x34, 0x12), 12345678, "", "",
      UINT64_MAX },
    { "heat", "flow", "file", BYTES(0x02, 0x5A, 0x58, 0x02), 60, "", "", 1000000 },
    { "room", "temperature", "file", BYTES(0x02, 0x66, 0xD7, 0x00), 21.5, "", "", 1000000 },
};
#define RECORDS (sizeof(records) / sizeof(records[0]))

static const uint8_t broken_flow[] = { 0x32, 0xDA, 0x18, 0x58, 0x02 };

static struct record *find(const char *name)
{
    for (size_t i = 0; i < RECORDS; i++) {
        size_t n = strlen(records[i].meter);

        if (strncmp(name, records[i].meter, n) == 0 && (name[n] == '.' || name[n] == '/') &&
            strcmp(name + n + 1, records[i].name) == 0)
            return &records[i];
    }
    return NULL;
}

static void take_manner(void)
{
    struct record *flow = find("heat.flow");

    if (own.manner.has_troubles) {
        flow->bytes = broken_flow;
        flow->n = sizeof(broken_flow);
        flow->error = "data_error";
        flow->trouble = "No such file or directory";
    }
    if (own.manner.added) {
        flow->name = own.manner.added;
        flow->kind = "pushed";
    }
}

/* ---- methods --------------------------------------------------------------------------------- */

static int list_ports(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    sd_bus_message *reply;
    bool wrong = own.manner.has_troubles;
    int r = sd_bus_message_new_method_return(m, &reply);

    (void)userdata;
    (void)error;
    if (r >= 0)
        r = sd_bus_message_append(reply, "a(ssbsuuttttt)", 2, "/dev/ttyAMA0", "serial", !wrong,
                                  wrong ? "Permission denied" : "", 2400, 2, (uint64_t)40,
                                  (uint64_t)38, (uint64_t)2, (uint64_t)1, (uint64_t)0, "tcp:10001",
                                  "tcp", 1, "", 0, 2, (uint64_t)7, (uint64_t)7, (uint64_t)0,
                                  (uint64_t)0, (uint64_t)0);
    return r < 0 ? r : sd_bus_message_send(reply);
}

static int list_meters(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    sd_bus_message *reply;
    int r = sd_bus_message_new_method_return(m, &reply);

    (void)userdata;
    (void)error;
    if (r >= 0)
        r = sd_bus_message_append(
            reply, "a(syssysyybuttt)", 2, "heat", 3, "12345678", "TST", 1, "heat_outlet", 5,
            own.manner.has_troubles ? 0x10 : 0, 0, own.manner.has_troubles, (uint64_t)30,
            (uint64_t)28, (uint64_t)1, "room", 4, "87654321", "TST", 2, "room_sensor", 9, 0,
            own.manner.has_troubles, 0, (uint64_t)10, (uint64_t)10, (uint64_t)0);
    return r < 0 ? r : sd_bus_message_send(reply);
}

static int append_record(sd_bus_message *reply, const struct record *record)
{
    int r = sd_bus_message_open_container(reply, 'r', "ssayvsstb");

    if (r >= 0)
        r = sd_bus_message_append(reply, "ss", record->name, record->kind);
    if (r >= 0)
        r = sd_bus_message_append_array(reply, 'y', record->bytes, record->n);
    if (r >= 0)
        r = sd_bus_message_append(reply, "vsstb", "d", record->value, record->error,
                                  record->trouble, record->age, 0);
    return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int list_records(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    sd_bus_message *reply;
    const char *meter;
    int r = sd_bus_message_read(m, "s", &meter);

    (void)userdata;
    (void)error;
    if (r >= 0)
        r = sd_bus_message_new_method_return(m, &reply);
    if (r >= 0)
        r = sd_bus_message_open_container(reply, 'a', "(ssayvsstb)");
    for (size_t i = 0; r >= 0 && i < RECORDS; i++) {
        if (strcmp(records[i].meter, meter) == 0)
            r = append_record(reply, &records[i]);
    }
    if (r >= 0)
        r = sd_bus_message_close_container(reply);
    return r < 0 ? r : sd_bus_message_send(reply);
}

struct push {
    char name[128];
    double value;
};

static int read_pushes(sd_bus_message *m, struct push *pushes, size_t *ret_n)
{
    int r = sd_bus_message_enter_container(m, 'a', "(sv)");

    *ret_n = 0;
    while (r >= 0 && (r = sd_bus_message_enter_container(m, 'r', "sv")) > 0) {
        struct push *push = &pushes[(*ret_n)++];
        const char *name, *type;
        int64_t integer;

        (void)sd_bus_message_read(m, "s", &name);
        (void)snprintf(push->name, sizeof(push->name), "%s", name);
        (void)sd_bus_message_peek_type(m, NULL, &type);
        if (*type == 'x') {
            (void)sd_bus_message_read(m, "v", "x", &integer);
            push->value = (double)integer;
        } else {
            r = sd_bus_message_read(m, "v", "d", &push->value);
        }
        if (r >= 0)
            r = sd_bus_message_exit_container(m);
    }
    return r;
}

static int check_push(const struct push *push, sd_bus_error *error)
{
    struct record *record = find(push->name);

    if (record == NULL)
        return sd_bus_error_setf(error, PREFIX ".Error.NoSuchRecord", "%s: there is no such record",
                                 push->name);
    if (strcmp(record->kind, "pushed") != 0 ||
        (own.manner.refuses && find(own.manner.refuses) == record))
        return sd_bus_error_setf(error, PREFIX ".Error.NotPushed", "%s.%s: its source is \"%s\"",
                                 record->meter, record->name, record->kind);
    return 0;
}

static int set_values(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    static struct push pushes[2000];
    size_t n;
    int r = read_pushes(m, pushes, &n);

    (void)userdata;
    if (own.manner.denies)
        return sd_bus_error_set_const(error, SD_BUS_ERROR_ACCESS_DENIED, "Access denied");
    if (own.manner.is_silent)
        return 1;
    for (size_t i = 0; r >= 0 && i < n; i++)
        r = check_push(&pushes[i], error);
    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        struct record *record = find(pushes[i].name);

        record->error = pushes[i].value > 1e6 ? "data_overflow" : "";
        fprintf(own.given, "%s.%s %.17g\n", record->meter, record->name, pushes[i].value);
    }
    fputs("call\n", own.given);
    fflush(own.given);
    return sd_bus_reply_method_return(m, "");
}

/* ---- frames ---------------------------------------------------------------------------------- */

static const struct {
    int from_us;
    const char *fate;
    const uint8_t *bytes;
    size_t n;
    uint64_t after;
} frames[] = {
    { 0, "answer", BYTES(0x10, 0x7B, 0x03, 0x7E, 0x16), 0 },
    { 1, "sent", BYTES(0xE5), 12345 },
    { 0, "another slave's", BYTES(0xE5), 0 },
    { 0, "other address", BYTES(0x10, 0x40, 0x07, 0x47, 0x16), 0 },
    { 0, "bad checksum", BYTES(0x10, 0x7B, 0x03, 0x7F, 0x16), 0 },
    { 1, "late", BYTES(0xE5), 250000 },
};

static int send_frame(sd_bus *bus, unsigned i)
{
    sd_bus_message *m;
    int r = sd_bus_message_new_signal(bus, &m, PATH, PREFIX ".Manager", "Frame");

    if (r >= 0)
        r = sd_bus_message_append(m, "tssb", UINT64_C(1700000000123456), "/dev/ttyAMA0",
                                  i % 2 ? "10.0.0.1:5" : "", frames[i].from_us);
    if (r >= 0)
        r = sd_bus_message_append_array(m, 'y', frames[i].bytes, frames[i].n);
    if (r >= 0)
        r = sd_bus_message_append(m, "st", frames[i].fate, frames[i].after);
    return r < 0 ? r : sd_bus_send_to(bus, m, own.watcher, NULL);
}

static int watch(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    (void)userdata;
    (void)error;
    (void)snprintf(own.watcher, sizeof(own.watcher), "%s", sd_bus_message_get_sender(m));
    own.frames_left = own.manner.frames;
    return sd_bus_reply_method_return(m, "");
}

/* ---- meters and records ---------------------------------------------------------------------- */

static int telegram(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    static const uint8_t first[] = { 0x68, 0x0F, 0x0F, 0x68, 0x08, 0x03, 0x72,
                                     0x78, 0x56, 0x34, 0x12, 0x74, 0x52, 0x01,
                                     0x04, 0x05, 0x00, 0x00, 0x00, 0x61, 0x16 };
    sd_bus_message *reply;
    int r = sd_bus_message_new_method_return(m, &reply);

    (void)userdata;
    (void)error;
    if (r >= 0)
        r = sd_bus_message_open_container(reply, 'a', "ay");
    for (unsigned i = 0; r >= 0 && i < 2; i++)
        r = sd_bus_message_append_array(reply, 'y', first, sizeof(first));
    if (r >= 0)
        r = sd_bus_message_close_container(reply);
    return r < 0 ? r : sd_bus_message_send(reply);
}

static int forget(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    static bool was_asked;
    bool was_there = !was_asked;

    (void)userdata;
    if (own.manner.denies)
        return sd_bus_error_set_const(error, SD_BUS_ERROR_ACCESS_DENIED, "Access denied");
    was_asked = true;
    return sd_bus_reply_method_return(m, "b", was_there);
}

static int get(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    const struct record *record = find(sd_bus_message_get_path(m) + strlen(PATH "/meter/"));

    (void)userdata;
    (void)error;
    return sd_bus_reply_method_return(m, "vs", "d", record->value, record->error);
}

static int property(sd_bus *bus, const char *path, const char *interface, const char *name,
                    sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    const char *text = "1.2.3";

    (void)bus;
    (void)path;
    (void)interface;
    (void)userdata;
    (void)error;
    if (strcmp(name, "StateDirectory") == 0)
        text = "/var/lib/mbus-slave";
    if (strcmp(name, "StateTrouble") == 0)
        text = own.manner.has_troubles ? "No space left on device" : "";
    return sd_bus_message_append(reply, "s", text);
}

static const sd_bus_vtable manager[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Version", "s", property, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("StateDirectory", "s", property, 0, 0),
    SD_BUS_PROPERTY("StateTrouble", "s", property, 0, 0),
    SD_BUS_METHOD("ListPorts", "", "a(ssbsuuttttt)", list_ports, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("ListMeters", "", "a(syssysyybuttt)", list_meters, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("ListRecords", "s", "a(ssayvsstb)", list_records, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("SetValues", "a(sv)", "", set_values, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Watch", "", "", watch, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

static const sd_bus_vtable meter_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Telegram", "", "aay", telegram, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Forget", "", "b", forget, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

static const sd_bus_vtable record_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Get", "", "vs", get, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

/* ---- the process ----------------------------------------------------------------------------- */

static int add_objects(sd_bus *bus)
{
    int r = sd_bus_add_object_vtable(bus, NULL, PATH, PREFIX ".Manager", manager, NULL);

    for (size_t i = 0; r >= 0 && i < RECORDS; i++) {
        char path[160];

        (void)snprintf(path, sizeof(path), PATH "/meter/%s/%s", records[i].meter, records[i].name);
        r = sd_bus_add_object_vtable(bus, NULL, path, PREFIX ".Record", record_table, NULL);
    }
    if (r >= 0)
        r = sd_bus_add_object_vtable(bus, NULL, PATH "/meter/heat", PREFIX ".Meter", meter_table,
                                     NULL);
    return r;
}

static void serve(const struct daemon_fake *fake)
{
    char text[128];
    sd_bus *bus = NULL;
    int r;

    take_manner();
    (void)snprintf(text, sizeof(text), "%s/given", fake->dir);
    own.given = fopen(text, "ae");
    (void)snprintf(text, sizeof(text), PREFIX "%s%s", own.manner.suffix ? "." : "",
                   own.manner.suffix ? own.manner.suffix : "");
    r = sd_bus_open_system(&bus);
    if (r >= 0)
        r = add_objects(bus);
    if (r >= 0)
        r = sd_bus_request_name(bus, text, 0);
    if (own.given == NULL || r < 0)
        _exit(1);
    (void)snprintf(text, sizeof(text), "%s/ready", fake->dir);
    close(open(text, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    while (r >= 0) {
        r = sd_bus_process(bus, NULL);
        if (r == 0 && own.frames_left > 0)
            r = send_frame(bus, own.manner.frames - own.frames_left--);
        if (r == 0)
            r = sd_bus_wait(bus, UINT64_MAX);
    }
    _exit(0);
}

/* ---- the test's side ------------------------------------------------------------------------- */

static void await_file(const char *path)
{
    const struct timespec moment = { .tv_nsec = 2000000 };

    for (unsigned i = 0; i < 5000 && access(path, F_OK) != 0; i++)
        nanosleep(&moment, NULL);
}

static void end(pid_t *pid)
{
    if (*pid > 0) {
        kill(*pid, SIGKILL);
        waitpid(*pid, NULL, 0);
    }
    *pid = 0;
}

static void write_bus_config(const struct daemon_fake *fake, const char *path)
{
    FILE *f = fopen(path, "we");

    if (f == NULL)
        return;
    fprintf(f,
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
            " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
            "<busconfig><type>system</type><listen>unix:path=%s/bus</listen>\n"
            "<policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/>\n"
            "<allow send_destination=\"*\"/><allow receive_sender=\"*\"/></policy></busconfig>\n",
            fake->dir);
    (void)fclose(f);
}

bool daemon_fake_open(struct daemon_fake *fake)
{
    char path[96], option[128];

    *fake = (struct daemon_fake){ .dir = "/tmp/mbus-slave-test-XXXXXX" };
    if (mkdtemp(fake->dir) == NULL)
        return false;
    (void)snprintf(path, sizeof(path), "%s/bus.conf", fake->dir);
    write_bus_config(fake, path);
    (void)snprintf(option, sizeof(option), "--config-file=%s", path);
    fake->bus = fork();
    if (fake->bus == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        execlp("dbus-daemon", "dbus-daemon", option, "--nofork", "--nopidfile", "--nosyslog",
               (char *)NULL);
        _exit(127);
    }
    (void)snprintf(path, sizeof(path), "unix:path=%s/bus", fake->dir);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", path, 1);
    for (unsigned i = 0; i < 5000 && access(path + strlen("unix:path="), F_OK) != 0; i++) {
        const struct timespec moment = { .tv_nsec = 2000000 };

        if (waitpid(fake->bus, NULL, WNOHANG) != 0) {
            fake->bus = 0;
            return false;
        }
        nanosleep(&moment, NULL);
    }
    return true;
}

void daemon_fake_start(struct daemon_fake *fake, const struct daemon_fake_manner *manner)
{
    char path[96];

    daemon_fake_kill(fake);
    (void)snprintf(path, sizeof(path), "%s/ready", fake->dir);
    unlink(path);
    fake->service = fork();
    if (fake->service == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)close_range(STDERR_FILENO + 1, ~0U, 0); /* what belongs to the test */
        own.manner = *manner;
        serve(fake);
    }
    await_file(path);
}

void daemon_fake_kill(struct daemon_fake *fake)
{
    end(&fake->service);
}

void daemon_fake_kill_bus(struct daemon_fake *fake)
{
    end(&fake->bus);
}

const char *daemon_fake_given(const struct daemon_fake *fake)
{
    static char text[1 << 20];
    char path[96];
    int fd;
    ssize_t n;

    (void)snprintf(path, sizeof(path), "%s/given", fake->dir);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;
    text[n > 0 ? n : 0] = '\0';
    if (fd >= 0)
        close(fd);
    return text;
}

void daemon_fake_close(struct daemon_fake *fake)
{
    static const char *const files[] = { "bus.conf", "bus", "given", "ready", "in", "out", "err" };

    daemon_fake_kill(fake);
    daemon_fake_kill_bus(fake);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[96];

        (void)snprintf(path, sizeof(path), "%s/%s", fake->dir, files[i]);
        unlink(path);
    }
    rmdir(fake->dir);
}
