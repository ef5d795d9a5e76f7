#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/index.h"

#define METERS 300U
#define RECORDS 300U

/* Meters whose names are no numbers in a row, every third of them with constants alone; odd ones
 * have many records. */
struct world {
    struct meter_def defs[METERS];
    struct meter meters[METERS], *pointers[METERS];
    struct index index;
};

static char *name_of(const char *prefix, unsigned i, unsigned n)
{
    char *name = NULL;

    assert_true(asprintf(&name, "%s%u", prefix, i * 7919 % n) > 0);
    return name;
}

static struct world *make(void)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    for (unsigned i = 0; i < METERS; i++) {
        struct meter_def *def = &w->defs[i];

        def->name = name_of("m", i, 10007);
        def->n_records = i % 2 == 0 ? 3 : RECORDS;
        def->records = calloc(def->n_records, sizeof(*def->records));
        assert_non_null(def->records);
        for (unsigned j = 0; j < def->n_records; j++)
            def->records[j].name = name_of("r", j, 10007);
        def->records[0].is_live = i % 3 != 0;
        w->meters[i] = (struct meter){ .def = def, .index = i };
        w->pointers[i] = &w->meters[i];
    }
    assert_int_equal(index_new(w->defs, w->pointers, METERS, &w->index), 0);
    return w;
}

static void drop(struct world *w)
{
    index_done(&w->index);
    for (unsigned i = 0; i < METERS; i++) {
        for (unsigned j = 0; j < w->defs[i].n_records; j++)
            free(w->defs[i].records[j].name);
        free(w->defs[i].records);
        free(w->defs[i].name);
    }
    free(w);
}

static void every_record_is_found_by_its_name(void **state)
{
    struct world *w = make();
    struct subject found;
    char name[64];

    (void)state;
    for (unsigned i = 0; i < METERS; i++) {
        for (unsigned j = 0; j < w->defs[i].n_records; j++) {
            snprintf(name, sizeof(name), "%s%c%s", w->defs[i].name, j % 2 == 0 ? '.' : '/',
                     w->defs[i].records[j].name);
            assert_true(index_find(&w->index, name, &found));
            assert_ptr_equal(found.meter, &w->meters[i]);
            assert_int_equal(found.record, j);
        }
    }
    drop(w);
}

static void part_of_a_name_is_none(void **state)
{
    static const char *const wrong[] = { "",       ".",      "/",     "m",     "m0",
                                         "m0.",    "m0.r",   ".r0",   "m0r0",  "m0.r0x",
                                         "m0x.r0", "m00.r0", "M0.r0", "m0..r0" };
    struct world *w = make();
    struct subject found;

    (void)state;
    assert_true(index_find(&w->index, "m0.r0", &found));
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_false(index_find(&w->index, wrong[i], &found));
    assert_false(index_find(&w->index, "m0.x", &found));
    assert_non_null(found.meter);
    assert_false(index_find(&w->index, "x.r0", &found));
    assert_null(found.meter);
    drop(w);
}

/* Numbers are dense, and lead back; a meter of constants has none. */
static void what_can_change_has_a_number(void **state)
{
    struct world *w = make();
    size_t next = 0;

    (void)state;
    for (unsigned i = 0; i < METERS; i++) {
        for (unsigned j = 0; j < w->defs[i].n_records; j++) {
            struct subject found = { 0 };

            if (i % 3 == 0) {
                assert_true(index_number(&w->index, &w->meters[i], j) == INDEX_NONE);
                continue;
            }
            assert_int_equal(index_number(&w->index, &w->meters[i], j), next);
            index_of_number(&w->index, next, &found);
            assert_ptr_equal(found.meter, &w->meters[i]);
            assert_int_equal(found.record, j);
            next++;
        }
    }
    assert_int_equal(index_n_changing(&w->index), next);
    drop(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_found_by_its_name),
        cmocka_unit_test(part_of_a_name_is_none),
        cmocka_unit_test(what_can_change_has_a_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
