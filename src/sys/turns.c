#include "sys/turns.h"

#include <stddef.h>

static struct {
    size_t n_taken;
    struct turn *first, **end; /* those that wait */
} turns = { .end = &turns.first };

static void take(struct turn *turn)
{
    turn->is_taken = true;
    turns.n_taken++;
}

bool turn_take(struct turn *turn)
{
    if (turns.first == NULL && turns.n_taken < TURNS_MAX) {
        take(turn);
        return true;
    }
    turn->is_waiting = true;
    turn->next = NULL;
    *turns.end = turn;
    turns.end = &turn->next;
    return false;
}

static void stop_waiting(struct turn *turn)
{
    struct turn **at = &turns.first;

    while (*at != turn)
        at = &(*at)->next;
    *at = turn->next;
    if (*at == NULL)
        turns.end = at;
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
    while (turns.first != NULL && turns.n_taken < TURNS_MAX) {
        struct turn *turn = turns.first;

        stop_waiting(turn);
        take(turn);
        turn->begin(turn->userdata);
    }
}
