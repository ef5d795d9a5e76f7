#include "tests/unit/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/keeper_forget.h"
#include "meter/draft.h"

/* Two meters on one port, the first with a record that masters may write, and its state. */
struct fixture {
    char directory[64];
    sd_event *event;
    struct meter_record record;
    struct meter_def defs[2];
    struct port_config port;
    struct config config;
    struct meters meters;
    struct keeper keeper;
};

static void begin(struct fixture *f)
{
    static char heat[] = "heat", water[] = "water", device[] = "pty", name[] = "energy";

    *f = (struct fixture){
        .directory = "/tmp/mbus-slave-test-XXXXXX",
        .record = { .name = name,
                    .writable = true,
                    .wire = { .dib = { .data_field = DATA_FIELD_INT32 },
                              .vib = { .bytes = { 0x06 }, .n = 1 },
                              .value = { .integer = 7 } },
                    .min = { .integer = 0 },
                    .max = { .integer = 1000 },
                    .counting = { .field = DATA_FIELD_INT32 } },
        .defs = { { .name = heat, .address = 3, .ident = { .id = 0x12345678 }, .n_records = 1 },
                  { .name = water, .address = 4 } },
        .port = { .kind = PORT_PTY, .device = device },
    };
    f->defs[0].records = &f->record;
    assert_non_null(mkdtemp(f->directory));
    f->config = (struct config){ .ports = &f->port,
                                 .n_ports = 1,
                                 .meters = f->defs,
                                 .n_meters = 2,
                                 .state_directory = f->directory,
                                 .state_interval = USEC_PER_SEC };
    assert_true(sd_event_new(&f->event) >= 0);
    assert_int_equal(meters_new(&f->config, &f->meters), 0);
    assert_int_equal(keeper_start(&f->keeper, f->event, &f->config, &f->meters), 0);
}

static void stop(struct fixture *f)
{
    keeper_stop(&f->keeper);
    meters_done(&f->meters);
}

static void end(struct fixture *f)
{
    char command[128];

    stop(f);
    sd_event_unref(f->event);
    snprintf(command, sizeof(command), "rm -rf %s", f->directory);
    assert_int_equal(system(command), 0);
}

/* What a master writes, and is acknowledged. */
static void set(struct fixture *f, size_t i, uint8_t address)
{
    struct meter *meter = f->meters.items[i];

    meter_draft_begin(meter);
    meter->draft.address = address;
    if (i == 0) {
        meter->draft.ident.id = 0x87654321;
        meter->draft.clock_offset = 3600;
        meter->draft.cells[0].unlisted = true;
        meter_draft_set_value(meter, 0, &(struct value){ .integer = 42 });
    }
    assert_int_equal(keeper_store(&f->keeper, meter), 0);
    meter_draft_commit(meter);
}

static void expect_as_in_the_file(const struct meter *meter)
{
    assert_int_equal(meter->now.address, 3);
    assert_int_equal(meter->now.ident.id, 0x12345678);
    assert_int_equal(meter->now.clock_offset, 0);
    assert_int_equal(meter->now.cells[0].value.integer, 7);
    assert_false(meter->now.cells[0].unlisted);
}

static void a_running_meter_is_what_the_file_says_again(void **state)
{
    struct fixture f;
    uint32_t generation;

    (void)state;
    begin(&f);
    set(&f, 0, 77);
    generation = f.meters.items[0]->generation;
    assert_int_equal(keeper_forget(&f.keeper, &f.config, f.meters.items[0]), 1);
    expect_as_in_the_file(f.meters.items[0]);
    assert_true(f.meters.items[0]->generation != generation);
    assert_int_equal(keeper_forget(&f.keeper, &f.config, f.meters.items[0]), 0);
    end(&f);
}

static void it_stays_forgotten_over_a_restart(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    set(&f, 0, 77);
    set(&f, 1, 78);
    assert_int_equal(keeper_forget(&f.keeper, &f.config, f.meters.items[0]), 1);
    stop(&f);
    assert_int_equal(meters_new(&f.config, &f.meters), 0);
    assert_int_equal(keeper_start(&f.keeper, f.event, &f.config, &f.meters), 0);
    expect_as_in_the_file(f.meters.items[0]);
    assert_int_equal(f.meters.items[1]->now.address, 78);
    end(&f);
}

/* mbus-protocol 6: no two meters of a bus share an address. */
static void an_address_that_is_taken_is_refused(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    set(&f, 0, 77);
    set(&f, 1, 3);
    assert_int_equal(keeper_forget(&f.keeper, &f.config, f.meters.items[0]), -EADDRINUSE);
    assert_int_equal(f.meters.items[0]->now.address, 77);
    assert_int_equal(f.meters.items[0]->now.cells[0].value.integer, 42);
    assert_false(f.meters.items[0]->drafting);
    assert_int_equal(keeper_forget(&f.keeper, &f.config, f.meters.items[1]), 1);
    assert_int_equal(keeper_forget(&f.keeper, &f.config, f.meters.items[0]), 1);
    expect_as_in_the_file(f.meters.items[0]);
    end(&f);
}

static void what_cannot_be_kept_is_not_forgotten(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    set(&f, 0, 77);
    f.keeper.refusal = -ENOSPC;
    assert_int_equal(keeper_forget(&f.keeper, &f.config, f.meters.items[0]), -ENOSPC);
    assert_int_equal(f.meters.items[0]->now.address, 77);
    f.keeper.refusal = 0;
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_meter_is_what_the_file_says_again),
        cmocka_unit_test(it_stays_forgotten_over_a_restart),
        cmocka_unit_test(an_address_that_is_taken_is_refused),
        cmocka_unit_test(what_cannot_be_kept_is_not_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
