#include "source/sensor_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY)

/* "/sys/devices/28-*_x/temperature": folder "/sys/devices/", prefix "28-", suffix "_x", rest
 * "/temperature". All but the rest are without an end of their own. */
struct wildcard {
    const char *folder, *prefix, *suffix, *rest;
    size_t n_folder, n_prefix, n_suffix;
};

static void closedirp(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static void freep(char **text)
{
    free(*text);
}

static struct wildcard take_apart(const char *path, const char *star)
{
    struct wildcard w = { .folder = path, .prefix = star, .suffix = star + 1 };

    while (w.prefix > path && w.prefix[-1] != '/')
        w.prefix--;
    w.n_folder = (size_t)(w.prefix - path);
    w.n_prefix = (size_t)(star - w.prefix);
    w.rest = strchrnul(w.suffix, '/');
    w.n_suffix = (size_t)(w.rest - w.suffix);
    return w;
}

static bool fits(const struct wildcard *w, const char *name)
{
    size_t n = strlen(name);

    if (name[0] == '.' && w->n_prefix == 0)
        return false;
    return n >= w->n_prefix + w->n_suffix && memcmp(name, w->prefix, w->n_prefix) == 0 &&
           memcmp(name + n - w->n_suffix, w->suffix, w->n_suffix) == 0;
}

/* What cannot be looked at is there all the same: opening it says what is wrong. */
static bool is_file(int folder, const char *path)
{
    struct stat status;

    if (fstatat(folder, path, &status, 0) < 0)
        return errno != ENOENT && errno != ENOTDIR;
    return !S_ISDIR(status.st_mode);
}

static DIR *open_folder(const struct wildcard *w)
{
    CLEANUP(freep) char *path = strndup(w->folder, w->n_folder);

    if (!path)
        return NULL;
    return opendir(w->n_folder > 0 ? path : ".");
}

/* Counts the files that fit; *ret_path is one of them, from the folder on. 0 or a negative errno.
 */
static int find(const struct wildcard *w, DIR *dir, char **ret_path, size_t *ret_n)
{
    struct dirent *entry;
    char *path;

    *ret_path = NULL;
    *ret_n = 0;
    /* cppcheck-suppress readdirCalled ; no other thread reads this folder */
    while (errno = 0, (entry = readdir(dir)) != NULL) {
        if (!fits(w, entry->d_name))
            continue;
        if (asprintf(&path, "%s%s", entry->d_name, w->rest) < 0)
            return -ENOMEM;
        if (is_file(dirfd(dir), path)) {
            (*ret_n)++;
            free(*ret_path);
            *ret_path = path;
        } else {
            free(path);
        }
    }
    return -errno;
}

int sensor_file_open(const char *path, size_t *ret_n)
{
    const char *star = strchr(path, '*');
    CLEANUP(closedirp) DIR *dir = NULL;
    CLEANUP(freep) char *found = NULL;
    struct wildcard w;
    int fd, r;

    *ret_n = 1;
    if (star) {
        w = take_apart(path, star);
        dir = open_folder(&w);
        if (!dir)
            return -errno;
        r = find(&w, dir, &found, ret_n);
        if (r < 0)
            return r;
        if (*ret_n != 1)
            return *ret_n == 0 ? -ENOENT : -ENOTUNIQ;
    }
    fd = found ? openat(dirfd(dir), found, OPEN_FLAGS) : open(path, OPEN_FLAGS);
    return fd < 0 ? -errno : fd;
}

/* Up to n bytes, fewer only at the end of the file. */
static ssize_t read_all(int fd, char *bytes, size_t n)
{
    size_t got = 0;

    while (got < n) {
        ssize_t more = read(fd, bytes + got, n - got);

        if (more < 0 && errno != EINTR)
            return -errno;
        if (more == 0)
            break;
        if (more > 0)
            got += (size_t)more;
    }
    return (ssize_t)got;
}

static void say_why(int r, size_t n_files, char *why, size_t n_why)
{
    errno = -r; /* for %m: strerror() is not for threads */
    if (r == -ENOTUNIQ)
        (void)snprintf(why, n_why, "the path matches %zu files", n_files);
    else if (r == -ENOENT && n_files == 0)
        (void)snprintf(why, n_why, "the path matches no file");
    else
        (void)snprintf(why, n_why, "%m");
}

int sensor_file_read(const char *path, size_t max, char **ret, size_t *ret_n, char *why,
                     size_t n_why)
{
    CLEANUP(freep) char *text = malloc(max + 2);
    size_t n_files = 1;
    ssize_t n = -ENOMEM;
    int fd;

    if (text) {
        fd = sensor_file_open(path, &n_files);
        n = fd < 0 ? fd : read_all(fd, text, max + 1);
        if (fd >= 0)
            close(fd);
    }
    if (n < 0) {
        say_why((int)n, n_files, why, n_why);
        return (int)n;
    }
    text[n] = '\0';
    *ret = TAKE_PTR(text);
    *ret_n = (size_t)n;
    return 0;
}
