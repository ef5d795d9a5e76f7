/* A constant that a master may write, with a command to hand it on to. */
#include "source/source.h"

const struct source_ops source_constant = { .name = "constant" };
