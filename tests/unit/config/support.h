/* What the tests of config/ share: cmocka, and a configuration from a text or a file. */
#ifndef TESTS_CONFIG_SUPPORT_H
#define TESTS_CONFIG_SUPPORT_H

#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"

struct loaded {
    int r;
    struct config *config;
    struct config_messages messages;
};

static inline struct loaded load_path(const char *path, const struct config_overrides *overrides)
{
    struct loaded loaded = { 0 };
    loaded.r = config_load(path, overrides, &loaded.config, &loaded.messages);
    return loaded;
}

/* Loads a text from a file of its own. */
static inline struct loaded load_text(const char *text, const struct config_overrides *overrides)
{
    char path[] = "/tmp/mbus-slave-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct loaded loaded = load_path(path, overrides);
    unlink(path);
    return loaded;
}

static inline void loaded_done(struct loaded *loaded)
{
    config_free(loaded->config);
    config_messages_done(&loaded->messages);
}

/* A text that must load without a word. */
static inline struct loaded load_good(const char *text)
{
    struct loaded loaded = load_text(text, NULL);
    if (loaded.messages.n > 0)
        print_error("%s\n", loaded.messages.items[0].text);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.messages.n, 0);
    return loaded;
}

#endif
