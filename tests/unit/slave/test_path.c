#include "tests/unit/test.h"

#include "mbus/link.h"
#include "slave/path.h"

#define SECOND USEC_PER_SEC
#define REPEAT (10 * SECOND)
#define SESSION (120 * SECOND)

/* Three telegrams of one record each: L = 21 leaves 6 bytes behind the header, a record and the 1F.
 */
static struct meter_record records[3];
static uint8_t dife_storage[3] = { 0, 1, 2 };

struct fixture {
    struct meter_def def;
    struct meter meter;
    struct meter_cell cells[2 * ARRAY_SIZE(records)], snapshot[ARRAY_SIZE(records)];
    struct readout readout;
    enum application_error error;
    struct path path;
};

static void begin(struct fixture *f)
{
    *f = (struct fixture){ .def = { .address = 3,
                                    .ident = { 0x12345678, 0x5274, 1, 0 },
                                    .repeat_time = REPEAT,
                                    .session_time = SESSION,
                                    .max_telegram = 21,
                                    .records = records,
                                    .n_records = ARRAY_SIZE(records) } };
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        records[i] = (struct meter_record){ .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                                                      .vib = { .bytes = { 0xFD, 0x49 }, .n = 2 },
                                                      .value = { .integer = dife_storage[i] } } };
    meter_init(&f->meter, &f->def, f->cells);
    f->error = APPLICATION_FINE;
    f->path.readout.snapshot = f->snapshot;
    path_reset(&f->path);
}

/* A REQ_UD2, the record that the telegram begins with, and its access number. */
struct step {
    unsigned second;
    int fcb; /* -1: FCV = 0 */
    uint8_t record, access;
};

static void run(struct fixture *f, const struct step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        path_answer_readout(&f->path, &f->meter, &f->readout, C_RSP_UD, &f->error,
                            steps[i].fcb == 1, steps[i].fcb >= 0, steps[i].second * SECOND);
        assert_int_equal(f->path.readout.telegram[22], steps[i].record);
        assert_int_equal(f->path.readout.telegram[15], steps[i].access);
        /* mbus-protocol 12: 1F in every telegram but the last. */
        assert_int_equal(f->path.readout.telegram[f->path.readout.n - 3] == 0x1F,
                         steps[i].record < 2);
    }
}
#define RUN(f, ...)                                                                                \
    run(f, (const struct step[]){ __VA_ARGS__ }, ARRAY_SIZE(((const struct step[]){ __VA_ARGS__ })))

/* mbus-protocol 5.4 and 16.8: toggled goes on, repeated repeats, behind the last it starts over. */
static void a_sequence_with_repeats(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    RUN(&f, { 1, 1, 0, 0 }, { 2, 0, 1, 1 }, { 3, 0, 1, 1 }, { 4, 1, 2, 2 }, { 5, 1, 2, 2 },
        { 6, 0, 0, 3 }, { 7, 1, 1, 4 });
    begin(&f);
    RUN(&f, { 1, 0, 0, 0 }, { 2, 1, 1, 1 }, { 3, 0, 2, 2 }, { 4, 1, 0, 3 });
}

/* A repeat at any age never skips to the next telegram. */
static void a_late_repeat_starts_afresh(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    RUN(&f, { 1, 1, 0, 0 }, { 12, 1, 0, 1 }, { 13, 0, 1, 2 }, { 30, 0, 0, 3 });
}

/* mbus-protocol 5.4, T_session: a sequence that was given up is not continued. */
static void a_sequence_that_was_left_starts_over(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    RUN(&f, { 1, 1, 0, 0 }, { 121, 0, 1, 1 }, { 242, 1, 0, 2 });
    begin(&f); /* a repeat shows that the master is still there */
    f.def.repeat_time = 200 * SECOND;
    RUN(&f, { 1, 1, 0, 0 }, { 101, 1, 0, 0 }, { 201, 0, 1, 1 });
    begin(&f);
    f.def.session_time = 0; /* for ever */
    RUN(&f, { 1, 1, 0, 0 }, { 1000, 0, 1, 1 });
}

/* FCV = 0 is a session of its own: telegram 1, and the FCB stays. */
static void without_fcv_it_is_the_first(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    RUN(&f, { 1, -1, 0, 0 }, { 2, -1, 0, 1 }, { 3, 1, 0, 2 }, { 4, 0, 1, 3 }, { 5, -1, 0, 4 },
        { 6, 1, 1, 5 });
}

static void a_reset_rewinds(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    RUN(&f, { 1, 1, 0, 0 }, { 2, 0, 1, 1 });
    path_reset(&f.path);
    RUN(&f, { 3, 0, 0, 2 }, { 4, 1, 1, 3 });
}

/* A write, or a reload, has changed what is read: nothing older is repeated or continued. */
static void a_changed_meter_is_read_afresh(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    RUN(&f, { 1, 1, 0, 0 });
    f.meter.generation++;
    RUN(&f, { 2, 1, 0, 1 }, { 3, 0, 1, 2 });
    f.meter.generation++;
    RUN(&f, { 4, 1, 0, 3 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_with_repeats),
        cmocka_unit_test(a_late_repeat_starts_afresh),
        cmocka_unit_test(a_sequence_that_was_left_starts_over),
        cmocka_unit_test(without_fcv_it_is_the_first),
        cmocka_unit_test(a_reset_rewinds),
        cmocka_unit_test(a_changed_meter_is_read_afresh),
    };

    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
