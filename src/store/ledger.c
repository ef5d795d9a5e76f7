#include "store/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/ledger_layout.h"
#include "store/setting.h"

#define FILE_MODE 0600
#define NO_SLOT UINT32_MAX
#define BOOT_ID_MAX 64

/* ---- a change -------------------------------------------------------------------------------- */

static struct ledger_slot *slot_at(const struct ledger *ledger, uint32_t i)
{
    return (struct ledger_slot *)(ledger->header + 1) + i;
}

/* That of the change under way, when there is one: the other is from before it. Else the older. */
static struct ledger_copy *copy_to_write(struct ledger_slot *slot, uint64_t sequence)
{
    struct ledger_copy *a = slot->copies, *b = slot->copies + 1;

    if (a->sequence == sequence || b->sequence == sequence)
        return a->sequence == sequence ? a : b;
    return a->sequence > b->sequence ? b : a;
}

/* What comes behind this call, such as an answer, does not come before it. */
static void commit(struct ledger *ledger)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    ledger->header->committed = ledger->sequence;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* The older copy becomes the newer one. In whatever order its bytes are written: until all are, the
 * checksum is wrong, and until the change has ended its sequence is too high; the other counts. */
static void put(struct ledger *ledger, uint32_t i, const uint64_t words[static LEDGER_WORDS])
{
    struct ledger_slot *slot = slot_at(ledger, i);
    struct ledger_copy *to;

    if (!ledger->is_changing)
        ledger->sequence++;
    to = copy_to_write(slot, ledger->sequence);
    to->sequence = ledger->sequence;
    memcpy(to->words, words, sizeof(to->words));
    to->check = ledger_check_of(slot->key, to);
    if (!ledger->is_changing)
        commit(ledger);
}

void ledger_begin(struct ledger *ledger)
{
    ledger->sequence++;
    ledger->is_changing = true;
}

void ledger_commit(struct ledger *ledger)
{
    ledger->is_changing = false;
    if (ledger->header != NULL)
        commit(ledger);
}

void ledger_put_meter(struct ledger *ledger, const struct meter *meter)
{
    const struct meter_tally *tally = &meter->tally;
    const uint64_t words[LEDGER_WORDS] = {
        [LEDGER_REQUESTS] = tally->requests,
        [LEDGER_ANSWERS] = tally->answers,
        [LEDGER_ERRORS] = tally->errors,
        [LEDGER_RESTARTS] = tally->restarts,
        [LEDGER_OPERATING_TIME] = tally->operating_time,
        [LEDGER_ACCESS] = meter->access,
    };

    if (ledger->header != NULL)
        put(ledger, ledger->own_slots[meter->index], words);
}

static void put_number(struct ledger *ledger, uint32_t slot, const struct number *number)
{
    uint64_t words[LEDGER_WORDS] = { LEDGER_NO_NUMBER };

    if (number != NULL && number->is_real) {
        words[LEDGER_KIND] = LEDGER_REAL;
        memcpy(&words[LEDGER_NUMBER], &number->real, sizeof(number->real));
    } else if (number != NULL) {
        words[LEDGER_KIND] = LEDGER_WHOLE;
        words[LEDGER_NUMBER] = (uint64_t)number->integer;
    }
    put(ledger, slot, words);
}

void ledger_put_number(struct ledger *ledger, const struct meter *meter, size_t record,
                       const struct number *number)
{
    uint32_t slot;

    if (ledger->header == NULL)
        return;
    slot = ledger->slots[ledger->first[meter->index] + record];
    if (slot != NO_SLOT)
        put_number(ledger, slot, number);
}

/* ---- a new one ------------------------------------------------------------------------------- */

/* Where everything goes: of each meter its own slot, then its records'. How many slots. */
static size_t lay_out(struct ledger *ledger, struct meter *const *meters, size_t n_meters)
{
    size_t n_slots = 0, n_records = 0;

    for (size_t i = 0; i < n_meters; i++) {
        const struct meter_def *def = meters[i]->def;

        ledger->own_slots[i] = (uint32_t)n_slots++;
        ledger->first[i] = n_records;
        for (size_t r = 0; r < def->n_records; r++)
            ledger->slots[n_records++] =
                keeps_number(&def->records[r]) ? (uint32_t)n_slots++ : NO_SLOT;
    }
    return n_slots;
}

static int get_tables(struct ledger *ledger, struct meter *const *meters, size_t n_meters)
{
    size_t n_records = 0;

    for (size_t i = 0; i < n_meters; i++)
        n_records += meters[i]->def->n_records;
    if (n_meters + n_records >= NO_SLOT)
        return -EFBIG;
    ledger->slots = calloc(n_records + 1, sizeof(*ledger->slots));
    ledger->first = calloc(n_meters + 1, sizeof(*ledger->first));
    ledger->own_slots = calloc(n_meters + 1, sizeof(*ledger->own_slots));
    return ledger->slots && ledger->first && ledger->own_slots ? 0 : -ENOMEM;
}

/* Room on the disk for all of it at once: a page that has none would end the process when it is
 * written to. NULL, and *ret_error a negative errno. */
static struct ledger_header *map_file(int directory, size_t size, int *ret_error)
{
    void *at = MAP_FAILED;
    int error, fd;

    unlinkat(directory, LEDGER_FILE_NEW, 0);
    fd = openat(directory, LEDGER_FILE_NEW, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                FILE_MODE);
    if (fd < 0) {
        *ret_error = -errno;
        return NULL;
    }
    error = posix_fallocate(fd, 0, (off_t)size);
    if (error == 0) {
        at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        error = errno;
    }
    close(fd);
    *ret_error = -error;
    return at != MAP_FAILED ? at : NULL;
}

/* A meter and its records, as they are now. */
static void fill_meter(struct ledger *ledger, const struct meter *meter)
{
    const struct meter_def *def = meter->def;

    slot_at(ledger, ledger->own_slots[meter->index])->key = ledger_key_of_meter(def);
    ledger_put_meter(ledger, meter);
    for (size_t i = 0; i < def->n_records; i++) {
        uint32_t slot = ledger->slots[ledger->first[meter->index] + i];
        const struct meter_cell *cell = &meter->now.cells[i];

        if (slot == NO_SLOT)
            continue;
        slot_at(ledger, slot)->key = ledger_key_of_record(def, &def->records[i]);
        put_number(ledger, slot, cell->has_number ? &cell->number : NULL);
    }
}

static void unmap(struct ledger *ledger)
{
    if (ledger->header != NULL)
        munmap(ledger->header, ledger->size);
    free(ledger->slots);
    free(ledger->first);
    free(ledger->own_slots);
    ledger->header = NULL;
    ledger->slots = ledger->own_slots = NULL;
    ledger->first = NULL;
}

/* In `fresh`, which has the directory of the one that is there. */
static int build(struct ledger *fresh, struct meter *const *meters, size_t n_meters)
{
    struct ledger_header header = { .magic = LEDGER_MAGIC,
                                    .version = LEDGER_VERSION,
                                    .slot_size = sizeof(struct ledger_slot),
                                    .state = fresh->state };
    int r = get_tables(fresh, meters, n_meters);
    size_t n_slots;

    if (r < 0)
        return r;
    n_slots = lay_out(fresh, meters, n_meters);
    header.n_slots = n_slots;
    header.check = ledger_check_of_header(&header);
    fresh->size = sizeof(header) + n_slots * sizeof(struct ledger_slot);
    fresh->header = map_file(fresh->directory, fresh->size, &r);
    if (fresh->header == NULL)
        return r;
    *fresh->header = header;
    for (size_t i = 0; i < n_meters; i++)
        fill_meter(fresh, meters[i]);
    return renameat(fresh->directory, LEDGER_FILE_NEW, fresh->directory, LEDGER_FILE) < 0 ? -errno
                                                                                          : 0;
}

/* Nobody will take it for one that is up to date, even if its name cannot be taken away. */
static void discard(struct ledger *ledger)
{
    if (ledger->header == NULL)
        return;
    ledger->header->magic = 0;
    unlinkat(ledger->directory, LEDGER_FILE, 0);
    unmap(ledger);
}

int ledger_build(struct ledger *ledger, struct meter *const *meters, size_t n_meters)
{
    struct ledger fresh = { .directory = ledger->directory,
                            .lock = ledger->lock,
                            .state = ledger->state };
    int r;

    if (ledger->directory < 0)
        return -ENODEV;
    r = build(&fresh, meters, n_meters);
    if (r < 0) {
        unlinkat(ledger->directory, LEDGER_FILE_NEW, 0);
        unmap(&fresh);
        discard(ledger);
        return r;
    }
    unmap(ledger);
    *ledger = fresh;
    return 0;
}

/* ---- its life -------------------------------------------------------------------------------- */

/* The file stays when the lock is given up: whoever has it open would lock what is gone. */
static int open_lock(int directory)
{
    int r,
        fd = openat(directory, LEDGER_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);

    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    r = errno == EWOULDBLOCK ? -EBUSY : -errno;
    close(fd);
    return r;
}

/* Which start of the machine this is; "" where the kernel does not say. */
static void read_boot_id(char text[static BOOT_ID_MAX])
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, BOOT_ID_MAX - 1) : 0;

    text[n > 0 ? n : 0] = '\0';
    if (fd >= 0)
        close(fd);
}

/* However it was written. What an earlier start of the machine left can be older than the state,
 * where the runtime directory outlives it: nothing was forced to the disk. */
static uint64_t key_of_directory(const char *path)
{
    char whole[PATH_MAX], boot[BOOT_ID_MAX], text[PATH_MAX + BOOT_ID_MAX];

    read_boot_id(boot);
    snprintf(text, sizeof(text), "%s:%s", boot, realpath(path, whole) != NULL ? whole : path);
    return ledger_key_of_path(text);
}

int ledger_open(const char *directory, const char *state_directory, struct ledger *ret)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), lock;

    *ret = LEDGER_CLOSED;
    if (fd < 0)
        return -errno;
    lock = open_lock(fd);
    if (lock < 0) {
        close(fd);
        return lock;
    }
    ret->directory = fd;
    ret->lock = lock;
    ret->state = key_of_directory(state_directory);
    return 0;
}

int ledger_set_aside(const struct ledger *ledger)
{
    int d = ledger->directory;

    return renameat(d, LEDGER_FILE, d, LEDGER_FILE_ASIDE) < 0 ? -errno : 0;
}

void ledger_remove(struct ledger *ledger)
{
    if (ledger->directory >= 0)
        unlinkat(ledger->directory, LEDGER_FILE, 0);
}

void ledger_close(struct ledger *ledger)
{
    unmap(ledger);
    if (ledger->lock >= 0)
        close(ledger->lock);
    if (ledger->directory >= 0)
        close(ledger->directory);
    *ledger = LEDGER_CLOSED;
}
