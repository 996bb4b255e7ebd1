/* url.c - pieces of addresses, encoded. */
#include "url.h"

#include <string.h>

void url_add(struct text *url, const char *piece)
{
        static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-._~";
        for (const char *s = piece; *s; s++) {
                if (strchr(unreserved, *s))
                        text_add_char(url, *s);
                else
                        text_addf(url, "%%%02X", (unsigned)(unsigned char)*s);
        }
}

void url_add_base(struct text *url, const char *base)
{
        size_t len = strlen(base);
        while (len > 0 && base[len - 1] == '/')
                len--;
        text_add_n(url, base, len);
}
