/* A readout with one record of each type and table, byte by byte: tests/data/config/good/rich.conf
 * must come out as tests/data/telegrams/rich.hex, whose meaning tests/tools/decode.sh holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/system/harness.h"

static const char *source_folder(void)
{
    const char *folder = getenv("SRCDIR");

    return folder != NULL ? folder : ".";
}

/* The next line of the file that holds a telegram. */
static char *next_telegram(FILE *file, char *line, size_t size)
{
    while (fgets(line, (int)size, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#' && line[0] != '\0')
            return line;
    }
    return NULL;
}

static void every_type_and_table_is_sent(void **state)
{
    static const char *const requests[] = { "10 7B 03 7E 16", "10 5B 03 5E 16" };
    char path[1024], line[1024];
    struct rig rig;
    unsigned n = 0;

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/tests/data/telegrams/rich.hex", source_folder());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *folder = realpath(source_folder(), NULL);
    assert_non_null(folder);
    rig_init(&rig);
    rig_config(&rig,
               "port = { device = \"pty\"; link = \"%s\"; };\n"
               "@include \"%s/tests/data/config/good/parts/rich.inc\"\n",
               rig_path(&rig, "bus"), folder);
    free(folder);
    rig_start(&rig, NULL);
    int bus = pty_connect(rig_path(&rig, "bus"));
    while (next_telegram(file, line, sizeof(line)) != NULL) {
        assert_true(n < ARRAY_SIZE(requests));
        ASK(bus, requests[n], line);
        n++;
    }
    assert_int_equal(n, ARRAY_SIZE(requests));
    close(bus);
    rig_stop(&rig);
    rig_done(&rig);
    (void)fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_type_and_table_is_sent) };

    return cmocka_run_group_tests_name("system/records", tests, NULL, NULL);
}
