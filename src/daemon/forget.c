#include "daemon/forget.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "daemon/options.h"
#include "daemon/remembered.h"
#include "store/state.h"

static bool is_configured(const struct config *config, const char *meter)
{
    for (size_t i = 0; i < config->n_meters; i++) {
        if (strcmp(config->meters[i].name, meter) == 0)
            return true;
    }
    return false;
}

static int unknown_meter(const struct config *config, const char *meter)
{
    struct nearest nearest = { .wanted = meter };

    for (size_t i = 0; i < config->n_meters; i++)
        nearest_offer(&nearest, config->meters[i].name);
    fprintf(stderr, "--forget: \"%s\" is no meter, and nothing is remembered of it", meter);
    if (nearest_result(&nearest) != NULL)
        fprintf(stderr, "; did you mean \"%s\"?", nearest_result(&nearest));
    fprintf(stderr, "\n");
    return EXIT_CONFIG;
}

static int cannot_open(const struct state_verdict *verdict, int error)
{
    if (error == -EBUSY)
        fprintf(stderr, "--forget: %s is in use; stop mbus-slave first\n", verdict->directory);
    else
        fprintf(stderr, "--forget: %s: %s\n", verdict->directory, strerror(-error));
    return EXIT_FAILED;
}

/* A meter that the configuration does not name can be remembered too. */
static int drop(const struct config *config, struct state *state, const char *meter)
{
    int r = state_forget(state, meter);

    if (r == 0 && !is_configured(config, meter))
        return unknown_meter(config, meter);
    if (r == 1)
        r = state_reserve(state, NULL, 0, NULL, 0);
    if (r == 0)
        r = state_save(state);
    if (r == 0)
        r = state_flush(state);
    if (r < 0) {
        fprintf(stderr, "--forget: %s\n", strerror(-r));
        return EXIT_FAILED;
    }
    printf("%s: what masters have set of it is forgotten\n", meter);
    return EXIT_STOPPED;
}

int forget_run(const struct config *config, const char *meter)
{
    struct state_verdict verdict;
    struct state *state = NULL;
    int r = state_open(config->state_directory, &state, &verdict);
    int status;

    if (r < 0)
        return cannot_open(&verdict, r);
    if (verdict.found.newer_version != 0) {
        fprintf(stderr, "--forget: the state in %s is of a newer version\n", verdict.directory);
        status = EXIT_FAILED;
    } else if (verdict.origin == DIRECTORY_NONE) {
        fprintf(stderr, "--forget: there is no state directory, so nothing is remembered\n");
        status = EXIT_FAILED;
    } else {
        char text[PATH_MAX + 128];

        if (remembered_damage(&verdict, text, sizeof(text)))
            fprintf(stderr, "--forget: %s\n", text);
        status = drop(config, state, meter);
    }
    state_close(state);
    return status;
}
