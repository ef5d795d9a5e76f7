/* A directory of its own for each test, and meters to keep in it. */
#ifndef TESTS_UNIT_STORE_STORE_TEST_H
#define TESTS_UNIT_STORE_STORE_TEST_H

#include "tests/unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "meter/meter.h"

/* Where the test works: its current directory. */
static inline int enter_directory(void **state)
{
    char path[] = "/tmp/mbus-slave-store-XXXXXX";

    if (!mkdtemp(path) || chdir(path) < 0)
        return -1;
    *state = strdup(path);
    return 0;
}

static inline int leave_directory(void **state)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
    free(*state);
    return chdir("/") < 0 ? -1 : system(command);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

static inline bool is_there(const char *name)
{
    struct stat st;

    return lstat(name, &st) == 0;
}

static inline void put_bytes(const char *name, const char *bytes, size_t n)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
}

static inline void put_file(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

/* The text of a file; "" when there is none. For one use at a time. */
static inline const char *text_of(const char *name)
{
    static char text[1 << 16];
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

    assert_true(n >= 0);
    text[n] = '\0';
    if (fd >= 0)
        close(fd);
    return text;
}

/* A heat meter with three records, and a second one without any. */
#define TEST_RECORDS 3

struct test_meter {
    struct meter_record records[TEST_RECORDS];
    struct meter_def def;
    struct meter_cell cells[TEST_RECORDS], draft_cells[TEST_RECORDS];
    struct meter meter;
};

static inline void test_meter_start(struct test_meter *t)
{
    t->meter = (struct meter){
        .def = &t->def,
        .now = { .address = t->def.address, .ident = t->def.ident, .cells = t->cells },
        .draft = { .cells = t->draft_cells },
    };
    for (size_t i = 0; i < TEST_RECORDS; i++)
        t->cells[i] = (struct meter_cell){ .value = t->records[i].wire.value };
}

static inline void test_meter_init(struct test_meter *t, char *name)
{
    static char energy[] = "energy", flow[] = "flow", text[] = "text";
    const struct meter_record records[TEST_RECORDS] = {
        { .name = energy,
          .wire = { .dib = { .data_field = DATA_FIELD_INT32 },
                    .vib = { .bytes = { 0x06 }, .n = 1 },
                    .value = { .integer = 456 } } },
        { .name = flow,
          .wire = { .dib = { .data_field = DATA_FIELD_REAL32 },
                    .vib = { .bytes = { 0x3B }, .n = 1 },
                    .value = { .real = 1.5F } } },
        { .name = text,
          .wire = { .dib = { .data_field = DATA_FIELD_VARIABLE },
                    .vib = { .bytes = { 0xFD, 0x11 }, .n = 2 },
                    .value = { 0 } } },
    };

    *t = (struct test_meter){ 0 };
    memcpy(t->records, records, sizeof(records));
    t->def = (struct meter_def){
        .name = name,
        .address = 3,
        .ident = { 0x12345678, 0x5274, 1, 4 },
        .records = t->records,
        .n_records = TEST_RECORDS,
    };
    test_meter_start(t);
}

/* All its records get their numbers from sources, and keep them: energy in Wh, flow in steps of a
 * hundredth, and a text, which has none. */
static inline void test_meter_live(struct test_meter *t)
{
    static const int resolutions[TEST_RECORDS] = { 3, -2, 0 };

    for (size_t i = 0; i < TEST_RECORDS; i++) {
        struct meter_record *record = &t->records[i];

        record->is_live = record->is_kept = true;
        record->counting =
            (struct counting){ .resolution = resolutions[i], .field = record->wire.dib.data_field };
    }
}

#endif
