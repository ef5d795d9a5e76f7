/* The settings of a file as a tree of our own: libconfig's ends where this one begins. */
#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/literal.h"
#include "config/phrase.h"

enum node_kind {
    NODE_GROUP, /* { } */
    NODE_LIST,  /* ( ) */
    NODE_ARRAY, /* [ ] */
    NODE_STRING,
    NODE_INTEGER,
    NODE_REAL,
    NODE_BOOL,
};

struct node {
    enum node_kind kind;
    const char *name; /* NULL: an element of a list or array, or the root */
    size_t index;     /* in its parent */
    struct node *parent;
    struct node *children;
    size_t n_children;

    const char *string; /* NODE_STRING */
    int64_t integer;    /* NODE_INTEGER; NODE_BOOL: 0 or 1 */
    double real;        /* NODE_REAL */

    const char *file;
    unsigned line;
    unsigned order;                /* place in the file, depth first; the root is 1 */
    const struct literal *literal; /* the number is not one that can be read, or NULL */
    const char *option;            /* "--addr": from the command line, not from the file */
    bool is_bad;                   /* an error was reported here */

    /* Values of the command line that stand in for children of this group. */
    struct node *overrides;
    size_t n_overrides;
};

/* The setting of that name in the file, or NULL. */
struct node *node_child(const struct node *group, const char *name);

/* The setting that counts: the command line's, else the file's; NULL if there is neither. */
struct node *node_member(const struct node *group, const char *name);

/* A text from elsewhere than a file as a value; digits alone are an integer where a number is
 * wanted. The text must outlive the node. */
struct node node_from_text(const char *name, const char *text, bool wants_number);

/* "meter.records[2].unit"; nothing for the root. */
void node_path(const struct node *node, struct phrase *ret);

/* The value as it is shown in messages: "3", 3, "a group". */
void node_value(const struct node *node, struct phrase *ret);

/* The value with its type, for where another type is meant: `"3" is a string`. */
void node_value_and_type(const struct node *node, struct phrase *ret);

#endif
