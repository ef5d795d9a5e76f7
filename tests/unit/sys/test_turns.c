/* Turns: who may run a program, and who goes before whom. */
#include "tests/unit/test.h"

#include "sys/turns.h"

#define MANY (TURNS_MAX + TURNS_URGENT + 4)

struct run {
    struct turn turn;
    char name;
};

static char order[64];
static size_t n_order;

static void on_begin(void *userdata)
{
    const struct run *run = userdata;

    order[n_order++] = run->name;
    order[n_order] = '\0';
}

static struct run runs[MANY];

static void begin(void)
{
    n_order = 0;
    order[0] = '\0';
    for (size_t i = 0; i < MANY; i++) {
        runs[i] = (struct run){ .name = (char)('a' + i % 26) };
        runs[i].turn.begin = on_begin;
        runs[i].turn.userdata = &runs[i];
    }
}

static void end(void)
{
    for (size_t i = 0; i < MANY; i++)
        turn_give(&runs[i].turn);
    turns_go_on();
}

static void as_many_as_there_is_room_for(void **state)
{
    (void)state;
    begin();
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(turn_take(&runs[i].turn), i < TURNS_MAX);
    turn_give(&runs[0].turn);
    turn_give(&runs[1].turn);
    assert_string_equal(order, "");
    turns_go_on();
    assert_int_equal(n_order, 2);
    assert_true(runs[TURNS_MAX].turn.is_taken && runs[TURNS_MAX + 1].turn.is_taken);
    end();
}

/* What follows a master's write does not wait for sensors that hang. */
static void what_is_urgent_goes_first(void **state)
{
    (void)state;
    begin();
    for (size_t i = 0; i < TURNS_MAX + 2; i++)
        turn_take(&runs[i].turn);
    for (size_t i = TURNS_MAX + 2; i < TURNS_MAX + 2 + TURNS_URGENT + 1; i++) {
        runs[i].turn.is_urgent = true;
        assert_int_equal(turn_take(&runs[i].turn), i < TURNS_MAX + 2 + TURNS_URGENT);
    }
    turn_give(&runs[0].turn);
    turns_go_on();
    assert_int_equal(n_order, 1);
    assert_true(runs[TURNS_MAX + 2 + TURNS_URGENT].turn.is_taken);
    assert_true(runs[TURNS_MAX].turn.is_waiting);
    end();
}

/* Who gives up waiting is asked no more. */
static void one_may_leave_the_queue(void **state)
{
    (void)state;
    begin();
    for (size_t i = 0; i < TURNS_MAX + 3; i++)
        turn_take(&runs[i].turn);
    turn_give(&runs[TURNS_MAX + 1].turn);
    for (size_t i = 0; i < 3; i++)
        turn_give(&runs[i].turn);
    turns_go_on();
    assert_int_equal(n_order, 2);
    assert_false(runs[TURNS_MAX + 1].turn.is_taken);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_there_is_room_for),
        cmocka_unit_test(what_is_urgent_goes_first),
        cmocka_unit_test(one_may_leave_the_queue),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
