#include "tests/unit/config/support.h"

#include <dirent.h>
#include <errno.h>

#define PTY "port = { device = \"pty\"; };\n"
#define METER "meter = { };\n"

static const char *data_folder(const char *name)
{
    static char path[512];
    const char *root = getenv("SRCDIR");
    snprintf(path, sizeof(path), "%s/tests/data/config/%s/", root ? root : ".", name);
    return path;
}

/* Every message in a line of its own, with the folder taken out; for the caller to free. */
static char *lines_of(const struct config_messages *messages, const char *folder)
{
    char *lines = NULL;
    size_t n = 0;
    FILE *stream = open_memstream(&lines, &n);
    assert_non_null(stream);
    for (size_t i = 0; i < messages->n; i++)
        fprintf(stream, "%s%s\n",
                messages->items[i].is_error ? "" : "warning: ", messages->items[i].text);
    fclose(stream);
    for (char *p; (p = strstr(lines, folder)) != NULL;)
        memmove(p, p + strlen(folder), strlen(p + strlen(folder)) + 1);
    return lines;
}

static char *read_whole(const char *path)
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    if (getdelim(&text, &n, '\0', file) < 0)
        fail_msg("%s: empty", path);
    fclose(file);
    return text;
}

/* Calls `fn` for every NAME.conf of a folder; returns how many there are. */
static unsigned each_file(const char *folder, void (*fn)(const char *folder, const char *name))
{
    struct dirent **entries;
    unsigned n = 0;
    int all = scandir(folder, &entries, NULL, alphasort);
    if (all < 0)
        fail_msg("%s: %s", folder, strerror(errno));
    for (int i = 0; i < all; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        if (dot && strcmp(dot, ".conf") == 0) {
            fn(folder, entries[i]->d_name);
            n++;
        }
        free(entries[i]);
    }
    free(entries);
    return n;
}

static void check_bad(const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s%s", folder, name);
    struct loaded loaded = load_path(path, NULL);
    char *lines = lines_of(&loaded.messages, folder);
    strcpy(strrchr(path, '.'), ".err");
    char *expected = read_whole(path);
    if (strcmp(lines, expected) != 0)
        fail_msg("%s says\n%sin place of\n%s", name, lines, expected);
    assert_int_equal(loaded.r, -EINVAL);
    assert_true(loaded.messages.n_errors > 0);
    assert_null(loaded.config);
    free(lines);
    free(expected);
    loaded_done(&loaded);
}

static void test_bad(void **state)
{
    (void)state;
    assert_true(each_file(data_folder("bad"), check_bad) >= 40);
}

static void check_good(const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s%s", folder, name);
    struct loaded loaded = load_path(path, NULL);
    char *lines = lines_of(&loaded.messages, folder);
    if (loaded.r != 0 || loaded.messages.n > 0)
        fail_msg("%s says\n%s", name, lines);
    free(lines);
    loaded_done(&loaded);
}

static void test_good(void **state)
{
    (void)state;
    assert_true(each_file(data_folder("good"), check_good) > 0);
}

static struct loaded load_data(const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s%s", data_folder("good"), name);
    return load_path(path, NULL);
}

static void test_includes(void **state)
{
    (void)state;
    struct loaded loaded = load_data("include.conf");
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.config->ports[0].kind, PORT_PTY);
    assert_int_equal(loaded.config->meters[0].address, 12);
    assert_int_equal(loaded.config->meters[0].ident.version, 7);
    assert_int_equal(loaded.config->meters[0].n_records, 1);
    assert_int_equal(loaded.config->meters[0].records[0].wire.value.integer, 230);
    loaded_done(&loaded);
}

static void assert_defaults(const char *text)
{
    struct loaded loaded = load_good(text);
    const struct port_config *port = &loaded.config->ports[0];
    const struct meter_def *meter = &loaded.config->meters[0];
    assert_int_equal(loaded.config->n_ports, 1);
    assert_int_equal(loaded.config->n_meters, 1);
    assert_int_equal(loaded.config->log_level, LOG_LEVEL_INFO);
    assert_null(loaded.config->state_directory);
    assert_int_equal(loaded.config->state_interval, 60 * USEC_PER_SEC);
    assert_string_equal(port->device, "pty");
    assert_int_equal(port->baud, 2400);
    assert_int_equal(port->baud_fallback, 2 * USEC_PER_MIN);
    assert_null(port->meters);
    assert_int_equal(port->n_meters, 0);
    assert_true(port->parity_even);
    assert_int_equal(port->answer_delay, 0);
    assert_int_equal(port->byte_gap, 0);
    assert_null(port->link);
    assert_int_equal(port->mode, 0666);
    assert_int_equal(port->max_clients, 8);
    assert_int_equal(port->idle_timeout, 10 * USEC_PER_MIN);
    assert_string_equal(meter->name, "meter");
    assert_int_equal(meter->address, 0);
    assert_int_equal(meter->ident.id, 0);
    assert_int_equal(meter->ident.manufacturer, ident_manufacturer("TST"));
    assert_int_equal(meter->ident.version, 1);
    assert_int_equal(meter->ident.medium, 0);
    assert_int_equal(meter->structure, METER_VARIABLE);
    assert_int_equal(meter->status, 0);
    assert_int_equal(meter->repeat_time, 10 * USEC_PER_SEC);
    assert_int_equal(meter->session_time, 2 * USEC_PER_MIN);
    assert_int_equal(meter->max_telegram, 255);
    assert_int_equal(meter->allow, METER_ALLOW_ADDRESS | METER_ALLOW_READOUT | METER_ALLOW_RESET |
                                       METER_ALLOW_FREEZE);
    assert_int_equal(meter->on_refused, METER_REFUSAL_SILENT);
    assert_int_equal(meter->nke_253, METER_NKE_253_SELECTED);
    assert_int_equal(meter->n_tail, 0);
    assert_int_equal(meter->n_records, 0);
    loaded_done(&loaded);
}

/* A device is all that a file must name. */
static void test_defaults(void **state)
{
    (void)state;
    assert_defaults(PTY METER);
    assert_defaults(PTY);
    assert_defaults("ports = ( { device = \"pty\"; } );\n");

    struct config_overrides overrides = { .device = "pty", .addr = "9", .id = "8", .manuf = "ABC" };
    struct loaded loaded = load_text("", &overrides);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.messages.n, 0);
    assert_int_equal(loaded.config->meters[0].address, 9);
    assert_int_equal(loaded.config->meters[0].ident.id, 8);
    assert_int_equal(loaded.config->meters[0].ident.manufacturer, ident_manufacturer("ABC"));
    loaded_done(&loaded);
}

static void test_stock(void **state)
{
    (void)state;
    if (access(CONFIG_DEFAULT_FILE, F_OK) == 0)
        skip();
    struct config_overrides overrides = { .device = "pty", .addr = "77" };
    struct loaded loaded = load_path(NULL, &overrides);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.messages.n, 0);
    assert_int_equal(loaded.config->ports[0].kind, PORT_PTY);
    assert_int_equal(loaded.config->meters[0].address, 77);
    assert_int_equal(loaded.config->meters[0].ident.id, 0x12345678);
    assert_int_equal(loaded.config->meters[0].n_records, 2);
    loaded_done(&loaded);

    loaded = load_path(NULL, NULL);
    assert_int_equal(loaded.r, -ENOENT);
    assert_int_equal(loaded.messages.n, 1);
    assert_string_equal(loaded.messages.items[0].text,
                        "/etc/mbus-slave.conf: No such file or directory; --config FILE names "
                        "another, --device DEVICE serves the built-in meter");
    loaded_done(&loaded);
}

static void test_files_that_cannot_be_read(void **state)
{
    (void)state;
    struct config_overrides overrides = { .device = "pty" };
    struct loaded loaded = load_path("/none.conf", &overrides);
    assert_int_equal(loaded.r, -ENOENT);
    assert_int_equal(loaded.messages.n, 1);
    assert_string_equal(loaded.messages.items[0].text, "/none.conf: No such file or directory");
    loaded_done(&loaded);

    loaded = load_path("/dev/zero", NULL);
    assert_int_equal(loaded.r, -EINVAL);
    assert_string_equal(loaded.messages.items[0].text, "/dev/zero: more than 16 MiB");
    loaded_done(&loaded);
}

static void assert_messages(const char *text, const struct config_overrides *overrides,
                            const char *expected)
{
    struct loaded loaded = load_text(text, overrides);
    char *lines = lines_of(&loaded.messages, "/tmp/mbus-slave-test-");
    /* Six letters stand for XXXXXX. */
    for (char *p = lines; *p != '\0'; p = strchr(p, '\n') + 1) {
        char *name = strncmp(p, "warning: ", 9) == 0 ? p + 9 : p;
        if (strncmp(name, "--", 2) != 0)
            memset(name, 'X', 6);
    }
    assert_string_equal(lines, expected);
    free(lines);
    loaded_done(&loaded);
}

static void test_overrides(void **state)
{
    (void)state;
    struct config_overrides overrides = { "tcp:10001", "9600", "250", "9", "ABC" };
    struct loaded loaded =
        load_text("port = { device = \"/dev/x\"; baud = 300; };\n"
                  "meter = { address = 1; id = \"2\"; manufacturer = \"XYZ\"; };\n",
                  &overrides);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.messages.n, 0);
    assert_string_equal(loaded.config->ports[0].device, "tcp:10001");
    assert_int_equal(loaded.config->ports[0].kind, PORT_TCP);
    assert_int_equal(loaded.config->ports[0].baud, 9600);
    assert_int_equal(loaded.config->meters[0].address, 250);
    assert_int_equal(loaded.config->meters[0].ident.id, 9);
    assert_int_equal(loaded.config->meters[0].ident.manufacturer, ident_manufacturer("ABC"));
    loaded_done(&loaded);
}

static void test_overrides_first_port_alone(void **state)
{
    (void)state;
    struct config_overrides overrides = { .device = "pty", .baud = "300" };
    struct loaded loaded = load_text("ports = ( { device = \"/dev/x\"; }, "
                                     "{ device = \"/dev/y\"; } );\n" METER,
                                     &overrides);
    assert_int_equal(loaded.r, 0);
    assert_string_equal(loaded.config->ports[0].device, "pty");
    assert_int_equal(loaded.config->ports[0].baud, 300);
    assert_string_equal(loaded.config->ports[1].device, "/dev/y");
    assert_int_equal(loaded.config->ports[1].baud, 2400);
    loaded_done(&loaded);

    /* A file without a port is complete with --device. */
    loaded = load_text(METER, &overrides);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.config->ports[0].kind, PORT_PTY);
    loaded_done(&loaded);
}

static void test_override_errors(void **state)
{
    (void)state;
    struct config_overrides overrides = { "pyt", "110", "300", "F", "tst" };
    assert_messages("meter = { address = -1; };\nport = { device = 3; };\n", &overrides,
                    "--device: \"pyt\" is no device; \"/dev/...\", \"pty\", \"tcp:PORT\", "
                    "\"tcp:ADDRESS:PORT\" or \"tcp:[IPV6]:PORT\"\n"
                    "--baud: 110 is no baud rate; 300, 600, 1200, 2400, 4800, 9600, 19200, "
                    "38400 or \"auto\"\n"
                    "--addr: 300 is out of range; 0 to 250\n"
                    "--id: \"F\" holds an F, the wildcard of selections; digits 0 to 9\n"
                    "--manuf: \"tst\" is not in capitals; write \"TST\"\n"
                    "XXXXXX:1: meter.address: -1 is out of range; 0 to 250\n"
                    "XXXXXX:2: port.device: 3 is a number; \"/dev/...\", \"pty\", \"tcp:PORT\", "
                    "\"tcp:ADDRESS:PORT\" or \"tcp:[IPV6]:PORT\"\n");

    struct config_overrides words = { .baud = "fast", .addr = "0x10" };
    assert_messages(PTY METER, &words,
                    "--baud: \"fast\" is not a number; 300, 600, 1200, 2400, 4800, 9600, 19200, "
                    "38400 or \"auto\"\n"
                    "--addr: \"0x10\" is not a number; a whole number from 0 to 250\n");
    struct config_overrides bare = { .addr = "251", .id = "x" };
    assert_messages(PTY, &bare,
                    "--addr: 251 is out of range; 0 to 250\n"
                    "--id: \"x\" is no identification number; 1 to 8 digits\n");
    struct config_overrides controls = { .device = "/dev/\033[2J" };
    assert_messages(METER, &controls,
                    "--device: \"/dev/\\x1B[2J\" holds a control character; printable ones "
                    "alone\n");
    struct config_overrides autos = { .baud = "auto" };
    assert_messages(PTY METER, &autos,
                    "--baud: \"auto\" does not fit \"pty\", which is a pty; a rate such as 2400\n");
    struct config_overrides twin = { .addr = "7" };
    assert_messages(PTY "meters = ( { name = \"a\"; }, { name = \"b\"; address = 7; } );\n", &twin,
                    "--addr: 7 is the address of meters[1]; an address of its own\n");
}

static void test_device_of_another_kind(void **state)
{
    (void)state;
    struct config_overrides overrides = { .device = "tcp:10001" };
    assert_messages("port = { device = \"pty\"; link = \"/x\"; byte_gap = 0; };\n" METER,
                    &overrides,
                    "warning: XXXXXX:1: port.link: not used with --device tcp:10001, which is "
                    "tcp\n"
                    "warning: XXXXXX:1: port.byte_gap: not used with --device tcp:10001, which "
                    "is tcp\n");
    struct loaded loaded =
        load_text("port = { device = \"pty\"; link = \"/x\"; };\n" METER, &overrides);
    assert_int_equal(loaded.r, 0);
    assert_null(loaded.config->ports[0].link);
    loaded_done(&loaded);

    assert_messages("port = { device = \"/dev/x\"; baud = \"auto\"; };\n" METER, &overrides,
                    "warning: XXXXXX:1: port.baud: \"auto\" is not used with --device tcp:10001, "
                    "which is tcp\n");
    loaded = load_text("port = { device = \"/dev/x\"; baud = \"auto\"; };\n" METER, &overrides);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.config->ports[0].baud, 2400);
    loaded_done(&loaded);

    /* Of the same kind, the setting never fitted. */
    assert_messages("port = { device = \"tcp:1\"; link = \"/x\"; };\n" METER, &overrides,
                    "XXXXXX:1: port.link: does not fit \"tcp:10001\", which is tcp\n");
}

static void test_fixed_with_manuf(void **state)
{
    (void)state;
    struct config_overrides overrides = { .manuf = "ABC" };
    assert_messages(PTY "meter = { structure = \"fixed\"; records = ( { name = \"a\"; "
                        "unit = \"l\"; value = 1; } ); };\n",
                    &overrides,
                    "warning: --manuf: not sent; the fixed structure has no manufacturer\n");
}

static void test_state(void **state)
{
    (void)state;
    struct loaded loaded =
        load_good(PTY "state = { directory = \"/var/lib/x\"; interval = \"1 s\"; };\n");
    assert_string_equal(loaded.config->state_directory, "/var/lib/x");
    assert_int_equal(loaded.config->state_interval, USEC_PER_SEC);
    loaded_done(&loaded);
}

/* Whatever the bytes are, the loader ends with a message or a configuration. */
static void test_bytes_of_any_kind(void **state)
{
    (void)state;
    static const char text[] =
        "port = { device = \"pty\"; meters = [ \"a\", \"b\" ]; };\n"
        "meters = ( { name = \"a\"; status = [ \"busy\" ]; manufacturer_data = \"01 02\"; "
        "records = ( { name = \"v\"; unit = \"V\"; resolution = 0.1; value = 1; sets = [ \"user\" "
        "]; "
        "writable = { min = 0; max = 9; }; } ); }, { name = \"b\"; address = 1; records = ( "
        "{ name = \"f\"; unit = \"V\"; file = { path = \"/x*\"; pattern = \"a(b)\"; field = 1; "
        "scale = 0.1; }; max_age = 1; }, { name = \"c\"; unit = \"V\"; command = { argv = [ "
        "\"/x\", "
        "\"y\" ]; }; writable = { command = [ \"/z\" ]; }; }, { name = \"d\"; unit = \"V\"; "
        "derived = { sum = [ \"f\", \"c\" ]; factor = 2; }; } ); } );\n";
    static const char bytes[] = "{}()[];,=\"\\#/*0L.-e \n\x01\xFF";
    uint32_t seed = 3;
    for (unsigned i = 0; i < 2000; i++) {
        char mangled[sizeof(text)];
        memcpy(mangled, text, sizeof(text));
        for (unsigned j = 0; j < 1 + i % 3; j++) {
            seed = seed * 1664525U + 1013904223U;
            mangled[(seed >> 8) % (sizeof(text) - 1)] = bytes[(seed >> 20) % (sizeof(bytes) - 1)];
        }
        struct loaded loaded = load_text(mangled, NULL);
        assert_int_equal(loaded.r == 0, loaded.config != NULL);
        assert_int_equal(loaded.r == 0, loaded.messages.n_errors == 0);
        loaded_done(&loaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_includes),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_stock),
        cmocka_unit_test(test_files_that_cannot_be_read),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_overrides_first_port_alone),
        cmocka_unit_test(test_override_errors),
        cmocka_unit_test(test_device_of_another_kind),
        cmocka_unit_test(test_fixed_with_manuf),
        cmocka_unit_test(test_state),
        cmocka_unit_test(test_bytes_of_any_kind),
    };
    return cmocka_run_group_tests_name("config/load", tests, NULL, NULL);
}
