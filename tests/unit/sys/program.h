/* Real programs for tests: scripts in a folder of their own, and a look at what is left of them. */
#ifndef TESTS_SYS_PROGRAM_H
#define TESTS_SYS_PROGRAM_H

#include "tests/unit/test.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <systemd/sd-event.h>

#include "sys/clock.h"

struct programs {
    sd_event *event;
    char folder[64];
    char path[128]; /* of the newest script */
};

static inline void programs_init(struct programs *programs)
{
    assert_int_equal(sd_event_new(&programs->event), 0);
    snprintf(programs->folder, sizeof(programs->folder), "/tmp/mbus-slave-test-XXXXXX");
    assert_non_null(mkdtemp(programs->folder));
}

static inline void programs_done(const struct programs *programs)
{
    char command[128];

    sd_event_unref(programs->event);
    /* What was killed at the end is left to whoever comes after the daemon: here to us. */
    while (waitpid(-1, NULL, 0) > 0)
        ;
    snprintf(command, sizeof(command), "rm -rf %s", programs->folder);
    /* A folder of our own name: there is nothing to escape. */
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

/* A path in the folder, until the next call. */
static inline const char *programs_path(const struct programs *programs, const char *name)
{
    static char path[160];

    snprintf(path, sizeof(path), "%s/%s", programs->folder, name);
    return path;
}

/* Writes an executable script; $F is its folder. */
static inline char *programs_script(struct programs *programs, const char *text)
{
    FILE *file;

    snprintf(programs->path, sizeof(programs->path), "%s/program", programs->folder);
    unlink(programs->path);
    file = fopen(programs->path, "we");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\nF=%s\n%s\n", programs->folder, text);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(programs->path, 0755), 0);
    return programs->path;
}

/* The whole number that a program wrote into a file of the folder; 0: there is none yet. */
static inline int programs_number(const struct programs *programs, const char *name)
{
    FILE *file = fopen(programs_path(programs, name), "re");
    char line[32] = "";

    if (file == NULL)
        return 0;
    if (fgets(line, sizeof(line), file) == NULL)
        line[0] = '\0';
    fclose(file);
    return (int)strtol(line, NULL, 10);
}

/* Runs the loop until *done, which it must within 10 s. */
static inline void loop_until(sd_event *event, const int *count, int wanted)
{
    usec_t end = clock_now() + 10 * USEC_PER_SEC;

    while (*count < wanted) {
        assert_true(clock_now() < end);
        assert_true(sd_event_run(event, 100 * USEC_PER_MSEC) >= 0);
    }
}

static inline void loop_for(sd_event *event, usec_t duration)
{
    usec_t end = clock_now() + duration;

    for (usec_t now = clock_now(); now < end; now = clock_now())
        assert_true(sd_event_run(event, end - now) >= 0);
}

/* Field 3 on of /proc/PID/stat; false when there is no such process. */
static inline bool process_stat(const char *pid, char *ret_state, int *ret_parent, int *ret_group)
{
    char path[300], line[512];
    char *at;
    FILE *file;
    bool there;

    snprintf(path, sizeof(path), "/proc/%s/stat", pid);
    file = fopen(path, "re");
    if (file == NULL)
        return false;
    there = fgets(line, sizeof(line), file) != NULL && (at = strrchr(line, ')')) != NULL;
    fclose(file);
    if (!there)
        return false;
    *ret_state = at[2];
    *ret_parent = (int)strtol(at + 4, &at, 10);
    *ret_group = (int)strtol(at, NULL, 10);
    return true;
}

/* How many live in a group; a negative group: how many children, dead ones included, we have. */
static inline int count_processes(int group)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    int n = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        char state;
        int parent, its_group;

        if (!isdigit((unsigned char)entry->d_name[0]) ||
            !process_stat(entry->d_name, &state, &parent, &its_group))
            continue;
        if (group >= 0 ? its_group == group && state != 'Z' && state != 'X' : parent == getpid())
            n++;
    }
    closedir(folder);
    return n;
}

/* Killed ones take a moment to be gone; those that stay fail the test. */
static inline void assert_group_is_gone(int group)
{
    assert_true(group > 1);
    for (int i = 0; i < 200 && count_processes(group) > 0; i++)
        usleep(10000);
    assert_int_equal(count_processes(group), 0);
}

/* We have no child, not even a dead one. */
static inline void assert_no_child(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    assert_int_equal(count_processes(-1), 0);
}

static inline int count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int n = 0;

    assert_non_null(folder);
    while (readdir(folder) != NULL)
        n++;
    closedir(folder);
    return n;
}

#endif
