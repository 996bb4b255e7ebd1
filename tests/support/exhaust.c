/* exhaust.c - an allocator that counts and fails when told, and a scenario run through it. */
#include "exhaust.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "run.h"

static bool fails(struct meter *m)
{
        m->made++;
        if (m->until_failure < 0)
                return false;
        return m->once ? m->made == m->until_failure + 1 : m->made > m->until_failure;
}

static void *meter_alloc(void *data, size_t size)
{
        struct meter *m = data;
        void *p = fails(m) ? NULL : malloc(size);
        m->alive += p != NULL;
        return p;
}

static void *meter_resize(void *data, void *old, size_t size)
{
        struct meter *m = data;
        void *p = fails(m) ? NULL : realloc(old, size);
        m->alive += p && !old;
        return p;
}

static void meter_release(void *data, void *p)
{
        struct meter *m = data;
        m->alive -= p != NULL;
        free(p);
}

void meter_install(struct meter *m)
{
        mem_use(m ? &(struct vio_alloc){meter_alloc, meter_resize, meter_release, m} : NULL);
}

void exhaust(int (*scenario)(void), long least)
{
        struct meter m = {.until_failure = -1};
        meter_install(&m);
        ck_assert_int_eq(scenario(), 0);
        ck_assert_int_eq(m.alive, 0);
        long needed = m.made;
        ck_assert_int_ge(needed, least);
        for (long n = 0; n < needed; n++) {
                m = (struct meter){.until_failure = n};
                ck_assert_int_eq(scenario(), VIO_E_NOMEM);
                ck_assert_int_eq(m.alive, 0);
        }
        meter_install(NULL);
}
