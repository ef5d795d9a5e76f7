#include "tests/system/house.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void house_clean_up(struct house *h)
{
    test_bus_kill(&h->bus);
    if (h->rig.pid > 0)
        rig_done(&h->rig);
    *h = (struct house){ 0 };
}

void house_init(struct house *h, bool has_bus)
{
    house_clean_up(h);
    *h = (struct house){ .port = free_tcp_port() };
    rig_init(&h->rig);
    test_bus_init(&h->bus, &h->rig);
    if (has_bus)
        test_bus_start(&h->bus, &h->rig);
}

void house_config(struct house *h, const char *settings, const char *records, ...)
{
    char text[4096];
    va_list args;

    va_start(args, records);
    assert_true(vsnprintf(text, sizeof(text), records, args) < (int)sizeof(text));
    va_end(args);
    rig_config(&h->rig,
               TWO_PORTS "meters = ( { name = \"house\"; address = 5; id = \"12345678\"; %s\n"
                         "  records = (\n%s ); }, " FENCE_METER " );\n%s\n",
               rig_path(&h->rig, "pty"), h->port, settings, text, h->more != NULL ? h->more : "");
}

void house_start(struct house *h)
{
    unlink(rig_path(&h->rig, "log"));
    rig_start(&h->rig, NULL);
    masters_init(&h->m, &h->rig, h->port);
    if (h->bus.pid != 0)
        test_bus_expect_service(&h->bus);
}

void house_reload(struct house *h)
{
    assert_int_equal(kill(h->rig.pid, SIGHUP), 0);
    rig_expect_notify(&h->rig, "RELOADING=1");
    rig_expect_notify(&h->rig, "READY=1");
}

void house_stop(struct house *h)
{
    masters_done(&h->m);
    rig_stop(&h->rig);
}

void house_crash(struct house *h)
{
    assert_int_equal(kill(h->rig.pid, SIGKILL), 0);
    assert_int_equal(rig_wait(&h->rig), -SIGKILL);
    masters_done(&h->m);
}

void house_end(struct house *h)
{
    house_stop(h);
    rig_done(&h->rig);
    house_clean_up(h);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void write_file(const struct house *h, const char *name, const void *bytes, size_t n,
                       mode_t mode)
{
    const char *next = rig_path(&h->rig, "next");
    int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
    assert_int_equal(rename(next, rig_path(&h->rig, name)), 0);
}

void house_write(const struct house *h, const char *name, const void *bytes, size_t n)
{
    write_file(h, name, bytes, n, 0600);
}

void house_write_text(const struct house *h, const char *name, const char *text)
{
    write_file(h, name, text, strlen(text), 0600);
}

void house_script(const struct house *h, const char *name, const char *text)
{
    write_file(h, name, text, strlen(text), 0700);
}

/* ---- the journal ----------------------------------------------------------------------------- */

void house_expect_told_(const struct house *h, const char *record, unsigned begins, unsigned ends,
                        const char *file, int line)
{
    char any[64], end[64];
    unsigned n_any, n_end;

    snprintf(any, sizeof(any), "house.%s: ", record);
    snprintf(end, sizeof(end), "house.%s: good again", record);
    n_any = rig_count_log(&h->rig, any);
    n_end = rig_count_log(&h->rig, end);
    if (n_any - n_end != begins || n_end != ends)
        print_error("%s: %u begins, %u ends\n", record, n_any - n_end, n_end);
    _assert_true(n_any - n_end == begins && n_end == ends, "the journal has one line each", file,
                 line);
}
