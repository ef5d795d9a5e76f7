/* The daemon on a machine that looks like a Raspberry Pi: a root of its own, with a device tree and
 * a /dev made up for it. */
#include "tests/system/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONFIG "port = { device = \"/dev/ttyAMA0\"; };\n" STOCK_METER
#define PI_MODEL "Raspberry Pi 4 Model B Rev 1.4"

static void this_machine_is_not_bothered(void **state)
{
    struct rig rig;

    (void)state;
    rig_init(&rig);
    rig_config(&rig, "port = { device = \"/dev/ttyAMA99\"; };\n" STOCK_METER);
    rig_start(&rig, NULL);
    rig_expect_log(&rig, "trying again");
    assert_int_equal(rig_count_log(&rig, "config.txt"), 0);
    assert_int_equal(rig_count_log(&rig, "Hat"), 0);
    rig_stop(&rig);
    rig_done(&rig);
}

/* A sanitizer cannot start where /proc is not the kernel's. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)

/* What the made-up machine has besides a Pi's model. */
struct machine {
    const char *console;     /* active consoles */
    const char *hat_product; /* NULL: no Hat */
    bool with_uart;          /* a pty stands for /dev/ttyAMA0 */
    bool mini;               /* which is the mini UART */
};

static void make_file(const char *root, const char *path, const char *text)
{
    char full[256];
    FILE *f;

    snprintf(full, sizeof(full), "%s%s", root, path);
    for (char *at = full + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        mkdir(full, 0755);
        *at = '/';
    }
    f = fopen(full, "we");
    if (f == NULL || fwrite(text, 1, strlen(text) + 1, f) == 0 || fclose(f) != 0)
        _exit(100);
}

static void bind_folder(const char *root, const char *from, const char *path)
{
    char to[256];

    snprintf(to, sizeof(to), "%s%s", root, path);
    mkdir(to, 0755);
    if (mount(from, to, NULL, MS_BIND | MS_REC, NULL) < 0)
        _exit(101);
}

/* Merged /usr or not: what is a link here is the same link there. */
static void bind_libraries(const char *root)
{
    static const char *const folders[] = { "/usr", "/lib", "/lib64", "/bin" };

    for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
        char target[64], there[256];
        ssize_t n = readlink(folders[i], target, sizeof(target) - 1);

        snprintf(there, sizeof(there), "%s%s", root, folders[i]);
        if (n > 0) {
            target[n] = '\0';
            if (symlink(target, there) < 0)
                _exit(102);
        } else if (access(folders[i], F_OK) == 0) {
            bind_folder(root, folders[i], folders[i]);
        }
    }
}

static void make_pi(const char *root, const struct machine *m, const char *uart)
{
    char device[256];

    make_file(root, "/proc/device-tree/model", PI_MODEL);
    make_file(root, "/sys/class/tty/console/active", m->console);
    if (m->hat_product != NULL) {
        make_file(root, "/proc/device-tree/hat/product", m->hat_product);
        make_file(root, "/proc/device-tree/hat/vendor", "packom.net");
        make_file(root, "/proc/device-tree/hat/product_ver", "0x0002");
    }
    if (m->mini)
        make_file(root, "/sys/class/tty/ttyAMA0/device/of_node/compatible",
                  "brcm,bcm2835-aux-uart");
    make_file(root, "/dev/null", "");
    if (!m->with_uart)
        return;
    make_file(root, "/dev/ttyAMA0", "");
    snprintf(device, sizeof(device), "%s/dev/ttyAMA0", root);
    if (mount(uart, device, NULL, MS_BIND, NULL) < 0)
        _exit(103);
}

static void copy_file(const char *from, const char *to)
{
    char command[512];

    snprintf(command, sizeof(command), "cp '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

/* In the child: mounts that vanish with it, then the daemon in the new root. */
static void run_on_pi(const struct rig *rig, const struct machine *m, const char *uart)
{
    char root[128], *argv[] = { "mbus-slave", "--config", "/rig/mbus-slave.conf", NULL };
    int log = open(rig_path(rig, "log"), O_WRONLY | O_CREAT | O_APPEND, 0666);

    snprintf(root, sizeof(root), "%s", rig_path(rig, "root"));
    if (mount("tmpfs", root, "tmpfs", 0, NULL) < 0)
        _exit(104);
    bind_libraries(root);
    make_pi(root, m, uart);
    bind_folder(root, rig->dir, "/rig");
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    setenv("NOTIFY_SOCKET", "/rig/notify", 1);
    if (chroot(root) < 0 || chdir("/") < 0)
        _exit(105);
    execv("/rig/mbus-slave", argv);
    _exit(127);
}

static bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return good;
}

static bool unshare_mounts(void)
{
    char user[32], group[32];

    if (geteuid() == 0)
        return unshare(CLONE_NEWNS) == 0;
    snprintf(user, sizeof(user), "0 %u 1", (unsigned)geteuid());
    snprintf(group, sizeof(group), "0 %u 1", (unsigned)getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", user) &&
           write_text("/proc/self/gid_map", group);
}

/* Enters a name space of mounts, as root or as anybody where the kernel lets users have one. In a
 * chroot the root is no mount of its own, and what is mounted below might be seen outside: not
 * there. */
static bool enter_name_space(void)
{
    return unshare_mounts() && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool may_mount(void)
{
    int status;
    pid_t pid = fork();

    if (pid == 0)
        _exit(enter_name_space() ? 0 : 1);
    return waitpid(pid, &status, 0) == pid && status == 0;
}

struct fixture {
    struct rig rig;
    int master; /* the wire's other end */
};

static void begin(struct fixture *f, const struct machine *m)
{
    char uart[64];
    const char *program = getenv("MBUS_SLAVE");

    if (!may_mount()) {
        print_message(
            "# skip: no name space of mounts can be made here (a chroot, or not allowed)\n");
        skip();
    }
    rig_init(&f->rig);
    rig_config(&f->rig, CONFIG);
    mkdir(rig_path(&f->rig, "root"), 0755);
    copy_file(program != NULL ? program : "build/mbus-slave", rig_path(&f->rig, "mbus-slave"));
    f->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(grantpt(f->master) + unlockpt(f->master), 0);
    assert_int_equal(ptsname_r(f->master, uart, sizeof(uart)), 0);
    f->rig.pid = fork();
    if (f->rig.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!enter_name_space())
            _exit(106);
        run_on_pi(&f->rig, m, uart);
    }
    rig_expect_notify(&f->rig, "READY=1");
}

static void end(struct fixture *f)
{
    rig_stop(&f->rig);
    close(f->master);
    rmdir(rig_path(&f->rig, "root"));
    unlink(rig_path(&f->rig, "mbus-slave"));
    rig_done(&f->rig);
}

static void a_missing_uart_is_explained(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, &(struct machine){ .console = "tty0\n" });
    rig_expect_log(&f.rig, "No such file or directory; trying again");
    rig_expect_log(&f.rig, "this UART is not switched on, or Bluetooth has it");
    end(&f);
}

static void the_console_on_it_is_explained(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, &(struct machine){ .console = "tty0 ttyAMA0\n", .with_uart = true });
    rig_expect_log(&f.rig, "the kernel's console is on this UART");
    end(&f);
}

static void the_mini_uart_is_explained(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, &(struct machine){ .console = "tty0\n", .with_uart = true, .mini = true });
    rig_expect_log(&f.rig, "this is the mini UART, which has no parity bit");
    end(&f);
}

static void a_good_uart_is_not_talked_about(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, &(struct machine){ .console = "tty0\n", .with_uart = true });
    rig_expect_log(&f.rig, "/dev/ttyAMA0: open, 2400 baud, 8E1");
    ASK(f.master, "10 7B 03 7E 16", STOCK_0);
    assert_int_equal(rig_count_log(&f.rig, "config.txt"), 0);
    assert_int_equal(rig_count_log(&f.rig, "Hat"), 0);
    end(&f);
}

static void the_hat_is_named(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, &(struct machine){
                  .console = "tty0\n", .with_uart = true, .hat_product = "M-Bus Slave" });
    rig_expect_log(&f.rig, "the Hat on this Pi: M-Bus Slave by packom.net, version 0x0002");
    assert_int_equal(rig_count_log(&f.rig, "cannot be a meter"), 0);
    end(&f);
}

static void a_master_hat_is_warned_of(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, &(struct machine){
                  .console = "tty0\n", .with_uart = true, .hat_product = "M-Bus Master" });
    rig_expect_log(&f.rig, "it cannot be a meter itself");
    end(&f);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_machine_is_not_bothered),
#if !defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
        cmocka_unit_test(a_missing_uart_is_explained),
        cmocka_unit_test(the_console_on_it_is_explained),
        cmocka_unit_test(the_mini_uart_is_explained),
        cmocka_unit_test(a_good_uart_is_not_talked_about),
        cmocka_unit_test(the_hat_is_named),
        cmocka_unit_test(a_master_hat_is_warned_of),
#endif
    };

    return cmocka_run_group_tests_name("raspberry", tests, NULL, NULL);
}
