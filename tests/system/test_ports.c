/* Several ports with several meters: what each port knows for itself, and what belongs to the
 * meter. */
#include "tests/system/master.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define PORTS 3

/* "one" on the first port, "two" on the second, both on the third. */
struct fixture {
    struct rig rig;
    struct master m[PORTS];
};

#define METER(name, address, id)                                                                   \
    "{ name = \"" name "\"; address = " address "; id = \"" id "\"; records = (\n"                 \
    "  { name = \"energy\"; unit = \"kWh\"; type = \"int16\"; value = 5; writable = true; },\n"    \
    "  { name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 7; } ); }"

static void begin(struct fixture *f)
{
    int ports[PORTS];
    static const uint8_t fences[PORTS] = { 1, 2, 1 };

    for (size_t i = 0; i < PORTS; i++)
        ports[i] = free_tcp_port();
    rig_init(&f->rig);
    rig_config(
        &f->rig,
        "ports = ( { device = \"tcp:%d\"; meters = [ \"one\" ]; },\n"
        "{ device = \"tcp:%d\"; meters = [ \"two\" ]; }, { device = \"tcp:%d\"; } );\n"
        "meters = ( " METER("one", "1", "11111111") ",\n" METER("two", "2", "22222222") " );\n",
        ports[0], ports[1], ports[2]);
    rig_start(&f->rig, NULL);
    for (size_t i = 0; i < PORTS; i++)
        master_init(&f->m[i], tcp_connect(ports[i]), fences[i]);
}

static void end(struct fixture *f)
{
    for (size_t i = 0; i < PORTS; i++)
        close(f->m[i].fd);
    rig_stop(&f->rig);
    rig_done(&f->rig);
}

/* The records of a single telegram, with the FCB that is next, and its access number. */
static void expect_records_(struct master *m, uint8_t address, unsigned access, const char *records,
                            const char *file, int line)
{
    struct reply reply;

    master_request(m, address, &reply);
    _assert_int_equal(reply.kind, REPLY_FRAME, file, line);
    _assert_int_equal(reply.bytes[15], access, file, line);
    assert_hex_(reply.bytes + 19, reply.n - 21, records, file, line);
}
#define expect_records(m, address, access, records)                                                \
    expect_records_(m, address, access, records, __FILE__, __LINE__)

#define BOTH "02 06 05 00 02 16 07 00"

static void a_port_has_the_meters_it_names(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    master_expect(&f.m[0], "> 40 01", REPLY_ACK);
    master_expect(&f.m[0], "> 40 02", REPLY_NONE);
    master_expect(&f.m[1], "> 40 01", REPLY_NONE);
    master_expect(&f.m[1], "> 40 02", REPLY_ACK);
    master_expect(&f.m[2], "> 40 01", REPLY_ACK);
    master_expect(&f.m[2], "> 40 02", REPLY_ACK);
    master_expect(&f.m[0], "> 73 FD 52 22 22 22 22 FF FF FF FF", REPLY_NONE);
    master_expect(&f.m[0], "> 73 FD 52 FF FF FF FF FF FF FF FF", REPLY_ACK);
    master_expect(&f.m[2], "> 73 FD 52 FF FF FF FF FF FF FF FF", REPLY_BURST);
    end(&f);
}

/* FCB memory, selection and last telegram are the port's; the access number the meter's.
 */
static void link_state_is_the_ports(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    f.m[0].fcb[1] = f.m[2].fcb[1] = true;
    expect_records(&f.m[0], 1, 0, BOTH);
    expect_records(&f.m[2], 1, 1, BOTH);
    f.m[0].fcb[1] = f.m[2].fcb[1] = true; /* repeats */
    expect_records(&f.m[0], 1, 0, BOTH);
    expect_records(&f.m[2], 1, 1, BOTH);
    master_expect(&f.m[0], "> 73 FD 52 11 11 11 11 FF FF FF FF", REPLY_ACK);
    master_expect(&f.m[2], "> 7B FD", REPLY_NONE);
    end(&f);
}

/* mbus-protocol 9 and 13.5, "we do": application and choice of records are per port. */
static void what_is_chosen_is_chosen_on_this_port(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    master_expect(&f.m[0], "> 53 01 51 08 16", REPLY_ACK);
    expect_records(&f.m[0], 1, 0, "02 16 07 00");
    expect_records(&f.m[2], 1, 1, BOTH);
    master_expect(&f.m[2], "> 53 01 50", REPLY_ACK);
    expect_records(&f.m[0], 1, 2, "02 16 07 00");
    end(&f);
}

/* mbus-protocol 12: an executed SND_UD "drops the stored copy of every path of that meter". */
static void what_is_written_is_written_for_all_ports(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    f.m[2].fcb[1] = true;
    expect_records(&f.m[2], 1, 0, BOTH);
    master_expect(&f.m[0], "> 53 01 51 02 06 09 00", REPLY_ACK);
    f.m[2].fcb[1] = true;
    expect_records(&f.m[2], 1, 1, "02 06 09 00 02 16 07 00");
    f.m[0].fence = 8; /* it has moved when the REQ_SKE behind the write comes */
    master_expect(&f.m[0], "> 53 01 51 01 7A 08", REPLY_ACK);
    f.m[2].fence = 2;
    master_expect(&f.m[2], "> 40 08", REPLY_ACK);
    master_expect(&f.m[2], "> 40 01", REPLY_NONE);
    end(&f);
}

/* mbus-protocol 6: two meters of one bus share no address, also where the master that asks cannot
 * see the other one. */
static void an_address_of_another_port_is_taken(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    master_expect(&f.m[0], "> 53 01 51 01 7A 02", REPLY_NONE);
    master_expect(&f.m[2], "> 40 01", REPLY_ACK);
    master_expect(&f.m[2], "> 40 02", REPLY_ACK);
    master_expect(&f.m[1], "> 40 02", REPLY_ACK);
    end(&f);
}

/* A master has given `one` address 8; then the file gives it to `two`, and the file has the last
 * word. */
static void the_file_gives_an_address_away(void **state)
{
    int port = free_tcp_port();
    struct master m;
    struct rig rig;

    (void)state;
    rig_init(&rig);
    rig_config(
        &rig,
        "port = { device = \"tcp:%d\"; };\n"
        "meters = ( " METER("one", "1", "11111111") ",\n" METER("two", "2", "22222222") " );\n",
        port);
    rig_start(&rig, NULL);
    master_init(&m, tcp_connect(port), 2);
    master_expect(&m, "> 53 01 51 01 7A 08", REPLY_ACK);
    rig_config(
        &rig,
        "port = { device = \"tcp:%d\"; };\n"
        "meters = ( " METER("one", "1", "11111111") ",\n" METER("two", "8", "22222222") " );\n",
        port);
    kill(rig.pid, SIGHUP);
    rig_expect_log(&rig, "one: a master had set address 8, which is that of two now; answers at 1");
    rig_expect_log(&rig, "the configuration was read again");
    m.fence = 8;
    master_expect(&m, "> 40 01", REPLY_ACK);
    master_expect(&m, "> 53 FD 52 22 22 22 22 FF FF FF FF", REPLY_ACK);
    master_expect(&m, "> 40 08", REPLY_ACK);
    close(m.fd);
    rig_stop(&rig);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_has_the_meters_it_names),
        cmocka_unit_test(link_state_is_the_ports),
        cmocka_unit_test(what_is_chosen_is_chosen_on_this_port),
        cmocka_unit_test(what_is_written_is_written_for_all_ports),
        cmocka_unit_test(an_address_of_another_port_is_taken),
        cmocka_unit_test(the_file_gives_an_address_away),
    };

    return cmocka_run_group_tests_name("ports", tests, NULL, NULL);
}
