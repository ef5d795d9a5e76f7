/* The tables that `make bench` prints, each measured by a file of that name. */
#ifndef TESTS_BENCH_TABLES_H
#define TESTS_BENCH_TABLES_H

/* The daemon beside a bare loop: rate, time and CPU of an answer, and the start. */
void table_speed(void);

/* Answer delays beside sensors that work, and such that do not. */
void table_delays(void);

/* Instructions an answer, by the kind of source and the number of meters. */
void table_instructions(void);

/* Values that come in through mbus-slavectl feed while a master asks. */
void table_feed(void);

/* Memory of a record, by the kind of its source. */
void table_memory(void);

/* Wake-ups while nobody asks. */
void table_idle(void);

#endif
