#include "tests/unit/store/store_test.h"

#include <sys/wait.h>

#include "store/directory.h"

/* Which of the three is taken. "a", "b" and "c" are there, "none" is not, "file" is a file. */
static void choice(void **state)
{
    static const struct {
        const char *configured, *environment, *fallback;
        int r;
        enum directory_origin origin;
        const char *path;
    } rows[] = {
        { "a", "b", "c", 0, DIRECTORY_FROM_CONFIG, "a" },
        { "none", "b", "c", -ENOENT, DIRECTORY_FROM_CONFIG, "none" },
        { "file", "b", "c", -ENOTDIR, DIRECTORY_FROM_CONFIG, "file" },
        { "", "b", "c", -ENOENT, DIRECTORY_FROM_CONFIG, "" },
        { NULL, "b", "c", 0, DIRECTORY_FROM_SYSTEMD, "b" },
        { NULL, "b:a", "c", 0, DIRECTORY_FROM_SYSTEMD, "b" },
        { NULL, "none:a", "c", -ENOENT, DIRECTORY_FROM_SYSTEMD, "none" },
        { NULL, "", "c", 0, DIRECTORY_FROM_DEFAULT, "c" },
        { NULL, NULL, "c", 0, DIRECTORY_FROM_DEFAULT, "c" },
        { NULL, NULL, "none", 0, DIRECTORY_NONE, "" },
        { NULL, NULL, "file", 0, DIRECTORY_NONE, "" },
    };

    (void)state;
    mkdir("a", 0755);
    mkdir("b", 0755);
    mkdir("c", 0755);
    put_file("file", "");
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct directory d;

        assert_int_equal(
            directory_open(rows[i].configured, rows[i].environment, rows[i].fallback, &d),
            rows[i].r);
        assert_int_equal(d.origin, rows[i].origin);
        assert_string_equal(d.path, rows[i].path);
        assert_int_equal(d.lock >= 0, rows[i].r == 0 && rows[i].origin != DIRECTORY_NONE);
        directory_done(&d);
        assert_int_equal(d.fd, -1);
        directory_done(&d);
    }
}

static void a_path_that_is_too_long(void **state)
{
    char path[PATH_MAX + 1];
    struct directory d;

    (void)state;
    memset(path, '/', PATH_MAX);
    path[PATH_MAX] = '\0';
    assert_int_equal(directory_open(path, NULL, "c", &d), -ENAMETOOLONG);
    directory_done(&d);
}

/* Nobody else gets it, however it was chosen, until it is given up. */
static void locked(void **state)
{
    struct directory first, second;

    (void)state;
    assert_int_equal(directory_open(".", NULL, "none", &first), 0);
    assert_int_equal(directory_open(".", NULL, "none", &second), -EBUSY);
    directory_done(&second);
    assert_int_equal(directory_open(NULL, ".", "none", &second), -EBUSY);
    directory_done(&second);
    assert_int_equal(directory_open(NULL, NULL, ".", &second), -EBUSY);
    directory_done(&second);
    directory_done(&first);
    assert_int_equal(directory_open(".", NULL, "none", &second), 0);
    directory_done(&second);
}

/* A lock that leads elsewhere is not followed. */
static void no_link_as_lock(void **state)
{
    struct directory d;

    (void)state;
    assert_int_equal(symlink("elsewhere", "lock"), 0);
    assert_int_equal(directory_open(".", NULL, "none", &d), -ELOOP);
    directory_done(&d);
    assert_false(is_there("elsewhere"));
}

static int open_as_nobody(const char *configured, const char *fallback)
{
    struct directory d;
    int r;

    if (setgid(65534) < 0 || setuid(65534) < 0)
        return 1;
    r = directory_open(configured, NULL, fallback, &d);
    return r == 0 && d.origin != DIRECTORY_NONE ? 2 : -r;
}

static int in_child(const char *configured, const char *fallback)
{
    pid_t child = fork();
    int status;

    if (child == 0)
        _exit(open_as_nobody(configured, fallback));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Asked for, that is an error; by default it means that nothing is kept. */
static void not_writable(void **state)
{
    (void)state;
    if (getuid() != 0) {
        print_message("only root can become somebody else\n");
        skip();
    }
    assert_int_equal(chmod(".", 0755), 0);
    assert_int_equal(in_child(".", "none"), EACCES);
    assert_int_equal(in_child(NULL, "."), 0);
    assert_int_equal(chmod(".", 0777), 0);
    assert_int_equal(in_child(".", "none"), 2);
}

/* What root makes there belongs to whose directory it is. */
static void files_of_root_are_the_owners(void **state)
{
    struct directory d;
    struct stat st;

    (void)state;
    if (geteuid() != 0) {
        print_message("skip: only root makes files of others\n");
        skip();
    }
    mkdir("owned", 0755);
    assert_int_equal(chown("owned", 12345, 54321), 0);
    assert_int_equal(directory_open("owned", NULL, "none", &d), 0);
    assert_int_equal(fstat(d.lock, &st), 0);
    assert_int_equal(st.st_uid, 12345);
    assert_int_equal(st.st_gid, 54321);
    directory_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(choice),       IN_DIRECTORY(a_path_that_is_too_long),
        IN_DIRECTORY(locked),       IN_DIRECTORY(no_link_as_lock),
        IN_DIRECTORY(not_writable), IN_DIRECTORY(files_of_root_are_the_owners),
    };

    return cmocka_run_group_tests_name("store/directory", tests, NULL, NULL);
}
