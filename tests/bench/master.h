/* A master that asks one meter, and measures. */
#ifndef TESTS_BENCH_MASTER_H
#define TESTS_BENCH_MASTER_H

#include <stdbool.h>

int connect_tcp(int port);

/* To the link of a pty in the folder. */
int connect_pty(const char *link);

/*
 * One REQ_UD2 and its whole answer, of any length; `toggle` is the FCB. The time to its first byte
 * in microseconds, or a negative number: none came.
 */
double ask(int fd, unsigned char address, bool toggle);

/* The same where no answer is the end. */
double ask_surely(int fd, unsigned char address, bool toggle);

/* The window of an answer, from the request to its first bit (mbus-protocol 2.3). */
double window_opens_us(unsigned baud);
double window_closes_us(unsigned baud);

#endif
