#include "config/lexer.h"

#include <string.h>
#include <strings.h>

/* Character classes of the language, free of the locale. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static bool continues_name(char c)
{
    return begins_name(c) || is_digit(c) || c == '-' || c == '_';
}

/* The character `ahead` places on; a zero past the end. */
static char peek(const struct lexer *lexer, size_t ahead)
{
    if ((size_t)(lexer->end - lexer->at) <= ahead)
        return '\0';
    return lexer->at[ahead];
}

static void advance(struct lexer *lexer, size_t n)
{
    for (; n > 0 && lexer->at < lexer->end; n--)
        if (*lexer->at++ == '\n')
            lexer->line++;
}

static void skip_line(struct lexer *lexer)
{
    while (lexer->at < lexer->end && *lexer->at != '\n')
        lexer->at++;
}

/* Skips blanks and comments; false at a comment that does not end. */
static bool skip_space(struct lexer *lexer)
{
    while (lexer->at < lexer->end) {
        char c = peek(lexer, 0);
        if (strchr(" \t\r\n\f", c) && c != '\0') {
            advance(lexer, 1);
        } else if (c == '#' || (c == '/' && peek(lexer, 1) == '/')) {
            skip_line(lexer);
        } else if (c == '/' && peek(lexer, 1) == '*') {
            advance(lexer, 2);
            while (lexer->at < lexer->end && (peek(lexer, 0) != '*' || peek(lexer, 1) != '/'))
                advance(lexer, 1);
            if (lexer->at == lexer->end)
                return false;
            advance(lexer, 2);
        } else {
            break;
        }
    }
    return true;
}

/* A \x00 would end the string early for whoever reads it. */
static bool is_zero_escape(const struct lexer *lexer)
{
    char x = peek(lexer, 1);
    return peek(lexer, 0) == '\\' && (x == 'x' || x == 'X') && peek(lexer, 2) == '0' &&
           peek(lexer, 3) == '0';
}

static enum token_kind string(struct lexer *lexer)
{
    enum token_kind kind = TOKEN_STRING;
    for (advance(lexer, 1); lexer->at < lexer->end; advance(lexer, 1)) {
        char c = peek(lexer, 0);
        if (c == '"') {
            advance(lexer, 1);
            return kind;
        }
        if (is_zero_escape(lexer))
            kind = TOKEN_BAD;
        if (c == '\\' && (peek(lexer, 1) == '"' || peek(lexer, 1) == '\\'))
            advance(lexer, 1);
    }
    return TOKEN_BAD;
}

static size_t digits_at(const struct lexer *lexer, size_t n)
{
    while (is_digit(peek(lexer, n)))
        n++;
    return n;
}

/* Length of the exponent "e+5" at `n`, 0 if there is none. */
static size_t exponent_at(const struct lexer *lexer, size_t n)
{
    size_t start = n;
    if (peek(lexer, n) != 'e' && peek(lexer, n) != 'E')
        return 0;
    n++;
    if (peek(lexer, n) == '+' || peek(lexer, n) == '-')
        n++;
    size_t stop = digits_at(lexer, n);
    return stop == n ? 0 : stop - start;
}

static size_t long_suffix(const struct lexer *lexer, size_t n, struct token *ret)
{
    for (unsigned i = 0; i < 2 && peek(lexer, n) == 'L'; i++) {
        ret->is_long = true;
        n++;
    }
    return n;
}

static size_t number(const struct lexer *lexer, struct token *ret)
{
    size_t n = 0;
    ret->kind = TOKEN_INTEGER;
    if (peek(lexer, 0) == '0' && (peek(lexer, 1) == 'x' || peek(lexer, 1) == 'X') &&
        is_hex(peek(lexer, 2))) {
        ret->hex = true;
        for (n = 2; is_hex(peek(lexer, n));)
            n++;
        return long_suffix(lexer, n, ret);
    }
    if (peek(lexer, 0) == '+' || peek(lexer, 0) == '-')
        n++;
    size_t first = n;
    n = digits_at(lexer, n);
    size_t n_digits = n - first;
    bool point = peek(lexer, n) == '.';
    if (point) {
        size_t stop = digits_at(lexer, n + 1);
        n_digits += stop - n - 1;
        n = stop;
    }
    /* A lone point is a zero to libconfig and a slip of the finger to everyone else. */
    if (n_digits == 0) {
        ret->kind = TOKEN_BAD;
        return n > 0 ? n : 1;
    }
    size_t exponent = exponent_at(lexer, n);
    if (point || exponent > 0) {
        ret->kind = TOKEN_REAL;
        return n + exponent;
    }
    return long_suffix(lexer, n, ret);
}

static enum token_kind mark_kind(char c)
{
    switch (c) {
    case '=':
    case ':':
        return TOKEN_ASSIGN;
    case ',':
        return TOKEN_COMMA;
    case ';':
        return TOKEN_SEMICOLON;
    case '{':
        return TOKEN_GROUP_OPEN;
    case '}':
        return TOKEN_GROUP_CLOSE;
    case '(':
        return TOKEN_LIST_OPEN;
    case ')':
        return TOKEN_LIST_CLOSE;
    case '[':
        return TOKEN_ARRAY_OPEN;
    case ']':
        return TOKEN_ARRAY_CLOSE;
    default:
        return TOKEN_BAD;
    }
}

static size_t name(const struct lexer *lexer, struct token *ret)
{
    size_t n = 1;
    while (continues_name(peek(lexer, n)))
        n++;
    bool is_bool = (n == 4 && strncasecmp(lexer->at, "true", 4) == 0) ||
                   (n == 5 && strncasecmp(lexer->at, "false", 5) == 0);
    ret->kind = is_bool ? TOKEN_BOOL : TOKEN_NAME;
    return n;
}

void lexer_next(struct lexer *lexer, struct token *ret)
{
    const struct lexer before = *lexer;
    *ret = (struct token){ .kind = TOKEN_BAD };
    if (!skip_space(lexer)) {
        ret->start = before.at;
        ret->line = before.line;
        return;
    }
    ret->start = lexer->at;
    ret->line = lexer->line;
    char c = peek(lexer, 0);

    if (lexer->at == lexer->end)
        ret->kind = TOKEN_END;
    else if (c == '"')
        ret->kind = string(lexer);
    else if (begins_name(c))
        advance(lexer, name(lexer, ret));
    else if (is_digit(c) || c == '+' || c == '-' || c == '.')
        advance(lexer, number(lexer, ret));
    else {
        ret->kind = mark_kind(c);
        advance(lexer, 1);
    }
    ret->n = (size_t)(lexer->at - ret->start);
}
