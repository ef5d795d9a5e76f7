#include "ctl/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/utf8.h"

/* A longer text than this moves what stands behind it. */
#define WIDTH_MAX 48U
#define BETWEEN "  "

static size_t columns_of(const struct table *t)
{
    size_t n = 0;

    while (n < TABLE_COLUMNS_MAX && t->columns[n].title)
        n++;
    return n;
}

/* Room for one more of `size` bytes. */
static bool grow(void **items, size_t n, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? 2 * *capacity : 64;
    void *larger;

    if (n < *capacity)
        return true;
    larger = reallocarray(*items, wanted, size);
    if (larger == NULL)
        return false;
    *items = larger;
    *capacity = wanted;
    return true;
}

/* Takes over what was allocated. */
static void add_cell(struct table *t, char *text)
{
    if (text == NULL || !grow((void **)&t->cells, t->n, &t->capacity, sizeof(*t->cells))) {
        t->no_memory = true;
        free(text);
        return;
    }
    t->cells[t->n++] = text;
}

void table_row(struct table *t, bool is_wrong)
{
    size_t n = columns_of(t);

    while (!t->no_memory && t->n < t->n_rows * n)
        add_cell(t, strdup(""));
    if (!grow((void **)&t->is_wrong, t->n_rows, &t->rows_capacity, sizeof(*t->is_wrong))) {
        t->no_memory = true;
        return;
    }
    t->is_wrong[t->n_rows++] = is_wrong;
}

void table_cell(struct table *t, const char *format, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    add_cell(t, text);
}

void table_cell_label(struct table *t, const struct label *label)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out) {
        text_write(out, TEXT_PLAIN, label->bytes, label->n);
        (void)fclose(out);
    }
    add_cell(t, text);
}

static const char *cell(const struct table *t, size_t row, size_t column)
{
    size_t at = row * columns_of(t) + column;

    return at < t->n ? t->cells[at] : "";
}

static void widen(const char *text, size_t *width)
{
    size_t wanted = utf8_write(NULL, TEXT_PLAIN, text);

    if (wanted > *width)
        *width = wanted < WIDTH_MAX ? wanted : WIDTH_MAX;
}

/* A cell with what fills its column; the last of a row has nothing behind it. */
static void write_cell(FILE *out, const char *text, size_t width, bool is_right, bool is_last)
{
    size_t taken = utf8_write(NULL, TEXT_PLAIN, text);
    int blanks = taken < width ? (int)(width - taken) : 0;

    fprintf(out, "%*s", is_right ? blanks : 0, "");
    (void)utf8_write(out, TEXT_PLAIN, text);
    if (!is_right && !is_last)
        fprintf(out, "%*s", blanks, "");
}

static void write_row(const struct table_column *columns, FILE *out, const char *const *texts,
                      const size_t *widths, size_t n)
{
    while (n > 1 && texts[n - 1][0] == '\0')
        n--;
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? BETWEEN : "", out);
        write_cell(out, texts[i], widths[i], columns[i].is_right, i + 1 == n);
    }
}

bool table_write(const struct table *t, FILE *out, unsigned indent, const struct colours *colours)
{
    size_t n = columns_of(t), widths[TABLE_COLUMNS_MAX] = { 0 };
    const char *texts[TABLE_COLUMNS_MAX] = { 0 };

    if (t->no_memory) {
        complain("%s", strerror(ENOMEM));
        return false;
    }
    if (t->n_rows == 0)
        return true;
    for (size_t i = 0; i < n; i++) {
        texts[i] = t->columns[i].title;
        widen(texts[i], &widths[i]);
        for (size_t row = 0; row < t->n_rows; row++)
            widen(cell(t, row, i), &widths[i]);
    }
    fprintf(out, "%*s%s", (int)indent, "", colours->head);
    write_row(t->columns, out, texts, widths, n);
    fprintf(out, "%s\n", colours->off);
    for (size_t row = 0; row < t->n_rows; row++) {
        for (size_t i = 0; i < n; i++)
            texts[i] = cell(t, row, i);
        fprintf(out, "%*s%s", (int)indent, "", t->is_wrong[row] ? colours->wrong : "");
        write_row(t->columns, out, texts, widths, n);
        fprintf(out, "%s\n", t->is_wrong[row] ? colours->off : "");
    }
    return true;
}

void table_done(struct table *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->cells[i]);
    free(t->cells);
    free(t->is_wrong);
    *t = (struct table){ 0 };
}
