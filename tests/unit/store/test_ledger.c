/* The ledger: what is put into it is there after a kill, and nothing that was damaged is. */
#include "tests/unit/store/store_test.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "meter/live.h"
#include "store/ledger_past.h"

#define KILLS 200

static char water[] = "water", heat[] = "heat";

/* Two meters with live records, and their ledger in the directory of the test. */
struct fixture {
    struct test_meter t[2];
    struct meter *meters[2];
    struct ledger ledger;
};

static void meters_begin(struct fixture *f)
{
    char *const names[] = { water, heat };

    for (size_t i = 0; i < 2; i++) {
        test_meter_init(&f->t[i], names[i]);
        test_meter_live(&f->t[i]);
        f->t[i].meter.index = i;
        f->meters[i] = &f->t[i].meter;
    }
}

static void begin(struct fixture *f)
{
    meters_begin(f);
    assert_int_equal(ledger_open(".", "/the/state", &f->ledger), 0);
    assert_int_equal(ledger_build(&f->ledger, f->meters, 2), 0);
}

static void put_whole(struct fixture *f, size_t meter, size_t record, int64_t number)
{
    const struct number whole = { .integer = number };

    ledger_put_number(&f->ledger, f->meters[meter], record, &whole);
}

static void put_real(struct fixture *f, size_t meter, size_t record, double number)
{
    const struct number real = { .is_real = true, .real = number };

    ledger_put_number(&f->ledger, f->meters[meter], record, &real);
}

static void put_tally(struct fixture *f, size_t meter, const struct meter_tally *tally)
{
    f->meters[meter]->tally = *tally;
    ledger_put_meter(&f->ledger, f->meters[meter]);
}

/* Another process begins, with fresh meters: what it finds. */
static enum ledger_verdict begin_again(struct fixture *f)
{
    struct ledger_past past;
    enum ledger_verdict verdict;

    ledger_close(&f->ledger);
    meters_begin(f);
    assert_int_equal(ledger_open(".", "/the/state", &f->ledger), 0);
    assert_int_equal(ledger_past_read(&f->ledger, &past), 0);
    verdict = past.verdict;
    for (size_t i = 0; i < 2; i++)
        ledger_past_restore(&past, f->meters[i]);
    ledger_past_done(&past);
    return verdict;
}

static void what_was_put_is_back(void **state)
{
    static const struct meter_tally tally = { 5, 4, 3, 2, 1 };
    struct fixture f;

    (void)state;
    begin(&f);
    assert_int_equal(begin_again(&f), LEDGER_GOOD);
    assert_false(f.t[0].cells[0].has_number);
    assert_int_equal(ledger_build(&f.ledger, f.meters, 2), 0);
    put_whole(&f, 0, 0, INT64_MIN);
    put_real(&f, 1, 1, 0.1);
    put_real(&f, 1, 1, -0.3);
    f.t[1].meter.access = 85;
    put_tally(&f, 1, &tally);
    put_whole(&f, 1, 2, 7); /* a text keeps no number */
    assert_int_equal(begin_again(&f), LEDGER_GOOD);
    assert_true(f.t[0].cells[0].number.integer == INT64_MIN);
    assert_true(f.t[1].cells[1].number.is_real && f.t[1].cells[1].number.real == -0.3);
    assert_false(f.t[0].cells[1].has_number);
    assert_false(f.t[1].cells[2].has_number);
    assert_int_equal(f.t[1].meter.access, 85);
    assert_memory_equal(&f.t[1].meter.tally, &tally, sizeof(tally));
    /* A new one has what the meters have. */
    assert_int_equal(ledger_build(&f.ledger, f.meters, 2), 0);
    assert_int_equal(begin_again(&f), LEDGER_GOOD);
    assert_true(f.t[1].cells[1].number.real == -0.3);
    assert_int_equal(f.t[1].meter.tally.answers, 4);
    ledger_remove(&f.ledger);
    assert_int_equal(begin_again(&f), LEDGER_NONE);
    assert_false(f.t[0].cells[0].has_number);
    ledger_close(&f.ledger);
}

/* Another name, another coding, another unit: another number. */
static void a_record_that_is_another_one(void **state)
{
    static char other[] = "energy2";
    struct fixture f;

    (void)state;
    for (int change = 0; change < 4; change++) {
        struct ledger_past past;
        struct meter_record *record;

        begin(&f);
        put_whole(&f, 0, 0, 17);
        put_whole(&f, 0, 1, 18);
        meters_begin(&f);
        record = &f.t[0].records[0];
        if (change == 1)
            record->name = other;
        else if (change == 2)
            record->wire.vib.bytes[0] = 0x03;
        else if (change == 3)
            record->counting.resolution = 0;
        assert_int_equal(ledger_past_read(&f.ledger, &past), 0);
        assert_true(ledger_past_restore(&past, f.meters[0]));
        assert_int_equal(f.t[0].cells[0].has_number, change == 0);
        assert_int_equal(f.t[0].cells[1].number.integer, 18);
        ledger_past_done(&past);
        ledger_close(&f.ledger);
    }
}

/* A run without a ledger, then one that finds the old one. */
static void the_state_is_newer(void **state)
{
    static const struct meter_tally tally = { .answers = 4, .restarts = 2 };
    struct ledger_past past;
    struct fixture f;

    (void)state;
    begin(&f);
    put_whole(&f, 0, 0, 17);
    put_tally(&f, 0, &tally);
    assert_int_equal(ledger_past_read(&f.ledger, &past), 0);
    meters_begin(&f);
    f.t[0].meter.tally.restarts = 3;
    assert_false(ledger_past_restore(&past, f.meters[0]));
    assert_int_equal(f.t[0].meter.tally.answers, 0);
    assert_false(f.t[0].cells[0].has_number);
    f.t[0].meter.tally.restarts = 2;
    assert_true(ledger_past_restore(&past, f.meters[0]));
    assert_int_equal(f.t[0].meter.tally.answers, 4);
    assert_int_equal(f.t[0].cells[0].number.integer, 17);
    ledger_past_done(&past);
    ledger_close(&f.ledger);
}

static void of_another_state(void **state)
{
    struct ledger_past past;
    struct fixture f;

    (void)state;
    begin(&f);
    put_whole(&f, 0, 0, 17);
    ledger_close(&f.ledger);
    assert_int_equal(ledger_open(".", "/the/state2", &f.ledger), 0);
    assert_int_equal(ledger_past_read(&f.ledger, &past), 0);
    assert_int_equal(past.verdict, LEDGER_OTHER_STATE);
    meters_begin(&f);
    assert_false(ledger_past_restore(&past, f.meters[0]));
    ledger_past_done(&past);
    assert_int_equal(ledger_set_aside(&f.ledger), 0);
    assert_false(is_there(LEDGER_FILE));
    assert_true(is_there(LEDGER_FILE_ASIDE));
    ledger_close(&f.ledger);
}

/* ---- damage ---- */

static size_t read_ledger(char *bytes, size_t size)
{
    int fd = open(LEDGER_FILE, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, bytes, size);

    assert_true(n > 0 && (size_t)n < size);
    close(fd);
    return (size_t)n;
}

/* With any byte another one, whatever that is, each number is the newest, the one before, or none.
 */
static void no_byte_makes_a_wrong_number(void **state)
{
    static const uint8_t changes[] = { 0x01, 0x80, 0xFF };
    static char good[4096], bytes[4096];
    unsigned newest = 0, before = 0, none = 0;
    struct fixture f;
    size_t n;

    (void)state;
    begin(&f);
    for (unsigned i = 1; i <= 3; i++) {
        const struct meter_tally tally = { .answers = 1000 * i };

        put_whole(&f, 0, 0, 1000 * i);
        put_real(&f, 1, 1, 0.1 * i);
        put_tally(&f, 0, &tally);
    }
    n = read_ledger(good, sizeof(good));
    for (size_t i = 0; i < n * ARRAY_SIZE(changes); i++) {
        struct ledger_past past;
        const struct meter_cell *a = &f.t[0].cells[0], *b = &f.t[1].cells[1];

        memcpy(bytes, good, n);
        bytes[i % n] = (char)(bytes[i % n] ^ changes[i / n]);
        assert_int_equal(ledger_past_parse(bytes, n, f.ledger.state, &past), 0);
        meters_begin(&f);
        ledger_past_restore(&past, f.meters[0]);
        ledger_past_restore(&past, f.meters[1]);
        assert_true(!a->has_number || a->number.integer == 3000 || a->number.integer == 2000);
        assert_true(!b->has_number || b->number.real == 0.1 * 3 || b->number.real == 0.1 * 2);
        assert_true(f.t[0].meter.tally.answers % 1000 == 0);
        assert_true(f.t[0].meter.tally.answers != 1000);
        newest += a->number.integer == 3000;
        before += a->number.integer == 2000;
        none += !a->has_number;
        ledger_past_done(&past);
    }
    assert_true(newest > before && before > 0 && none > 0);
    ledger_close(&f.ledger);
}

/* A slot without a good copy is lost; the others are not. */
static void a_damaged_slot(void **state)
{
    static char bytes[4096];
    struct fixture f;
    struct ledger_slot *slot;
    size_t n;

    (void)state;
    begin(&f);
    put_whole(&f, 0, 0, 17);
    put_whole(&f, 0, 1, 18);
    n = read_ledger(bytes, sizeof(bytes));
    slot = (struct ledger_slot *)(bytes + sizeof(struct ledger_header)) + f.ledger.slots[0];
    slot->copies[0].words[1] ^= 1;
    slot->copies[1].words[1] ^= 1;
    put_bytes(LEDGER_FILE, bytes, n);
    assert_int_equal(begin_again(&f), LEDGER_SOME_DAMAGED);
    assert_false(f.t[0].cells[0].has_number);
    assert_int_equal(f.t[0].cells[1].number.integer, 18);
    ledger_close(&f.ledger);
}

static void a_file_that_is_none(void **state)
{
    static char bytes[4096];
    struct fixture f;
    struct ledger_header header;
    size_t n;

    (void)state;
    begin(&f);
    n = read_ledger(bytes, sizeof(bytes));
    for (size_t cut = 0; cut < n; cut++) {
        put_bytes(LEDGER_FILE, bytes, cut);
        assert_int_equal(begin_again(&f), LEDGER_DAMAGED);
    }
    put_file(LEDGER_FILE, "mbus-slave state 1\nend 0 00000000\n and so on, and so on");
    assert_int_equal(begin_again(&f), LEDGER_DAMAGED);
    memcpy(&header, bytes, sizeof(header));
    header.version++;
    header.check = ledger_check_of_header(&header);
    memcpy(bytes, &header, sizeof(header));
    put_bytes(LEDGER_FILE, bytes, n);
    assert_int_equal(begin_again(&f), LEDGER_OTHER_VERSION);
    ledger_close(&f.ledger);
}

/* ---- without room ---- */

static void no_such_directory(void **state)
{
    struct fixture f;

    (void)state;
    meters_begin(&f);
    assert_int_equal(ledger_open("none", "/the/state", &f.ledger), -ENOENT);
    assert_int_equal(ledger_build(&f.ledger, f.meters, 2), -ENODEV);
    put_whole(&f, 0, 0, 17);
    ledger_put_meter(&f.ledger, f.meters[0]);
    ledger_remove(&f.ledger);
    ledger_close(&f.ledger);
}

static void the_second_is_refused(void **state)
{
    struct ledger second;
    struct fixture f;

    (void)state;
    begin(&f);
    assert_int_equal(ledger_open(".", "/another/state", &second), -EBUSY);
    ledger_close(&second);
    ledger_close(&f.ledger);
    assert_int_equal(ledger_open(".", "/another/state", &second), 0);
    ledger_close(&second);
}

/* A reload that finds no room: the old one would be believed, and is taken away. */
static void one_that_cannot_be_made_leaves_none(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    put_whole(&f, 0, 0, 17);
    assert_int_equal(mkdir(LEDGER_FILE_NEW, 0755), 0);
    assert_int_equal(ledger_build(&f.ledger, f.meters, 2), -EEXIST);
    assert_false(is_there(LEDGER_FILE));
    put_whole(&f, 0, 0, 18);
    assert_int_equal(begin_again(&f), LEDGER_NONE);
    ledger_close(&f.ledger);
}

/* Every page has its room before it is written to: else this would end with SIGBUS. */
static void a_full_file_system(void **state)
{
    struct fixture f;
    char junk[4096] = { 1 };
    ssize_t wrote;
    int fd, r;

    (void)state;
    assert_int_equal(mkdir("small", 0755), 0);
    if (mount("none", "small", "tmpfs", 0, "size=64k") < 0) {
        print_message("no tmpfs can be mounted here: a limit of the process does for it\n");
        return;
    }
    meters_begin(&f);
    assert_int_equal(ledger_open("small", "/the/state", &f.ledger), 0);
    fd = open("small/junk", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    do
        wrote = write(fd, junk, sizeof(junk));
    while (wrote > 0);
    close(fd);
    r = ledger_build(&f.ledger, f.meters, 2);
    put_whole(&f, 0, 0, 17);
    ledger_close(&f.ledger);
    assert_int_equal(umount("small"), 0);
    assert_int_equal(r, -ENOSPC);
}

static void a_file_that_may_not_grow(void **state)
{
    struct rlimit before, none;
    struct fixture f;
    int r;

    (void)state;
    meters_begin(&f);
    assert_int_equal(ledger_open(".", "/the/state", &f.ledger), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none = before;
    none.rlim_cur = 64;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    r = ledger_build(&f.ledger, f.meters, 2);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(r, -EFBIG);
    assert_false(is_there(LEDGER_FILE));
    assert_false(is_there(LEDGER_FILE_NEW));
    put_whole(&f, 0, 0, 17);
    ledger_close(&f.ledger);
}

/* ---- kill -9 ---- */

static void put_count(struct fixture *f, uint64_t i)
{
    const struct meter_tally tally = { .requests = i, .answers = i, .errors = ~i };

    put_whole(f, 0, 0, (int64_t)i);
    put_real(f, 1, 1, (double)i / 3);
    put_tally(f, 1, &tally);
}

/* What the child has done is what it last wrote into shared memory after the put. */
static void count_until_killed(struct fixture *f, volatile uint64_t *done)
{
    for (uint64_t i = *done + 1;; i++) {
        put_count(f, i);
        *done = i;
    }
}

static void kill_soon(pid_t pid, unsigned round)
{
    const struct timespec soon = { .tv_nsec = 50000 + (long)(round * 7919U % 3000U) * 1000 };
    int status;

    nanosleep(&soon, NULL);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
}

/* Again and again a child counts until it is killed; `check` gets how far it was for certain. */
static void kill_while(void (*count)(struct fixture *, volatile uint64_t *),
                       void (*check)(const struct fixture *, uint64_t))
{
    volatile uint64_t *done =
        mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct fixture f;

    assert_ptr_not_equal(done, MAP_FAILED);
    begin(&f);
    put_count(&f, 0);
    for (unsigned i = 0; i < KILLS; i++) {
        uint64_t number;
        pid_t pid = fork();

        if (pid == 0)
            count(&f, done);
        kill_soon(pid, i);
        assert_int_equal(begin_again(&f), LEDGER_GOOD);
        check(&f, *done);
        number = (uint64_t)f.t[0].cells[0].number.integer;
        assert_int_equal(ledger_build(&f.ledger, f.meters, 2), 0);
        put_count(&f, number);
        *done = number;
    }
    assert_true(*done > KILLS);
    ledger_close(&f.ledger);
    munmap((void *)done, sizeof(*done));
}

static void check_each(const struct fixture *f, uint64_t least)
{
    uint64_t number = (uint64_t)f->t[0].cells[0].number.integer;
    uint64_t tally = f->t[1].meter.tally.answers;

    assert_true(number == least || number == least + 1);
    assert_true(tally == least || tally == least + 1);
    assert_true(f->t[1].meter.tally.requests == tally);
    assert_true(f->t[1].meter.tally.errors == ~tally);
    assert_true(f->t[1].cells[1].number.real == (double)least / 3 ||
                f->t[1].cells[1].number.real == (double)(least + 1) / 3);
}

/* Killed at any moment it has counted what was done, or one more that was just being done. */
static void no_kill_loses_anything(void **state)
{
    (void)state;
    kill_while(count_until_killed, check_each);
}

/* All of it, twice, so that what is overwritten is not the only copy from before. */
static void count_together_until_killed(struct fixture *f, volatile uint64_t *done)
{
    for (uint64_t i = *done + 1;; i++) {
        ledger_begin(&f->ledger);
        put_count(f, i + 1000000000);
        put_count(f, i);
        ledger_commit(&f->ledger);
        *done = i;
    }
}

static void check_together(const struct fixture *f, uint64_t least)
{
    uint64_t number = (uint64_t)f->t[0].cells[0].number.integer;

    assert_true(number == least || number == least + 1);
    assert_true(f->t[1].meter.tally.answers == number);
    assert_true(f->t[1].meter.tally.errors == ~number);
    assert_true(f->t[1].cells[1].number.real == (double)number / 3);
}

/* Killed in the middle of a change of several numbers: all of them are from before it, or none. */
static void what_changes_together_is_there_together(void **state)
{
    (void)state;
    kill_while(count_together_until_killed, check_together);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(what_was_put_is_back),
        IN_DIRECTORY(a_record_that_is_another_one),
        IN_DIRECTORY(the_state_is_newer),
        IN_DIRECTORY(of_another_state),
        IN_DIRECTORY(no_byte_makes_a_wrong_number),
        IN_DIRECTORY(a_damaged_slot),
        IN_DIRECTORY(a_file_that_is_none),
        IN_DIRECTORY(no_such_directory),
        IN_DIRECTORY(the_second_is_refused),
        IN_DIRECTORY(one_that_cannot_be_made_leaves_none),
        IN_DIRECTORY(a_full_file_system),
        IN_DIRECTORY(a_file_that_may_not_grow),
        IN_DIRECTORY(no_kill_loses_anything),
        IN_DIRECTORY(what_changes_together_is_there_together),
    };

    return cmocka_run_group_tests_name("store/ledger", tests, NULL, NULL);
}
