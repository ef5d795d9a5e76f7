/* What a master has written reaches the command of its record, whatever becomes of the port or the
 * meter before the E5 has left. */
#include "tests/system/master.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The E5 waits for this long. */
#define SLOW_PORT "port = { device = \"pty\"; link = \"%s\"; answer_delay = \"150 ms\"; };\n"
#define TCP_PORT "port = { device = \"tcp:%d\"; };\n"
#define METER                                                                                      \
    "meter = { address = 3; id = \"12345678\"; version = %d; records = (\n"                        \
    "  { name = \"valve\"; unit = \"V\"; type = \"int16\"; value = 1234;\n"                        \
    "    writable = { command = [ \"%s\" ]; }; } ); };\n"

struct fixture {
    struct rig rig;
    int fd;
};

static void begin(struct fixture *f)
{
    FILE *script;

    rig_init(&f->rig);
    script = fopen(rig_path(&f->rig, "told.sh"), "we");
    assert_non_null(script);
    fprintf(script, "#!/bin/sh\necho \"$MBUS_VALUE\" >>'%s'\n", rig_path(&f->rig, "told"));
    assert_int_equal(fchmod(fileno(script), 0755), 0);
    fclose(script);
    rig_config(&f->rig, SLOW_PORT METER, rig_path(&f->rig, "bus"), 1, rig_path(&f->rig, "told.sh"));
    rig_start(&f->rig, NULL);
    f->fd = pty_connect(rig_path(&f->rig, "bus"));
}

static void end(struct fixture *f)
{
    close(f->fd);
    rig_stop(&f->rig);
    rig_done(&f->rig);
}

/* Writes, and lets the daemon take that in: the E5 is not there yet. */
static void write_record(struct fixture *f)
{
    uint8_t frame[FRAME_MAX];
    size_t n = frame_parse("> 53 03 51 02 FD 49 2B 02", frame, sizeof(frame));

    assert_int_equal(write(f->fd, frame, n), (ssize_t)n);
    wait_ms(30);
}

static void reload(struct fixture *f)
{
    kill(f->rig.pid, SIGHUP);
    rig_expect_notify(&f->rig, "RELOADING=1");
    rig_expect_notify(&f->rig, "READY=1");
}

/* The program has told what was written, once. */
static void expect_told(struct fixture *f)
{
    int64_t deadline = now_us() + 3000000;
    char text[64] = "";

    while (text[0] == '\0' && now_us() < deadline) {
        FILE *file = fopen(rig_path(&f->rig, "told"), "re");

        wait_ms(20);
        if (file == NULL)
            continue;
        if (fgets(text, sizeof(text), file) == NULL)
            text[0] = '\0';
        fclose(file);
    }
    assert_string_equal(text, "555\n");
}

static void after_the_answer(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    write_record(&f);
    expect_hex(f.fd, "E5");
    expect_told(&f);
    end(&f);
}

/* The meter gets other records meanwhile, at least in memory. */
static void a_reload_of_the_meter_loses_nothing(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    write_record(&f);
    rig_config(&f.rig, SLOW_PORT METER, rig_path(&f.rig, "bus"), 2, rig_path(&f.rig, "told.sh"));
    reload(&f);
    expect_told(&f);
    end(&f);
}

/* Nobody will get the E5. */
static void the_end_of_the_port_loses_nothing(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    write_record(&f);
    rig_config(&f.rig, TCP_PORT METER, free_tcp_port(), 1, rig_path(&f.rig, "told.sh"));
    reload(&f);
    expect_told(&f);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_the_answer),
        cmocka_unit_test(a_reload_of_the_meter_loses_nothing),
        cmocka_unit_test(the_end_of_the_port_loses_nothing),
    };

    return cmocka_run_group_tests_name("hand on", tests, NULL, NULL);
}
