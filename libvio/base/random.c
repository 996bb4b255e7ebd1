/* random.c - randomness, and the UUIDs made of it. */
#include "random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "crypto.h"

static int fill_from_system(uint8_t *p, size_t len)
{
        while (len > 0) {
                ssize_t n = getrandom(p, len, 0);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return VIO_E_INTERNAL;
                p += n;
                len -= (size_t)n;
        }
        return VIO_OK;
}

int random_fill(const struct random_source *r, void *buf, size_t len)
{
        if (r && r->fill)
                return r->fill(r->data, buf, len);
        return fill_from_system(buf, len);
}

static void uuid_format(const uint8_t b[16], char ret[37])
{
        char *out = ret;
        for (size_t i = 0; i < 16; i++) {
                if (i == 4 || i == 6 || i == 8 || i == 10)
                        *out++ = '-';
                hex_encode(&b[i], 1, out);
                out += 2;
        }
}

int random_uuid(const struct random_source *r, vio_time now, char ret[37])
{
        uint8_t b[16];
        if (now < 0)
                return VIO_E_INVALID;
        int err = random_fill(r, b + 6, 10);
        if (err)
                return err;
        for (int i = 0; i < 6; i++)
                b[i] = (uint8_t)(now >> (40 - 8 * i));
        b[6] = (uint8_t)(0x70 | (b[6] & 0x0F)); /* version 7 */
        b[8] = (uint8_t)(0x80 | (b[8] & 0x3F)); /* variant of RFC 9562 */
        uuid_format(b, ret);
        return VIO_OK;
}

int uuid_parse(const char *text, char ret[37])
{
        static const uint8_t groups[] = {8, 4, 4, 4, 12}; /* digits, with a hyphen after each */
        uint8_t b[16], *out = b;
        if (!text || strnlen(text, 37) != 36)
                return VIO_E_INVALID;
        for (size_t i = 0; i < count_of(groups); i++) {
                if (!hex_decode(text, groups[i], out))
                        return VIO_E_INVALID;
                text += groups[i];
                out += groups[i] / 2;
                if (*text++ != (i + 1 < count_of(groups) ? '-' : '\0'))
                        return VIO_E_INVALID;
        }
        uuid_format(b, ret);
        return VIO_OK;
}
