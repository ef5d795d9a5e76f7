/* mbus-slavectl: what its commands have in common. */
#ifndef CTL_CTL_H
#define CTL_CTL_H

/* Exit statuses. */
enum {
    CTL_DONE = 0,
    CTL_FAILED = 1, /* what was asked about is wrong or absent */
    CTL_USAGE = 2,
};

/* A command: a file of its own in src/ctl and a row in main.c. */
struct ctl_command {
    const char *name;
    const char *arguments;              /* for the overview: "[FILE...]" */
    const char *summary;                /* one line, without a full stop */
    int (*run)(int argc, char *argv[]); /* argv[0] is the name; returns the exit status */
};

int ctl_decode(int argc, char *argv[]);
int ctl_read(int argc, char *argv[]);
int ctl_scan(int argc, char *argv[]);
int ctl_units(int argc, char *argv[]);

#endif
