#include "tests/bench/figures.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATH_SIZE 320

double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double quantile(double *values, size_t n, double share)
{
    if (n == 0)
        return 0;
    qsort(values, n, sizeof(*values), compare);
    return values[(size_t)(share * (double)(n - 1) + 0.5)];
}

/* ---- /proc ----------------------------------------------------------------------------------- */

/* Calls `look` with the path of each entry of a folder; the sum of what it returns. */
static double sum_over(const char *folder, double (*look)(const char *path))
{
    char path[PATH_SIZE];
    DIR *dir = opendir(folder);
    struct dirent *entry;
    double sum = 0;

    /* cppcheck-suppress readdirCalled ; there is one thread */
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            sum += look(path);
    }
    if (dir != NULL)
        closedir(dir);
    return sum;
}

static double first_number(const char *path)
{
    char line[128] = "";
    FILE *f = fopen(path, "re");

    if (f != NULL && fgets(line, sizeof(line), f) == NULL)
        line[0] = '\0';
    if (f != NULL)
        fclose(f);
    return strtod(line, NULL);
}

static double time_of_thread(const char *task)
{
    char path[PATH_SIZE + 16];

    snprintf(path, sizeof(path), "%s/schedstat", task);
    return first_number(path);
}

static double children_of_thread(const char *task)
{
    char path[PATH_SIZE + 16], pid[16];
    double n = 0;
    FILE *f;

    snprintf(path, sizeof(path), "%s/children", task);
    f = fopen(path, "re");
    while (f != NULL && fscanf(f, "%15s", pid) == 1)
        n++;
    if (f != NULL)
        fclose(f);
    return n;
}

static double one(const char *path)
{
    (void)path;
    return 1;
}

static const char *proc_path(char path[static 64], pid_t pid, const char *file)
{
    snprintf(path, 64, "/proc/%d/%s", (int)pid, file);
    return path;
}

double cpu_ns(pid_t pid)
{
    char path[64];

    return sum_over(proc_path(path, pid, "task"), time_of_thread);
}

long count_descriptors(pid_t pid)
{
    char path[64];

    return (long)sum_over(proc_path(path, pid, "fd"), one);
}

long count_children(pid_t pid)
{
    char path[64];

    return (long)sum_over(proc_path(path, pid, "task"), children_of_thread);
}

long proc_number(pid_t pid, const char *file, const char *word)
{
    char path[64], line[256];
    long value = -1;
    FILE *f = fopen(proc_path(path, pid, file), "re");

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, word, strlen(word)) == 0)
            value = strtol(line + strlen(word), NULL, 10);
    }
    if (f != NULL)
        fclose(f);
    return value;
}
