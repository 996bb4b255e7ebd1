/* encode.c - bytes as text: hex and base64url (RFC 4648). */
#include <string.h>

#include <vio/core.h>

#include "crypto.h"

static const char hex_digits[] = "0123456789abcdef";
static const char b64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void hex_encode(const uint8_t *bytes, size_t len, char *ret)
{
        for (size_t i = 0; i < len; i++) {
                *ret++ = hex_digits[bytes[i] >> 4];
                *ret++ = hex_digits[bytes[i] & 0x0F];
        }
        *ret = '\0';
}

static int hex_value(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
        return -1;
}

bool hex_decode(const char *hex, size_t digits, uint8_t *ret)
{
        if (digits % 2)
                return false;
        for (size_t i = 0; i < digits; i++)
                if (hex_value(hex[i]) < 0)
                        return false;
        for (size_t i = 0; i < digits; i += 2)
                *ret++ = (uint8_t)(hex_value(hex[i]) << 4 | hex_value(hex[i + 1]));
        return true;
}

void base64url_encode(const void *bytes, size_t len, struct text *ret)
{
        const uint8_t *in = bytes;
        for (; len > 0;) {
                size_t n = len < 3 ? len : 3;
                uint32_t group = (uint32_t)in[0] << 16;
                group |= n > 1 ? (uint32_t)in[1] << 8 : 0;
                group |= n > 2 ? in[2] : 0;
                char digits[4];
                for (size_t i = 0; i < 4; i++)
                        digits[i] = b64_digits[group >> (18 - 6 * i) & 63];
                text_add_n(ret, digits, n + 1);
                in += n;
                len -= n;
        }
}

static int b64_value(char c)
{
        if (c >= 'A' && c <= 'Z')
                return c - 'A';
        if (c >= 'a' && c <= 'z')
                return c - 'a' + 26;
        if (c >= '0' && c <= '9')
                return c - '0' + 52;
        return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* Decodes one group of 2 to 4 digits; false for what is no digit and for bits that mean nothing. */
static bool decode_group(const char *s, size_t n, struct text *ret)
{
        uint32_t group = 0;
        for (size_t i = 0; i < 4; i++) {
                int value = i < n ? b64_value(s[i]) : 0;
                if (value < 0)
                        return false;
                group = group << 6 | (uint32_t)value;
        }
        char bytes[] = {(char)(group >> 16), (char)(group >> 8), (char)group};
        if (n < 2 || (n < 4 && bytes[n - 1] != 0))
                return false;
        text_add_n(ret, bytes, n - 1);
        return true;
}

int base64url_decode(const char *s, size_t len, struct text *ret)
{
        _cleanup_text_ struct text bytes = TEXT_INIT;
        for (size_t at = 0; at < len; at += 4)
                if (!decode_group(s + at, len - at < 4 ? len - at : 4, &bytes))
                        return VIO_E_INVALID;
        return text_join(ret, &bytes);
}
