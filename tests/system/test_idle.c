/* Idle means idle: no wake-up on any kind of port while nobody asks. */
#include "tests/system/harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each wake-up from epoll_wait() and back is one voluntary switch. */
static long switches(pid_t pid)
{
    char path[64], line[256];
    long value = -1;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    f = fopen(path, "re");
    assert_non_null(f);
    while (fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
            value = strtol(line + 24, NULL, 10);
    }
    fclose(f);
    assert_true(value >= 0);
    return value;
}

static void no_wake_up_while_nobody_asks(void **state)
{
    struct rig rig;
    char serial[64];
    int tcp_port = free_tcp_port(), line, bus, client;
    long before;

    (void)state;
    line = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(grantpt(line) + unlockpt(line), 0);
    assert_int_equal(ptsname_r(line, serial, sizeof(serial)), 0);
    rig_init(&rig);
    rig_config(&rig,
               "ports = ( { device = \"pty\"; link = \"%s\"; }, { device = \"tcp:%d\"; },\n"
               "{ device = \"%s\"; } );\n" STOCK_METER,
               rig_path(&rig, "bus"), tcp_port, serial);
    rig_start(&rig, NULL);
    bus = pty_connect(rig_path(&rig, "bus"));
    client = tcp_connect(tcp_port);
    ASK(bus, "10 40 03 43 16", "E5");
    ASK(line, "10 40 03 43 16", "E5");
    ASK(client, "10 40 03 43 16", "E5");
    send_hex(client, "10 40"); /* a partial frame costs one wake-up, its end, and no more */
    wait_ms(2500); /* so does looking whether the pty's answers were read, 2 s after the newest */
    before = switches(rig.pid);
    wait_ms(3000);
    assert_int_equal(switches(rig.pid), before);
    close(bus); /* a master that has gone away is no reason to wake up for ever */
    wait_ms(500);
    before = switches(rig.pid);
    wait_ms(1000);
    assert_int_equal(switches(rig.pid), before);
    close(client);
    rig_stop(&rig);
    close(line);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(no_wake_up_while_nobody_asks) };

    return cmocka_run_group_tests_name("idle", tests, NULL, NULL);
}
