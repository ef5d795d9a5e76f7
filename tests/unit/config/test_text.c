#include "tests/unit/config/support.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "config/text.h"

static char folder[64];

static int setup(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/mbus-slave-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

static const char *path_of(const char *name)
{
    static char path[4][128];
    static unsigned next;
    char *ret = path[next++ % ARRAY_SIZE(path)];
    snprintf(ret, sizeof(path[0]), "%s/%s", folder, name);
    return ret;
}

static void write_file_n(const char *name, const char *bytes, size_t n)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

static void write_file(const char *name, const char *text)
{
    write_file_n(name, text, strlen(text));
}

static void assert_merged(const char *name, const char *expected)
{
    struct text text = { 0 };
    char *problem = NULL;
    int r = text_read(path_of(name), &text, &problem);
    if (problem)
        print_error("%s\n", problem);
    assert_int_equal(r, 0);
    assert_string_equal(text.bytes, expected);
    assert_int_equal(text.n, strlen(expected));
    text_done(&text);
}

/* The message with the folder taken out. */
static void assert_problem(const char *path, int error, const char *expected)
{
    struct text text = { 0 };
    char *problem = NULL;
    assert_int_equal(text_read(path, &text, &problem), error);
    assert_non_null(problem);
    size_t n = strlen(folder) + 1;
    for (char *p; (p = strstr(problem, folder)) != NULL;)
        memmove(p, p + n, strlen(p + n) + 1);
    assert_string_equal(problem, expected);
    free(problem);
    text_done(&text);
}

static void test_plain(void **state)
{
    (void)state;
    write_file("plain", "a = 1;\nb = 2;");
    assert_merged("plain", "a = 1;\nb = 2;\n");
    write_file("empty", "");
    assert_merged("empty", "\n");
}

static void test_lines_lead_back(void **state)
{
    (void)state;
    write_file("outer", "one\n@include \"inner\"\ntwo\n");
    write_file("inner", "first\nsecond\n");
    struct text text = { 0 };
    char *problem = NULL;
    assert_int_equal(text_read(path_of("outer"), &text, &problem), 0);
    assert_string_equal(text.bytes, "one\nfirst\nsecond\ntwo\n");
    static const struct {
        const char *file;
        unsigned line;
    } lines[] = { { "outer", 1 }, { "inner", 1 }, { "inner", 2 }, { "outer", 3 }, { "outer", 3 } };
    for (unsigned i = 0; i < ARRAY_SIZE(lines); i++) {
        assert_string_equal(text_file_of(&text, i + 1), path_of(lines[i].file));
        assert_int_equal(text_line_of(&text, i + 1), lines[i].line);
    }
    assert_int_equal(text_line_of(&text, 0), 1);
    text_done(&text);
}

static void test_include_counts_from_its_file(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path_of("sub"), 0700), 0);
    assert_int_equal(mkdir(path_of("sub/deep"), 0700), 0);
    write_file("top", " \t@include\t\"sub/a\" # here\n");
    write_file("sub/a", "@include \"deep/b\" // there\r\n");
    write_file("sub/deep/b", "@include \"../c\\\"d\"");
    write_file("sub/c\"d", "x = 1;");
    assert_merged("top", "x = 1;\n");

    char text[256];
    snprintf(text, sizeof(text), "@include \"%s\"\n", path_of("sub/c\"d"));
    /* An absolute path; its quote must be escaped. */
    char *quote = strstr(text, "c\"d");
    assert_non_null(quote);
    memmove(quote + 2, quote + 1, strlen(quote + 1) + 1);
    quote[1] = '\\';
    write_file("absolute", text);
    assert_merged("absolute", "x = 1;\n");
}

static void test_include_in_words_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "# @include \"none\"\n",
        "/*\n@include \"none\"\n*/\n",
        "a = \"\n@include \\\"none\\\"\n\";\n",
        "a = \"\\\\\"; # \"\n// /*\nb = \"/* // #\";\n",
        "a = 1; @include \"none\"\n",
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        write_file("words", texts[i]);
        assert_merged("words", texts[i]);
    }
}

static void test_files_that_cannot_be_read(void **state)
{
    (void)state;
    assert_problem(path_of("none"), -ENOENT, "none: No such file or directory");
    assert_problem("/dev/zero", -EINVAL, "/dev/zero: more than 16 MiB");
    assert_problem("/", -EISDIR, "/: Is a directory");
    write_file("endless", "a = 1;\n@include \"/dev/zero\"\n");
    assert_problem(path_of("endless"), -EINVAL,
                   "endless:2: @include \"/dev/zero\": is no regular file");
    write_file("folder", "@include \"/\"\n");
    assert_problem(path_of("folder"), -EINVAL, "folder:1: @include \"/\": Is a directory");
}

static void test_nul(void **state)
{
    (void)state;
    write_file_n("nul", "a = 1;\nb\0c\n", 11);
    assert_problem(path_of("nul"), -EINVAL, "nul:2: a NUL byte; the file must be text");
}

static void test_open_ends(void **state)
{
    (void)state;
    write_file("string", "a = 1;\nb = \"c\\\";\n\n");
    assert_problem(path_of("string"), -EINVAL, "string:2: a string begins here and does not end");
    write_file("comment", "a = 1; /* c\n/* d\n");
    assert_problem(path_of("comment"), -EINVAL,
                   "comment:1: a comment begins here and does not end");
    write_file("around", "a = 1;\n@include \"comment\"\nb = 2; */\n");
    assert_problem(path_of("around"), -EINVAL, "comment:1: a comment begins here and does not end");
}

static void test_cycles(void **state)
{
    (void)state;
    write_file("self", "@include \"self\"\n");
    assert_problem(path_of("self"), -EINVAL,
                   "self:1: @include \"self\": the file would include itself");
    write_file("ping", "\n@include \"pong\"\n");
    write_file("pong", "\n\n@include \"ping\"\n");
    assert_problem(path_of("ping"), -EINVAL,
                   "pong:3: @include \"ping\": the file would include itself");
    /* Twice, but not inside itself. */
    write_file("leaf", "x\n");
    write_file("twice", "@include \"leaf\"\n@include \"leaf\"\n");
    assert_merged("twice", "x\nx\n");
}

static void test_depth(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= TEXT_DEPTH_MAX + 1; i++) {
        char name[16], text[64];
        snprintf(name, sizeof(name), "level%u", i);
        snprintf(text, sizeof(text), "@include \"level%u\"\n", i + 1);
        write_file(name, i <= TEXT_DEPTH_MAX ? text : "end\n");
    }
    assert_merged("level1", "end\n");
    assert_problem(path_of("level0"), -EINVAL,
                   "level10:1: @include \"level11\": more than 10 inside one another");
}

static void test_includes_without_end(void **state)
{
    (void)state;
    FILE *file = fopen(path_of("many"), "w");
    assert_non_null(file);
    for (unsigned i = 0; i <= TEXT_INCLUDES_MAX; i++)
        fprintf(file, "@include \"void\"\n");
    fclose(file);
    write_file("void", "");
    assert_problem(path_of("many"), -EINVAL, "many:1001: @include \"void\": more than 1000 in all");
}

static void test_lines_without_end(void **state)
{
    (void)state;
    FILE *file = fopen(path_of("long"), "w");
    assert_non_null(file);
    for (unsigned i = 0; i <= TEXT_LINES_MAX; i++)
        fputc('\n', file);
    fclose(file);
    assert_problem(path_of("long"), -EINVAL,
                   "long:500001: more than 500000 lines with all that is included");
}

static void test_bytes_without_end(void **state)
{
    (void)state;
    FILE *file = fopen(path_of("wide"), "w");
    assert_non_null(file);
    fprintf(file, "#%*s\n", 1 << 23, "");
    fclose(file);
    write_file("wider", "@include \"wide\"\n@include \"wide\"\n@include \"wide\"\n");
    assert_problem(path_of("wider"), -EINVAL, "wide:1: more than 16 MiB with all that is included");
}

static void test_odd_includes(void **state)
{
    (void)state;
    static const char *const texts[] = { "@include leaf", "@include \"leaf", "@include \"\"",
                                         "@include \"leaf\" x", "@include" };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        write_file("odd", texts[i]);
        assert_problem(path_of("odd"), -EINVAL,
                       "odd:1: an @include that is not understood; @include \"FILE\", alone in "
                       "its line");
    }
}

static void test_pipe(void **state)
{
    (void)state;
    int ends[2];
    char path[32];
    struct text text = { 0 };
    char *problem = NULL;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a = 1;\n", 7), 7);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
    /* The end of the pipe is seen once its only writer is gone. */
    close(ends[1]);
    assert_int_equal(text_read(path, &text, &problem), 0);
    assert_string_equal(text.bytes, "a = 1;\n");
    text_done(&text);
    close(ends[0]);
}

/* Neither start nor reload may wait for a writer that never comes. */
static void test_pipes_without_a_writer(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    assert_problem(path_of("fifo"), -ETIMEDOUT, "fifo: nothing came for 2 s");
    write_file("waits", "a = 1;\n@include \"fifo\"\n");
    assert_problem(path_of("waits"), -EINVAL, "waits:2: @include \"fifo\": is no regular file");
}

static void test_socket(void **state)
{
    (void)state;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(address.sun_path, path_of("socket"));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_problem(path_of("socket"), -ENODEV, "socket: is no regular file");
    write_file("asks", "@include \"socket\"\n");
    assert_problem(path_of("asks"), -EINVAL, "asks:1: @include \"socket\": is no regular file");
    close(fd);
}

/* Notepad puts one before what it calls UTF-8. */
static void test_byte_order_mark(void **state)
{
    (void)state;
    write_file("marked", "\xEF\xBB\xBF"
                         "a = 1;\n@include \"marked2\"\n");
    write_file("marked2", "\xEF\xBB\xBF"
                          "@include \"bare_mark\"\nb = 2;\n");
    write_file("bare_mark", "\xEF\xBB\xBF");
    assert_merged("marked", "a = 1;\nb = 2;\n");
    write_file("half_mark", "\xEF\xBB");
    assert_merged("half_mark", "\xEF\xBB\n");
    write_file("late_mark", "\n\xEF\xBB\xBF");
    assert_merged("late_mark", "\n\xEF\xBB\xBF\n");
}

static void test_from_string(void **state)
{
    (void)state;
    struct text text = { 0 };
    char *problem = NULL;
    assert_int_equal(text_from_string("(here)", "a = 1;\nb = 2;\n", &text, &problem), 0);
    assert_string_equal(text.bytes, "a = 1;\nb = 2;\n");
    assert_string_equal(text_file_of(&text, 2), "(here)");
    assert_int_equal(text_line_of(&text, 2), 2);
    text_done(&text);

    assert_int_equal(text_from_string("(here)", "\n/*", &text, &problem), -EINVAL);
    assert_string_equal(problem, "(here):2: a comment begins here and does not end");
    free(problem);
    text_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_lines_lead_back),
        cmocka_unit_test(test_include_counts_from_its_file),
        cmocka_unit_test(test_include_in_words_is_none),
        cmocka_unit_test(test_files_that_cannot_be_read),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_open_ends),
        cmocka_unit_test(test_cycles),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_includes_without_end),
        cmocka_unit_test(test_lines_without_end),
        cmocka_unit_test(test_bytes_without_end),
        cmocka_unit_test(test_odd_includes),
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_pipes_without_a_writer),
        cmocka_unit_test(test_socket),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_from_string),
    };
    return cmocka_run_group_tests_name("config/text", tests, setup, teardown);
}
