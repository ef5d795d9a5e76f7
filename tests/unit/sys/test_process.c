#include "tests/unit/sys/program.h"

#include <fcntl.h>

#include "config/phrase.h"
#include "sys/capture.h"
#include "sys/process.h"
#include "sys/turns.h"

#define LONG (30 * USEC_PER_SEC)

struct fixture {
    struct programs programs;
    struct process *process;
    int n_done;
    enum process_end end;
    int64_t code;
    char output[256];
    size_t n_output;
    char why[sizeof(((struct phrase *)NULL)->text)];
    char **again; /* done() starts the process once more */
    bool free_in_done;
    usec_t done_at;
};

static void on_done(void *userdata, const struct process_result *result)
{
    struct fixture *f = userdata;
    struct phrase why = { 0 };

    f->n_done++;
    f->done_at = clock_now();
    f->end = result->end;
    f->code = result->code;
    f->n_output = result->n_output;
    assert_int_equal(strlen(result->output), result->n_output);
    snprintf(f->output, sizeof(f->output), "%s", result->output);
    process_why(&why, result);
    snprintf(f->why, sizeof(f->why), "%s", why.text);
    if (f->free_in_done) {
        process_free(f->process);
        f->process = NULL;
    } else if (f->again != NULL) {
        char **argv = TAKE_PTR(f->again);

        assert_int_equal(process_start(f->process, argv, NULL, LONG), 0);
    }
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    programs_init(&f->programs);
    assert_int_equal(
        process_new(f->programs.event, SD_EVENT_PRIORITY_IDLE, on_done, f, &f->process), 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    process_free(f->process);
    programs_done(&f->programs);
    free(f);
    return 0;
}

static int start(struct fixture *f, const char *script, usec_t timeout)
{
    char *argv[] = { programs_script(&f->programs, script), NULL };

    return process_start(f->process, argv, NULL, timeout);
}

static void run(struct fixture *f, const char *script, usec_t timeout)
{
    int n = f->n_done;

    assert_int_equal(start(f, script, timeout), 0);
    loop_until(f->programs.event, &f->n_done, n + 1);
    assert_int_equal(f->n_done, n + 1);
}

/* Runs the loop until a program has written its number into a file. */
static int wait_for_number(struct fixture *f, const char *name)
{
    usec_t end = clock_now() + 10 * USEC_PER_SEC;
    int number;

    while ((number = programs_number(&f->programs, name)) == 0) {
        assert_true(clock_now() < end);
        loop_for(f->programs.event, 5 * USEC_PER_MSEC);
    }
    return number;
}

/* ---- ends ------------------------------------------------------------------------------------ */

static void output_and_status_come_back(void **state)
{
    struct fixture *f = *state;

    run(f, "printf '21.5\\n'", LONG);
    assert_int_equal(f->end, PROCESS_EXITED);
    assert_int_equal(f->code, 0);
    assert_string_equal(f->output, "21.5\n");
    run(f, "echo half; exit 3", LONG);
    assert_int_equal(f->end, PROCESS_EXITED);
    assert_int_equal(f->code, 3);
    assert_string_equal(f->output, "half\n");
    assert_string_equal(f->why, "exit status 3");
    run(f, ":", LONG);
    assert_string_equal(f->output, "");
    assert_no_child();
}

static void a_signal_is_said(void **state)
{
    struct fixture *f = *state;

    run(f, "kill -SEGV $$", LONG);
    assert_int_equal(f->end, PROCESS_KILLED);
    assert_int_equal(f->code, SIGSEGV);
    assert_string_equal(f->why, "killed by signal 11");
    assert_no_child();
}

/* What a terminal or the journal cannot show is escaped, and none of it is too long. */
static void the_first_line_of_standard_error_tells_why(void **state)
{
    struct fixture *f = *state;

    run(f, "echo >&2; echo 'no sensor at w1 °C' >&2; echo more >&2; exit 4", LONG);
    assert_string_equal(f->why, "exit status 4: no sensor at w1 °C");
    run(f, "printf 'red \\033[31m \\377' >&2; exit 1", LONG);
    assert_string_equal(f->why, "exit status 1: red \\x1B[31m \\xFF");
    run(f, "i=0; while [ $i -lt 3000 ]; do printf 'ä123456789' >&2; i=$((i + 1)); done; exit 1",
        LONG);
    assert_true(strlen(f->why) <= strlen("exit status 1: ") + CAPTURE_COMPLAINT_MAX);
    assert_true(strlen(f->why) > 120);
    run(f, "exit 1", LONG);
    assert_string_equal(f->why, "exit status 1");
}

static void what_cannot_be_run_is_said(void **state)
{
    struct fixture *f = *state;
    char *argv[] = { (char *)programs_path(&f->programs, "nothing"), NULL };

    assert_int_equal(process_start(f->process, argv, NULL, LONG), 0);
    loop_until(f->programs.event, &f->n_done, 1);
    assert_int_equal(f->end, PROCESS_NOT_RUN);
    assert_int_equal(f->code, -ENOENT);
    assert_string_equal(f->why, "cannot be run: No such file or directory");
    argv[0] = f->programs.folder;
    assert_int_equal(process_start(f->process, argv, NULL, LONG), 0);
    loop_until(f->programs.event, &f->n_done, 2);
    assert_string_equal(f->why, "cannot be run: Permission denied");
    assert_no_child();
}

static void the_path_is_searched(void **state)
{
    struct fixture *f = *state;
    char *argv[] = { "printf", "%s|%s", "a b", "$HOME *", NULL };

    assert_int_equal(process_start(f->process, argv, NULL, LONG), 0);
    loop_until(f->programs.event, &f->n_done, 1);
    assert_string_equal(f->output, "a b|$HOME *");
    argv[0] = "no-such-program-anywhere";
    assert_int_equal(process_start(f->process, argv, NULL, LONG), 0);
    loop_until(f->programs.event, &f->n_done, 2);
    assert_string_equal(f->why, "cannot be run: No such file or directory");
}

/* ---- what the program finds ------------------------------------------------------------------ */

/* 32 and 33: no program can change what is done with them. */
#define C_LIBRARY_SIGNALS UINT64_C(0x180000000)

static void nothing_of_ours_but_the_environment_is_handed_on(void **state)
{
    struct fixture *f = *state;
    static const char *const extra[] = { "MBUS_VALUE=5", "MBUS_METER=a=b", NULL };
    char *argv[] = { programs_script(&f->programs,
                                     "echo \"$MBUS_VALUE $MBUS_METER $OURS $NOTIFY_SOCKET.\"\n"
                                     "ls -l /proc/self/fd | grep -c ' [3-9] -> /dev/null'\n"
                                     "readlink /proc/$$/fd/0\n"
                                     "grep -E '^Sig(Blk|Ign)' /proc/$$/status | tr -d '\\n'\n"),
                     NULL };
    int leaked = open("/dev/null", O_WRONLY); /* NOLINT(android-cloexec-open) */
    sigset_t set;
    char *ignored;

    setenv("MBUS_VALUE", "ours", 1);
    setenv("OURS", "here", 1);
    setenv("NOTIFY_SOCKET", "/ours", 1);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    assert_int_equal(process_start(f->process, argv, extra, LONG), 0);
    loop_until(f->programs.event, &f->n_done, 1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    unsetenv("NOTIFY_SOCKET");
    close(leaked);
    ignored = strstr(f->output, "SigIgn:\t");
    assert_non_null(ignored);
    assert_int_equal(strtoull(ignored + strlen("SigIgn:\t"), NULL, 16) & ~C_LIBRARY_SIGNALS, 0);
    *ignored = '\0';
    assert_string_equal(f->output, "5 a=b here .\n0\n/dev/null\nSigBlk:\t0000000000000000");
}

/* A daemon may be started without standard streams: our pipes are then where the program's go. */
static void without_standard_streams_of_ours(void **state)
{
    struct fixture *f = *state;
    int kept[3];

    for (int i = 0; i < 3; i++) {
        kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
        close(i);
    }
    run(f, "read x; echo \"[$x]\"; echo bad >&2; exit 2", LONG);
    for (int i = 0; i < 3; i++) {
        dup2(kept[i], i);
        close(kept[i]);
    }
    assert_string_equal(f->output, "[]\n");
    assert_string_equal(f->why, "exit status 2: bad");
}

/* Whoever started us may have ignored its children: we would never learn how ours end. */
static void an_inherited_disinterest_in_children_is_undone(void **state)
{
    struct fixture *f = *state;

    signal(SIGCHLD, SIG_IGN);
    process_free(f->process);
    assert_int_equal(
        process_new(f->programs.event, SD_EVENT_PRIORITY_IDLE, on_done, f, &f->process), 0);
    run(f, "exit 7", LONG);
    assert_int_equal(f->end, PROCESS_EXITED);
    assert_int_equal(f->code, 7);
}

/* ---- what does not end ----------------------------------------------------------------------- */

static void one_that_hangs_is_killed_in_time(void **state)
{
    struct fixture *f = *state;
    usec_t begin = clock_now();

    run(f, "echo $$ >$F/pid; sleep 100", 300 * USEC_PER_MSEC);
    assert_int_equal(f->end, PROCESS_TIMED_OUT);
    assert_string_equal(f->why, "no answer within 300 ms");
    assert_true(f->done_at - begin >= 300 * USEC_PER_MSEC);
    assert_true(f->done_at - begin < 3 * USEC_PER_SEC);
    assert_group_is_gone(programs_number(&f->programs, "pid"));
    assert_no_child();
}

static void one_that_ignores_signals_is_killed_with_its_children(void **state)
{
    struct fixture *f = *state;

    run(f,
        "trap '' TERM HUP INT QUIT\necho $$ >$F/pid\n"
        "(trap '' TERM; sleep 100; sleep 100) &\nsleep 100 &\nwhile :; do sleep 100; done",
        300 * USEC_PER_MSEC);
    assert_int_equal(f->end, PROCESS_TIMED_OUT);
    assert_group_is_gone(programs_number(&f->programs, "pid"));
    assert_no_child();
}

static void one_that_is_stopped_is_killed(void **state)
{
    struct fixture *f = *state;

    run(f, "kill -STOP $$", 200 * USEC_PER_MSEC);
    assert_int_equal(f->end, PROCESS_TIMED_OUT);
    assert_no_child();
}

/* The answer is there when the program ends: its grandchild holds the pipe, and dies for it. */
static void a_grandchild_that_holds_the_pipe_delays_nothing(void **state)
{
    struct fixture *f = *state;
    usec_t begin = clock_now();

    run(f, "echo $$ >$F/pid; sleep 100 & echo 42", LONG);
    assert_int_equal(f->end, PROCESS_EXITED);
    assert_string_equal(f->output, "42\n");
    assert_true(clock_now() - begin < 5 * USEC_PER_SEC);
    assert_group_is_gone(programs_number(&f->programs, "pid"));
    assert_no_child();
}

/* It is in a session of its own, and holds both pipes: it is not ours to kill, and not waited for.
 */
static void one_that_escapes_delays_nothing(void **state)
{
    struct fixture *f = *state;
    usec_t begin = clock_now();

    run(f,
        "export F\nsetsid sh -c 'echo $$ >$F/pid; exec sleep 100' &\n"
        "while [ ! -s $F/pid ]; do sleep 0.01; done; echo 43",
        LONG);
    assert_string_equal(f->output, "43\n");
    assert_true(clock_now() - begin < 5 * USEC_PER_SEC);
    assert_int_equal(kill(programs_number(&f->programs, "pid"), SIGKILL), 0);
    assert_no_child();
}

static void one_that_closes_its_output_is_waited_for(void **state)
{
    struct fixture *f = *state;

    run(f, "echo 44; exec >&- 2>&-; sleep 0.2; exit 5", LONG);
    assert_int_equal(f->end, PROCESS_EXITED);
    assert_int_equal(f->code, 5);
    assert_string_equal(f->output, "44\n");
}

/* exec() itself stands still, as on a dead network file system: here since somebody who has a lease
 * on the file does not give it up. */
static void a_file_that_cannot_be_loaded_delays_only_itself(void **state)
{
    struct fixture *f = *state;
    char *argv[] = { programs_script(&f->programs, "echo 1"), NULL };
    int file = open(argv[0], O_RDWR | O_CLOEXEC);
    usec_t begin = clock_now();

    signal(SIGIO, SIG_IGN);
    if (fcntl(file, F_SETLEASE, F_WRLCK) < 0)
        skip();
    assert_int_equal(process_start(f->process, argv, NULL, 300 * USEC_PER_MSEC), 0);
    assert_true(clock_now() - begin < 200 * USEC_PER_MSEC);
    loop_until(f->programs.event, &f->n_done, 1);
    assert_int_equal(f->end, PROCESS_TIMED_OUT);
    assert_no_child();
    close(file);
}

/* ---- what prints too much -------------------------------------------------------------------- */

static void as_much_as_is_allowed_comes_whole(void **state)
{
    struct fixture *f = *state;

    run(f, "head -c 65536 /dev/zero | tr '\\0' x", LONG);
    assert_int_equal(f->end, PROCESS_EXITED);
    assert_int_equal(f->n_output, CAPTURE_OUTPUT_MAX);
    run(f, "head -c 65537 /dev/zero | tr '\\0' x", LONG);
    assert_int_equal(f->end, PROCESS_TOO_MUCH);
}

static void a_megabyte_is_refused(void **state)
{
    struct fixture *f = *state;

    run(f, "echo $$ >$F/pid; head -c 1048576 /dev/zero | tr '\\0' x; sleep 100", LONG);
    assert_int_equal(f->end, PROCESS_TOO_MUCH);
    assert_string_equal(f->why, "prints more than 64 KiB");
    assert_group_is_gone(programs_number(&f->programs, "pid"));
    run(f, "exec yes", LONG);
    assert_int_equal(f->end, PROCESS_TOO_MUCH);
    assert_no_child();
}

static void a_megabyte_of_complaints_harms_nobody(void **state)
{
    struct fixture *f = *state;

    run(f, "head -c 1048576 /dev/zero | tr '\\0' x >&2; echo 45", LONG);
    assert_int_equal(f->end, PROCESS_EXITED);
    assert_string_equal(f->output, "45\n");
}

/* ---- again and again ------------------------------------------------------------------------- */

static void one_at_a_time(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(start(f, "sleep 0.2; echo 1", LONG), 0);
    assert_int_equal(start(f, "echo 2", LONG), -EBUSY);
    loop_until(f->programs.event, &f->n_done, 1);
    loop_for(f->programs.event, 100 * USEC_PER_MSEC);
    assert_int_equal(f->n_done, 1);
}

static void done_may_start_again_or_end_all(void **state)
{
    struct fixture *f = *state;
    char *argv[] = { "echo", "second", NULL };

    f->again = argv;
    assert_int_equal(start(f, "sleep 100", 100 * USEC_PER_MSEC), 0);
    loop_until(f->programs.event, &f->n_done, 2);
    assert_string_equal(f->output, "second\n");
    f->free_in_done = true;
    run(f, "echo 3", LONG);
    assert_null(f->process);
    assert_no_child();
}

static void nothing_is_left_of_many_runs(void **state)
{
    struct fixture *f = *state;
    int before;

    run(f, "echo 1", LONG);
    before = count_descriptors();
    for (int i = 0; i < 200; i++) {
        run(f, i % 2 ? "sleep 100 & echo 1" : "exit 1", LONG);
        assert_int_equal(f->end, PROCESS_EXITED);
    }
    assert_int_equal(count_descriptors(), before);
    assert_no_child();
}

/* ---- nobody wants it any more ---------------------------------------------------------------- */

static void what_is_not_wanted_is_killed_and_reaped(void **state)
{
    struct fixture *f = *state;
    int before, pid;

    run(f, "echo 1", LONG); /* now the loop has all descriptors that it needs */
    before = count_descriptors();
    assert_int_equal(start(f, "trap '' TERM; sleep 100 & echo $$ >$F/pid; sleep 100", LONG), 0);
    pid = wait_for_number(f, "pid");
    process_free(f->process);
    f->process = NULL;
    assert_group_is_gone(pid);
    loop_for(f->programs.event, 100 * USEC_PER_MSEC);
    assert_no_child();
    assert_int_equal(f->n_done, 1);
    assert_int_equal(count_descriptors(), before);
}

/* The loop ends before the child is reaped: nothing leaks, and nothing lives on. */
static void the_end_of_the_loop_is_no_trouble(void **state)
{
    struct fixture *f = *state;
    int before = count_descriptors(), pid;

    assert_int_equal(start(f, "echo $$ >$F/pid; sleep 100", LONG), 0);
    pid = wait_for_number(f, "pid");
    process_free(f->process);
    f->process = NULL;
    f->programs.event = sd_event_unref(f->programs.event);
    assert_group_is_gone(pid);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_true(count_descriptors() < before);
}

/* Killed as kill -9 would do it; outside of systemd nobody else looks after the program. */
static void a_program_dies_with_us(void **state)
{
    struct fixture *f = *state;
    pid_t us = fork();
    int pid;

    if (us == 0) {
        /* A loop is of the process that made it. */
        assert_int_equal(sd_event_new(&f->programs.event), 0);
        assert_int_equal(process_new(f->programs.event, 0, on_done, f, &f->process), 0);
        assert_int_equal(start(f, "echo $$ >$F/pid; exec sleep 100", LONG), 0);
        wait_for_number(f, "pid");
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(us, NULL, 0), us);
    pid = programs_number(&f->programs, "pid");
    assert_group_is_gone(pid);
}

/* ---- turns ----------------------------------------------------------------------------------- */

#define MANY (TURNS_MAX + 10)

static void count_done(void *userdata, const struct process_result *result)
{
    assert_int_equal(result->end, PROCESS_EXITED);
    (*(int *)userdata)++;
}

/* No more than so many run at a time; the others run in their turn, and those that are not wanted
 * any more do not. */
static void a_thousand_meters_are_not_a_thousand_processes(void **state)
{
    struct fixture *f = *state;
    struct process *many[MANY];
    char *argv[] = { "sleep", "0.3", NULL };
    int n_done = 0;

    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(process_new(f->programs.event, 0, count_done, &n_done, &many[i]), 0);
        assert_int_equal(process_start(many[i], argv, NULL, LONG), 0);
        assert_int_equal(process_start(many[i], argv, NULL, LONG), -EBUSY);
    }
    assert_int_equal(count_processes(-1), TURNS_MAX);
    process_free(many[MANY - 1]); /* waits */
    process_free(many[TURNS_MAX]);
    process_free(many[0]); /* runs */
    loop_until(f->programs.event, &n_done, MANY - 3);
    for (size_t i = 1; i < MANY - 1; i++) {
        if (i != TURNS_MAX)
            process_free(many[i]);
    }
    assert_int_equal(n_done, MANY - 3);
    assert_no_child();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(output_and_status_come_back),
        TEST(a_signal_is_said),
        TEST(the_first_line_of_standard_error_tells_why),
        TEST(what_cannot_be_run_is_said),
        TEST(the_path_is_searched),
        TEST(nothing_of_ours_but_the_environment_is_handed_on),
        TEST(without_standard_streams_of_ours),
        TEST(an_inherited_disinterest_in_children_is_undone),
        TEST(one_that_hangs_is_killed_in_time),
        TEST(one_that_ignores_signals_is_killed_with_its_children),
        TEST(one_that_is_stopped_is_killed),
        TEST(a_grandchild_that_holds_the_pipe_delays_nothing),
        TEST(one_that_escapes_delays_nothing),
        TEST(one_that_closes_its_output_is_waited_for),
        TEST(a_file_that_cannot_be_loaded_delays_only_itself),
        TEST(as_much_as_is_allowed_comes_whole),
        TEST(a_megabyte_is_refused),
        TEST(a_megabyte_of_complaints_harms_nobody),
        TEST(one_at_a_time),
        TEST(done_may_start_again_or_end_all),
        TEST(nothing_is_left_of_many_runs),
        TEST(what_is_not_wanted_is_killed_and_reaped),
        TEST(the_end_of_the_loop_is_no_trouble),
        TEST(a_program_dies_with_us),
        TEST(a_thousand_meters_are_not_a_thousand_processes),
    };

    return cmocka_run_group_tests_name("sys/process", tests, NULL, NULL);
}
