#include "sys/turns.h"

#include <stddef.h>

static struct {
    size_t n_taken;
    struct turn *first; /* of those that wait */
} turns;

static void take(struct turn *turn)
{
    turn->is_taken = true;
    turns.n_taken++;
}

static bool has_room(const struct turn *turn)
{
    return turns.n_taken < TURNS_MAX + (turn->is_urgent ? TURNS_URGENT : 0);
}

/* Behind those that are as urgent. */
static void wait(struct turn *turn)
{
    struct turn **at = &turns.first;

    while (*at != NULL && ((*at)->is_urgent || !turn->is_urgent))
        at = &(*at)->next;
    turn->is_waiting = true;
    turn->next = *at;
    *at = turn;
}

bool turn_take(struct turn *turn)
{
    bool is_next = turns.first == NULL || (turn->is_urgent && !turns.first->is_urgent);

    if (is_next && has_room(turn)) {
        take(turn);
        return true;
    }
    wait(turn);
    return false;
}

static void stop_waiting(struct turn *turn)
{
    struct turn **at = &turns.first;

    while (*at != turn)
        at = &(*at)->next;
    *at = turn->next;
    turn->is_waiting = false;
}

void turn_give(struct turn *turn)
{
    if (turn->is_waiting)
        stop_waiting(turn);
    if (turn->is_taken)
        turns.n_taken--;
    turn->is_taken = false;
}

void turns_go_on(void)
{
    while (turns.first != NULL && has_room(turns.first)) {
        struct turn *turn = turns.first;

        stop_waiting(turn);
        take(turn);
        turn->begin(turn->userdata);
    }
}
