#include "tests/unit/test.h"

#include <string.h>

#include "slave/receiver.h"

#define GAP (20 * USEC_PER_MSEC)

/* Bytes at a time, and what they end with; times are in milliseconds. */
struct step {
    usec_t ms;
    const char *bytes;
    enum frame_fault idle;  /* what the silence before has ended */
    enum frame_step ends;   /* the last byte's step */
    enum frame_fault fault; /* with FRAME_BROKEN */
};

static void run(const struct step *steps, size_t n)
{
    struct receiver r;

    receiver_init(&r, GAP);
    for (size_t i = 0; i < n; i++) {
        usec_t now = steps[i].ms * USEC_PER_MSEC;
        enum frame_step step = FRAME_MORE;
        enum frame_fault fault = FRAME_GOOD;
        uint8_t bytes[512];
        size_t count = test_hex(steps[i].bytes, bytes, sizeof(bytes)), size = 0;

        assert_int_equal(receiver_idle(&r, now), steps[i].idle);
        for (size_t j = 0; j < count; j++)
            step = receiver_byte(&r, now, bytes[j], &size, &fault);
        assert_int_equal(step, steps[i].ends);
        if (step == FRAME_BROKEN)
            assert_int_equal(fault, steps[i].fault);
        if (step == FRAME_COMPLETE)
            assert_memory_equal(r.bytes + size - 1, &bytes[count - 1], 1);
    }
}
#define RUN(...)                                                                                   \
    run((const struct step[]){ __VA_ARGS__ }, ARRAY_SIZE(((const struct step[]){ __VA_ARGS__ })))

static void frame_at_once_and_byte_by_byte(void **state)
{
    (void)state;
    RUN({ 0, "10 7B 05 80 16", FRAME_GOOD, FRAME_COMPLETE, FRAME_GOOD },
        { 1, "10", FRAME_GOOD, FRAME_MORE, FRAME_GOOD },
        { 20, "7B", FRAME_GOOD, FRAME_MORE, FRAME_GOOD },
        { 39, "05 80", FRAME_GOOD, FRAME_MORE, FRAME_GOOD },
        { 58, "16", FRAME_GOOD, FRAME_COMPLETE, FRAME_GOOD });
}

/* mbus-protocol 2.3 and 3.2: the gap ends a partial frame, and the next one is taken. */
static void silence_ends_a_partial_frame(void **state)
{
    (void)state;
    RUN({ 0, "68", FRAME_GOOD, FRAME_MORE, FRAME_GOOD },
        { 20, "10 7B 05 80 16", FRAME_BAD_GAP, FRAME_COMPLETE, FRAME_GOOD },
        { 21, "10 7B 05", FRAME_GOOD, FRAME_MORE, FRAME_GOOD },
        { 60, "10 7B 05 80 16", FRAME_BAD_GAP, FRAME_COMPLETE, FRAME_GOOD });
}

/* mbus-protocol 3.2, rule 4: after an error the line must have been idle. */
static void noise_lasts_until_idle(void **state)
{
    (void)state;
    RUN({ 0, "10 7B 05 81", FRAME_GOOD, FRAME_BROKEN, FRAME_BAD_CHECKSUM },
        { 1, "16", FRAME_GOOD, FRAME_MORE, FRAME_GOOD },
        { 20, "10 7B 05 80 16", FRAME_GOOD, FRAME_MORE, FRAME_GOOD },
        { 40, "10 7B 05 80 16", FRAME_GOOD, FRAME_COMPLETE, FRAME_GOOD });
}

/* mbus-protocol 2.5: a wake-up preamble is one burst of noise. */
static void a_burst_is_broken_once(void **state)
{
    struct receiver r;
    enum frame_fault fault = FRAME_GOOD;
    unsigned broken = 0;
    size_t size;

    (void)state;
    receiver_init(&r, GAP);
    for (unsigned i = 0; i < 480; i++) {
        usec_t now = i * 4583;

        assert_int_equal(receiver_idle(&r, now), FRAME_GOOD);
        broken += receiver_byte(&r, now, 0x55, &size, &fault) == FRAME_BROKEN;
    }
    assert_int_equal(broken, 1);
    assert_int_equal(fault, FRAME_BAD_START);
}

static void a_faulty_character_spoils_the_frame(void **state)
{
    struct receiver r;
    enum frame_fault fault;
    size_t size;

    (void)state;
    receiver_init(&r, GAP);
    receiver_byte(&r, 0, 0x10, &size, &fault);
    assert_true(receiver_line_fault(&r, 1));
    assert_false(receiver_line_fault(&r, 2));
    assert_int_equal(receiver_byte(&r, 3, 0x10, &size, &fault), FRAME_MORE);
    assert_int_equal(receiver_deadline(&r), USEC_NEVER);
    assert_int_equal(receiver_idle(&r, 3 + GAP), FRAME_GOOD);
    assert_int_equal(receiver_byte(&r, 4 + GAP, 0xE5, &size, &fault), FRAME_COMPLETE);
}

static void deadline_follows_the_newest_character(void **state)
{
    struct receiver r;
    enum frame_fault fault;
    size_t size;

    (void)state;
    receiver_init(&r, GAP);
    assert_int_equal(receiver_deadline(&r), USEC_NEVER);
    receiver_byte(&r, 1000, 0x10, &size, &fault);
    assert_int_equal(receiver_deadline(&r), 1000 + GAP);
    receiver_byte(&r, 2000, 0x40, &size, &fault);
    assert_int_equal(receiver_deadline(&r), 2000 + GAP);
    assert_int_equal(receiver_idle(&r, 2000 + GAP), FRAME_BAD_GAP);
    assert_int_equal(receiver_deadline(&r), USEC_NEVER);
}

static void the_longest_frame_fits(void **state)
{
    struct receiver r;
    uint8_t frame[FRAME_MAX];
    enum frame_fault fault;
    enum frame_step step = FRAME_MORE;
    size_t n, size = 0;

    (void)state;
    memset(frame, 0x68, sizeof(frame));
    n = frame_seal_long(frame, 0x53, 5, 0x51, 252);
    receiver_init(&r, GAP);
    for (size_t i = 0; i < n; i++)
        step = receiver_byte(&r, 0, frame[i], &size, &fault);
    assert_int_equal(step, FRAME_COMPLETE);
    assert_int_equal(size, FRAME_MAX);
    assert_memory_equal(r.bytes, frame, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_at_once_and_byte_by_byte),
        cmocka_unit_test(silence_ends_a_partial_frame),
        cmocka_unit_test(noise_lasts_until_idle),
        cmocka_unit_test(a_burst_is_broken_once),
        cmocka_unit_test(a_faulty_character_spoils_the_frame),
        cmocka_unit_test(deadline_follows_the_newest_character),
        cmocka_unit_test(the_longest_frame_fits),
    };

    return cmocka_run_group_tests_name("receiver", tests, NULL, NULL);
}
