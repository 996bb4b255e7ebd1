/* tzif.c - reading TZif (RFC 9636): the 64-bit block and the footer. Nothing is trusted. */
#include "tzif.h"

#include <string.h>

#include <vio/core.h>

#define HEADER_SIZE 44
#define TYPE_SIZE   6
#define OFFSET_MOST (26 * 3600) /* RFC 9636 3.2: further east or west there is no clock */

struct header {
        uint8_t version;
        uint32_t n_utc, n_standard, n_leaps, n_times, n_types, n_chars;
};

static uint32_t be32(const uint8_t *p)
{
        return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const uint8_t *p)
{
        return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool read_header(const uint8_t *p, size_t len, struct header *ret)
{
        if (len < HEADER_SIZE || memcmp(p, "TZif", 4) != 0)
                return false;
        *ret = (struct header){p[4],         be32(p + 20), be32(p + 24), be32(p + 28),
                               be32(p + 32), be32(p + 36), be32(p + 40)};
        return ret->version >= '2' && ret->version <= '9';
}

/* In 64 bits: six counts of 32 bits cannot overflow it. */
static uint64_t block_size(const struct header *h, unsigned time_size)
{
        return (uint64_t)h->n_times * (time_size + 1) + (uint64_t)h->n_types * TYPE_SIZE +
               h->n_chars + (uint64_t)h->n_leaps * (time_size + 4) + h->n_standard + h->n_utc;
}

static bool types_sound(const struct tzif *f)
{
        for (uint32_t i = 0; i < f->n_types; i++) {
                int32_t offset = (int32_t)be32(f->types + (size_t)i * TYPE_SIZE);
                if (offset < -OFFSET_MOST || offset > OFFSET_MOST)
                        return false;
        }
        return f->n_types > 0;
}

/* Beyond these times a file means nothing, and sums might overflow: before the Big Bang, and as far
 * after. */
static bool time_sound(int64_t t)
{
        return t >= -(INT64_C(1) << 59) && t <= INT64_C(1) << 59;
}

static bool times_sound(const struct tzif *f)
{
        for (uint32_t i = 0; i < f->n_times; i++) {
                int64_t at = be64(f->times + (size_t)i * 8);
                if (f->indices[i] >= f->n_types || !time_sound(at))
                        return false;
                if (i > 0 && at <= be64(f->times + (size_t)(i - 1) * 8))
                        return false;
        }
        return true;
}

/* "\n", the rule or nothing, "\n". */
static bool read_footer(const uint8_t *p, size_t len, struct tzif *f)
{
        if (len < 2 || p[0] != '\n')
                return false;
        const char *text = (const char *)p + 1;
        const char *end = memchr(text, '\n', len - 1);
        if (!end)
                return false;
        f->has_rule = end > text;
        return !f->has_rule || zone_rule_parse(text, (size_t)(end - text), &f->rule);
}

int tzif_read(const uint8_t *bytes, size_t len, struct tzif *ret)
{
        struct header h;
        if (!read_header(bytes, len, &h) || block_size(&h, 4) > len - HEADER_SIZE)
                return VIO_E_INVALID;
        size_t skip = HEADER_SIZE + (size_t)block_size(&h, 4);
        const uint8_t *p = bytes + skip;
        len -= skip;
        if (!read_header(p, len, &h) || block_size(&h, 8) > len - HEADER_SIZE)
                return VIO_E_INVALID;
        /* Another time scale, and one that knows nothing beyond its table of leap seconds. */
        if (h.n_leaps > 0)
                return VIO_E_INVALID;
        struct tzif f = {.n_times = h.n_times, .n_types = h.n_types};
        f.times = p + HEADER_SIZE;
        f.indices = f.times + (size_t)h.n_times * 8;
        f.types = f.indices + h.n_times;
        const uint8_t *footer = p + HEADER_SIZE + block_size(&h, 8);
        if (!types_sound(&f) || !times_sound(&f) ||
            !read_footer(footer, len - (size_t)(footer - p), &f))
                return VIO_E_INVALID;
        *ret = f;
        return 0;
}

static int32_t type_offset(const struct tzif *f, uint8_t type)
{
        return (int32_t)be32(f->types + (size_t)type * TYPE_SIZE);
}

int32_t tzif_first_offset(const struct tzif *f)
{
        return type_offset(f, 0);
}

struct tzif_step tzif_step_at(const struct tzif *f, uint32_t i)
{
        int64_t at = be64(f->times + (size_t)i * 8);
        return (struct tzif_step){at, type_offset(f, f->indices[i])};
}
