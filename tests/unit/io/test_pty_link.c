/* The lasting name of a pty, and who may have it. */
#include "io_test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "io/pty_link.h"

/* No pty has that number. */
#define GONE "/dev/pts/99999"
#define OURS "/dev/pts/88888"

struct place {
    char directory[32];
    char link[64];
    char lock[64];
    int fd; /* of the lock */
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);

    assert_non_null(p);
    (void)snprintf(p->directory, sizeof p->directory, "/tmp/test_link.XXXXXX");
    assert_non_null(mkdtemp(p->directory));
    (void)snprintf(p->link, sizeof p->link, "%s/bus", p->directory);
    (void)snprintf(p->lock, sizeof p->lock, "%s/bus.lock", p->directory);
    p->fd = -1;
    *state = p;
    return 0;
}

/* Nothing but what the test itself put there may be left. */
static int tear_down(void **state)
{
    struct place *p = *state;

    (void)unlink(p->link);
    assert_int_equal(rmdir(p->directory), 0);
    free(p);
    return 0;
}

static void expect_link(const struct place *p, const char *target)
{
    char found[128] = "";

    assert_true(readlink(p->link, found, sizeof found - 1) > 0);
    assert_string_equal(found, target);
}

static bool exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static void make(struct place *p)
{
    assert_int_equal(pty_link_make(p->link, OURS, &p->fd), 0);
    assert_true(p->fd >= 0);
    expect_link(p, OURS);
}

static void refuse(struct place *p, int error)
{
    assert_int_equal(pty_link_make(p->link, OURS, &p->fd), error);
    assert_int_equal(p->fd, -1);
}

static void test_made_and_removed(void **state)
{
    struct place *p = *state;

    make(p);
    assert_true(fcntl(p->fd, F_GETFD) & FD_CLOEXEC);
    pty_link_remove(p->link, OURS, p->fd);
    assert_false(exists(p->link));
    assert_false(exists(p->lock));
}

static void test_dangling_is_replaced(void **state)
{
    static const char *const targets[] = { GONE, "nowhere", "/etc/passwd/nowhere" };
    struct place *p = *state;

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        assert_int_equal(symlink(targets[i], p->link), 0);
        make(p);
        pty_link_remove(p->link, OURS, p->fd);
    }
}

/* The number of a pty that was killed may be another's by now. */
static void test_living_pty_is_replaced(void **state)
{
    struct place *p = *state;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    char name[64];

    assert_true(master >= 0);
    assert_int_equal(unlockpt(master), 0);
    assert_int_equal(ptsname_r(master, name, sizeof name), 0);
    assert_int_equal(symlink(name, p->link), 0);
    make(p);
    pty_link_remove(p->link, OURS, p->fd);
    close(master);
}

static void test_others_are_refused(void **state)
{
    static const char *const targets[] = { "/dev/null", "/etc/passwd", "/tmp",
                                           "/dev/pts",  ".",           "/dev/pts/../null" };
    struct place *p = *state;

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        assert_int_equal(symlink(targets[i], p->link), 0);
        refuse(p, -EEXIST);
        expect_link(p, targets[i]);
        assert_false(exists(p->lock));
        assert_int_equal(unlink(p->link), 0);
    }
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

    assert_true(fd >= 0);
    fd_send(fd, (const uint8_t *)text, strlen(text));
    close(fd);
}

static void expect_file(const char *path, const char *text)
{
    int fd = open(path, O_RDONLY);

    assert_true(fd >= 0);
    fd_expect(fd, (const uint8_t *)text, strlen(text));
    close(fd);
}

static void test_file_is_refused(void **state)
{
    struct place *p = *state;

    write_file(p->link, "mine");
    refuse(p, -EEXIST);
    expect_file(p->link, "mine");
}

/* Somebody's own file of the lock's name is neither locked nor removed. */
static void test_file_in_the_lock_place(void **state)
{
    struct place *p = *state;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    write_file(p->lock, "mine");
    refuse(p, -EEXIST);
    expect_file(p->lock, "mine");
    assert_int_equal(unlink(p->lock), 0);

    assert_int_equal(symlink("nowhere", p->lock), 0);
    refuse(p, -EEXIST);
    assert_int_equal(unlink(p->lock), 0);

    assert_int_equal(mkdir(p->lock, 0700), 0);
    refuse(p, -EEXIST);
    assert_int_equal(rmdir(p->lock), 0);

    assert_int_equal(mkfifo(p->lock, 0600), 0);
    refuse(p, -EEXIST);
    assert_int_equal(unlink(p->lock), 0);

    strcpy(address.sun_path, p->lock);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    refuse(p, -EEXIST);
    assert_int_equal(unlink(p->lock), 0);
    close(fd);
    assert_false(exists(p->link));
}

/* What a daemon with our process number left when it was killed is not in the way. */
static void test_leftover(void **state)
{
    struct place *p = *state;
    char leftover[128];

    (void)snprintf(leftover, sizeof leftover, "%s.new-%ld", p->link, (long)getpid());
    assert_int_equal(symlink("/dev/pts/1", leftover), 0);
    assert_int_equal(symlink(GONE, p->link), 0);
    make(p);
    assert_false(exists(leftover));
    pty_link_remove(p->link, OURS, p->fd);
}

/* Our link is not there any more: what stands in its place is not ours to remove. */
static void test_taken_over(void **state)
{
    struct place *p = *state;

    make(p);
    assert_int_equal(unlink(p->link), 0);
    assert_int_equal(symlink(GONE, p->link), 0);
    pty_link_remove(p->link, OURS, p->fd);
    expect_link(p, GONE);
    assert_false(exists(p->lock));
}

/* A process that makes the link and lives until it is killed. */
static pid_t daemon_with(const struct place *p)
{
    int ends[2];
    uint8_t ready = 0;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int fd;
        int r = pty_link_make(p->link, GONE, &fd);

        ready = r == 0;
        if (write(ends[1], &ready, 1) == 1)
            pause();
        _exit(1);
    }
    fd_read(ends[0], &ready, 1);
    assert_int_equal(ready, 1);
    close(ends[0]);
    close(ends[1]);
    return pid;
}

/* The link of a living daemon may even dangle; kill -9 leaves link and lock behind. */
static void test_one_living_daemon(void **state)
{
    struct place *p = *state;
    pid_t pid = daemon_with(p);

    refuse(p, -EBUSY);
    expect_link(p, GONE);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_true(exists(p->link));
    assert_true(exists(p->lock));
    make(p);
    pty_link_remove(p->link, OURS, p->fd);
    assert_false(exists(p->lock));
}

/* Whoever locks the file that its owner removes has locked nothing. */
static void test_removed_lock_counts_for_nothing(void **state)
{
    struct place *p = *state;
    int other = -1;

    make(p);
    assert_int_equal(unlink(p->lock), 0);
    assert_int_equal(pty_link_make(p->link, GONE, &other), 0);
    assert_int_equal(flock(p->fd, LOCK_EX | LOCK_NB), 0); /* still ours, but of no file */
    close(p->fd);
    pty_link_remove(p->link, GONE, other);
}

/* Takes and leaves the link many times; 0 when it was ours alone whenever we had it. */
static int contend(const struct place *p, const char *held)
{
    for (int had = 0; had < 2000; had++) {
        int fd;
        int r;

        do
            r = pty_link_make(p->link, OURS, &fd);
        while (r == -EBUSY);
        if (r < 0)
            return 2;
        int witness = open(held, O_WRONLY | O_CREAT | O_EXCL, 0600);

        if (witness < 0)
            return 1;
        close(witness);
        (void)unlink(held);
        pty_link_remove(p->link, OURS, fd);
    }
    return 0;
}

/* Daemons that come and go at the same moment: the file that one locks, another removes. */
static void test_contention(void **state)
{
    struct place *p = *state;
    char held[64];
    pid_t pids[4];

    (void)snprintf(held, sizeof held, "%s/held", p->directory);
    for (size_t i = 0; i < sizeof pids / sizeof pids[0]; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0)
            _exit(contend(p, held));
    }
    for (size_t i = 0; i < sizeof pids / sizeof pids[0]; i++) {
        int status = -1;

        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_false(exists(p->lock));
}

static void test_no_folder(void **state)
{
    struct place *p = *state;
    char longest[5000];

    assert_int_equal(pty_link_make("/tmp/no-such-folder/bus", OURS, &p->fd), -ENOENT);
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(pty_link_make(longest, OURS, &p->fd), -ENAMETOOLONG);
    assert_int_equal(p->fd, -1);
}

#define on_place(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_place(test_made_and_removed),
        on_place(test_dangling_is_replaced),
        on_place(test_living_pty_is_replaced),
        on_place(test_others_are_refused),
        on_place(test_file_is_refused),
        on_place(test_file_in_the_lock_place),
        on_place(test_leftover),
        on_place(test_taken_over),
        on_place(test_one_living_daemon),
        on_place(test_removed_lock_counts_for_nothing),
        on_place(test_contention),
        on_place(test_no_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
