#include "config/names.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct name_entry *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order != 0)
        return order;
    return x->index < y->index ? -1 : x->index > y->index;
}

void names_sort(struct name_entry *entries, size_t n)
{
    if (n > 0)
        qsort(entries, n, sizeof(*entries), compare);
}

static void report_twin(struct report *report, const struct name_entry *first,
                        const struct name_entry *second)
{
    struct node *name = node_member(second->group, "name");
    struct phrase path = { 0 };
    node_path(first->group, &path);
    report_error(report, name ? name : second->group, "\"%s\" is the name of %s; %s", second->name,
                 path.text, name ? "a name of its own" : "set \"name\"");
}

void names_check(struct report *report, const struct name_entry *entries, size_t n)
{
    size_t first = 0;
    for (size_t i = 1; i < n; i++) {
        if (strcmp(entries[first].name, entries[i].name) == 0)
            report_twin(report, &entries[first], &entries[i]);
        else
            first = i;
    }
}

const struct name_entry *names_find(const struct name_entry *entries, size_t n, const char *name)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(entries[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && strcmp(entries[low].name, name) == 0 ? &entries[low] : NULL;
}
