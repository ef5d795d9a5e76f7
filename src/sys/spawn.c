#include "sys/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/macros.h"

/* What an exit by us means to shells: the program was not run. */
#define EXIT_NOT_RUN 127

struct pipe {
    int read, write;
};

enum {
    PIPE_OUTPUT,
    PIPE_ERRORS,
    PIPE_NOT_RUN,
    PIPES,
};

/* ---- in the child ----------------------------------------------------------------------------
 * Another thread may have held any lock when we were copied: only what is safe in a signal handler.
 */

static void default_signals(void)
{
    static const struct sigaction by_default = { .sa_handler = SIG_DFL };
    sigset_t none;

    /* Those that may not be changed refuse it. */
    for (int i = 1; i < NSIG; i++)
        sigaction(i, &by_default, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Above 2, so that no dup2() meets one that is still needed: we may have been started without 0 to
 * 2. */
static int moved_up(int fd)
{
    return fd > STDERR_FILENO ? fd : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

static bool arrange_descriptors(int output, int errors)
{
    int nothing = moved_up(open("/dev/null", O_RDONLY | O_CLOEXEC));

    output = moved_up(output);
    errors = moved_up(errors);
    if (dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        dup2(errors, STDERR_FILENO) < 0)
        return false;
    /* Ours are all O_CLOEXEC; what whoever started us left open may not be. Linux before 5.11
     * cannot. */
    close_range(STDERR_FILENO + 1, ~0U, (int)CLOSE_RANGE_CLOEXEC);
    return true;
}

/* False when the parent has ended before that could take effect. */
static bool die_with_parent(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

/* A file without an interpreter's line is a script of the shell's, as for execvp(3). */
static _Noreturn void run(const struct pipe pipes[static PIPES], pid_t parent, char *const argv[],
                          char *const environment[])
{
    int not_run = moved_up(pipes[PIPE_NOT_RUN].write);

    setpgid(0, 0);
    if (die_with_parent(parent) &&
        arrange_descriptors(pipes[PIPE_OUTPUT].write, pipes[PIPE_ERRORS].write)) {
        default_signals();
        execvpe(argv[0], argv, environment);
    }
    int error = errno;

    if (write(not_run, &error, sizeof(error)) < 0)
        _exit(EXIT_NOT_RUN + 1);
    _exit(EXIT_NOT_RUN);
}

/* ---- in the parent --------------------------------------------------------------------------- */

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int open_pipe(struct pipe *ret)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    *ret = (struct pipe){ .read = ends[0], .write = ends[1] };
    /* For the reading end alone: programs do not expect it of theirs. */
    return fcntl(ret->read, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

/* One that cannot be watched is ended at once: it was only just begun. */
static int watch(pid_t pid, int *ret)
{
    int r;

    *ret = pidfd_open(pid, 0);
    if (*ret >= 0)
        return 0;
    r = -errno;
    kill(-pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return r;
}

static int fork_and_run(const struct pipe pipes[static PIPES], char *const argv[],
                        char *const environment[], struct spawned *ret)
{
    pid_t parent = getpid(), pid;

    /* fork() would wait for locks that another thread may hold. */
    pid = _Fork();
    if (pid < 0)
        return -errno;
    if (pid == 0)
        run(pipes, parent, argv, environment);
    /* Here too: whoever comes first. Without, an early kill of the group would find none. */
    setpgid(pid, pid);
    ret->pid = pid;
    return watch(pid, &ret->exit);
}

int spawn(char *const argv[], char *const environment[], struct spawned *ret)
{
    struct pipe pipes[PIPES] = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
    int r = 0;

    for (size_t i = 0; i < PIPES && r >= 0; i++)
        r = open_pipe(&pipes[i]);
    if (r >= 0)
        r = fork_and_run(pipes, argv, environment, ret);
    for (size_t i = 0; i < PIPES; i++) {
        close_end(&pipes[i].write);
        if (r < 0)
            close_end(&pipes[i].read);
    }
    if (r < 0)
        return r;
    ret->output = pipes[PIPE_OUTPUT].read;
    ret->errors = pipes[PIPE_ERRORS].read;
    ret->not_run = pipes[PIPE_NOT_RUN].read;
    return 0;
}

/* ---- environment ----------------------------------------------------------------------------- */

/* What systemd tells the daemon of itself: a program that took it for its own would speak for us.
 */
static const char *const ours_alone[] = {
    "NOTIFY_SOCKET=", "WATCHDOG_USEC=",  "WATCHDOG_PID=",
    "LISTEN_FDS=",    "LISTEN_FDNAMES=", "LISTEN_PID=",
};

static bool same_name(const char *entry, const char *other)
{
    size_t n = strcspn(other, "=");

    return strncmp(entry, other, n) == 0 && entry[n] == '=';
}

static bool is_passed_on(const char *entry, const char *const extra[])
{
    for (size_t i = 0; i < ARRAY_SIZE(ours_alone); i++) {
        if (same_name(entry, ours_alone[i]))
            return false;
    }
    for (size_t i = 0; extra != NULL && extra[i] != NULL; i++) {
        if (same_name(entry, extra[i]))
            return false;
    }
    return true;
}

char **spawn_environment(const char *const extra[])
{
    size_t n = 1;
    char **list;

    for (char **e = environ; e != NULL && *e != NULL; e++)
        n++;
    for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
        n++;
    list = calloc(n, sizeof(*list));
    if (list == NULL)
        return NULL;
    n = 0;
    for (char **e = environ; e != NULL && *e != NULL; e++) {
        if (is_passed_on(*e, extra))
            list[n++] = *e;
    }
    for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
        list[n++] = (char *)extra[i];
    return list;
}
