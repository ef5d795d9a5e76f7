/* Drives the built daemon from outside, as a master and as systemd would. Every wait has an end,
 * and what the daemon logged is printed when a test fails. */
#ifndef TESTS_SYSTEM_HARNESS_H
#define TESTS_SYSTEM_HARNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/unit/test.h"

#define STOCK_0                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 57 16"
#define STOCK_1                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 01 00 00 00 02 FD 49 D2 04 02 16 C8 01 58 16"
#define STOCK_2                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 02 00 00 00 02 FD 49 D2 04 02 16 C8 01 59 16"
#define FIXED_0 "68 13 13 68 08 03 73 78 56 34 12 00 00 E9 7E 23 01 00 00 56 04 00 00 77 16"

#define STOCK_METER                                                                                \
    "meter = { address = 3; id = \"12345678\"; records = (\n"                                      \
    "  { name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; },\n"                   \
    "  { name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 456; } ); };\n"

/* The daemon under test, in a folder of its own. */
struct rig {
    /* Temporary folder: mbus-slave.conf, log, notify, state (STATE_DIRECTORY), run
     * (RUNTIME_DIRECTORY). */
    char dir[64];
    pid_t pid;       /* 0: not running */
    int notify_fd;   /* receives what it tells systemd */
    bool closed;     /* start it without standard descriptors */
    const char *bus; /* address of the system bus; NULL: there is none */
};

/* Makes the folder. */
void rig_init(struct rig *rig);

/* Ends the daemon if it still runs and removes the folder. */
void rig_done(struct rig *rig);

/* The path of a file in the rig's folder, in a static buffer (sixteen at a time). */
const char *rig_path(const struct rig *rig, const char *name);

/* Writes mbus-slave.conf: a printf format. */
void rig_config(struct rig *rig, const char *format, ...) PRINTF(2, 3);

/* Starts the daemon with these arguments, or with --config mbus-slave.conf when `args` is NULL, and
 * waits for READY. */
void rig_start(struct rig *rig, char *const args[]);

/* The same without waiting. */
void rig_launch(struct rig *rig, char *const args[]);

/* Waits until it has ended: its exit status, or -signal. */
int rig_wait(struct rig *rig);

/* Sends SIGTERM and expects exit status 0. */
void rig_stop(struct rig *rig);

/* Waits until the log contains `text`. */
void rig_expect_log(const struct rig *rig, const char *text);

/* How often the log contains `text` now. */
unsigned rig_count_log(const struct rig *rig, const char *text);

/* Waits for the next message to systemd that contains `text`; others in between are passed over. */
void rig_expect_notify(struct rig *rig, const char *text);

/* Runs the daemon to its end; `output` gets standard output and error. Returns the exit status. */
int rig_run(struct rig *rig, char *const args[], char *output, size_t size);

/* A port of loopback that was free a moment ago. */
int free_tcp_port(void);

/* A master's end. */
int tcp_connect(int port);
int pty_connect(const char *path); /* raw, like a master's serial port */

void send_hex(int fd, const char *bytes);

/* Expects exactly these bytes within 2 s of one another. */
void expect_hex_(int fd, const char *bytes, const char *file, int line);
#define expect_hex(fd, bytes) expect_hex_(fd, bytes, __FILE__, __LINE__)

/* CLOCK_MONOTONIC in microseconds. */
int64_t now_us(void);

/* Expects nothing to arrive for so long. */
void expect_silence_(int fd, int ms, const char *file, int line);
#define expect_silence(fd, ms) expect_silence_(fd, ms, __FILE__, __LINE__)

/* Expects the other side to close within 5 s. */
void expect_closed(int fd);

/* Asks and expects the answer. */
#define ASK(fd, request, answer) (send_hex(fd, request), expect_hex(fd, answer))

void wait_ms(int ms);

#endif
