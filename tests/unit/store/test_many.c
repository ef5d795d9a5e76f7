/* Ten thousand meters: nothing grows with their square, and a save takes no memory. */
#include "tests/unit/store/store_test.h"

#include "store/state.h"
#include "sys/clock.h"

#define METERS 10000

/* The allocator of libc behind our own names, so that calls can be counted. A sanitizer has its
 * own.
 */
static unsigned n_allocations;

#ifndef SANITIZED
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    n_allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    n_allocations++;
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    n_allocations++;
    return __libc_realloc(old, size);
}
#endif

struct many {
    struct test_meter *items;
    char (*names)[16];
    struct meter **meters;
};

static void many_init(struct many *m)
{
    m->items = calloc(METERS, sizeof(*m->items));
    m->names = calloc(METERS, sizeof(*m->names));
    m->meters = calloc(METERS, sizeof(struct meter *));
    assert_true(m->items && m->names && m->meters);
    for (int i = 0; i < METERS; i++) {
        snprintf(m->names[i], sizeof(m->names[i]), "meter%d", i);
        test_meter_init(&m->items[i], m->names[i]);
        m->meters[i] = &m->items[i].meter;
    }
}

static void many_done(struct many *m)
{
    free(m->items);
    free(m->names);
    free(m->meters);
}

static struct state *open_many(struct many *m)
{
    struct state_verdict verdict;
    struct state *s;

    assert_int_equal(state_open(".", &s, &verdict), 0);
    for (int i = 0; i < METERS; i++) {
        test_meter_start(&m->items[i]);
        assert_int_equal(state_restore(s, m->meters[i], NULL, NULL), 0);
    }
    assert_int_equal(state_reserve(s, m->meters, METERS, NULL, 0), 0);
    return s;
}

static void ten_thousand_meters(void **state)
{
    usec_t begin = clock_now();
    struct many m;
    struct state *s;
    unsigned before;

    (void)state;
    many_init(&m);
    s = open_many(&m);
    for (int i = 0; i < METERS; i++) {
        m.meters[i]->now.address = 77;
        m.meters[i]->now.ident.id = 0x42;
        m.items[i].cells[0].value.integer = i;
        m.items[i].cells[1].value.real = (float)i;
        m.items[i].cells[2].unlisted = true;
        m.items[i].records[1].is_live = m.items[i].records[1].is_kept = true;
        m.items[i].cells[1].number = (struct number){ .is_real = true, .real = i / 3.0 };
        m.items[i].cells[1].has_number = true;
        m.meters[i]->access = 85;
        m.meters[i]->tally.answers = (uint64_t)i;
    }
    assert_int_equal(state_reserve(s, m.meters, METERS, NULL, 0), 0);
    before = n_allocations;
    assert_int_equal(state_save(s), 0);
    assert_int_equal(state_save(s), 0);
    assert_int_equal(n_allocations, before);
#ifdef SANITIZED
    print_message("allocations are not counted under a sanitizer\n");
#else
    assert_true(before > 0);
#endif
    state_close(s);

    s = open_many(&m);
    for (int i = 0; i < METERS; i++) {
        assert_int_equal(m.meters[i]->now.address, 77);
        assert_int_equal(m.meters[i]->now.ident.id, 0x42);
        assert_int_equal(m.items[i].cells[0].value.integer, i);
        assert_true(m.items[i].cells[1].number.real == i / 3.0);
        assert_int_equal(m.meters[i]->access, 85);
        assert_int_equal(m.meters[i]->tally.answers, i);
        assert_true(m.items[i].cells[2].unlisted);
    }
    before = n_allocations;
    assert_int_equal(state_save(s), 0);
    assert_int_equal(n_allocations, before);
    state_close(s);
    many_done(&m);
    /* 0.3 s; with a search through all lines for each it would be minutes. */
    assert_true(clock_now() - begin < 30 * USEC_PER_SEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = { IN_DIRECTORY(ten_thousand_meters) };

    return cmocka_run_group_tests_name("store/many", tests, NULL, NULL);
}
