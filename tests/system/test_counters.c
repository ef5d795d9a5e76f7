/* What a meter counts of itself, as a master reads it. */
#include "tests/system/master.h"

#include <unistd.h>

/* 13.7: a write that is refused is silence, and the next readout has counted it. */
static void a_refusal_is_in_the_next_readout(void **state)
{
    struct rig rig;
    struct master m;
    static const uint8_t wanted[] = { 0x01, 0xFD, 0x3A, 1 };
    uint8_t records[FRAME_MAX], frame[FRAME_MAX];
    size_t n;
    unsigned telegrams;
    int port = free_tcp_port();

    (void)state;
    rig_init(&rig);
    rig_config(&rig,
               "port = { device = \"tcp:%d\"; };\n"
               "meter = { address = 3; records = (\n"
               "  { name = \"errors\"; quantity = \"count\"; type = \"int8\";\n"
               "    internal = { counter = \"errors\"; }; } ); };\n",
               port);
    rig_start(&rig, NULL);
    master_init(&m, tcp_connect(port), 3);
    /* Nothing that is answered comes in between. */
    n = frame_parse("> 53 03 51 02 16 F5 01", frame, sizeof(frame));
    master_send(&m, frame, n);
    assert_int_equal(master_read(&m, 3, records, sizeof(records), &telegrams), sizeof(wanted));
    assert_memory_equal(records, wanted, sizeof(wanted));
    close(m.fd);
    rig_stop(&rig);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_refusal_is_in_the_next_readout) };

    return cmocka_run_group_tests_name("counters", tests, NULL, NULL);
}
