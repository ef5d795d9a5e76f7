#include "tests/system/dialogue.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEST_ADDRESS 0xFE
#define DROPPED_MS 150 /* the window at 4800 baud ends after 119 ms, the default gap after 100 */

/* What runs, for the teardown when an assertion has left the test. */
static struct {
    struct rig rig;
    int fd;
    bool running;
} bus;

static void begin(const struct dialogue *d)
{
    const char *meters = d->meters != NULL ? d->meters : TST_METER;
    const char *settings = d->port != NULL ? d->port : "";
    int port = d->tcp ? free_tcp_port() : 0;

    rig_init(&bus.rig);
    bus.running = true;
    bus.fd = -1;
    if (d->tcp)
        rig_config(&bus.rig, "port = { device = \"tcp:%d\"; %s };\n%s", port, settings, meters);
    else
        rig_config(&bus.rig, "port = { device = \"pty\"; link = \"%s\"; baud = 4800; %s };\n%s",
                   rig_path(&bus.rig, "bus"), settings, meters);
    rig_start(&bus.rig, NULL);
    bus.fd = d->tcp ? tcp_connect(port) : pty_connect(rig_path(&bus.rig, "bus"));
}

static int clean_up(void **state)
{
    (void)state;
    if (!bus.running)
        return 0;
    if (bus.fd >= 0)
        close(bus.fd);
    rig_done(&bus.rig);
    bus.running = false;
    return 0;
}

static void print_reply(const struct reply *reply)
{
    print_error("  came:  ");
    for (size_t i = 0; i < reply->n; i++)
        print_error(" %02X", reply->bytes[i]);
    print_error(reply->n == 0 ? " nothing\n" : "\n");
}

static bool as_expected(const struct row *row, const struct reply *reply)
{
    static const uint8_t starts[] = { 0xE5, 0x10, 0x68, 0xA2 };
    uint8_t wanted[FRAME_MAX];
    size_t n;

    if (strcmp(row->expect, BURST) == 0)
        return reply->kind == REPLY_BURST && !memchr(starts, reply->bytes[0], sizeof(starts));
    if (strcmp(row->expect, FAILED) == 0)
        return reply->kind == REPLY_FRAME && reply->bytes[6] == 0x70 && reply->n <= 10;
    n = frame_parse(row->expect, wanted, sizeof(wanted));
    if (n > 1 && wanted[0] == 0x68 && (wanted[6] == 0x72 || wanted[6] == 0x73))
        frame_set_access(wanted, row->access);
    if (reply->n == n && memcmp(reply->bytes, wanted, n) == 0)
        return true;
    if (n > 1) {
        print_error("  wanted:");
        for (size_t i = 0; i < n; i++)
            print_error(" %02X", wanted[i]);
        print_error("\n");
    }
    return false;
}

static void run_row(const struct dialogue *d, const struct master *m, const struct row *row)
{
    struct reply reply;

    if (row->send == NULL) {
        wait_ms(row->pause_ms);
        return;
    }
    if (strcmp(row->expect, DROPPED) == 0) {
        send_hex(m->fd, row->send);
        expect_silence(m->fd, DROPPED_MS);
        return;
    }
    master_ask_text(m, row->send, &reply);
    if (as_expected(row, &reply))
        return;
    print_reply(&reply);
    fail_msg("row %td (mbus-protocol %s): %s wanted \"%s\" (access %u)", row - d->rows,
             row->section, row->send, row->expect, row->access);
}

void dialogue_run(const struct dialogue *d)
{
    struct master m;

    begin(d);
    master_init(&m, bus.fd, d->fence != 0 ? d->fence : TEST_ADDRESS);
    for (size_t i = 0; i < ARRAY_SIZE(d->rows) && d->rows[i].section != NULL; i++)
        run_row(d, &m, &d->rows[i]);
    rig_stop(&bus.rig);
    clean_up(NULL);
}

static void run_state(void **state)
{
    dialogue_run(*state);
}

int dialogues_main(const char *group, const struct dialogue *dialogues, size_t n)
{
    static struct CMUnitTest tests[64];

    if (n > ARRAY_SIZE(tests))
        return 2;
    for (size_t i = 0; i < n; i++) {
        tests[i] = (struct CMUnitTest){ .name = dialogues[i].name,
                                        .test_func = run_state,
                                        .teardown_func = clean_up,
                                        .initial_state = (void *)&dialogues[i] };
    }
    return _cmocka_run_group_tests(group, tests, n, NULL, NULL);
}
