#include "tests/unit/daemon/keeper_test.h"

#include "meter/draft.h"

static int set_address(struct fixture *f, uint8_t address)
{
    struct meter *meter = f->meters.items[0];
    int r;

    meter_draft_begin(meter);
    meter->draft.address = address;
    r = keeper_store(&f->keeper, meter);
    if (r == 0)
        meter_draft_commit(meter);
    else
        meter_draft_abandon(meter);
    return r;
}

/* mbus-protocol 5.6: DFC while writes cannot be kept, and not a moment longer. */
static void a_full_disk_shows_as_dfc(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    fill_disk(true);
    assert_true(set_address(&f, 77) < 0);
    assert_true(f.meters.items[0]->busy);
    assert_int_equal(f.meters.items[0]->now.address, 3);
    fill_disk(false);
    assert_int_equal(set_address(&f, 78), 0);
    assert_false(f.meters.items[0]->busy);
    end(&f);
}

/* No master that minds DFC would ask again, so we do. */
static void room_is_found_again_without_a_master(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    fill_disk(true);
    assert_true(set_address(&f, 77) < 0);
    fill_disk(false);
    run_for(&f, 100 * USEC_PER_MSEC);
    assert_true(f.meters.items[0]->busy);
    for (int i = 0; i < 50 && f.meters.items[0]->busy; i++)
        run_for(&f, 100 * USEC_PER_MSEC);
    assert_false(f.meters.items[0]->busy);
    end(&f);
}

/* mbus-protocol 13.4: a rate that was confirmed while the disk was full is kept as soon as it can
 * be. */
static void a_rate_waits_for_room(void **state)
{
    static char device[] = "/dev/x";
    struct fixture f;

    (void)state;
    begin(&f);
    f.port = (struct port_config){ .kind = PORT_SERIAL, .device = device, .baud = 2400 };
    assert_int_equal(keeper_reload(&f.keeper, &f.config), 0);
    fill_disk(true);
    keeper_rate_is_good(&f.keeper, &f.port, 9600);
    fill_disk(false);
    for (int i = 0; i < 50 && f.keeper.is_busy; i++)
        run_for(&f, 100 * USEC_PER_MSEC);
    assert_false(f.keeper.is_busy);
    keeper_stop(&f.keeper);
    assert_int_equal(keeper_start(&f.keeper, f.event, &f.config, &f.meters), 0);
    assert_int_equal(keeper_rate(&f.keeper, &f.port), 9600);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_shows_as_dfc),
        cmocka_unit_test(room_is_found_again_without_a_master),
        cmocka_unit_test(a_rate_waits_for_room),
    };

    return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
