/* book.c - a ring of calls whose ids carry their place in it. */
#include "book.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool book_init(struct book *b, size_t max, uint64_t seed)
{
        *b = (struct book){.calls = calloc(max, sizeof(*b->calls)), .max = max, .seed = seed};
        return b->calls;
}

void book_free(struct book *b)
{
        for (size_t i = 0; b->calls && i < b->max; i++)
                phone_call_free(b->calls[i]);
        free(b->calls);
        *b = (struct book){0};
}

uint64_t book_begin(const struct book *b)
{
        return b->end > b->max ? b->end - b->max : 0;
}

struct phone_call *book_at(const struct book *b, uint64_t serial)
{
        return b->calls[serial % b->max];
}

struct phone_call *book_oldest_if_full(const struct book *b)
{
        return b->end < b->max ? NULL : book_at(b, b->end);
}

/* Spreads a number over all bits, so that ids look opaque and differ between seeds. */
static uint64_t scramble(uint64_t x)
{
        for (int i = 0; i < 3; i++) {
                x ^= x >> 31;
                x *= UINT64_C(0x9E3779B97F4A7C15);
        }
        return x ^ (x >> 29);
}

/* The last 8 digits are the serial: book_find() needs no search. */
static void name_call(const struct book *b, struct phone_call *c)
{
        snprintf(c->id, sizeof(c->id), "call_%016" PRIx64 "%08" PRIx32,
                 scramble(b->seed ^ scramble(c->serial + 1)), (uint32_t)c->serial);
}

void book_add(struct book *b, struct phone_call *c)
{
        phone_call_free(book_oldest_if_full(b));
        c->serial = b->end++;
        name_call(b, c);
        b->calls[c->serial % b->max] = c;
}

struct phone_call *book_find(const struct book *b, const char *id)
{
        const size_t digits = 8;
        size_t len = strlen(id);
        if (len != PHONE_CALL_ID - 1)
                return NULL;
        uint64_t serial = strtoull(id + len - digits, NULL, 16);
        if (serial < book_begin(b) || serial >= b->end)
                return NULL;
        struct phone_call *c = book_at(b, serial);
        return !strcmp(c->id, id) ? c : NULL;
}
