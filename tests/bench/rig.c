#include "tests/bench/rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/figures.h"

#define ARGUMENTS_MAX 16
/* A thousand meters under valgrind take a while. */
#define READY_MS 120000
#define LOOK_MS 100

const char *daemon_path, *ctl_path, *floor_path;

static char folder[] = "/tmp/mbus-slave-bench-XXXXXX";
static unsigned n_servers;
static int notify_fd;

void die(const char *what)
{
    fprintf(stderr, "bench: %s (%s)\n", what, strerror(errno));
    exit(1);
}

const char *in_folder(const char *name)
{
    static char paths[12][128];
    static unsigned next;
    char *path = paths[next++ % 12];

    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

/* ---- programs -------------------------------------------------------------------------------- */

int free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&address, size) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        die("no free port");
    close(fd);
    return ntohs(address.sin_port);
}

pid_t spawn(const char *const argv[], int input)
{
    pid_t pid = fork();

    if (pid < 0)
        die("fork");
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

        if (input >= 0)
            dup2(input, STDIN_FILENO);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(null, STDOUT_FILENO);
        if (getenv("BENCH_VERBOSE") == NULL)
            dup2(null, STDERR_FILENO);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

/* ---- configurations -------------------------------------------------------------------------- */

static const char *in_server(const char *name)
{
    char path[64];

    snprintf(path, sizeof(path), "%u/%s", n_servers, name);
    return in_folder(path);
}

FILE *config_begin(const char *saved_every)
{
    FILE *f;

    n_servers++;
    mkdir(in_server(""), 0700);
    mkdir(in_server("run"), 0700);
    mkdir(in_server("state"), 0700);
    f = fopen(in_server("conf"), "we");
    if (f == NULL)
        die("conf");
    fprintf(f,
            "log = { level = \"error\"; };\nstate = { directory = \"%s\"; interval = \"%s\"; };\n",
            in_server("state"), saved_every);
    return f;
}

int config_tcp(FILE *config)
{
    int port = free_port();

    fprintf(config, "port = { device = \"tcp:%d\"; };\n", port);
    return port;
}

static const char *const kind_names[KINDS] = {
    [KIND_CONSTANT] = "constant", [KIND_FILE] = "file",       [KIND_COMMAND] = "command",
    [KIND_PUSHED] = "pushed",     [KIND_DERIVED] = "derived", [KIND_CLOCK] = "clock",
    [KIND_INTERNAL] = "internal",
};

const char *kind_name(enum kind kind)
{
    return kind_names[kind];
}

static void config_record(FILE *config, enum kind kind, int record)
{
    const char *power = "quantity = \"power\"; unit = \"W\";";

    fprintf(config, "%s{ name = \"r%d\"; ", record > 0 ? ", " : "", record);
    if (kind == KIND_CONSTANT)
        fprintf(config, "%s value = 7; }", power);
    else if (kind == KIND_FILE)
        fprintf(config, "%s file = { path = \"%s\"; interval = \"1 h\"; }; }", power,
                in_folder("number"));
    else if (kind == KIND_COMMAND)
        fprintf(config, "%s command = { argv = [ \"/bin/echo\", \"7\" ]; interval = \"1 h\"; }; }",
                power);
    else if (kind == KIND_CLOCK)
        fprintf(config, "quantity = \"datetime\"; type = \"datetime\"; clock = { }; }");
    else if (kind == KIND_INTERNAL)
        fprintf(config, "quantity = \"cumulation_counter\"; internal = { counter = \"answers\"; "
                        "}; }");
    else if (kind == KIND_DERIVED && record > 0)
        fprintf(config, "%s derived = { sum = [ \"r0\" ]; }; }", power);
    else
        fprintf(config, "%s pushed = { start = 7; }; }", power);
}

void config_meters(FILE *config, enum kind kind, int n_meters, int n_records)
{
    fprintf(config, "meters = (\n");
    for (int i = 1; i <= n_meters; i++) {
        fprintf(config, "%s{ name = \"m%d\"; address = %d; id = \"%08d\"; records = (",
                i > 1 ? ", " : "", i, i <= 250 ? i : 0, i);
        for (int k = 0; k < n_records; k++)
            config_record(config, kind, k);
        fprintf(config, "); }\n");
    }
    fprintf(config, ");\n");
}

/* ---- servers --------------------------------------------------------------------------------- */

static void open_notify(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", in_folder("notify"));
    notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(notify_fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        die("notify");
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
}

/* The next message of a server, waited for so long; "": none came. */
static const char *next_message(int ms)
{
    static char message[512];
    struct pollfd p = { .fd = notify_fd, .events = POLLIN };
    ssize_t n = poll(&p, 1, ms) == 1 ? recv(notify_fd, message, sizeof(message) - 1, 0) : 0;

    message[n > 0 ? n : 0] = '\0';
    return message;
}

static void wait_for_ready(pid_t pid)
{
    for (int i = 0; i < READY_MS / LOOK_MS; i++) {
        if (strstr(next_message(LOOK_MS), "READY=1") != NULL)
            return;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            break;
    }
    die("the daemon does not get ready; $BENCH_VERBOSE lets it say why");
}

void wait_ms(int ms)
{
    double end = now_us() + ms * 1e3;

    for (double left; (left = end - now_us()) > 0;)
        next_message((int)(left / 1e3) + 1);
}

pid_t server_start_again(const char *const wrapper[])
{
    const char *argv[ARGUMENTS_MAX];
    size_t n = 0;
    pid_t pid;

    while (wrapper != NULL && wrapper[n] != NULL && n < ARGUMENTS_MAX - 4) {
        argv[n] = wrapper[n];
        n++;
    }
    argv[n++] = daemon_path;
    argv[n++] = "--config";
    argv[n++] = in_server("conf");
    argv[n] = NULL;
    setenv("RUNTIME_DIRECTORY", in_server("run"), 1);
    pid = spawn(argv, -1);
    wait_for_ready(pid);
    return pid;
}

pid_t server_start(FILE *config, const char *const wrapper[])
{
    fclose(config);
    return server_start_again(wrapper);
}

void server_kill(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

void server_stop(pid_t pid)
{
    kill(pid, SIGTERM);
    while (waitpid(pid, NULL, WNOHANG) != pid)
        next_message(LOOK_MS / 10);
}

/* ---- a bus ----------------------------------------------------------------------------------- */

static const char bus_config[] =
    "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
    " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
    "<busconfig><type>system</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>\n"
    "<policy context=\"default\"><allow send_destination=\"*\"/><allow receive_sender=\"*\"/>\n"
    "<allow own=\"*\"/></policy></busconfig>\n";

static void set_bus_address(void)
{
    char address[160];

    snprintf(address, sizeof(address), "unix:path=%s", in_folder("dbus"));
    setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
}

bool bus_start(pid_t *ret)
{
    char option[160];
    const char *const argv[] = { "dbus-daemon", option,       "--nofork",
                                 "--nopidfile", "--nosyslog", NULL };
    FILE *f = fopen(in_folder("dbus.conf"), "we");

    if (f == NULL)
        die("dbus.conf");
    fprintf(f, bus_config, in_folder("dbus"));
    fclose(f);
    snprintf(option, sizeof(option), "--config-file=%s", in_folder("dbus.conf"));
    *ret = spawn(argv, -1);
    for (int i = 0; i < 200; i++) {
        if (access(in_folder("dbus"), F_OK) == 0)
            return true;
        if (waitpid(*ret, NULL, WNOHANG) == *ret)
            return false;
        poll(NULL, 0, 10);
    }
    return false;
}

void bus_stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    unlink(in_folder("dbus"));
}

/* ---- life ------------------------------------------------------------------------------------ */

static int take_away(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void clean_up(void)
{
    nftw(folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

void rig_begin(void)
{
    FILE *f;

    if (mkdtemp(folder) == NULL)
        die(folder);
    atexit(clean_up);
    open_notify();
    set_bus_address();
    f = fopen(in_folder("number"), "we");
    if (f == NULL)
        die("number");
    fprintf(f, "7\n");
    fclose(f);
}
