/* The engine is not here: this test has what the source calls. */
#include "tests/unit/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "config/pattern.h"
#include "source/shared.h"
#include "source/text.h"
#include "sys/clock.h"

#define N_THREADS 4
#define HANG_TIMEOUT (10 * USEC_PER_SEC)

struct sources {
    sd_event *event;
    struct pool *pool;
};

/* What a source has ended with. */
struct outcome {
    int n, n_good;
    struct number number;
    char why[SOURCE_TROUBLE_MAX];
};

struct sensor {
    struct source source; /* first */
    struct source_config config;
    struct outcome outcome;
    char path[256];
};

struct fixture {
    struct sources set;
    char folder[64];
    struct sensor sensors[N_THREADS + 4];
};

struct pool *sources_pool(struct sources *set)
{
    return set->pool;
}

struct pool *sources_text_pool(struct sources *set)
{
    return sources_pool(set);
}

void source_number(struct source *s, const struct number *number)
{
    struct outcome *outcome = &((struct sensor *)s)->outcome;

    outcome->n++;
    outcome->n_good++;
    outcome->number = *number;
    outcome->why[0] = '\0';
}

void source_failed(struct source *s, const char *format, ...)
{
    struct outcome *outcome = &((struct sensor *)s)->outcome;
    va_list args;

    outcome->n++;
    va_start(args, format);
    (void)vsnprintf(outcome->why, sizeof(outcome->why), format, args);
    va_end(args);
}

/* Also after a fork(): the loop of the parent is not for the child. */
static void set_init(struct sources *set)
{
    assert_int_equal(sd_event_new(&set->event), 0);
    assert_int_equal(pool_new(set->event, SOURCE_PRIORITY, N_THREADS, &set->pool), 0);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    (void)snprintf(f->folder, sizeof(f->folder), "%s/test-file-XXXXXX",
                   getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(f->folder));
    set_init(&f->set);
    *state = f;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
    (void)status;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(f->sensors); i++)
        source_file.stop(&f->sensors[i].source);
    pool_free(f->set.pool);
    sd_event_unref(f->set.event);
    nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

/* Sensor i begins with a path below the folder of the test. */
static struct sensor *begin(struct fixture *f, size_t i, const char *path)
{
    struct sensor *sensor = &f->sensors[i];

    (void)snprintf(sensor->path, sizeof(sensor->path), "%s/%s", f->folder, path);
    sensor->config.kind = SOURCE_FILE;
    sensor->config.path = sensor->path;
    sensor->config.text.scale = sensor->config.text.scale != 0 ? sensor->config.text.scale : 1;
    sensor->source =
        (struct source){ .config = &sensor->config, .ops = &source_file, .set = &f->set };
    assert_int_equal(source_file.start(&sensor->source), 0);
    return sensor;
}

static void below(const struct fixture *f, const char *path, char ret[static 256])
{
    (void)snprintf(ret, 256, "%s/%s", f->folder, path);
}

static void put(const struct fixture *f, const char *path, const char *text)
{
    char whole[256];
    FILE *file;

    below(f, path, whole);
    file = fopen(whole, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const struct fixture *f, const char *path)
{
    char whole[256];

    below(f, path, whole);
    assert_int_equal(mkdir(whole, 0700), 0);
}

static void take_away(const struct fixture *f, const char *path)
{
    char whole[256];

    below(f, path, whole);
    assert_int_equal(remove(whole), 0);
}

static void make_fifo(const struct fixture *f, const char *path)
{
    char whole[256];

    below(f, path, whole);
    assert_int_equal(mkfifo(whole, 0600), 0);
}

static void nap(void)
{
    nanosleep(&(const struct timespec){ .tv_nsec = 5000000 }, NULL);
}

static void loop_until(const struct fixture *f, const int *count, int n)
{
    usec_t end = clock_now() + HANG_TIMEOUT;

    while (*count < n) {
        assert_true(clock_now() < end);
        assert_true(sd_event_run(f->set.event, 100 * USEC_PER_MSEC) >= 0);
    }
}

static void refresh(const struct fixture *f, struct sensor *sensor)
{
    int n = sensor->outcome.n;

    source_file.refresh(&sensor->source);
    assert_int_equal(sensor->outcome.n, n); /* not within the call */
    loop_until(f, &sensor->outcome.n, n + 1);
    assert_int_equal(sensor->outcome.n, n + 1);
}

static void assert_whole(const struct fixture *f, struct sensor *sensor, int64_t whole)
{
    refresh(f, sensor);
    assert_string_equal(sensor->outcome.why, "");
    assert_false(sensor->outcome.number.is_real);
    assert_int_equal(sensor->outcome.number.integer, whole);
}

static void assert_trouble(const struct fixture *f, struct sensor *sensor, const char *why)
{
    int n_good = sensor->outcome.n_good;

    refresh(f, sensor);
    assert_string_equal(sensor->outcome.why, why);
    assert_int_equal(sensor->outcome.n_good, n_good);
}

static void what_the_file_holds_becomes_the_number(void **state)
{
    struct fixture *f = *state;
    struct sensor *sensor;

    put(f, "temperature", "21437\n");
    sensor = begin(f, 0, "temperature");
    assert_whole(f, sensor, 21437);
    put(f, "temperature", "-40\n");
    assert_whole(f, sensor, -40);
}

static void settings_cut_and_scale_it(void **state)
{
    struct fixture *f = *state;
    struct sensor *sensor = &f->sensors[0];

    put(f, "w1_slave", "72 01 : crc=57 YES\n72 01 t=23125 x\n");
    sensor->config.text =
        (struct text_config){ .pattern = "t=(.*)", .field = 1, .scale = 0.001, .offset = 1 };
    begin(f, 0, "w1_slave");
    refresh(f, sensor);
    assert_true(sensor->outcome.number.is_real);
    assert_true(sensor->outcome.number.real >= 24.125 && sensor->outcome.number.real <= 24.125);
}

/* The C library calls itself for each bracket: as many as config/pattern.h lets through. */
static void the_deepest_pattern_fits_a_thread(void **state)
{
    struct fixture *f = *state;
    char pattern[PATTERN_MAX + 1] = "", why[128];

    memset(pattern, '(', PATTERN_MAX / 2 - 1);
    strcat(pattern, "5");
    memset(pattern + strlen(pattern), ')', PATTERN_MAX / 2 - 1);
    assert_true(pattern_check(pattern, why, sizeof(why)));
    put(f, "five", "5");
    f->sensors[0].config.text.pattern = pattern;
    assert_whole(f, begin(f, 0, "five"), 5);
}

/* Nothing of the configuration is needed once it has begun. */
static void a_source_outlives_its_configuration(void **state)
{
    struct fixture *f = *state;
    struct sensor *sensor;

    put(f, "a", "5");
    sensor = begin(f, 0, "a");
    memset(sensor->path, 'x', sizeof(sensor->path) - 1);
    sensor->source.config = NULL;
    assert_whole(f, sensor, 5);
}

static void a_star_fits_one_file(void **state)
{
    struct fixture *f = *state;

    make_folder(f, "28-00aa");
    put(f, "28-00aa/temperature", "1");
    assert_whole(f, begin(f, 0, "28-*/temperature"), 1);
    put(f, "in_temp0_raw", "2");
    put(f, "in_temp0", "99");
    assert_whole(f, begin(f, 1, "in_*_raw"), 2);
    put(f, "exact", "3"); /* a star fits nothing too */
    assert_whole(f, begin(f, 2, "exact*"), 3);
    assert_whole(f, begin(f, 3, "ex*act"), 3);
    assert_trouble(f, begin(f, 4, "exa*xact"), "the path matches no file");
}

/* A folder that fits, but in which the file is not, is none; nor is a folder in its place. */
static void only_files_count(void **state)
{
    struct fixture *f = *state;
    char link[256];

    make_folder(f, "hwmon0");
    make_folder(f, "hwmon1");
    make_folder(f, "hwmon2");
    make_folder(f, "hwmon2/temp1_input");
    put(f, "hwmon", "7");
    put(f, "hwmon1/temp1_input", "45000");
    below(f, "hwmon3", link);
    assert_int_equal(symlink("/nowhere/at/all", link), 0);
    assert_whole(f, begin(f, 0, "hwmon*/temp1_input"), 45000);
    assert_whole(f, begin(f, 1, "hwmon*"), 7);
}

/* Within one name: "*" is no way into a folder below, nor to what is hidden. */
static void a_star_stays_within_one_name(void **state)
{
    struct fixture *f = *state;

    make_folder(f, "a");
    make_folder(f, "a/b");
    put(f, "a/b/value", "5");
    put(f, "a/.value", "6");
    assert_trouble(f, begin(f, 0, "*/value"), "the path matches no file");
    assert_trouble(f, begin(f, 1, "a/*value"), "the path matches no file");
    assert_whole(f, begin(f, 2, "a/.v*"), 6);
    assert_whole(f, begin(f, 3, "*/b/value"), 5);
}

static void several_files_are_one_too_many(void **state)
{
    struct fixture *f = *state;
    struct sensor *sensor;

    for (int i = 0; i < 3; i++) {
        char name[16];

        (void)snprintf(name, sizeof(name), "28-%d", i);
        put(f, name, "1");
    }
    sensor = begin(f, 0, "28-*");
    assert_trouble(f, sensor, "the path matches 3 files");
    take_away(f, "28-0");
    assert_trouble(f, sensor, "the path matches 2 files");
    take_away(f, "28-1");
    assert_whole(f, sensor, 1);
    take_away(f, "28-2");
    assert_trouble(f, sensor, "the path matches no file");
}

static void what_is_wrong_is_said(void **state)
{
    struct fixture *f = *state;
    struct sensor *sensor;

    make_folder(f, "d");
    put(f, "d/value", "1");
    sensor = begin(f, 0, "d/value");
    assert_whole(f, sensor, 1);
    take_away(f, "d/value");
    assert_trouble(f, sensor, "No such file or directory");
    assert_trouble(f, begin(f, 1, "d"), "Is a directory");
    take_away(f, "d");
    assert_trouble(f, sensor, "No such file or directory");
    assert_trouble(f, begin(f, 2, "d/*"), "No such file or directory");
    make_folder(f, "d"); /* it is back */
    put(f, "d/value", "");
    assert_trouble(f, sensor, "empty");
    put(f, "d/value", "disconnected\n");
    assert_trouble(f, sensor, "\"disconnected\" is no number");
    put(f, "d/value", "2\n");
    assert_whole(f, sensor, 2);
    assert_trouble(f, begin(f, 3, "d/value/x"), "Not a directory");
}

/* Root may read all: a child who is nobody asks. */
static void what_may_not_be_read_is_said(void **state)
{
    struct fixture *f = *state;
    char path[256];
    int status;
    pid_t child;

    put(f, "secret", "1");
    below(f, "secret", path);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(f->folder, 0755), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct sensor *sensor;

        set_init(&f->set);
        sensor = begin(f, 0, "secret");
        if (geteuid() == 0 && setuid(65534) < 0)
            _exit(1);
        source_file.refresh(&f->sensors[0].source);
        loop_until(f, &sensor->outcome.n, 1);
        _exit(strcmp(sensor->outcome.why, "Permission denied") == 0 ? 0 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* A read that fails: the memory of a process has nothing at 0. */
static void a_read_that_fails_is_said(void **state)
{
    struct fixture *f = *state;
    char link[256];

    below(f, "mem", link);
    assert_int_equal(symlink("/proc/self/mem", link), 0);
    assert_trouble(f, begin(f, 0, "mem"), "Input/output error");
}

static void what_has_no_end_is_cut(void **state)
{
    struct fixture *f = *state;
    char link[256], path[256];

    below(f, "zero", link);
    assert_int_equal(symlink("/dev/zero", link), 0);
    assert_trouble(f, begin(f, 0, "zero"), "longer than 64 KiB");
    put(f, "long", "5");
    below(f, "long", path);
    assert_int_equal(truncate(path, (off_t)SOURCE_TEXT_MAX + 1), 0);
    assert_trouble(f, begin(f, 1, "long"), "longer than 64 KiB");
    assert_int_equal(truncate(path, (off_t)SOURCE_TEXT_MAX), 0);
    assert_trouble(f, &f->sensors[1], "binary data, no text");
}

static void real_files_of_the_kernel_are_read(void **state)
{
    struct fixture *f = *state;
    struct sensor *sensor = &f->sensors[0];
    char link[256];

    below(f, "meminfo", link);
    assert_int_equal(symlink("/proc/meminfo", link), 0);
    sensor->config.text.pattern = "^MemTotal: *([0-9]+)";
    begin(f, 0, "mem*");
    refresh(f, sensor);
    assert_string_equal(sensor->outcome.why, "");
    assert_true(sensor->outcome.number.integer > 1000);
}

/* The sensor that hangs: nobody writes into the FIFO. */
static void a_hung_file_delays_no_other(void **state)
{
    struct fixture *f = *state;
    struct sensor *hung, *good;
    usec_t begin_at;
    char path[256];
    int fd;

    make_fifo(f, "fifo");
    put(f, "good", "5");
    hung = begin(f, 0, "fifo");
    good = begin(f, 1, "good");
    source_file.refresh(&hung->source);
    begin_at = clock_now();
    for (int i = 0; i < 100; i++)
        assert_whole(f, good, 5);
    assert_true(clock_now() - begin_at < 5 * USEC_PER_SEC);
    assert_int_equal(hung->outcome.n, 0);

    /* And then it answers. */
    below(f, "fifo", path);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "17\n", 3), 3);
    close(fd);
    loop_until(f, &hung->outcome.n, 1);
    assert_int_equal(hung->outcome.number.integer, 17);
}

/* Both ways of hanging, and more sensors than threads: stopping waits for none of them. */
static void a_hung_source_is_stopped_at_once(void **state)
{
    struct fixture *f = *state;
    struct sensor *good;
    char path[256];
    usec_t begin_at;
    int fd;

    make_fifo(f, "fifo");
    make_fifo(f, "silent");
    below(f, "silent", path);
    fd = open(path, O_RDWR | O_CLOEXEC); /* opens, and then nothing comes */
    assert_true(fd >= 0);
    for (size_t i = 0; i + 1 < ARRAY_SIZE(f->sensors); i++)
        source_file.refresh(&begin(f, i, i == 0 ? "silent" : "fifo")->source);
    put(f, "good", "5");
    good = begin(f, ARRAY_SIZE(f->sensors) - 1, "good");
    source_file.refresh(&good->source);
    begin_at = clock_now();
    while (pool_n_waiting(f->set.pool) > ARRAY_SIZE(f->sensors) - N_THREADS) {
        assert_true(clock_now() - begin_at < HANG_TIMEOUT);
        nap();
    }
    assert_int_equal(sd_event_run(f->set.event, 20 * USEC_PER_MSEC), 0);
    assert_int_equal(good->outcome.n, 0); /* all threads hang */

    begin_at = clock_now();
    for (size_t i = 0; i + 1 < ARRAY_SIZE(f->sensors); i++)
        source_file.stop(&f->sensors[i].source);
    assert_true(clock_now() - begin_at < USEC_PER_SEC);
    loop_until(f, &good->outcome.n, 1); /* in a thread that took a place */
    for (size_t i = 0; i + 1 < ARRAY_SIZE(f->sensors); i++)
        assert_int_equal(f->sensors[i].outcome.n, 0);

    /* Let them go, for the sake of the folder. */
    close(fd);
    below(f, "fifo", path);
    while ((fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) >= 0) {
        close(fd);
        nap();
    }
}

/* A program with a thread that hangs ends all the same. */
static void the_program_ends(void **state)
{
    struct fixture *f = *state;
    usec_t end = clock_now() + HANG_TIMEOUT;
    int status;
    pid_t child;

    make_fifo(f, "fifo");
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        set_init(&f->set);
        source_file.refresh(&begin(f, 0, "fifo")->source);
        nap();
        source_file.stop(&f->sensors[0].source);
        pool_free(f->set.pool);
        exit(7);
    }
    while (waitpid(child, &status, WNOHANG) == 0) {
        assert_true(clock_now() < end);
        nap();
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static int count_descriptors(void)
{
    struct dirent **entries;
    int n = scandir("/proc/self/fd", &entries, NULL, alphasort);

    assert_true(n >= 0);
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
    return n;
}

static void no_descriptor_is_left(void **state)
{
    struct fixture *f = *state;
    struct sensor *good, *star, *none;
    int before;

    put(f, "good", "5");
    good = begin(f, 0, "good");
    star = begin(f, 1, "g*");
    none = begin(f, 2, "x*");
    assert_whole(f, good, 5);
    before = count_descriptors();
    for (int i = 0; i < 50; i++) {
        assert_whole(f, good, 5);
        assert_whole(f, star, 5);
        assert_trouble(f, none, "the path matches no file");
    }
    assert_int_equal(count_descriptors(), before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_the_file_holds_becomes_the_number),
        TEST(settings_cut_and_scale_it),
        TEST(the_deepest_pattern_fits_a_thread),
        TEST(a_source_outlives_its_configuration),
        TEST(a_star_fits_one_file),
        TEST(only_files_count),
        TEST(a_star_stays_within_one_name),
        TEST(several_files_are_one_too_many),
        TEST(what_is_wrong_is_said),
        TEST(what_may_not_be_read_is_said),
        TEST(a_read_that_fails_is_said),
        TEST(what_has_no_end_is_cut),
        TEST(real_files_of_the_kernel_are_read),
        TEST(a_hung_file_delays_no_other),
        TEST(a_hung_source_is_stopped_at_once),
        TEST(the_program_ends),
        TEST(no_descriptor_is_left),
    };

    return cmocka_run_group_tests_name("source/file", tests, NULL, NULL);
}
