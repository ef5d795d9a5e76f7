#include "tests/unit/test.h"

#include "ctl/reception.h"

#define REQUEST "10 7B 03 7E 16"
#define ANSWER "68 03 03 68 08 03 70 7B 16"

/* What comes in behind a request, and what it is taken for. */
static const struct {
    const char *heard;
    enum reception_state state;
    enum frame_fault fault;
    const char *kept; /* RECEPTION_WHOLE */
} rows[] = {
    { "", RECEPTION_EMPTY, FRAME_GOOD, NULL },
    { ANSWER, RECEPTION_WHOLE, FRAME_GOOD, ANSWER },
    { "E5", RECEPTION_WHOLE, FRAME_GOOD, "E5" },
    /* The echo (mbus-protocol 2.4). */
    { REQUEST, RECEPTION_EMPTY, FRAME_GOOD, NULL },
    { REQUEST ANSWER, RECEPTION_WHOLE, FRAME_GOOD, ANSWER },
    { REQUEST "E5", RECEPTION_WHOLE, FRAME_GOOD, "E5" },
    { "10 7B 04 7F 16", RECEPTION_WHOLE, FRAME_GOOD, "10 7B 04 7F 16" }, /* is another's */
    /* Collisions (mbus-protocol 7.6). */
    { "E5 E5", RECEPTION_BROKEN, FRAME_GOOD, NULL },
    { "E5 16", RECEPTION_BROKEN, FRAME_GOOD, NULL },
    { "FE FC", RECEPTION_BROKEN, FRAME_BAD_START, NULL },
    { "A2", RECEPTION_BROKEN, FRAME_BAD_START, NULL },
    { ANSWER "E5", RECEPTION_BROKEN, FRAME_GOOD, NULL },
    /* Bad frames (mbus-protocol 3.2). */
    { "68 03 03 68 08 03 70 7C 16", RECEPTION_BROKEN, FRAME_BAD_CHECKSUM, NULL },
    { "68 03 03 68 08 03 70 7B 17", RECEPTION_BROKEN, FRAME_BAD_STOP, NULL },
    { "68 03 04 68", RECEPTION_BROKEN, FRAME_BAD_LENGTH, NULL },
    { "68 03 03 69", RECEPTION_BROKEN, FRAME_BAD_SECOND_START, NULL },
    { "68 03 03", RECEPTION_BROKEN, FRAME_BAD_GAP, NULL },
    { "FE" ANSWER, RECEPTION_BROKEN, FRAME_BAD_START, NULL },
};

static struct reception behind(const uint8_t *request, size_t n)
{
    return (struct reception){ .request = request, .n_request = n };
}

static void what_comes_is_told_apart(void **state)
{
    uint8_t request[8], heard[64];
    size_t n_request = test_hex(REQUEST, request, sizeof(request));

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct reception r = behind(request, n_request);
        size_t n = test_hex(rows[i].heard, heard, sizeof(heard));

        for (size_t k = 0; k < n; k++)
            reception_take(&r, &(struct line_char){ heard[k], LINE_GOOD });
        reception_end(&r);
        if (r.state != rows[i].state || r.fault != rows[i].fault)
            fail_msg("%s: state %d, fault %d", rows[i].heard, (int)r.state, (int)r.fault);
        if (rows[i].kept)
            assert_hex(r.bytes, r.n, rows[i].kept);
    }
}

static void faults_of_the_line_are_no_answer(void **state)
{
    struct reception r = behind(NULL, 0);

    (void)state;
    reception_take(&r, &(struct line_char){ 0xE5, LINE_PARITY });
    assert_int_equal(r.state, RECEPTION_BROKEN);
    assert_int_equal(r.fault, FRAME_BAD_PARITY);
    r = behind(NULL, 0);
    reception_take(&r, &(struct line_char){ 0, LINE_BREAK });
    assert_int_equal(r.fault, FRAME_BAD_BREAK);
}

static void noise_without_end_fits(void **state)
{
    struct reception r = behind(NULL, 0);

    (void)state;
    for (unsigned i = 0; i < 10 * FRAME_MAX; i++)
        reception_take(&r, &(struct line_char){ 0x55, LINE_GOOD });
    assert_int_equal(r.n, FRAME_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_is_told_apart),
        cmocka_unit_test(faults_of_the_line_are_no_answer),
        cmocka_unit_test(noise_without_end_fits),
    };

    return cmocka_run_group_tests_name("ctl/reception", tests, NULL, NULL);
}
