#include "store/ledger_past.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"
#include "meter/live.h"
#include "store/setting.h"

/* Far above what any configuration makes. */
#define BYTES_MAX ((off_t)1 << 30)

static void freep(char **p)
{
    free(*p);
}

/* ---- the file -------------------------------------------------------------------------------- */

static enum ledger_verdict judge_header(const char *bytes, size_t n, uint64_t state,
                                        struct ledger_header *ret)
{
    if (n < sizeof(*ret))
        return LEDGER_DAMAGED;
    memcpy(ret, bytes, sizeof(*ret));
    if (ret->magic != LEDGER_MAGIC || ret->check != ledger_check_of_header(ret))
        return LEDGER_DAMAGED;
    if (ret->version != LEDGER_VERSION || ret->slot_size != sizeof(struct ledger_slot))
        return LEDGER_OTHER_VERSION;
    if (ret->state != state)
        return LEDGER_OTHER_STATE;
    n -= sizeof(*ret);
    return n % sizeof(struct ledger_slot) == 0 && n / sizeof(struct ledger_slot) == ret->n_slots
               ? LEDGER_GOOD
               : LEDGER_DAMAGED;
}

static bool is_good(const struct ledger_slot *slot, const struct ledger_copy *copy,
                    uint64_t committed)
{
    return copy->sequence <= committed && copy->check == ledger_check_of(slot->key, copy);
}

/* NULL when neither copy is good. */
static const struct ledger_copy *newest_copy(const struct ledger_slot *slot, uint64_t committed)
{
    const struct ledger_copy *a = slot->copies, *b = slot->copies + 1;

    if (!is_good(slot, a, committed))
        return is_good(slot, b, committed) ? b : NULL;
    return is_good(slot, b, committed) && b->sequence > a->sequence ? b : a;
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = ((const struct ledger_entry *)a)->key, y = ((const struct ledger_entry *)b)->key;

    return (x > y) - (x < y);
}

static void take_slots(const char *bytes, size_t n_slots, uint64_t committed,
                       struct ledger_past *past)
{
    for (size_t i = 0; i < n_slots; i++) {
        const struct ledger_copy *copy;
        struct ledger_slot slot;

        memcpy(&slot, bytes + i * sizeof(slot), sizeof(slot));
        copy = newest_copy(&slot, committed);
        if (copy == NULL) {
            past->n_damaged++;
            continue;
        }
        past->entries[past->n].key = slot.key;
        memcpy(past->entries[past->n].words, copy->words, sizeof(copy->words));
        past->n++;
    }
    qsort(past->entries, past->n, sizeof(*past->entries), by_key);
}

int ledger_past_parse(const void *bytes, size_t n, uint64_t state, struct ledger_past *ret)
{
    struct ledger_header header = { 0 };
    size_t n_slots;

    *ret = (struct ledger_past){ .verdict = judge_header(bytes, n, state, &header) };
    if (ret->verdict != LEDGER_GOOD)
        return 0;
    n_slots = (size_t)header.n_slots; /* as many as there are bytes for */
    ret->entries = calloc(n_slots + 1, sizeof(*ret->entries));
    if (ret->entries == NULL)
        return -ENOMEM;
    take_slots((const char *)bytes + sizeof(header), n_slots, header.committed, ret);
    if (ret->n_damaged > 0)
        ret->verdict = LEDGER_SOME_DAMAGED;
    return 0;
}

static int read_all(int fd, char **ret_bytes, size_t *ret_n)
{
    CLEANUP(freep) char *bytes = NULL;
    struct stat st;
    ssize_t got = 1;
    size_t n = 0;

    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode) || st.st_size > BYTES_MAX)
        return S_ISREG(st.st_mode) ? -EFBIG : -EINVAL;
    bytes = malloc((size_t)st.st_size + 1);
    if (bytes == NULL)
        return -ENOMEM;
    while (n < (size_t)st.st_size && got > 0) {
        got = read(fd, bytes + n, (size_t)st.st_size - n);
        if (got < 0)
            return -errno;
        n += (size_t)got;
    }
    *ret_bytes = TAKE_PTR(bytes);
    *ret_n = n;
    return 0;
}

int ledger_past_read(const struct ledger *ledger, struct ledger_past *ret)
{
    CLEANUP(freep) char *bytes = NULL;
    size_t n = 0;
    int r, fd;

    *ret = (struct ledger_past){ .verdict = LEDGER_NONE };
    if (ledger->directory < 0)
        return 0;
    fd = openat(ledger->directory, LEDGER_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : -errno;
    r = read_all(fd, &bytes, &n);
    close(fd);
    return r < 0 ? r : ledger_past_parse(bytes, n, ledger->state, ret);
}

void ledger_past_done(struct ledger_past *past)
{
    free(past->entries);
    *past = (struct ledger_past){ 0 };
}

/* ---- a meter --------------------------------------------------------------------------------- */

static const uint64_t *find(const struct ledger_past *past, uint64_t key)
{
    const struct ledger_entry wanted = { .key = key }, *found = NULL;

    if (past->n > 0)
        found = bsearch(&wanted, past->entries, past->n, sizeof(wanted), by_key);
    return found != NULL ? found->words : NULL;
}

static bool read_number(const uint64_t *words, struct number *ret)
{
    *ret = (struct number){ .is_real = words[LEDGER_KIND] == LEDGER_REAL };
    if (ret->is_real)
        ret->real = double_of_bits(words[LEDGER_NUMBER]);
    else
        ret->integer = (int64_t)words[LEDGER_NUMBER];
    return (ret->is_real || words[LEDGER_KIND] == LEDGER_WHOLE) && __builtin_isfinite(ret->real);
}

bool ledger_past_restore(const struct ledger_past *past, struct meter *meter)
{
    const struct meter_def *def = meter->def;
    const uint64_t *words = find(past, ledger_key_of_meter(def));
    struct number number;

    if (words == NULL || words[LEDGER_RESTARTS] < meter->tally.restarts)
        return false;
    meter->tally = (struct meter_tally){ .requests = words[LEDGER_REQUESTS],
                                         .answers = words[LEDGER_ANSWERS],
                                         .errors = words[LEDGER_ERRORS],
                                         .restarts = words[LEDGER_RESTARTS],
                                         .operating_time = words[LEDGER_OPERATING_TIME] };
    meter->access = (uint8_t)words[LEDGER_ACCESS];
    for (size_t i = 0; i < def->n_records; i++) {
        if (!keeps_number(&def->records[i]))
            continue;
        words = find(past, ledger_key_of_record(def, &def->records[i]));
        if (words != NULL && read_number(words, &number))
            meter_set_number(meter, i, &number);
    }
    return true;
}
