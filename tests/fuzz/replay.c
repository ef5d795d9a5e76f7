/* A plain main() for a fuzz target: gives it each file of a folder, as a test (TAP). What once
 * broke a target is kept there and never breaks it again. fuzz_X FOLDER */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *folder, const char *name)
{
    static uint8_t data[1 << 20];
    char path[1024];
    size_t n;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "re");
    if (f == NULL) {
        perror(path);
        exit(1);
    }
    n = fread(data, 1, sizeof(data), f);
    fclose(f);
    LLVMFuzzerTestOneInput(data, n);
}

int main(int argc, char *argv[])
{
    const char *name = strrchr(argv[0], '/'), *src = getenv("SRCDIR");
    struct dirent **entries;
    char folder[512];
    int found, n = 0;

    if (argc > 1)
        snprintf(folder, sizeof(folder), "%s", argv[1]);
    else /* fuzz_slave reads tests/fuzz/corpus/slave */
        snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s", src != NULL ? src : ".",
                 (name != NULL ? name + 1 : argv[0]) + strlen("fuzz_"));
    found = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        if (entries[i]->d_name[0] != '.') {
            replay(folder, entries[i]->d_name);
            printf("ok %d - %s\n", ++n, entries[i]->d_name);
        }
        free(entries[i]);
    }
    if (found >= 0)
        free(entries);
    printf("%s1..%d\n", n == 0 ? "not ok 1 - no inputs\n" : "", n > 0 ? n : 1);
    return n == 0;
}
