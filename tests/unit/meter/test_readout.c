#include "tests/unit/test.h"

#include <string.h>

#include "meter/readout.h"

#define INT8 .data_field = DATA_FIELD_INT8

/* Each has its place here as its value. */
static struct meter_record records[] = {
    { .wire = { .dib = { INT8 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 0 } } },
    { .wire = { .dib = { INT8, .storage = 1 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 1 } } },
    { .wire = { .dib = { INT8, .storage = 2 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 2 } } },
    { .wire = { .dib = { INT8, .storage = 33 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 3 } } },
    { .wire = { .dib = { INT8, .tariff = 1 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 4 } } },
    { .wire = { .dib = { INT8, .subunit = 1 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 5 } } },
    { .wire = { .dib = { INT8, .function = DIF_MAXIMUM },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 6 } } },
    { .wire = { .dib = { INT8 },
                .vib = { .bytes = { 0x5A }, .n = 1 },
                .value = { .integer = 7 } } },
    { .wire = { .dib = { INT8 },
                .vib = { .bytes = { 0xFD, 0xC8, 0xFC, 0x01 }, .n = 4 },
                .value = { .integer = 8 } } },
    { .wire = { .dib = { INT8 },
                .vib = { .bytes = { 0x93, 0x3B }, .n = 2 },
                .value = { .integer = 9 } } },
};

/* How they are sent. */
#define R0 "01 13 00 "
#define R1 "41 13 01 "
#define R2 "81 01 13 02 "
#define R3 "C1 80 01 13 03 "
#define R4 "81 10 13 04 "
#define R5 "81 40 13 05 "
#define R6 "11 13 06 "
#define R7 "01 5A 07 "
#define R8 "01 FD C8 FC 01 08 "
#define R9 "01 93 3B 09 "

static struct meter_def def = { .records = records, .n_records = ARRAY_SIZE(records) };

struct fixture {
    struct meter meter;
    struct meter_cell cells[2 * ARRAY_SIZE(records)];
    struct readout readout;
};

static void begin(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        records[i].sets = 0;
    meter_init(&f->meter, &def, f->cells);
}

static void expect_(struct fixture *f, const char *sent, const char *file, int line)
{
    struct readout_source source = { &f->meter, &f->readout, f->meter.now.cells };
    uint8_t bytes[512];
    struct writer w = writer_over(bytes, sizeof(bytes));

    for (size_t i = 0; i < readout_items(&source); i++)
        readout_encode(&source, i, &w);
    assert_hex_(bytes, w.n, sent, file, line);
}
#define EXPECT(f, sent) expect_(f, sent, __FILE__, __LINE__)

static void choose(struct fixture *f, const char *list)
{
    f->readout.n_list = (uint8_t)test_hex(list, f->readout.list, sizeof(f->readout.list));
}

/* mbus-protocol 13.5: what a list means; what means nothing comes back with a record error
 * (mbus-records 9.2). */
static const struct {
    const char *list, *sent;
} lists[] = {
    { "08 13", R0 },
    { "08 5A 08 13", R0 R7 }, /* in the order of the records */
    { "08 13 08 13", R0 },
    { "48 13", R1 }, /* without DIFE a 1 is a 1 */
    { "88 01 13", R2 },
    { "C8 80 01 13", R3 },
    { "88 10 13", R4 },
    { "88 C0 00 13", R5 },
    { "18 13", R6 },
    { "08 FD C8 FC 01", R8 },
    { "08 93 3B", R9 },
    /* all ones in the width that was sent mean any */
    { "C8 0F 13", R0 R1 R2 R3 },
    { "88 30 13", R0 R4 },
    { "88 40 13", R0 R5 },
    { "C8 3F 13", R0 R1 R2 R3 R4 },
    { "C8 7F 13", R0 R1 R2 R3 R4 R5 },
    { "C8 FF 7F 13", R0 R1 R2 R3 R4 R5 },
    { "D8 7F 13", R6 },                  /* the function is taken literally */
    { "C8 8F 00 13", "C0 8F 00 93 02" }, /* 31 in nine bits of storage */
    { "88 B0 00 13", "80 B0 00 93 04" }, /* 3 in four bits of tariff */
    { "88 80 40 13", "80 80 40 93 03" }, /* 2 in two bits of subunit */
    /* any VIF, any VIFE */
    { "C8 3F 7E", R0 R1 R2 R3 R4 R7 R8 R9 },       /* D48's example */
    { "C8 7F 7E", R0 R1 R2 R3 R4 R5 R7 R8 R9 },    /* mbus-protocol 16.6 */
    { "C8 FF 7F 7E", R0 R1 R2 R3 R4 R5 R7 R8 R9 }, /* the global one */
    { "08 7E", R0 R7 R8 R9 },
    { "08 93 7E", R0 R9 },
    { "08 FD 7E", R8 },
    /* errors: 02 storage, 04 tariff, 03 subunit, 05 function, 0C VIF */
    { "88 02 13", "80 02 93 02" },
    { "88 20 13", "80 20 93 04" },
    { "28 13", "20 93 05" },
    { "08 14", "00 94 0C" },
    { "48 14", "40 94 0C" },
    { "08 FD 0B", "00 FD 8B 0C" },
    { "08 93 3C", "00 93 BC 0C" },
    { "88 02 5A", "80 02 DA 02" },
    { "08 5A 08 14 48 5A", R7 "00 94 0C 40 DA 02" }, /* behind the records, in order */
    { "28 7E", "" },                                 /* any: none is no error */
};

static void lists_mean_records(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
        struct fixture f;

        begin(&f);
        choose(&f, lists[i].list);
        EXPECT(&f, lists[i].sent);
    }
}

/* A chain of ten VIFE has no room for an error. */
static void a_full_chain_comes_back_not_at_all(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    choose(&f, "08 94 BB BB BB BB BB BB BB BB BB 3B");
    EXPECT(&f, "");
    choose(&f, "08 94 BB BB BB BB BB BB BB BB 3B");
    EXPECT(&f, "00 94 BB BB BB BB BB BB BB BB BB 0C");
}

/* mbus-protocol 9 and 13.5: without a list an application decides; a record without sets is in all
 * of them. */
static void applications_have_sets(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        records[i].sets = 1U << 3;
    records[0].sets = 0;
    records[1].sets = 1U << 0;
    records[2].sets = 1U << 1;
    records[4].sets = 1U << 13 | 1U << 1;
    EXPECT(&f, R0 R1);
    f.readout.application = 0x10;
    EXPECT(&f, R0 R2 R4);
    f.readout.application = 0x1F; /* which telegram is not looked at here */
    EXPECT(&f, R0 R2 R4);
    f.readout.application = 0x20;
    EXPECT(&f, R0);
    f.readout.application = 0xD0;
    EXPECT(&f, R0 R4);
    f.readout.everything = true;
    EXPECT(&f, R0 R1 R2 R3 R4 R5 R6 R7 R8 R9);
    choose(&f, "18 13"); /* a list means what it means, whatever the sets */
    EXPECT(&f, R6);
}

/* mbus-protocol 13.6: what was taken out of the list is not in the default, and can be asked for.
 */
static void unlisted_records_are_left_out(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    for (size_t i = 1; i < ARRAY_SIZE(records); i++)
        f.meter.now.cells[i].unlisted = i != 7;
    EXPECT(&f, R0 R7);
    choose(&f, "48 13");
    EXPECT(&f, R1);
    f.readout = (struct readout){ .everything = true };
    EXPECT(&f, R0 R1 R2 R3 R4 R5 R6 R7 R8 R9);
}

/* Values are those of the cells, which may be a snapshot; without cells, the configured ones. */
static void values_come_from_the_cells(void **state)
{
    struct fixture f;
    struct readout_source source = { &f.meter, &f.readout, NULL };
    struct meter_cell snapshot[ARRAY_SIZE(records)] = { { .value = { .integer = 0x22 } } };
    uint8_t bytes[8];
    struct writer w = writer_over(bytes, sizeof(bytes));

    (void)state;
    begin(&f);
    f.meter.now.cells[0].value.integer = 0x11;
    source.cells = f.meter.now.cells;
    readout_encode(&source, 0, &w);
    assert_hex(bytes, w.n, "01 13 11");
    w.n = 0;
    source.cells = snapshot;
    readout_encode(&source, 0, &w);
    assert_hex(bytes, w.n, "01 13 22");
    w.n = 0;
    source.cells = NULL;
    readout_encode(&source, 0, &w);
    assert_hex(bytes, w.n, R0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_mean_records),
        cmocka_unit_test(a_full_chain_comes_back_not_at_all),
        cmocka_unit_test(applications_have_sets),
        cmocka_unit_test(unlisted_records_are_left_out),
        cmocka_unit_test(values_come_from_the_cells),
    };

    return cmocka_run_group_tests_name("readout", tests, NULL, NULL);
}
