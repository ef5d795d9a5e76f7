/* mbus-slave: command line, configuration, and on with it. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "daemon/check.h"
#include "daemon/daemon.h"
#include "daemon/forget.h"
#include "daemon/options.h"
#include "sys/log.h"
#include "sys/messages.h"

/* Closed standard descriptors would be given to a port, and log lines would go out on the bus. */
static bool keep_standard_descriptors(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

static int forget(const struct config *config, const struct config_messages *messages,
                  const char *meter)
{
    check_print(messages);
    return config != NULL ? forget_run(config, meter) : EXIT_CONFIG;
}

static int check(const struct config *config, const struct config_messages *messages)
{
    check_print(messages);
    if (config == NULL)
        return EXIT_CONFIG;
    check_summary(config);
    return EXIT_STOPPED;
}

int main(int argc, char *argv[])
{
    struct config_messages messages = { 0 };
    struct config *config = NULL;
    struct options options;
    int status, r;

    if (!keep_standard_descriptors())
        return EXIT_FAILED;
    status = options_parse(argc, argv, &options);
    if (status >= 0)
        return status;
    log_open();
    config_load(options.config, &options.overrides, &config, &messages);
    if (options.check || options.forget != NULL) {
        status = options.forget != NULL ? forget(config, &messages, options.forget)
                                        : check(config, &messages);
        config_messages_done(&messages);
        config_free(config);
        return status;
    }
    check_log(&messages, MESSAGE_CONFIG_WRONG);
    config_messages_done(&messages);
    if (config == NULL)
        return EXIT_CONFIG;
    r = daemon_run(&options, config);
    if (r == -ECANCELED)
        return EXIT_FAILED;
    if (r < 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "failed: %s", strerror(-r));
        return EXIT_FAILED;
    }
    return EXIT_STOPPED;
}
