#include "tests/unit/store/store_test.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store/generations.h"

#define FILE_MAX 512
#define SKIPPED 77 /* of a child: not possible here */

/* A file of one line, with its checksum. */
static size_t file_of(const char *line, char *bytes, size_t capacity)
{
    struct text_out out = text_begin(bytes, capacity);

    text_word(&out, line);
    text_end_line(&out);
    text_end(&out);
    assert_false(out.w.failed);
    return out.w.n;
}

static void put_generation(const char *name, const char *line)
{
    char bytes[FILE_MAX];

    put_bytes(name, bytes, file_of(line, bytes, sizeof(bytes)));
}

static int here(void)
{
    int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    assert_true(fd >= 0);
    return fd;
}

static int write_line(struct generations *g, const char *line)
{
    char bytes[FILE_MAX];

    return generations_write(g, bytes, file_of(line, bytes, sizeof(bytes)));
}

static void sync_now(struct generations *g)
{
    uint64_t generation = g->written;

    generations_note_sync(g, generation, generations_sync(g->directory));
}

/* Whether a file is a whole generation with this line; NULL: whether there is none. */
static void expect_file(const char *name, const char *line)
{
    char bytes[FILE_MAX];

    assert_int_equal(is_there(name), line != NULL);
    if (!line)
        return;
    bytes[file_of(line, bytes, sizeof(bytes))] = '\0';
    assert_string_equal(text_of(name), bytes);
}

/* What a start makes of the files: the line that is read, NULL for none. */
static struct generations_found expect_load(const char *line)
{
    char *bytes = NULL, expected[FILE_MAX];
    size_t n = 0;
    struct generations g;
    struct generations_found found;
    int fd = here();

    assert_int_equal(generations_load(&g, fd, &bytes, &n, &found), 0);
    assert_int_equal(bytes != NULL, line != NULL);
    if (line) {
        assert_int_equal(n, file_of(line, expected, sizeof(expected)));
        assert_memory_equal(bytes, expected, n);
    }
    free(bytes);
    close(fd);
    return found;
}

static void begin(struct generations *g)
{
    char *bytes;
    size_t n;
    struct generations_found found;

    assert_int_equal(generations_load(g, here(), &bytes, &n, &found), 0);
    free(bytes);
}

static void end(struct generations *g)
{
    close(g->directory);
}

/* state.old is always a generation that was forced to the disk. */
static void only_what_is_on_the_disk_becomes_old(void **state)
{
    struct generations g;

    (void)state;
    begin(&g);
    assert_true(generations_are_synced(&g));
    assert_int_equal(write_line(&g, "one"), 0);
    assert_false(generations_are_synced(&g));
    expect_file("state", "one");
    expect_file("state.old", NULL);
    assert_int_equal(write_line(&g, "two"), 0);
    expect_file("state", "two");
    expect_file("state.old", NULL);
    sync_now(&g);
    assert_true(generations_are_synced(&g));
    assert_int_equal(write_line(&g, "three"), 0);
    expect_file("state", "three");
    expect_file("state.old", "two");
    assert_int_equal(write_line(&g, "four"), 0);
    expect_file("state", "four");
    expect_file("state.old", "two");
    sync_now(&g);
    assert_int_equal(write_line(&g, "five"), 0);
    expect_file("state", "five");
    expect_file("state.old", "four");
    expect_file("state.new", NULL);
    end(&g);
    /* What a start finds may have been written just before the power failed. */
    begin(&g);
    assert_false(generations_are_synced(&g));
    assert_int_equal(write_line(&g, "six"), 0);
    expect_file("state.old", "four");
    end(&g);
}

/* A sync that was under way while more was written says nothing about that. */
static void a_sync_counts_for_what_was_there(void **state)
{
    struct generations g;

    (void)state;
    begin(&g);
    assert_int_equal(write_line(&g, "one"), 0);
    assert_int_equal(write_line(&g, "two"), 0);
    generations_note_sync(&g, 1, 0);
    assert_false(generations_are_synced(&g));
    assert_int_equal(write_line(&g, "three"), 0);
    expect_file("state.old", NULL);
    /* After an error the kernel may say that all is well, and it is not. */
    generations_note_sync(&g, 3, -EIO);
    generations_note_sync(&g, 3, 0);
    assert_false(generations_are_synced(&g));
    assert_int_equal(write_line(&g, "four"), 0);
    expect_file("state.old", NULL);
    generations_note_sync(&g, 4, 0);
    assert_true(generations_are_synced(&g));
    end(&g);
}

static void files_are_not_for_everybody(void **state)
{
    struct generations g;
    struct stat st;
    mode_t before = umask(0);

    (void)state;
    begin(&g);
    assert_int_equal(write_line(&g, "one"), 0);
    umask(before);
    assert_int_equal(stat("state", &st), 0);
    assert_int_equal(st.st_mode & 07777U, 0640);
    end(&g);
}

/* A name that leads elsewhere: nothing is written there. */
static void links_are_not_followed(void **state)
{
    struct generations g;

    (void)state;
    put_file("elsewhere", "precious");
    begin(&g);
    assert_int_equal(symlink("elsewhere", "state.new"), 0);
    assert_int_equal(write_line(&g, "one"), -ELOOP);
    assert_false(is_there("state"));
    assert_int_equal(write_line(&g, "one"), 0);
    assert_string_equal(text_of("elsewhere"), "precious");
    end(&g);
    assert_int_equal(symlink("elsewhere", "state.new"), 0);
    begin(&g);
    assert_false(is_there("state.new"));
    end(&g);
}

enum shape {
    ABSENT,
    GOOD,
    EMPTY,
    ZEROS,
    CUT,
    CHANGED,
    NEWER,
    NEWER_CHANGED,
};

static void put_shape(const char *name, enum shape shape, const char *line)
{
    char bytes[FILE_MAX] = { 0 };
    size_t n = file_of(line, bytes, sizeof(bytes));

    switch (shape) {
    case ABSENT:
        return;
    case GOOD:
        break;
    case EMPTY:
        n = 0;
        break;
    case ZEROS:
        memset(bytes, 0, n);
        break;
    case CUT:
        n -= 3;
        break;
    case CHANGED:
        bytes[20] ^= 1;
        break;
    case NEWER:
        put_file(name, "mbus-slave state 2\nend 0 DBED2A60\n");
        return;
    case NEWER_CHANGED:
        bytes[17] = '2';
        break;
    }
    put_bytes(name, bytes, n);
}

/* What is read, and what is set aside, from every pair of files. */
static void choice_of_a_generation(void **state)
{
    static const struct {
        enum shape current, old;
        const char *line;
        enum generation used;
        enum text_verdict current_verdict, old_verdict;
        unsigned newer;
    } rows[] = {
        { ABSENT, ABSENT, NULL, GENERATION_NONE, TEXT_GOOD, TEXT_GOOD, 0 },
        { GOOD, ABSENT, "current", GENERATION_CURRENT, TEXT_GOOD, TEXT_GOOD, 0 },
        { GOOD, GOOD, "current", GENERATION_CURRENT, TEXT_GOOD, TEXT_GOOD, 0 },
        { ABSENT, GOOD, "old", GENERATION_OLD, TEXT_GOOD, TEXT_GOOD, 0 },
        { EMPTY, GOOD, "old", GENERATION_OLD, TEXT_EMPTY, TEXT_GOOD, 0 },
        { ZEROS, GOOD, "old", GENERATION_OLD, TEXT_FOREIGN, TEXT_GOOD, 0 },
        { CUT, GOOD, "old", GENERATION_OLD, TEXT_CUT, TEXT_GOOD, 0 },
        { CHANGED, GOOD, "old", GENERATION_OLD, TEXT_CHANGED, TEXT_GOOD, 0 },
        { NEWER_CHANGED, GOOD, "old", GENERATION_OLD, TEXT_CHANGED, TEXT_GOOD, 0 },
        { CHANGED, ABSENT, NULL, GENERATION_NONE, TEXT_CHANGED, TEXT_GOOD, 0 },
        { CHANGED, CUT, NULL, GENERATION_NONE, TEXT_CHANGED, TEXT_CUT, 0 },
        { ABSENT, EMPTY, NULL, GENERATION_NONE, TEXT_GOOD, TEXT_EMPTY, 0 },
        { NEWER, GOOD, NULL, GENERATION_NONE, TEXT_NEWER, TEXT_GOOD, 2 },
        { NEWER, ABSENT, NULL, GENERATION_NONE, TEXT_NEWER, TEXT_GOOD, 2 },
        { CUT, NEWER, NULL, GENERATION_NONE, TEXT_CUT, TEXT_NEWER, 2 },
        { ABSENT, NEWER, NULL, GENERATION_NONE, TEXT_GOOD, TEXT_NEWER, 2 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct generations_found found;
        bool touched = rows[i].newer == 0;

        put_shape("state", rows[i].current, "current");
        put_shape("state.old", rows[i].old, "old");
        found = expect_load(rows[i].line);
        assert_int_equal(found.used, rows[i].used);
        assert_int_equal(found.current, rows[i].current_verdict);
        assert_int_equal(found.old, rows[i].old_verdict);
        assert_int_equal(found.newer_version, rows[i].newer);
        assert_int_equal(is_there("state.damaged"),
                         touched && rows[i].current_verdict != TEXT_GOOD);
        assert_int_equal(is_there("state.old.damaged"),
                         touched && rows[i].old_verdict != TEXT_GOOD);
        if (touched)
            expect_file("state", rows[i].line);
        else
            assert_int_equal(is_there("state"), rows[i].current != ABSENT);
        unlink("state");
        unlink("state.old");
        unlink("state.damaged");
        unlink("state.old.damaged");
    }
}

/* Each byte of `state` flipped in every bit, and every beginning of it: state.old is read, what was
 * there is kept aside. */
static void any_damage_is_survived(void **state)
{
    char whole[FILE_MAX], bytes[FILE_MAX];
    size_t n = file_of("current", whole, sizeof(whole));

    (void)state;
    for (size_t i = 0; i < n * 9; i++) {
        size_t at = i / 9, size = i % 9 == 8 ? at : n;

        memcpy(bytes, whole, n);
        if (size == n)
            bytes[at] ^= (char)(1U << i % 9);
        put_bytes("state", bytes, size);
        put_generation("state.old", "old");
        assert_int_equal(expect_load("old").used, GENERATION_OLD);
        bytes[size] = '\0';
        if (!memchr(bytes, '\0', size))
            assert_string_equal(text_of("state.damaged"), bytes);
        unlink("state");
    }
}

static void what_is_no_file_is_an_error(void **state)
{
    struct generations g;
    struct generations_found found;
    char *bytes = NULL;
    size_t n;
    int fd = here();

    (void)state;
    assert_int_equal(mkdir("state", 0755), 0);
    assert_int_equal(generations_load(&g, fd, &bytes, &n, &found), -EISDIR);
    assert_int_equal(rmdir("state"), 0);
    assert_int_equal(mkfifo("state", 0644), 0);
    assert_int_equal(generations_load(&g, fd, &bytes, &n, &found), -ENODEV);
    assert_int_equal(unlink("state"), 0);
    assert_int_equal(symlink("elsewhere", "state"), 0);
    assert_int_equal(generations_load(&g, fd, &bytes, &n, &found), -ELOOP);
    assert_null(bytes);
    close(fd);
}

static int wait_for(pid_t child)
{
    int status;

    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* In a child: writes until the limit on the size of a file says no, then without it. */
static int write_at_a_limit(void)
{
    const struct rlimit tight = { 30, RLIM_INFINITY }, wide = { RLIM_INFINITY, RLIM_INFINITY };
    struct generations g;
    int r;

    signal(SIGXFSZ, SIG_IGN);
    begin(&g);
    setrlimit(RLIMIT_FSIZE, &tight);
    r = write_line(&g, "two");
    if (r != -EFBIG || is_there("state.new"))
        return 1;
    setrlimit(RLIMIT_FSIZE, &wide);
    return write_line(&g, "three") == 0 ? 0 : 2;
}

static void what_fails_half_way_leaves_the_old_file(void **state)
{
    pid_t child;

    (void)state;
    put_generation("state", "one");
    child = fork();
    if (child == 0)
        _exit(write_at_a_limit());
    assert_int_equal(wait_for(child), 0);
    expect_file("state", "three");
}

/* In a child, in a file system of four pages that nobody else sees. */
static int write_on_a_full_disk(void)
{
    static const char page[4096];
    struct generations g;
    ssize_t r;
    int fd;

    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", "disk", "tmpfs", 0, "size=16k") < 0 || chdir("disk") < 0)
        return SKIPPED;
    begin(&g);
    if (write_line(&g, "one") != 0)
        return 1;
    sync_now(&g);
    fd = open("other", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    do
        r = write(fd, page, sizeof(page));
    while (r > 0);
    if (write_line(&g, "two") != -ENOSPC || is_there("state.new"))
        return 2;
    expect_file("state", "one");
    unlink("other");
    close(fd);
    if (write_line(&g, "three") != 0)
        return 3;
    expect_file("state", "three");
    expect_file("state.old", "one");
    return 0;
}

static void a_full_disk_leaves_the_old_file(void **state)
{
    pid_t child;
    int r;

    (void)state;
    assert_int_equal(mkdir("disk", 0755), 0);
    child = fork();
    if (child == 0)
        _exit(write_on_a_full_disk());
    r = wait_for(child);
    if (r == SKIPPED) {
        print_message("only root can mount a file system\n");
        skip();
    }
    assert_int_equal(r, 0);
}

/* In a child: what belongs to root, in a directory of one's own, cannot be linked. */
static int write_without_links(void)
{
    struct generations g;

    if (setgid(65534) < 0 || setuid(65534) < 0 || link("state", "probe") == 0)
        return SKIPPED;
    begin(&g);
    sync_now(&g);
    return write_line(&g, "two") == 0 ? 0 : 1;
}

static void without_links_there_are_two_generations_too(void **state)
{
    pid_t child;
    int r;

    (void)state;
    put_generation("state", "one");
    assert_int_equal(chmod("state", 0644) | chmod(".", 0777), 0);
    child = fork();
    if (child == 0)
        _exit(write_without_links());
    r = wait_for(child);
    if (r == SKIPPED) {
        print_message("only root can make what cannot be linked\n");
        skip();
    }
    assert_int_equal(r, 0);
    expect_file("state", "two");
    expect_file("state.old", "one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(only_what_is_on_the_disk_becomes_old),
        IN_DIRECTORY(a_sync_counts_for_what_was_there),
        IN_DIRECTORY(files_are_not_for_everybody),
        IN_DIRECTORY(links_are_not_followed),
        IN_DIRECTORY(choice_of_a_generation),
        IN_DIRECTORY(any_damage_is_survived),
        IN_DIRECTORY(what_is_no_file_is_an_error),
        IN_DIRECTORY(what_fails_half_way_leaves_the_old_file),
        IN_DIRECTORY(a_full_disk_leaves_the_old_file),
        IN_DIRECTORY(without_links_there_are_two_generations_too),
    };

    return cmocka_run_group_tests_name("store/generations", tests, NULL, NULL);
}
