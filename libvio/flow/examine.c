/* examine.c - whether the installation is in order: one row per question. */
#include "flow/examine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/fault.h"
#include "base/text.h"
#include "flow/batch.h"
#include "flow/profile.h"

struct doctor {
        struct engine *e;
        int (*cb)(void *data, const struct vio_finding *f);
        void *data;
};

_printf_(5, 6) static int tell(const struct doctor *d, const char *check, bool ok,
                               const char *remedy, const char *format, ...)
{
        char detail[240];
        va_list ap;

        va_start(ap, format);
        vsnprintf(detail, sizeof(detail), format, ap);
        va_end(ap);
        struct vio_finding f = {check, ok, detail, ok ? "" : remedy};
        return d->cb(d->data, &f);
}

static int check_database(const struct doctor *d)
{
        struct fault f = {0};
        int r = store_check(d->e->store, &f);
        return tell(d, "database", r == 0, "restore the latest backup", "%s",
                    r == 0    ? "whole"
                    : *f.text ? f.text
                              : vio_strerror(r));
}

static int check_writing(const struct doctor *d)
{
        struct fault f = {0};
        int r = store_ping(d->e->store, &f);
        return tell(d, "writing", r == 0, "free disk space, or mend the file's permissions", "%s",
                    r == 0    ? "takes writes"
                    : *f.text ? f.text
                              : vio_strerror(r));
}

static int check_schema(const struct doctor *d)
{
        int file = 0;
        int library = 0;
        int r = store_schema(d->e->store, &file, &library);
        return tell(d, "schema", r == 0 && file == library, "run the newest version of the program",
                    "version %d, the library's is %d", file, library);
}

/* The footer rule of a zone with daylight saving: old or empty data gives the winter offset. */
static int check_zones(const struct doctor *d)
{
        const vio_zone *zone = NULL;
        vio_time july = calendar_days(2026, 7, 1) * MS_PER_DAY;
        bool ok = engine_zone(d->e, "America/New_York", &zone) == 0 &&
                  vio_zone_offset(zone, july) == -4 * 3600;
        return tell(d, "zones", ok, "install the package tzdata", "%s",
                    ok ? "time zone data is there" : "time zone data is missing or wrong");
}

struct patient {
        const struct doctor *d;
        vio_tenant_id ids[256];
        size_t n;
        vio_tenant_id after;
        struct retell_request request;
        vio_tenant_id tenant;
        int unreadable;
        bool asks;
};

static int list_tenants_in(struct system_tx *tx, void *arg)
{
        struct patient *p = arg;
        return tenants_after(tx, p->after, p->ids, count_of(p->ids), &p->n);
}

static int look_at_tenant_in(struct tenant_tx *tx, void *arg)
{
        struct patient *p = arg;
        _cleanup_profile_ struct profile profile = {0};

        p->asks = false;
        p->unreadable = 0;
        int r = profile_load(p->d->e, tx, &profile);
        for (int i = 0; !r && i < SETTING_COUNT; i++)
                p->unreadable += profile.settings.unreadable[i];
        if (r || !profile.api_key)
                return r;
        struct retell_account account = {p->d->e->retell_url, profile.api_key};
        r = retell_request_key_info(&p->request, &account);
        p->asks = !r;
        return r;
}

static int check_secrets(const struct patient *p)
{
        char seen[32] = "all can be read";
        if (p->unreadable)
                snprintf(seen, sizeof(seen), "%d cannot be read", p->unreadable);
        return tell(p->d, "secrets", p->unreadable == 0,
                    "use the secret file that this database was made with, or set the keys anew",
                    "tenant %lld: %s", (long long)p->tenant.v, seen);
}

static int check_retell(const struct patient *p)
{
        _cleanup_batch_ struct batch batch = {0};

        if (!p->asks)
                return tell(p->d, "retell", false, "set retell_api_key",
                            "tenant %lld: no API key is set", (long long)p->tenant.v);
        int r = batch_open(&batch, 1);
        if (r)
                return r;
        batch_add(&batch, &p->request);
        batch_perform(p->d->e, &batch);
        r = retell_understand_key_info(batch.responses[0]);
        return tell(p->d, "retell", r == 0,
                    r == VIO_E_AUTH ? "set the right retell_api_key"
                                    : "look at the network, and at Retell's status page",
                    "tenant %lld: %s", (long long)p->tenant.v,
                    r == 0 ? "Retell knows the key" : vio_strerror(r));
}

static int check_tenant(struct patient *p, bool network)
{
        struct fault f = {0};

        int r = store_read_tenant(p->d->e->store, p->tenant, look_at_tenant_in, p, &f);
        if (r)
                return tell(p->d, "tenant", false, "look at the log", "tenant %lld: %s",
                            (long long)p->tenant.v, *f.text ? f.text : vio_strerror(r));
        r = check_secrets(p);
        if (!r && network)
                r = check_retell(p);
        retell_request_free(&p->request);
        p->request = (struct retell_request){0};
        return r;
}

static int check_tenants(const struct doctor *d, bool network)
{
        struct patient p = {.d = d};
        int r = 0;

        do {
                p.n = 0;
                r = store_read(d->e->store, list_tenants_in, &p, NULL);
                for (size_t i = 0; !r && i < p.n; i++) {
                        p.tenant = p.ids[i];
                        p.after = p.ids[i];
                        r = check_tenant(&p, network);
                }
        } while (!r && p.n == count_of(p.ids));
        return r;
}

int examine(struct engine *e, bool network, int (*cb)(void *data, const struct vio_finding *f),
            void *data)
{
        static int (*const checks[])(const struct doctor *) = {check_database, check_writing,
                                                               check_schema, check_zones};
        struct doctor d = {e, cb, data};
        int r = 0;

        for (size_t i = 0; !r && i < count_of(checks); i++)
                r = checks[i](&d);
        return r ? r : check_tenants(&d, network);
}
