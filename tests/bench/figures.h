/* Figures of a run, and what the kernel says of a process. */
#ifndef TESTS_BENCH_FIGURES_H
#define TESTS_BENCH_FIGURES_H

#include <stddef.h>
#include <sys/types.h>

double now_us(void);

/* Sorts the values; `share` 0.5 is the median. 0 for none. */
double quantile(double *values, size_t n, double share);

/* Nanoseconds on a processor so far, user and kernel, of all threads. */
double cpu_ns(pid_t pid);

/* The number behind a word in a file below /proc/PID; -1: there is none. */
long proc_number(pid_t pid, const char *file, const char *word);

/* Open descriptors, and processes that it has begun and that are there. */
long count_descriptors(pid_t pid);
long count_children(pid_t pid);

#endif
