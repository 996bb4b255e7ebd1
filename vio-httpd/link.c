/* link.c - the Link header (RFC 8288) of a page in a list. */
#include "link.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct link {
        char *text;
        size_t size;
        size_t len;
};

static void put(struct link *l, const char *bytes, size_t len)
{
        if (l->len + len < l->size)
                memcpy(l->text + l->len, bytes, len);
        l->len += len;
}

static void put_text(struct link *l, const char *text)
{
        put(l, text, strlen(text));
}

/* What came in goes back out, but never a byte that could end the address or the header. */
static void put_sent(struct link *l, const char *sent, size_t len)
{
        for (size_t i = 0; i < len; i++) {
                unsigned char c = (unsigned char)sent[i];
                char coded[4];
                if (isalnum(c) || (c && strchr("-._~%+=/:,!$()*@", c))) {
                        put(l, sent + i, 1);
                        continue;
                }
                snprintf(coded, sizeof(coded), "%%%02X", c);
                put_text(l, coded);
        }
}

int link_next(const struct request *q, struct response *r, const char *name, const char *cursor)
{
        size_t name_len = strlen(name);
        struct link l = {r->link, sizeof(r->link), 0};
        if (!*cursor)
                return VIO_OK;
        put_text(&l, "<");
        put_sent(&l, q->path, strlen(q->path));
        put_text(&l, "?");
        for (const char *at = q->query; *at; at += strspn(at, "&")) {
                size_t len = strcspn(at, "&");
                bool is_cursor = !strncmp(at, name, name_len) && at[name_len] == '=';
                if (len && !is_cursor) {
                        put_sent(&l, at, len);
                        put_text(&l, "&");
                }
                at += len;
        }
        put_text(&l, name);
        put_text(&l, "=");
        put_text(&l, cursor);
        put_text(&l, ">; rel=\"next\"");
        if (l.len >= sizeof(r->link)) {
                r->link[0] = '\0';
                return refuse(r, VIO_E_INVALID, "The query is too long");
        }
        r->link[l.len] = '\0';
        return VIO_OK;
}
