/* vio.c - the system opened, stepped and closed: the engine that owns the rest. */
#include <vio/system.h>

#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "base/mem.h"
#include "base/text.h"
#include "flow/settle.h"
#include "rules/sized.h"
#include "store/tenants.h"

#define DEFAULT_READERS 6

static int check_options(const struct vio_options *o, struct fault *f)
{
        if (!o->database || !*o->database)
                return fault_set(f, VIO_E_INVALID, "database: a path is required");
        if (!o->secret || o->secret_len != VIO_SECRET_SIZE)
                return fault_set(f, VIO_E_INVALID, "secret: must be %d bytes", VIO_SECRET_SIZE);
        if (o->readers > 64)
                return fault_set(f, VIO_E_INVALID, "readers: must be at most 64");
        if (o->dial_batch > 64)
                return fault_set(f, VIO_E_INVALID, "dial_batch: must be at most 64");
        if (o->alloc.alloc && (!o->alloc.resize || !o->alloc.release))
                return fault_set(f, VIO_E_INVALID, "alloc: all three functions are required");
        return 0;
}

static int open_store(vio *v, const struct vio_options *o, struct fault *f)
{
        struct store_options so = {.path = o->database,
                                   .create = o->create,
                                   .readers = o->readers ? o->readers : DEFAULT_READERS,
                                   .secret = o->secret,
                                   .random = v->engine.random,
                                   .log = v->engine.log,
                                   .now = engine_now(&v->engine),
                                   .on_due = o->on_due,
                                   .on_due_data = o->on_due_data};
        return store_open(&so, &v->engine.store, f);
}

static int open_system(const struct vio_options *o, vio **ret, struct fault *f)
{
        int r = check_options(o, f);
        if (!r)
                r = mem_claim(&o->alloc);
        if (r == VIO_E_CONFLICT)
                return fault_set(f, r, "alloc: another allocator is in use");
        if (r)
                return r;
        vio *v = mem_new(sizeof(*v));
        if (!v)
                return fault_plain(f, VIO_E_NOMEM);
        pthread_mutex_init(&v->stepping, NULL);
        v->stepper.e = &v->engine;
        v->stepped_at = VIO_TIME_NONE;
        r = engine_init(&v->engine, o, f);
        if (!r)
                r = open_store(v, o, f);
        if (r) {
                vio_close(v);
                return r;
        }
        *ret = v;
        return 0;
}

int vio_open(const struct vio_options *options, vio **ret)
{
        struct fault f = {0};

        struct vio_options o = VIO_OPTIONS_INIT;
        if (!options || options->size < offsetof(struct vio_options, resend_url) || !ret)
                return VIO_E_INVALID;
        sized_read(&o, sizeof(o), options);
        int r = open_system(&o, ret, &f);
        if (r && o.error && o.error_size)
                text_copy(o.error, o.error_size, *f.text ? f.text : vio_strerror(r));
        return r;
}

vio *vio_close(vio *v)
{
        if (!v)
                return NULL;
        stepper_done(&v->stepper);
        engine_done(&v->engine);
        pthread_mutex_destroy(&v->stepping);
        mem_free(v);
        return NULL;
}

int vio_step(vio *v, vio_time *ret_next)
{
        struct fault f = {0};

        if (pthread_mutex_trylock(&v->stepping) != 0)
                return VIO_E_BUSY;
        int r = step(&v->stepper, &f, ret_next);
        if (!r)
                v->stepped_at = engine_now(&v->engine);
        pthread_mutex_unlock(&v->stepping);
        if (r)
                log_write(&v->engine.log, LOG_ERROR, "the step failed: %s",
                          *f.text ? f.text : vio_strerror(r));
        return r;
}

struct release {
        vio_tenant_id ids[64];
        size_t n;
        vio_tenant_id after;
};

static int list_tenants_in(struct system_tx *tx, void *arg)
{
        struct release *r = arg;
        return tenants_after(tx, r->after, r->ids, count_of(r->ids), &r->n);
}

int vio_release(vio *v)
{
        struct release round = {0};
        struct fault f = {0};
        int r;

        do {
                round.n = 0;
                r = store_read(v->engine.store, list_tenants_in, &round, &f);
                for (size_t i = 0; !r && i < round.n; i++) {
                        round.after = round.ids[i];
                        r = settle_release(&v->engine, round.after, engine_now(&v->engine), &f);
                }
        } while (!r && round.n == count_of(round.ids));
        return r;
}

int vio_ready(vio *v)
{
        struct fault f = {0};
        return store_ping(v->engine.store, &f);
}

vio_time vio_now(vio *v)
{
        return engine_now(&v->engine);
}

bool vio_is_sandbox(const vio *v)
{
        return v->engine.sandbox;
}
