/* calendar_hooks.c - tables calendar_hooks, hook_routes, calendar_events. */
#include "store/calendar_hooks.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/q.h"
#include "store/row_texts.h"
#include "store/vault.h"

static const char *const words[] = {
    [VIO_CALENDAR_CAL_COM] = "cal_com",
    [VIO_CALENDAR_CALENDLY] = "calendly",
};

const char *calendar_word(enum vio_calendar calendar)
{
        return word_name(words, count_of(words), (int)calendar);
}

static void forget(char *secret)
{
        if (secret)
                crypto_wipe(secret, strlen(secret));
        mem_free(secret);
}

void calendar_hook_done(struct calendar_hook *h)
{
        forget(h->secret);
        forget(h->previous_secret);
        *h = (struct calendar_hook){0};
}

/* What a secret is bound to; the previous one keeps the binding that it had. */
static const char *binding(enum vio_calendar calendar, char ret[48])
{
        snprintf(ret, 48, "calendar_hooks.%s", calendar_word(calendar));
        return ret;
}

/* A secret that does not open is none: then no signature fits, and a new one can be made. */
static int open_secret(struct tenant_tx *tx, enum vio_calendar calendar, const char *sealed,
                       char **ret)
{
        char where[48];
        struct text plain = TEXT_INIT;

        if (!sealed)
                return VIO_OK;
        int r = tx_unseal(tx, binding(calendar, where), sealed, &plain);
        if (r)
                return r == VIO_E_AUTH ? VIO_OK : r;
        *ret = text_take(&plain);
        return *ret ? VIO_OK : VIO_E_NOMEM;
}

TENANT_SQL(sql_load, "SELECT token_hint, secret, previous_secret, previous_until, created_at"
                     " FROM calendar_hooks WHERE tenant_id = ?1 AND provider = ?2");
int calendar_hook_load(struct tenant_tx *tx, enum vio_calendar calendar, struct calendar_hook *ret)
{
        struct calendar_hook h = {0};
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, calendar_word(calendar));
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        text_copy(h.hint, sizeof(h.hint), q_col_text(q, 0));
        h.previous_until = q_col_time(q, 3);
        h.created_at = q_col_time(q, 4);
        int r = open_secret(tx, calendar, q_col_text(q, 1), &h.secret);
        if (!r)
                r = open_secret(tx, calendar, q_col_text(q, 2), &h.previous_secret);
        if (!r)
                r = q_err(q);
        if (r)
                calendar_hook_done(&h);
        else
                *ret = h;
        return r;
}

TENANT_SQL(sql_forget_routes, "DELETE FROM hook_routes WHERE tenant_id = ?1 AND provider = ?2"
                              " AND (?3 = 1 OR expires_at IS NOT NULL)");
/* All of them, or those whose end is set already. */
static int forget_routes(struct tenant_tx *tx, enum vio_calendar calendar, bool all)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_forget_routes);
        q_text(q, calendar_word(calendar));
        q_int(q, all);
        return q_done(q);
}

TENANT_SQL(sql_end_route, "UPDATE hook_routes SET expires_at = ?3 WHERE tenant_id = ?1"
                          " AND provider = ?2 AND expires_at IS NULL");
static int end_route(struct tenant_tx *tx, enum vio_calendar calendar, vio_time until)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_end_route);
        q_text(q, calendar_word(calendar));
        q_time(q, until);
        return q_done(q);
}

TENANT_SQL(sql_add_route, "INSERT INTO hook_routes (tenant_id, provider, token_digest)"
                          " VALUES (?1, ?2, ?3)");
static int add_route(struct tenant_tx *tx, enum vio_calendar calendar, const char *digest)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add_route);
        q_text(q, calendar_word(calendar));
        q_text(q, digest);
        return q_done(q);
}

TENANT_SQL(sql_renew, "INSERT INTO calendar_hooks"
                      " (tenant_id, provider, token_hint, secret, created_at)"
                      " VALUES (?1, ?2, ?3, ?4, ?5)"
                      " ON CONFLICT (tenant_id, provider) DO UPDATE SET previous_secret = secret,"
                      " previous_until = ?6, token_hint = ?3, secret = ?4, created_at = ?5");
static int renew_row(struct tenant_tx *tx, const struct calendar_hook_new *n)
{
        _cleanup_text_ struct text sealed = TEXT_INIT;
        char where[48];
        int r = tx_seal(tx, binding(n->calendar, where), n->secret, &sealed);
        if (r)
                return r;
        _cleanup_q_ struct q *q = q_open(tx, &sql_renew);
        q_text(q, calendar_word(n->calendar));
        q_text(q, n->hint);
        q_text(q, text_str(&sealed));
        q_time(q, n->now);
        q_time(q, n->until);
        return q_done(q);
}

int calendar_hook_renew(struct tenant_tx *tx, const struct calendar_hook_new *n)
{
        int r = forget_routes(tx, n->calendar, false);
        if (!r)
                r = end_route(tx, n->calendar, n->until);
        if (!r)
                r = add_route(tx, n->calendar, n->digest);
        return r ? r : renew_row(tx, n);
}

TENANT_SQL(sql_remove, "DELETE FROM calendar_hooks WHERE tenant_id = ?1 AND provider = ?2");
int calendar_hook_remove(struct tenant_tx *tx, enum vio_calendar calendar)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_remove);
        q_text(q, calendar_word(calendar));
        int r = q_done(q);
        if (!r && !q_changes(q))
                return VIO_E_NOTFOUND;
        return r ? r : forget_routes(tx, calendar, true);
}

SYSTEM_SQL(sql_route, "SELECT tenant_id FROM hook_routes WHERE token_digest = ?1 AND provider = ?2"
                      " AND (expires_at IS NULL OR expires_at > ?3)");
int calendar_route(struct system_tx *tx, enum vio_calendar calendar, const char *digest,
                   vio_time now, vio_tenant_id *ret)
{
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_route);
        q_text(q, digest);
        q_text(q, calendar_word(calendar));
        q_time(q, now);
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        vio_tenant_id id = {q_col_int(q, 0)};
        if (q_err(q))
                return q_err(q);
        *ret = id;
        return VIO_OK;
}

TENANT_SQL(sql_event_exists, "SELECT 1 FROM calendar_events WHERE tenant_id = ?1 AND provider = ?2"
                             " AND digest = ?3");
int calendar_event_exists(struct tenant_tx *tx, enum vio_calendar calendar, const char *digest,
                          bool *ret)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_event_exists);
        q_text(q, calendar_word(calendar));
        q_text(q, digest);
        bool found = q_row(q);
        if (q_err(q))
                return q_err(q);
        *ret = found;
        return VIO_OK;
}

TENANT_SQL(sql_event_add, "INSERT INTO calendar_events"
                          " (tenant_id, provider, digest, event_type, uid, result, created_at)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                          " ON CONFLICT (tenant_id, provider, digest) DO NOTHING");
int calendar_event_insert(struct tenant_tx *tx, const struct calendar_event *e)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_event_add);
        q_text(q, calendar_word(e->calendar));
        q_text(q, e->digest);
        q_text(q, e->event_type);
        q_text(q, e->uid);
        q_text(q, e->result);
        q_time(q, e->created_at);
        return q_done(q);
}
