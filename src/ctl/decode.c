/* mbus-slavectl decode: what telegrams mean. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/input.h"
#include "ctl/options.h"
#include "ctl/show.h"
#include "ctl/write.h"

static const char help[] =
    "mbus-slavectl decode [OPTION...] [FILE...]\n"
    "Says what M-Bus telegrams mean. A file, or standard input without one, holds their bytes, or "
    "hex:\n"
    "one telegram a line, or several lines each.\n"
    "\n"
    "  --json                 an array of telegrams\n"
    "  --xml                  as libmbus writes them, values in base units\n"
    "  --hex                  the bytes again, encoded from what was decoded\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 every telegram is a well-formed answer of a meter (reports of errors and "
    "alarms are),\n"
    "1 one is not, 2 usage.\n";

struct run {
    const struct write_form *form;
    bool is_quiet; /* what is wrong stands in the table that somebody looks at */
    unsigned n;    /* telegrams so far */
    int status;
};

static void complain(const char *name, unsigned line, const struct found *found)
{
    const struct decode_fault *f = &found->fault;

    fflush(stdout);
    fprintf(stderr, "%s:", name);
    if (line > 0)
        fprintf(stderr, "%u:", line);
    fprintf(stderr, " telegram %u, offset %zu: %s", found->number, f->offset,
            decode_reason_text(f->reason));
    if (f->missing > 0)
        fprintf(stderr, " (%zu %s missing)", f->missing, f->missing == 1 ? "byte" : "bytes");
    fputc('\n', stderr);
}

/* What one argument names, read before anything is printed: XML has to know what comes. */
struct source {
    const char *name;
    int error; /* 0, or a negative errno: there is no input */
    struct input input;
};

static void read_source(const char *path, struct source *ret)
{
    bool is_stdin = path == NULL || strcmp(path, "-") == 0;

    ret->name = is_stdin ? "standard input" : path;
    ret->error = input_read(is_stdin ? NULL : path, &ret->input);
}

static void decode_input(const char *name, const struct input *input, struct run *run)
{
    for (size_t at = 0; at < input->n;) {
        struct found found = { .bytes = input->bytes + at,
                               .n = input_telegram(input, at),
                               .number = ++run->n };

        show_examine(&found);
        run->form->telegram(stdout, &found);
        if (found.fault.reason != DECODE_GOOD) {
            if (!run->is_quiet)
                complain(name, input->lines[at], &found);
            run->status = CTL_FAILED;
        }
        at += found.n;
    }
    if (input->bad)
        fprintf(stderr, "%s:%u:%u: %s\n", name, input->bad_line, input->bad_column, input->bad);
    else if (input->n == 0)
        fprintf(stderr, "%s: there is no telegram in it\n", name);
    if (input->bad || input->n == 0)
        run->status = CTL_FAILED;
}

static void decode_source(struct source *source, struct run *run)
{
    if (source->error) {
        fprintf(stderr, "%s: %s\n", source->name, strerror(-source->error));
        run->status = CTL_FAILED;
        return;
    }
    decode_input(source->name, &source->input, run);
    input_done(&source->input);
}

/* Without a path it is standard input. */
static void decode_all(char *const *paths, size_t n, struct run *run)
{
    size_t n_sources = n > 0 ? n : 1;
    struct source *sources = calloc(n_sources, sizeof(*sources));
    unsigned telegrams = 0;

    if (sources == NULL) {
        perror("mbus-slavectl");
        run->status = CTL_FAILED;
        return;
    }
    for (size_t i = 0; i < n_sources; i++) {
        read_source(n > 0 ? paths[i] : NULL, &sources[i]);
        if (sources[i].error == 0)
            telegrams += input_telegrams(&sources[i].input);
    }
    run->form->begin(stdout, telegrams);
    for (size_t i = 0; i < n_sources; i++)
        decode_source(&sources[i], run);
    run->form->end(stdout, telegrams);
    free(sources);
}

int ctl_decode(int argc, char *argv[])
{
    bool json = false, xml = false, hex = false;
    const struct ctl_option options[] = {
        { "json", &json, NULL }, { "xml", &xml, NULL }, { "hex", &hex, NULL }, { 0 }
    };
    struct run run = { .status = CTL_DONE };
    int status, first = ctl_options(argc, argv, options, help, &status);

    if (first < 0)
        return status;
    run.form = show_form(json, xml, hex);
    if (run.form == NULL) {
        fprintf(stderr, "--json, --xml and --hex exclude each other\n");
        return CTL_USAGE;
    }
    run.is_quiet = isatty(STDOUT_FILENO) && !json && !xml && !hex;
    decode_all(argv + first, (size_t)(argc - first), &run);
    return run.status;
}
