/* The words of the configuration language, as libconfig cuts them. */
#ifndef CONFIG_LEXER_H
#define CONFIG_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_ASSIGN, /* = or : */
    TOKEN_COMMA,
    TOKEN_SEMICOLON,
    TOKEN_GROUP_OPEN,
    TOKEN_GROUP_CLOSE,
    TOKEN_LIST_OPEN,
    TOKEN_LIST_CLOSE,
    TOKEN_ARRAY_OPEN,
    TOKEN_ARRAY_CLOSE,
    TOKEN_STRING,
    TOKEN_BOOL,
    TOKEN_INTEGER,
    TOKEN_REAL,
    TOKEN_BAD, /* a character that begins nothing; a string that holds \x00 or does not end */
};

struct token {
    enum token_kind kind;
    const char *start; /* in the text */
    size_t n;
    unsigned line; /* where it begins, from 1 */
    bool hex;      /* TOKEN_INTEGER: 0x... */
    bool is_long;  /* TOKEN_INTEGER: L or LL behind it */
};

struct lexer {
    const char *at, *end;
    unsigned line;
};

static inline struct lexer lexer_over(const char *text, size_t n)
{
    return (struct lexer){ .at = text, .end = text + n, .line = 1 };
}

/* The next token; TOKEN_END at the end, again and again. */
void lexer_next(struct lexer *lexer, struct token *ret);

#endif
