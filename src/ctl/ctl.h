/* mbus-slavectl: what its commands have in common. */
#ifndef CTL_CTL_H
#define CTL_CTL_H

/* Exit statuses. */
enum {
    CTL_DONE = 0,
    CTL_FAILED = 1, /* what was asked about is wrong or absent */
    CTL_USAGE = 2,
};

/* What a command is about; the overview groups them by it. */
enum ctl_topic {
    CTL_DAEMON,    /* mbus-slave, over D-Bus */
    CTL_TELEGRAMS, /* neither daemon nor bus */
    CTL_MASTER,    /* a bus */
    CTL_TOPICS,
};

/* A command: a file of its own in src/ctl and a row in main.c. */
struct ctl_command {
    enum ctl_topic topic;
    const char *name;
    const char *arguments;              /* for the overview: "[FILE...]" */
    const char *summary;                /* one line, without a full stop */
    int (*run)(int argc, char *argv[]); /* argv[0] is the name; returns the exit status */
};

int ctl_status(int argc, char *argv[]);
int ctl_list(int argc, char *argv[]);
int ctl_show(int argc, char *argv[]);
int ctl_set(int argc, char *argv[]);
int ctl_feed(int argc, char *argv[]);
int ctl_telegram(int argc, char *argv[]);
int ctl_monitor(int argc, char *argv[]);
int ctl_forget(int argc, char *argv[]);
int ctl_decode(int argc, char *argv[]);
int ctl_units(int argc, char *argv[]);
int ctl_read(int argc, char *argv[]);
int ctl_scan(int argc, char *argv[]);

#endif
