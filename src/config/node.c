#include "config/node.h"

#include <string.h>

static struct node *find(struct node *nodes, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (nodes[i].name && strcmp(nodes[i].name, name) == 0)
            return &nodes[i];
    return NULL;
}

struct node *node_child(const struct node *group, const char *name)
{
    return find(group->children, group->n_children, name);
}

struct node *node_member(const struct node *group, const char *name)
{
    struct node *override = find(group->overrides, group->n_overrides, name);
    return override ? override : node_child(group, name);
}

/* Eighteen digits fit 64 bits; a longer text is no number that any setting takes. */
static bool is_integer(const char *text, int64_t *ret)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    size_t n = strspn(digits, "0123456789");
    if (n == 0 || n > 18 || digits[n] != '\0')
        return false;
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum = sum * 10 + (digits[i] - '0');
    *ret = text[0] == '-' ? -sum : sum;
    return true;
}

struct node node_from_text(const char *name, const char *text, bool wants_number)
{
    struct node node = { .kind = NODE_STRING, .name = name, .string = text };
    if (wants_number && is_integer(text, &node.integer))
        node.kind = NODE_INTEGER;
    return node;
}

void node_path(const struct node *node, struct phrase *ret)
{
    if (!node->parent)
        return;
    node_path(node->parent, ret);
    if (!node->name)
        phrase_add(ret, "[%zu]", node->index);
    else
        phrase_add(ret, "%s%s", ret->n > 0 ? "." : "", node->name);
}

void node_value(const struct node *node, struct phrase *ret)
{
    static const char *const aggregates[] = {
        [NODE_GROUP] = "a group", [NODE_LIST] = "a list", [NODE_ARRAY] = "an array"
    };
    switch (node->kind) {
    case NODE_GROUP:
    case NODE_LIST:
    case NODE_ARRAY:
        phrase_add(ret, "%s", aggregates[node->kind]);
        break;
    case NODE_STRING:
        phrase_quote(ret, node->string);
        break;
    case NODE_BOOL:
        phrase_add(ret, "%s", node->integer ? "true" : "false");
        break;
    case NODE_INTEGER:
    case NODE_REAL:
        if (node->literal)
            phrase_add(ret, "%s", node->literal->text);
        else if (node->kind == NODE_REAL)
            phrase_real(ret, node->real);
        else
            phrase_add(ret, "%lld", (long long)node->integer);
        break;
    }
}

void node_value_and_type(const struct node *node, struct phrase *ret)
{
    static const char *const types[] = {
        [NODE_STRING] = " is a string",
        [NODE_INTEGER] = " is a number",
        [NODE_REAL] = " is a real number",
        [NODE_BOOL] = " is a boolean",
    };
    if (node->kind <= NODE_ARRAY)
        phrase_add(ret, "this is ");
    node_value(node, ret);
    /* Whoever typed an option knows of no strings. */
    if (node->option)
        phrase_add(ret, " is not a number");
    else if (node->kind > NODE_ARRAY)
        phrase_add(ret, "%s", types[node->kind]);
}
