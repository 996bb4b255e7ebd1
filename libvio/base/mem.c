/* mem.c - memory, through the allocator that the embedding program chose. */
#include "mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void *libc_alloc(void *data, size_t size)
{
        (void)data;
        return malloc(size);
}

static void *libc_resize(void *data, void *p, size_t size)
{
        (void)data;
        return realloc(p, size);
}

static void libc_release(void *data, void *p)
{
        (void)data;
        free(p);
}

static const struct vio_alloc libc = {libc_alloc, libc_resize, libc_release, NULL};

/* The one mutable global: every allocation would have to carry it otherwise. Set before threads. */
static struct vio_alloc chosen = {libc_alloc, libc_resize, libc_release, NULL};

void mem_use(const struct vio_alloc *a)
{
        chosen = a ? *a : libc;
}

static bool is_chosen(const struct vio_alloc *a)
{
        return a->alloc == chosen.alloc && a->resize == chosen.resize &&
               a->release == chosen.release && a->data == chosen.data;
}

int mem_claim(const struct vio_alloc *a)
{
        static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
        static bool claimed;
        const struct vio_alloc *wanted = a && a->alloc ? a : &libc;
        int r = 0;

        pthread_mutex_lock(&lock);
        if (!claimed)
                mem_use(wanted);
        else if (!is_chosen(wanted))
                r = VIO_E_CONFLICT;
        claimed = claimed || r == 0;
        pthread_mutex_unlock(&lock);
        return r;
}

bool mem_is_custom(void)
{
        return chosen.alloc != libc_alloc;
}

void *mem_new(size_t size)
{
        if (size == 0)
                size = 1;
        void *p = chosen.alloc(chosen.data, size);
        return p ? memset(p, 0, size) : NULL;
}

void *mem_resize(void *p, size_t size)
{
        return chosen.resize(chosen.data, p, size ? size : 1);
}

char *mem_text(const char *text)
{
        return text ? mem_text_n(text, strlen(text)) : NULL;
}

char *mem_text_n(const char *bytes, size_t len)
{
        char *copy = chosen.alloc(chosen.data, len + 1);
        if (!copy)
                return NULL;
        if (len)
                memcpy(copy, bytes, len);
        copy[len] = '\0';
        return copy;
}

void mem_free(void *p)
{
        if (p)
                chosen.release(chosen.data, p);
}

void mem_freep(void *pointer_to_pointer)
{
        void *p;
        memcpy(&p, pointer_to_pointer, sizeof(p));
        mem_free(p);
}
