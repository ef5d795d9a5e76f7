/* A meter with live values at address 5, seen by two masters and a client of D-Bus. */
#ifndef TESTS_SYSTEM_HOUSE_H
#define TESTS_SYSTEM_HOUSE_H

#include "tests/system/bus.h"
#include "tests/system/telegram.h"

#define HOUSE 5

struct house {
    struct rig rig;
    int port;         /* TCP */
    const char *more; /* of the file, beside ports and meters; NULL: nothing */
    struct masters m;
    struct test_bus bus;
};

/* The folder, and the bus where it is wanted; the daemon does not run yet. `h` must be static: what
 * a test left that failed is ended first. */
void house_init(struct house *h, bool has_bus);

/* Writes the file: meter "house" with these settings ("" or what ends in a semicolon) and records,
 * a printf format, and the fence. */
void house_config(struct house *h, const char *settings, const char *records, ...) PRINTF(3, 4);

/* Starts the daemon with an empty log, and connects the masters. */
void house_start(struct house *h);

/* Reads the file again (SIGHUP), and waits until it is in force. */
void house_reload(struct house *h);

/* SIGTERM, and exit status 0. */
void house_stop(struct house *h);

/* SIGKILL. */
void house_crash(struct house *h);

/* All of it ends; the daemon must be at work. */
void house_end(struct house *h);

/* What a test left that failed. */
void house_clean_up(struct house *h);

/* A file in the rig's folder: made anew at once, as a program does that writes and renames. */
void house_write(const struct house *h, const char *name, const void *bytes, size_t n);
void house_write_text(const struct house *h, const char *name, const char *text);

/* The same, and a program. */
void house_script(const struct house *h, const char *name, const char *text);

/* What both masters read, and waits for it. */
#define EXPECT(h, status, records) masters_expect(&(h)->m, HOUSE, status, records)
#define EXPECT_NOW(h, status, records) masters_expect_now(&(h)->m, HOUSE, status, records)

/* The journal tells the trouble of a record so often, and its end so often. */
void house_expect_told_(const struct house *h, const char *record, unsigned begins, unsigned ends,
                        const char *file, int line);
#define EXPECT_TOLD(h, record, begins, ends)                                                       \
    house_expect_told_(h, record, begins, ends, __FILE__, __LINE__)

/* Volts as int16, good and with a record error (mbus-records 9.2). */
#define ROOM(name, source) "{ name = \"" name "\"; unit = \"V\"; type = \"int16\"; " source " }"
#define GOOD_IS(bytes) "02 FD 49 " bytes
#define BAD_IS(error, bytes) "32 FD C9 " error " " bytes
#define NO_DATA "15"
#define OVERFLOW "16"
#define UNDERFLOW "17"
#define DATA_ERROR "18"

#define CONSTANT ROOM("fixed", "value = 7;")
#define CONSTANT_IS GOOD_IS("07 00")

#endif
