#include "config/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/macros.h"
#include "config/grow.h"
#include "config/text_file.h"

/* Where the reader stands in the language: an @include counts in plain text only. */
enum state {
    STATE_PLAIN,
    STATE_STRING,
    STATE_COMMENT,
};

struct identity {
    dev_t device;
    ino_t inode;
};

struct splicer {
    struct text *text;
    char **ret_problem;
    struct identity open[TEXT_DEPTH_MAX + 1]; /* the files that are being read, outermost first */
    unsigned depth;                           /* how many */
    unsigned n_includes;
};

/* Where a message points; line 0: at the file as a whole. */
struct place {
    const char *file;
    unsigned line;
};

static int PRINTF(3, 4)
    refuse(const struct splicer *s, const struct place *at, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);

    int n = at->line > 0 ? asprintf(s->ret_problem, "%s:%u: %s", at->file, at->line, message)
                         : asprintf(s->ret_problem, "%s: %s", at->file, message);
    if (n < 0) {
        *s->ret_problem = NULL;
        return -ENOMEM;
    }
    return -EINVAL;
}

static void freep(char **p)
{
    free(*p);
}

/* The state behind a line. `mark` is set to `line` where a string or comment begins. */
static enum state state_after(enum state state, const char *p, const char *end, unsigned line,
                              unsigned *mark)
{
    for (; p < end; p++) {
        bool pair = p + 1 < end;
        if (state == STATE_STRING) {
            if (*p == '\\' && pair && (p[1] == '"' || p[1] == '\\'))
                p++;
            else if (*p == '"')
                state = STATE_PLAIN;
        } else if (state == STATE_COMMENT) {
            if (*p == '*' && pair && p[1] == '/') {
                state = STATE_PLAIN;
                p++;
            }
        } else if (*p == '#' || (*p == '/' && pair && p[1] == '/')) {
            break;
        } else if (*p == '"') {
            state = STATE_STRING;
            *mark = line;
        } else if (*p == '/' && pair && p[1] == '*') {
            state = STATE_COMMENT;
            *mark = line;
            p++;
        }
    }
    return state;
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
        p++;
    return p;
}

/* Takes the quoted path at `p` out of its quotes; returns what is behind it, or NULL. `ret` has
 * room for the line. */
static const char *unquote(const char *p, const char *end, char *ret)
{
    size_t n = 0;
    if (p == end || *p != '"')
        return NULL;
    for (p++; p < end && *p != '"'; p++) {
        if (*p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\'))
            p++;
        ret[n++] = *p;
    }
    ret[n] = '\0';
    return p == end || n == 0 ? NULL : p + 1;
}

/* Whether the line is an @include: 0 no, 1 yes with its path, -EINVAL half of one, -ENOMEM. */
static int include_path(const char *p, const char *end, char **ret)
{
    static const char word[] = "@include";
    p = skip_blanks(p, end);
    if ((size_t)(end - p) < strlen(word) || memcmp(p, word, strlen(word)) != 0)
        return 0;
    p = skip_blanks(p + strlen(word), end);

    char *path = malloc((size_t)(end - p) + 1);
    if (!path)
        return -ENOMEM;
    p = unquote(p, end, path);
    p = p ? skip_blanks(p, end) : NULL;
    bool comment = p && p < end && (*p == '#' || (*p == '/' && p + 1 < end && p[1] == '/'));
    if (!p || (p < end && !comment)) {
        free(path);
        return -EINVAL;
    }
    *ret = path;
    return 1;
}

static int add_file(struct text *text, const char *name, unsigned *ret)
{
    char **files = grow(text->files, &text->files_capacity, text->n_files + 1, sizeof(*files));
    if (!files)
        return -ENOMEM;
    text->files = files;
    files[text->n_files] = strdup(name);
    if (!files[text->n_files])
        return -ENOMEM;
    *ret = (unsigned)text->n_files++;
    return 0;
}

static int add_line(const struct splicer *s, unsigned file, unsigned line, const char *start,
                    size_t n)
{
    struct text *text = s->text;
    const struct place at = { text->files[file], line };
    if (text->n_lines == TEXT_LINES_MAX)
        return refuse(s, &at, "more than %u lines with all that is included", TEXT_LINES_MAX);
    if (text->n + n + 1 > TEXT_BYTES_MAX)
        return refuse(s, &at, "more than 16 MiB with all that is included");

    struct text_line *lines =
        grow(text->lines, &text->lines_capacity, text->n_lines + 1, sizeof(*lines));
    if (!lines)
        return -ENOMEM;
    text->lines = lines;
    char *bytes = grow(text->bytes, &text->bytes_capacity, text->n + n + 2, 1);
    if (!bytes)
        return -ENOMEM;
    text->bytes = bytes;

    lines[text->n_lines++] = (struct text_line){ file, line };
    memcpy(bytes + text->n, start, n);
    text->n += n;
    bytes[text->n++] = '\n';
    bytes[text->n] = '\0';
    return 0;
}

static int splice_file(struct splicer *s, const char *path, const struct place *from);

/* The path of an included file, seen from the including one. */
static char *resolve(const char *including, const char *path)
{
    const char *slash = strrchr(including, '/');
    char *resolved;
    if (path[0] == '/' || !slash)
        return strdup(path);
    if (asprintf(&resolved, "%.*s/%s", (int)(slash - including), including, path) < 0)
        return NULL;
    return resolved;
}

static int splice_include(struct splicer *s, const struct place *at, const char *path)
{
    if (s->depth > TEXT_DEPTH_MAX)
        return refuse(s, at, "@include \"%s\": more than %u inside one another", path,
                      TEXT_DEPTH_MAX);
    if (++s->n_includes > TEXT_INCLUDES_MAX)
        return refuse(s, at, "@include \"%s\": more than %u in all", path, TEXT_INCLUDES_MAX);
    char *resolved = resolve(at->file, path);
    if (!resolved)
        return -ENOMEM;
    int r = splice_file(s, resolved, at);
    free(resolved);
    return r;
}

/* One line of a file: an @include gives way to its file, any other is taken as it is. */
static int splice_line(struct splicer *s, unsigned file, unsigned line, enum state state,
                       const char *start, const char *end)
{
    /* The names move when files are added; the strings themselves do not. */
    const struct place at = { s->text->files[file], line };
    char *path = NULL;

    if (memchr(start, '\0', (size_t)(end - start)))
        return refuse(s, &at, "a NUL byte; the file must be text");
    int r = state == STATE_PLAIN ? include_path(start, end, &path) : 0;
    if (r == -EINVAL)
        return refuse(s, &at,
                      "an @include that is not understood; @include \"FILE\", alone in "
                      "its line");
    if (r < 0)
        return r;
    if (r == 0)
        return add_line(s, file, line, start, (size_t)(end - start));
    r = splice_include(s, &at, path);
    free(path);
    return r;
}

static int splice_bytes(struct splicer *s, unsigned file, const char *bytes, size_t n)
{
    const char *p = bytes, *end = bytes + n;
    enum state state = STATE_PLAIN;
    unsigned line = 0, mark = 0;

    while (p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;
        int r = splice_line(s, file, ++line, state, p, stop);
        if (r < 0)
            return r;
        state = state_after(state, p, stop, line, &mark);
        p = newline ? newline + 1 : end;
    }
    const struct place at = { s->text->files[file], mark };
    if (state == STATE_STRING)
        return refuse(s, &at, "a string begins here and does not end");
    if (state == STATE_COMMENT)
        return refuse(s, &at, "a comment begins here and does not end");
    return 0;
}

/* A file that cannot be read: at the line that includes it, or at the file itself. */
static int refuse_file(const struct splicer *s, const char *path, const struct place *from,
                       int error)
{
    if (error == -ENOMEM)
        return error;
    const struct place at = { path, 0 };
    int r = from ? refuse(s, from, "@include \"%s\": %s", path, text_file_problem(error))
                 : refuse(s, &at, "%s", text_file_problem(error));
    return r == -EINVAL && !from ? error : r;
}

/* Bytes of the mark that some editors put before UTF-8. */
static size_t byte_order_mark(const char *bytes, size_t n)
{
    return n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static int splice_file(struct splicer *s, const char *path, const struct place *from)
{
    CLEANUP(text_file_close) struct text_file source;
    CLEANUP(freep) char *bytes = NULL;
    size_t n = 0;
    unsigned file;

    int r = text_file_open(path, from != NULL, &source);
    if (r < 0)
        return refuse_file(s, path, from, r);
    const struct identity id = { source.stat.st_dev, source.stat.st_ino };
    for (unsigned i = 0; i < s->depth; i++)
        if (s->open[i].device == id.device && s->open[i].inode == id.inode)
            return refuse(s, from, "@include \"%s\": the file would include itself", path);

    r = text_file_read(&source, TEXT_BYTES_MAX, &bytes, &n);
    if (r < 0)
        return refuse_file(s, path, from, r);
    const struct place at = { path, 0 };
    if (n > TEXT_BYTES_MAX)
        return refuse(s, from ? from : &at, "%s%s%smore than 16 MiB", from ? "@include \"" : "",
                      from ? path : "", from ? "\": " : "");
    r = add_file(s->text, path, &file);
    if (r < 0)
        return r;
    s->open[s->depth++] = id;
    size_t mark = byte_order_mark(bytes, n);
    r = splice_bytes(s, file, bytes + mark, n - mark);
    s->depth--;
    return r;
}

/* An empty text has a first line as well: messages about what is missing point there. */
static int complete(struct splicer *s)
{
    return s->text->n_lines > 0 ? 0 : add_line(s, 0, 1, "", 0);
}

int text_read(const char *path, struct text *ret, char **ret_problem)
{
    struct splicer s = { .text = ret, .ret_problem = ret_problem };
    int r = splice_file(&s, path, NULL);
    return r < 0 ? r : complete(&s);
}

int text_from_string(const char *name, const char *string, struct text *ret, char **ret_problem)
{
    struct splicer s = { .text = ret, .ret_problem = ret_problem };
    unsigned file;
    int r = add_file(ret, name, &file);
    if (r < 0)
        return r;
    s.depth = 1; /* counts as a file that is being read, of no identity */
    r = splice_bytes(&s, file, string, strlen(string));
    return r < 0 ? r : complete(&s);
}

void text_done(struct text *text)
{
    for (size_t i = 0; i < text->n_files; i++)
        free(text->files[i]);
    free(text->files);
    free(text->lines);
    free(text->bytes);
    *text = (struct text){ 0 };
}

static const struct text_line *origin(const struct text *text, unsigned merged)
{
    size_t i = merged == 0 ? 0 : merged - 1;
    return &text->lines[i < text->n_lines ? i : text->n_lines - 1];
}

const char *text_file_of(const struct text *text, unsigned merged)
{
    return text->files[origin(text, merged)->file];
}

unsigned text_line_of(const struct text *text, unsigned merged)
{
    return origin(text, merged)->line;
}
