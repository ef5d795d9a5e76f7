#include "tests/unit/control/bed.h"

#include <grp.h>

/* The policy file that is installed, as a bus without any other right reads it: everybody may
 * read, root and a group may write. Takes root, who can be others. */

/* As Debian has them: user nobody is in this group. */
#define NOBODY 65534
#define GROUP "nogroup"

static char *read_policy(void)
{
    const char *source = getenv("SRCDIR");
    char path[512], *text = calloc(1, 16384);
    FILE *file;

    snprintf(path, sizeof(path), "%s/systemd/io.github.mbus_slave1.conf",
             source != NULL ? source : ".");
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, 16383, file) > 0);
    fclose(file);
    return text;
}

/* The group mbus-slave need not be there: the file is for one that is. */
static void write_policy(const struct bed *bed, const char *group)
{
    char *text = read_policy(), *at = strstr(text, "group=\"mbus-slave\""), *whole;

    assert_non_null(at);
    *at = '\0';
    assert_true(
        asprintf(&whole, "%sgroup=\"%s\"%s", text, group, at + strlen("group=\"mbus-slave\"")) > 0);
    bed_write(bed, "policy.conf", whole);
    free(whole);
    free(text);
}

/* As /usr/share/dbus-1/system.conf has it: calls are refused, unless somebody allows them. */
static void begin_with(struct bed *bed, const char *config, const char *group)
{
    char policy[1024];

    bed_prepare(bed, config);
    assert_int_equal(chmod(bed->dir, 0755), 0);
    write_policy(bed, group);
    snprintf(policy, sizeof(policy),
             "<policy context=\"default\"><allow user=\"*\"/><deny own=\"*\"/>"
             "<deny send_type=\"method_call\"/><allow send_type=\"signal\"/>"
             "<allow send_requested_reply=\"true\" send_type=\"method_return\"/>"
             "<allow send_requested_reply=\"true\" send_type=\"error\"/>"
             "<allow receive_type=\"method_call\"/><allow receive_type=\"method_return\"/>"
             "<allow receive_type=\"error\"/><allow receive_type=\"signal\"/>"
             "<allow send_destination=\"org.freedesktop.DBus\"/></policy>"
             "<include>%s/policy.conf</include>",
             bed->dir);
    bed_configure_bus(bed, policy);
    bed_start_bus(bed);
    bed_start_service(bed);
    bed->client = bed_connect(bed);
}

static void begin(struct bed *bed, const char *group)
{
    begin_with(bed, BED_CONFIG, group);
    bed_wait_name(bed);
}

/* The client is somebody else from now on: the bus looks at who connects. */
static void become_nobody(struct bed *bed)
{
    bed->client = sd_bus_close_unref(bed->client);
    assert_int_equal(setgroups(0, NULL), 0);
    assert_int_equal(setegid(NOBODY), 0);
    assert_int_equal(seteuid(NOBODY), 0);
    bed->client = bed_connect(bed);
    bed_wait_name(bed);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(setegid(0), 0);
}

static void expect_reading(struct bed *bed)
{
    static const struct {
        const char *path, *interface, *member;
    } calls[] = {
        { SERVICE_PATH, MANAGER_INTERFACE, "ListPorts" },
        { SERVICE_PATH, MANAGER_INTERFACE, "ListMeters" },
        { SERVICE_PATH, MANAGER_INTERFACE, "Watch" },
        { SERVICE_PATH, MANAGER_INTERFACE, "Unwatch" },
        { SERVICE_PATH, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects" },
        { METER_PREFIX, "org.freedesktop.DBus.Introspectable", "Introspect" },
        { METER_PREFIX "/heat", METER_INTERFACE, "Telegram" },
        { METER_PREFIX "/heat/energy", RECORD_INTERFACE, "Get" },
        { SERVICE_PATH, "org.freedesktop.DBus.Peer", "Ping" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
        sd_bus_message_unref(
            bed_good(bed_call(bed, calls[i].path, calls[i].interface, calls[i].member, NULL)));
    sd_bus_message_unref(
        bed_good(bed_call(bed, SERVICE_PATH, MANAGER_INTERFACE, "ListRecords", "s", "heat")));
    sd_bus_message_unref(bed_property(bed, METER_PREFIX "/heat", METER_INTERFACE, "Address"));
    sd_bus_message_unref(
        bed_good(bed_call(bed, METER_PREFIX "/heat", "org.freedesktop.DBus.Properties", "GetAll",
                          "s", METER_INTERFACE)));
}

/* The three that change something. */
static sd_bus_message *write_with(struct bed *bed, unsigned i)
{
    if (i == 0)
        return bed_call(bed, SERVICE_PATH, MANAGER_INTERFACE, "SetValues", "a(sv)", 1, "heat.power",
                        "i", 1);
    if (i == 1)
        return bed_call(bed, METER_PREFIX "/heat/power", RECORD_INTERFACE, "Set", "v", "i", 2);
    return bed_call(bed, METER_PREFIX "/heat", METER_INTERFACE, "Forget", NULL);
}

static void root_may_do_all(void **state)
{
    struct bed bed;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin(&bed, GROUP);
    expect_reading(&bed);
    for (unsigned i = 0; i < 3; i++)
        sd_bus_message_unref(bed_good(write_with(&bed, i)));
    bed_end(&bed);
}

static void others_may_only_read(void **state)
{
    struct bed bed;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin(&bed, "daemon");
    become_nobody(&bed);
    expect_reading(&bed);
    for (unsigned i = 0; i < 3; i++)
        bed_bad(write_with(&bed, i), SD_BUS_ERROR_ACCESS_DENIED, "");
    assert_int_equal(bed.n_forgotten, 0);
    bed_end(&bed);
}

static void the_group_may_write(void **state)
{
    struct bed bed;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin(&bed, GROUP);
    become_nobody(&bed);
    expect_reading(&bed);
    for (unsigned i = 0; i < 3; i++)
        sd_bus_message_unref(bed_good(write_with(&bed, i)));
    bed_end(&bed);
}

#define SECOND SERVICE_NAME ".attic"

/* The answer of the daemon with a name of its own, once it has it. */
static sd_bus_message *ask_second(struct bed *bed, const char *property)
{
    usec_t end = clock_now() + WAIT_MAX;

    for (;;) {
        sd_bus_message *call = NULL, *answer;

        assert_true(clock_now() < end);
        assert_true(sd_bus_message_new_method_call(bed->client, &call, SECOND, SERVICE_PATH,
                                                   "org.freedesktop.DBus.Properties", "Get") >= 0);
        assert_true(sd_bus_message_append(call, "ss", MANAGER_INTERFACE, property) >= 0);
        answer = bed_send(bed, call);
        if (!sd_bus_error_has_name(sd_bus_message_get_error(answer), SD_BUS_ERROR_SERVICE_UNKNOWN))
            return answer;
        sd_bus_message_unref(answer);
    }
}

/* What mbus-slavectl status asks for: the right is not to hang on the plain name. */
static void a_name_below_says_how_it_is(void **state)
{
    struct bed bed;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin_with(&bed, "control = { name = \"attic\"; };\n" BED_CONFIG, "daemon");
    sd_bus_message_unref(bed_good(ask_second(&bed, "Version")));
    sd_bus_message_unref(bed_good(ask_second(&bed, "StateTrouble")));
    bed_end(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_may_do_all),
        cmocka_unit_test(others_may_only_read),
        cmocka_unit_test(the_group_may_write),
        cmocka_unit_test(a_name_below_says_how_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
