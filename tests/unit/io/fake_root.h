/* A folder that stands for the root of another machine. */
#ifndef TESTS_UNIT_IO_FAKE_ROOT_H
#define TESTS_UNIT_IO_FAKE_ROOT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/test.h"

static inline void fake_root_init(char root[static 64])
{
    strcpy(root, "/tmp/mbus-slave-root-XXXXXX");
    assert_non_null(mkdtemp(root));
}

static inline void fake_root_done(const char *root)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", root);
    assert_int_equal(system(command), 0);
}

static inline void fake_root_folders(const char *root, const char *path, char full[static 256])
{
    snprintf(full, 256, "%s%s", root, path);
    for (char *at = full + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        mkdir(full, 0755);
        *at = '/';
    }
}

/* Writes a file of n bytes with all folders above it. */
static inline void fake_root_write(const char *root, const char *path, const char *bytes, size_t n)
{
    char full[256];
    FILE *f;

    fake_root_folders(root, path, full);
    f = fopen(full, "we");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}
#define FAKE_STRING(root, path, text) fake_root_write(root, path, text, sizeof(text))

static inline void fake_root_link(const char *root, const char *path, const char *target)
{
    char full[256];

    fake_root_folders(root, path, full);
    assert_int_equal(symlink(target, full), 0);
}

#endif
