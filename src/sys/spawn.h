/*
 * A program begun as a child: no shell, nothing of ours but environment and working folder.
 *
 * By fork(), not by posix_spawn(): that one stands still until the program has been loaded, which a
 * slow card makes long and a dead network file system endless. The price is a copy of our page
 * tables, some 20 us for each MiB in use on a PC.
 */
#ifndef SYS_SPAWN_H
#define SYS_SPAWN_H

#include <sys/types.h>

/* Descriptors do not block, and are for the caller to close. */
struct spawned {
    pid_t pid;   /* also its process group; for the caller to reap */
    int exit;    /* pidfd: readable when it has ended */
    int output;  /* reads its standard output */
    int errors;  /* reads its standard error */
    int not_run; /* brings an errno (int) when the program could not be run, else only its end */
};

/*
 * argv         ends with NULL; argv[0] is looked up in $PATH when it has no slash
 * environment  NAME=VALUE, ends with NULL
 *
 * Standard input is /dev/null, signals are as they are at first, the group is its own. It is killed
 * when the thread that calls this ends. 0 or a negative errno; whether the program could be run,
 * shows later.
 */
int spawn(char *const argv[], char *const environment[], struct spawned *ret);

/*
 * Our environment for a program: less what is for us alone (of systemd's protocols), and with
 * `extra` (NAME=VALUE, ends with NULL; may be NULL) in place of ours of those names. Free with
 * free(): one block of pointers to strings of ours and of `extra`, which must stay as they are.
 * NULL when out of memory.
 */
char **spawn_environment(const char *const extra[]);

#endif
