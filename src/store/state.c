#include "store/state.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "store/entries.h"
#include "store/buffer.h"
#include "store/lines.h"
#include "store/restore.h"
#include "store/set.h"
#include "store/text.h"

struct state {
    struct directory directory;
    bool is_kept; /* else in memory only */
    struct generations generations;
    struct buffer image; /* the file, as it was read or saved last */
    bool is_changed;     /* the image is not what the disk has */
    struct buffer spare; /* the next image is made here */
    struct set set;

    bool has_lines; /* `lines` are those of the image */
    struct lines lines;

    struct worker_job job;
    struct worker *worker;
    bool wants_another; /* saved and asked for while the job was under way */
    uint64_t job_generation;
    state_synced *done;
    void *userdata;
};

/* ---- The lines of the image ------------------------------------------------------------------ */

static void forget_lines(struct state *state)
{
    lines_done(&state->lines);
    state->has_lines = false;
}

/* All lines of the image, sorted when first asked for. */
static int find_lines(struct state *state, struct line_range *ret)
{
    struct text_body body = { 0 };
    int r;

    if (!state->has_lines) {
        /* Always good: it was checked when it was read, or made here. */
        if (state->image.n > 0)
            text_check(state->image.at, state->image.n, &body);
        r = lines_init(&state->lines, body.bytes, body.n);
        if (r < 0)
            return r;
        state->has_lines = true;
    }
    *ret = lines_all(&state->lines);
    return 0;
}

int state_restore(struct state *state, struct meter *meter, state_tell *tell, void *userdata)
{
    struct line_range all;
    int r = find_lines(state, &all);

    if (r == 0)
        restore_meter(all, meter, tell, userdata);
    return r;
}

int state_restore_rate(struct state *state, const char *device, unsigned configured,
                       state_tell *tell, void *userdata, unsigned *ret_baud)
{
    struct line_range all;
    int r = find_lines(state, &all);

    *ret_baud = r == 0 ? restore_rate(all, device, configured, tell, userdata) : configured;
    return r;
}

/* ---- What is saved --------------------------------------------------------------------------- */

int state_reserve(struct state *state, struct meter *const *meters, size_t n_meters,
                  const struct state_rate *rates, size_t n_rates)
{
    struct set set = { .meters = meters, .n_meters = n_meters, .rates = rates, .n_rates = n_rates };
    struct line_range all;
    size_t longest = 0;
    int r = find_lines(state, &all);

    if (r == 0)
        r = set_adopt_foreign(&set, all);
    if (r == 0) {
        longest = set_longest(&set);
        r = buffer_reserve(&state->spare, longest);
    }
    /* The lines point into the image, which may move. */
    forget_lines(state);
    if (r == 0)
        r = buffer_reserve(&state->image, longest);
    if (r < 0) {
        set_done(&set);
        return r;
    }
    set_done(&state->set);
    state->set = set;
    return 0;
}

static bool spare_is_image(const struct state *state)
{
    return state->spare.n == state->image.n &&
           memcmp(state->spare.at, state->image.at, state->image.n) == 0;
}

/* The spare becomes the image. */
static void take_spare(struct state *state, bool is_changed)
{
    buffer_swap(&state->image, &state->spare);
    state->is_changed = is_changed;
    forget_lines(state);
}

static int save(struct state *state, enum set_content content)
{
    struct generations *g = &state->generations;
    int r = 0;

    /* Not the set that memory was reserved for. */
    if (!set_render(&state->set, content, &state->spare))
        return -EOVERFLOW;
    if (spare_is_image(state) && !state->is_changed && g->doubtful < g->written)
        return 0;
    if (state->is_kept)
        r = generations_write(g, state->spare.at, state->spare.n);
    if (r < 0)
        return r;
    take_spare(state, false);
    return 0;
}

int state_save(struct state *state)
{
    return save(state, SET_DRAFT);
}

int state_save_now(struct state *state)
{
    return save(state, SET_NOW);
}

int state_note(struct state *state)
{
    if (!set_render(&state->set, SET_NOW, &state->spare))
        return -EOVERFLOW;
    if (!spare_is_image(state))
        take_spare(state, true);
    return 0;
}

int state_forget(struct state *state, const char *meter)
{
    struct buffer left = { 0 };
    struct line_range all;
    size_t n_before = 0;
    int r = find_lines(state, &all);

    if (r < 0)
        return r;
    for (size_t i = 0; i < all.n; i++)
        n_before += all.first[i].n + 1;
    lines_unclaim(all);
    entries_claim_settings(all, meter);
    r = set_copy_unclaimed(all, &left);
    if (r == 0 && left.n < n_before) {
        struct set only_left = { .foreign = left };

        set_render(&only_left, SET_NOW, &state->image);
        state->is_changed = true;
        forget_lines(state);
        r = state_reserve(state, state->set.meters, state->set.n_meters, state->set.rates,
                          state->set.n_rates);
        r = r < 0 ? r : 1;
    }
    buffer_done(&left);
    return r;
}

/* ---- To the disk ----------------------------------------------------------------------------- */

/* In the worker's thread: the directory is all it looks at, and that never changes. */
static int run_sync(void *userdata)
{
    const struct state *state = userdata;

    return generations_sync(state->directory.fd);
}

static int submit_sync(struct state *state)
{
    state->wants_another = false;
    state->job_generation = state->generations.written;
    return worker_submit(state->worker, &state->job);
}

static void on_synced(void *userdata, int result)
{
    struct state *state = userdata;
    struct generations *g = &state->generations;

    if (result != -ECANCELED)
        generations_note_sync(g, state->job_generation, result);
    if (result == 0 && state->wants_another && !generations_are_synced(g)) {
        result = submit_sync(state);
        if (result == 0)
            return;
    }
    state->done(state->userdata, result);
}

int state_sync(struct state *state, struct worker *worker, state_synced *done, void *userdata)
{
    const struct generations *g = &state->generations;
    int r;

    if (!state->is_kept || generations_are_synced(g))
        return 0;
    if (g->written <= g->doubtful)
        return -EIO;
    if (state->job.is_pending) {
        state->wants_another = true;
        state->done = done;
        state->userdata = userdata;
        return 1;
    }
    state->worker = worker;
    state->done = done;
    state->userdata = userdata;
    r = submit_sync(state);
    return r < 0 ? r : 1;
}

int state_flush(struct state *state)
{
    struct generations *g = &state->generations;
    int r;

    if (!state->is_kept || generations_are_synced(g))
        return 0;
    if (g->written <= g->doubtful)
        return -EIO;
    r = generations_sync(state->directory.fd);
    generations_note_sync(g, g->written, r);
    return r;
}

/* ---- Its life -------------------------------------------------------------------------------- */

static void state_closep(struct state **state)
{
    state_close(*state);
}

/* Reads what is there; without a directory, or with a newer version in it, nothing is kept. */
static int load(struct state *state, struct generations_found *ret_found)
{
    struct buffer *image = &state->image;
    int r;

    if (state->directory.origin == DIRECTORY_NONE)
        return 0;
    r = generations_load(&state->generations, state->directory.fd, &image->at, &image->n,
                         ret_found);
    if (r < 0)
        return r;
    image->capacity = image->n;
    state->is_kept = ret_found->newer_version == 0;
    return 0;
}

int state_open(const char *configured, struct state **ret, struct state_verdict *ret_verdict)
{
    CLEANUP(state_closep) struct state *state = calloc(1, sizeof(*state));
    int r;

    *ret_verdict = (struct state_verdict){ 0 };
    if (!state)
        return -ENOMEM;
    state->job = (struct worker_job){ .run = run_sync, .done = on_synced, .userdata = state };
    r = directory_open(configured, getenv("STATE_DIRECTORY"), DIRECTORY_DEFAULT, &state->directory);
    ret_verdict->origin = state->directory.origin;
    memcpy(ret_verdict->directory, state->directory.path, sizeof(ret_verdict->directory));
    if (r < 0)
        return r;
    r = load(state, &ret_verdict->found);
    /* Until the first meters come, all is foreign: a save loses nothing. */
    if (r == 0)
        r = state_reserve(state, NULL, 0, NULL, 0);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(state);
    return 0;
}

const char *state_directory(const struct state *state)
{
    return state->is_kept ? state->directory.path : "";
}

void state_close(struct state *state)
{
    if (!state)
        return;
    assert(!state->job.is_pending);
    lines_done(&state->lines);
    buffer_done(&state->image);
    buffer_done(&state->spare);
    set_done(&state->set);
    directory_done(&state->directory);
    free(state);
}
