/* Turns: who may run a program now, in the order in which they asked. Of the whole daemon, which
 * has one loop. A thousand meters must not become a thousand processes. */
#ifndef SYS_TURNS_H
#define SYS_TURNS_H

#include <stdbool.h>

#define TURNS_MAX 32U
/* Beside them, for what is urgent. */
#define TURNS_URGENT 8U

/* Part of whoever wants one; stays in place while it waits. */
struct turn {
    void (*begin)(void *userdata); /* it is your turn, after having waited */
    void *userdata;
    bool is_urgent; /* goes before all that is not, and has room of its own */

    /* Of the turns. */
    struct turn *next;
    bool is_waiting, is_taken;
};

/* Whether it is your turn at once; else begin() is called when it is. */
bool turn_take(struct turn *turn);

/* Gives it back, or waits no longer; nothing when there is none. Calls nobody: turns_go_on() does.
 */
void turn_give(struct turn *turn);

/* Lets those begin for whom there is room now. */
void turns_go_on(void);

#endif
