/* decode --hex: the bytes again, made from the decoded form. */
#include "ctl/text.h"
#include "ctl/write.h"
#include "mbus/frame.h"

static void write_telegram(FILE *out, const struct found *found)
{
    uint8_t frame[FRAME_MAX];
    size_t n;

    if (!found->is_telegram)
        return;
    n = telegram_encode_again(&found->telegram, frame);
    text_write_hex(out, frame, n, " ");
    fputc('\n', out);
}

static void nothing(FILE *out, unsigned n)
{
    (void)out;
    (void)n;
}

const struct write_form write_hex = { nothing, write_telegram, nothing };
