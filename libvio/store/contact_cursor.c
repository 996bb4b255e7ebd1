/* contact_cursor.c - where a page of contacts ended, as a text that says nothing to anybody. */
#include "store/contact_cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"

/* Inside: the order as two letters, the id, ":", the key. */
static const char letters[] = {
    [VIO_CONTACT_BY_ID] = 'i',
    [VIO_CONTACT_BY_NAME] = 'n',
    [VIO_CONTACT_BY_APPOINTMENT] = 't',
    [VIO_CONTACT_BY_UPDATE] = 'u',
};
#define UNTIMED 'z'

static char letter_of(const struct vio_contact_filter *f, bool untimed)
{
        return untimed ? UNTIMED : letters[f->sort];
}

static char direction_of(const struct vio_contact_filter *f)
{
        return f->descending ? 'd' : 'a';
}

int contact_cursor_write(const struct vio_contact_filter *f, const struct contact_position *p,
                         char ret[VIO_CONTACT_CURSOR])
{
        _cleanup_text_ struct text plain = TEXT_INIT, coded = TEXT_INIT;
        text_addf(&plain, "%c%c%" PRId64 ":%s", letter_of(f, p->untimed), direction_of(f), p->id,
                  p->key);
        if (plain.failed)
                return VIO_E_NOMEM;
        base64url_encode(plain.p, plain.len, &coded);
        if (coded.failed)
                return VIO_E_NOMEM;
        if (coded.len >= VIO_CONTACT_CURSOR)
                return VIO_E_INTERNAL;
        memcpy(ret, coded.p, coded.len + 1);
        return VIO_OK;
}

/* Digits to @end; false for anything that is no number above 0. */
static bool read_number(const char *from, const char *end, int64_t *ret)
{
        size_t len = (size_t)(end - from);
        if (len < 1 || len > 18 || strspn(from, "0123456789") < len)
                return false;
        *ret = strtoll(from, NULL, 10);
        return *ret > 0;
}

static bool key_fits(const struct vio_contact_filter *f, const struct contact_position *p)
{
        int64_t at;
        if (f->sort == VIO_CONTACT_BY_ID || p->untimed)
                return !*p->key;
        if (f->sort == VIO_CONTACT_BY_NAME)
                return utf8_valid(p->key, strlen(p->key));
        return read_number(p->key, p->key + strlen(p->key), &at);
}

static int read_plain(const struct vio_contact_filter *f, const char *plain,
                      struct contact_position *ret)
{
        struct contact_position p = {.untimed = plain[0] == UNTIMED};
        const char *colon = strchr(plain, ':');
        if (!colon || colon < plain + 2 || plain[0] != letter_of(f, p.untimed) ||
            plain[1] != direction_of(f) || !read_number(plain + 2, colon, &p.id) ||
            (p.untimed && f->sort != VIO_CONTACT_BY_APPOINTMENT) ||
            strlen(colon + 1) >= sizeof(p.key))
                return VIO_E_INVALID;
        text_copy(p.key, sizeof(p.key), colon + 1);
        if (!key_fits(f, &p))
                return VIO_E_INVALID;
        *ret = p;
        return VIO_OK;
}

int contact_cursor_read(const struct vio_contact_filter *f, const char *cursor,
                        struct contact_position *ret)
{
        _cleanup_text_ struct text plain = TEXT_INIT;
        size_t len = strlen(cursor);
        if (len >= VIO_CONTACT_CURSOR)
                return VIO_E_INVALID;
        int r = base64url_decode(cursor, len, &plain);
        if (r)
                return r;
        /* A NUL inside would end the text early. */
        if (strlen(text_str(&plain)) != plain.len)
                return VIO_E_INVALID;
        return read_plain(f, text_str(&plain), ret);
}
