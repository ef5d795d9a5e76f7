#include "config/literal.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "config/grow.h"
#include "config/lexer.h"
#include "config/phrase.h"

struct name {
    const char *start;
    size_t n;
    unsigned line;
};

struct parser {
    struct lexer lexer;
    struct token token; /* the one to look at next */
    struct literal_report *report;
    unsigned depth;
    unsigned n_values;
    /* Where we are, as a path. */
    char *path;
    size_t path_n, path_capacity;
    /* Names of the open groups, outermost first. */
    struct name *names;
    size_t n_names, names_capacity;
};

static int PRINTF(3, 4) refuse(struct parser *p, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vasprintf(&p->report->problem, format, args);
    va_end(args);
    p->report->problem_line = line;
    if (n < 0) {
        p->report->problem = NULL;
        return -ENOMEM;
    }
    return -EINVAL;
}

/* A token that has no place here: says what was read. */
static int refuse_token(struct parser *p, const char *expected)
{
    const struct token *t = &p->token;
    struct phrase read = { 0 };
    if (t->kind == TOKEN_END)
        phrase_add(&read, "the end of the file");
    else if (t->kind == TOKEN_STRING)
        phrase_quote_bytes(&read, t->start + 1, t->n - 2);
    else
        phrase_quote_bytes(&read, t->start, t->n);
    if (t->kind == TOKEN_BAD && t->n > 0 && t->start[0] == '"')
        return refuse(p, t->line, "a string that does not end, or holds \\x00");
    return refuse(p, t->line, "syntax error at %s; %s is expected", read.text, expected);
}

static void next(struct parser *p)
{
    lexer_next(&p->lexer, &p->token);
}

static bool take(struct parser *p, enum token_kind kind)
{
    if (p->token.kind != kind)
        return false;
    next(p);
    return true;
}

static int path_append(struct parser *p, const char *bytes, size_t n)
{
    char *path = grow(p->path, &p->path_capacity, p->path_n + n + 1, 1);
    if (!path)
        return -ENOMEM;
    p->path = path;
    memcpy(path + p->path_n, bytes, n);
    p->path_n += n;
    path[p->path_n] = '\0';
    return 0;
}

static void path_cut(struct parser *p, size_t n)
{
    p->path_n = n;
    p->path[n] = '\0';
}

static int add_literal(struct parser *p, enum literal_kind kind)
{
    struct literal_report *report = p->report;
    struct literal *literals =
        grow(report->literals, &report->capacity, report->n + 1, sizeof(*literals));
    if (!literals)
        return -ENOMEM;
    report->literals = literals;

    struct literal *literal = &literals[report->n];
    *literal = (struct literal){ .kind = kind,
                                 .line = p->token.line,
                                 .at = p->token.start,
                                 .n = p->token.n,
                                 .order = p->n_values };
    literal->path = strdup(p->path);
    literal->text = p->token.n <= 40 ? strndup(p->token.start, p->token.n) : NULL;
    if (p->token.n > 40 && asprintf(&literal->text, "%.40s...", p->token.start) < 0)
        literal->text = NULL;
    if (!literal->path || !literal->text) {
        free(literal->path);
        free(literal->text);
        return -ENOMEM;
    }
    report->n++;
    return 0;
}

/* Digits to a magnitude; false when it is beyond 64 bits. */
static bool magnitude(const char *digits, const char *end, unsigned base, uint64_t *ret)
{
    uint64_t sum = 0;
    for (; digits < end; digits++) {
        char c = *digits;
        unsigned digit = c <= '9'   ? (unsigned)(c - '0')
                         : c <= 'F' ? (unsigned)(c - 'A') + 10
                                    : (unsigned)(c - 'a') + 10;
        if (__builtin_mul_overflow(sum, base, &sum) || __builtin_add_overflow(sum, digit, &sum))
            return false;
    }
    *ret = sum;
    return true;
}

static int check_integer(struct parser *p)
{
    const struct token *t = &p->token;
    const char *digits = t->start, *end = t->start + t->n;
    bool negative = *digits == '-';
    uint64_t value;

    while (end[-1] == 'L')
        end--;
    if (*digits == '-' || *digits == '+')
        digits++;
    if (!t->hex && end - digits > 1 && *digits == '0')
        return add_literal(p, LITERAL_LEADING_ZERO);
    if (t->hex)
        digits += 2;
    uint64_t sign = negative ? 1 : 0;
    if (!magnitude(digits, end, t->hex ? 16 : 10, &value) || value > (uint64_t)INT64_MAX + sign)
        return add_literal(p, LITERAL_TOO_WIDE);
    if (!t->is_long && value > (uint64_t)INT32_MAX + sign)
        return add_literal(p, LITERAL_NEEDS_LONG);
    return 0;
}

static int check_real(struct parser *p)
{
    /* The text goes on behind the token with something that ends a number. */
    double value = strtod(p->token.start, NULL);
    return isfinite(value) ? 0 : add_literal(p, LITERAL_NOT_FINITE);
}

static int count_value(struct parser *p)
{
    if (++p->n_values > LITERAL_VALUES_MAX)
        return refuse(p, p->token.line, "more than %u settings and values", LITERAL_VALUES_MAX);
    return 0;
}

static int parse_value(struct parser *p);
static int parse_settings(struct parser *p, enum token_kind close);

static bool is_scalar(enum token_kind kind)
{
    return kind == TOKEN_STRING || kind == TOKEN_BOOL || kind == TOKEN_INTEGER ||
           kind == TOKEN_REAL;
}

static int parse_scalar(struct parser *p)
{
    int r = 0;
    if (p->token.kind == TOKEN_INTEGER)
        r = check_integer(p);
    else if (p->token.kind == TOKEN_REAL)
        r = check_real(p);
    if (r < 0)
        return r;
    bool is_string = p->token.kind == TOKEN_STRING;
    next(p);
    while (is_string && p->token.kind == TOKEN_STRING)
        next(p);
    return 0;
}

/* libconfig wants one type in an array, and takes an integer and one with an L for two. */
static int check_element_type(struct parser *p, struct token *first)
{
    if (!is_scalar(p->token.kind))
        return refuse_token(p, "a number, string or boolean, or \"]\"");
    if (first->n == 0)
        *first = p->token;
    if (first->kind != p->token.kind || first->is_long != p->token.is_long)
        return refuse(p, p->token.line, "%s: the elements of an array have one type, as the first",
                      p->path);
    return 0;
}

static int parse_element(struct parser *p, size_t index, bool is_array, struct token *first)
{
    char brackets[32];
    size_t outer = p->path_n;
    int n = snprintf(brackets, sizeof(brackets), "[%zu]", index);
    int r = path_append(p, brackets, (size_t)n);
    if (r == 0)
        r = count_value(p);
    if (r == 0 && is_array)
        r = check_element_type(p, first);
    if (r == 0)
        r = parse_value(p);
    if (r == 0)
        path_cut(p, outer);
    return r;
}

static int parse_elements(struct parser *p, enum token_kind close)
{
    bool is_array = close == TOKEN_ARRAY_CLOSE;
    struct token first = { 0 };
    if (take(p, close))
        return 0;
    for (size_t index = 0;; index++) {
        int r = parse_element(p, index, is_array, &first);
        if (r < 0)
            return r;
        if (take(p, close))
            return 0;
        if (!take(p, TOKEN_COMMA))
            return refuse_token(p, is_array ? "\",\" or \"]\"" : "\",\" or \")\"");
        /* Some versions of libconfig take a comma behind the last element, some do not. */
        if (p->token.kind == close)
            return refuse_token(p, "an element behind the comma");
    }
}

static int parse_aggregate(struct parser *p, enum token_kind close)
{
    if (p->depth == LITERAL_DEPTH_MAX)
        return refuse(p, p->token.line, "more than %u groups and lists inside one another",
                      LITERAL_DEPTH_MAX);
    p->depth++;
    next(p);
    int r = close == TOKEN_GROUP_CLOSE ? parse_settings(p, close) : parse_elements(p, close);
    p->depth--;
    return r;
}

static int parse_value(struct parser *p)
{
    switch (p->token.kind) {
    case TOKEN_GROUP_OPEN:
        return parse_aggregate(p, TOKEN_GROUP_CLOSE);
    case TOKEN_LIST_OPEN:
        return parse_aggregate(p, TOKEN_LIST_CLOSE);
    case TOKEN_ARRAY_OPEN:
        return parse_aggregate(p, TOKEN_ARRAY_CLOSE);
    case TOKEN_STRING:
    case TOKEN_BOOL:
    case TOKEN_INTEGER:
    case TOKEN_REAL:
        return parse_scalar(p);
    default:
        return refuse_token(p, "a value");
    }
}

/* Notes the name that is read, which is new in its group; `base` is where the group begins. */
static int note_name(struct parser *p, size_t base)
{
    const struct token *t = &p->token;
    if (t->n > LITERAL_NAME_MAX)
        return refuse(p, t->line, "a name of more than %u letters", LITERAL_NAME_MAX);
    if (p->n_names - base == LITERAL_GROUP_MAX)
        return refuse(p, t->line, "more than %u settings in one group", LITERAL_GROUP_MAX);

    int r = count_value(p);
    if (r == 0 && p->path_n > 0)
        r = path_append(p, ".", 1);
    if (r == 0)
        r = path_append(p, t->start, t->n);
    if (r < 0)
        return r;
    for (size_t i = base; i < p->n_names; i++) {
        if (p->names[i].n != t->n || memcmp(p->names[i].start, t->start, t->n) != 0)
            continue;
        p->report->other_line = p->names[i].line;
        return refuse(p, t->line, "%s: is set a second time", p->path);
    }
    struct name *names = grow(p->names, &p->names_capacity, p->n_names + 1, sizeof(*names));
    if (!names)
        return -ENOMEM;
    p->names = names;
    names[p->n_names++] = (struct name){ t->start, t->n, t->line };
    return 0;
}

static int parse_setting(struct parser *p, size_t base)
{
    size_t outer = p->path_n;
    int r = note_name(p, base);
    if (r < 0)
        return r;
    next(p);
    if (!take(p, TOKEN_ASSIGN))
        return refuse_token(p, "\"=\" behind a name");
    r = parse_value(p);
    if (r < 0)
        return r;
    if (!take(p, TOKEN_SEMICOLON))
        take(p, TOKEN_COMMA);
    path_cut(p, outer);
    return 0;
}

static int parse_settings(struct parser *p, enum token_kind close)
{
    size_t base = p->n_names;
    while (p->token.kind == TOKEN_NAME) {
        int r = parse_setting(p, base);
        if (r < 0)
            return r;
    }
    p->n_names = base;
    if (p->token.kind != close)
        return refuse_token(p, close == TOKEN_END ? "a name" : "a name or \"}\"");
    if (close != TOKEN_END)
        next(p);
    return 0;
}

int literal_check(const char *text, size_t n, struct literal_report *ret)
{
    struct parser p = { .lexer = lexer_over(text, n), .report = ret };
    int r = path_append(&p, "", 0);
    if (r == 0) {
        next(&p);
        r = parse_settings(&p, TOKEN_END);
    }
    free(p.path);
    free(p.names);
    return r;
}

void literal_report_done(struct literal_report *report)
{
    for (size_t i = 0; i < report->n; i++) {
        free(report->literals[i].path);
        free(report->literals[i].text);
    }
    free(report->literals);
    free(report->problem);
    *report = (struct literal_report){ 0 };
}
