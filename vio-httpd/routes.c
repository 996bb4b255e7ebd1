/* routes.c - the route table and its walk: path, method, credentials, role, tenant, handler. */
#include "routes.h"

#include <string.h>
#include <strings.h>

#include "errors.h"
#include "handlers.h"
#include "query.h"

#define ROLE(name) (1U << VIO_ROLE_##name)
#define NOBODY     0U
#define EVERYBODY  (ROLE(CLIENT_USER) | ROLE(CLIENT_ADMIN) | ROLE(SUPER_ADMIN))
#define ADMINS     (ROLE(CLIENT_ADMIN) | ROLE(SUPER_ADMIN))
#define STAFF      (ROLE(CLIENT_USER) | ROLE(CLIENT_ADMIN))
#define OWNERS     ROLE(SUPER_ADMIN)

#define SMALL_BODY ((size_t)256 * 1024)
#define LARGE_BODY ((size_t)4 * 1024 * 1024)
/* 50,000 contacts, with 300 bytes each. */
#define IMPORT_BODY ((size_t)16 * 1024 * 1024)
#define TAG_MS      60000

/* Who may ask: anybody; whoever can sign; who is logged in, about themselves; a tenant's people;
 * the platform's owner. */
enum scope { SCOPE_PUBLIC, SCOPE_WEBHOOK, SCOPE_PERSON, SCOPE_TENANT, SCOPE_OPERATOR };

static const char *const scope_names[] = {"public", "webhook", "person", "tenant", "operator"};

struct route {
        const char *method;
        const char *path;
        enum scope scope;
        unsigned roles;
        size_t max_body;
        bool timed; /* the answer also changes with the time: its tag is good for a minute */
        system_fn *system;
        operator_fn *operator;
        tenant_fn *tenant;
};

/* The macro of a row chooses the type of its handler: a wrong pairing does not compile. */
#define PUBLIC(m, p, f)                                                                            \
        {                                                                                          \
                m, p, SCOPE_PUBLIC, NOBODY, SMALL_BODY, .system = f                                \
        }
#define WEBHOOK(m, p, f)                                                                           \
        {                                                                                          \
                m, p, SCOPE_WEBHOOK, NOBODY, LARGE_BODY, .system = f                               \
        }
#define PERSON(m, p, f)                                                                            \
        {                                                                                          \
                m, p, SCOPE_PERSON, EVERYBODY, SMALL_BODY, .system = f                             \
        }
#define TENANT(m, p, who, f)                                                                       \
        {                                                                                          \
                m, p, SCOPE_TENANT, who, SMALL_BODY, .tenant = f                                   \
        }
#define TIMED(m, p, who, f)                                                                        \
        {                                                                                          \
                m, p, SCOPE_TENANT, who, SMALL_BODY, .timed = true, .tenant = f                    \
        }
#define LARGE(m, p, who, f)                                                                        \
        {                                                                                          \
                m, p, SCOPE_TENANT, who, IMPORT_BODY, .tenant = f                                  \
        }
#define OPERATOR(m, p, f)                                                                          \
        {                                                                                          \
                m, p, SCOPE_OPERATOR, OWNERS, SMALL_BODY, .operator= f                             \
        }

/* A fixed path stands before the pattern that would match it too. */
static const struct route routes[] = {
    PUBLIC("POST", "/api/auth/login", auth_login),
    PERSON("POST", "/api/auth/logout", auth_logout),
    PERSON("GET", "/api/auth/me", auth_me),
    PERSON("POST", "/api/auth/password", auth_password),
    PERSON("POST", "/api/auth/impersonation/end", auth_impersonation_end),

    OPERATOR("GET", "/api/admin/tenants", tenants_list),
    OPERATOR("POST", "/api/admin/tenants", tenants_add),
    OPERATOR("GET", "/api/admin/tenants/:id", tenants_get),
    OPERATOR("PATCH", "/api/admin/tenants/:id", tenants_change),
    OPERATOR("POST", "/api/admin/tenants/:id/suspend", tenants_suspend),
    OPERATOR("POST", "/api/admin/tenants/:id/resume", tenants_resume),
    OPERATOR("POST", "/api/admin/impersonate/:tenantId", tenants_impersonate),
    OPERATOR("GET", "/api/admin/audit", audit_list_all),
    OPERATOR("GET", "/api/admin/stuck-calls", admin_stuck_calls),
    OPERATOR("GET", "/api/admin/health", admin_health),

    TENANT("GET", "/api/users", ADMINS, users_list),
    TENANT("POST", "/api/users", ADMINS, users_add),
    TENANT("PATCH", "/api/users/:id", ADMINS, users_change),
    TENANT("POST", "/api/users/:id/password", ADMINS, users_password),
    TENANT("GET", "/api/audit", ADMINS, audit_list),

    TENANT("GET", "/api/settings", ADMINS, settings_get),
    TENANT("PATCH", "/api/settings", ADMINS, settings_change),
    TENANT("POST", "/api/settings/test-retell", ADMINS, settings_test_retell),
    TENANT("GET", "/api/settings/calendars", ADMINS, calendars_list),
    TENANT("POST", "/api/settings/calendars/:provider", ADMINS, calendars_renew),
    TENANT("DELETE", "/api/settings/calendars/:provider", ADMINS, calendars_remove),

    TENANT("GET", "/api/contacts", EVERYBODY, contacts_list),
    TENANT("POST", "/api/contacts", ADMINS, contacts_add),
    TENANT("GET", "/api/contacts/stats", EVERYBODY, contacts_stats),
    TENANT("GET", "/api/contacts/export", ADMINS, contacts_export),
    LARGE("POST", "/api/contacts/import", ADMINS, contacts_import),
    TENANT("GET", "/api/contacts/:id", EVERYBODY, contacts_get),
    TENANT("PATCH", "/api/contacts/:id", ADMINS, contacts_change),
    TENANT("DELETE", "/api/contacts/:id", ADMINS, contacts_remove),
    TENANT("PUT", "/api/contacts/:id/opt-out", ADMINS, contacts_opt_out),
    TIMED("GET", "/api/contacts/:id/explain", EVERYBODY, contacts_explain),

    TENANT("GET", "/api/calls", EVERYBODY, calls_list),
    TENANT("POST", "/api/calls/manual", STAFF, calls_now),
    TENANT("GET", "/api/calls/:id", EVERYBODY, calls_get),
    TENANT("GET", "/api/calls/:id/events", ADMINS, calls_events),
    TENANT("POST", "/api/events/:id/replay", ADMINS, events_replay),
    TENANT("GET", "/api/tasks", EVERYBODY, tasks_list),
    TENANT("PATCH", "/api/tasks/:id", ADMINS, tasks_move),
    TENANT("POST", "/api/tasks/:id/cancel", ADMINS, tasks_cancel),
    TENANT("POST", "/api/tasks/:id/retry", ADMINS, tasks_retry),

    TIMED("GET", "/api/analytics/calls", EVERYBODY, analytics_calls),
    TIMED("GET", "/api/analytics/performance", EVERYBODY, analytics_performance),

    TENANT("GET", "/api/daily-summary/settings", EVERYBODY, summary_settings),
    TENANT("PUT", "/api/daily-summary/settings", ADMINS, summary_settings_put),
    TIMED("GET", "/api/daily-summary/preview", ADMINS, summary_preview),
    TENANT("POST", "/api/daily-summary/test", ADMINS, summary_test),

    WEBHOOK("POST", "/api/retell/webhook", webhooks_retell),
    WEBHOOK("POST", "/api/webhooks/cal-com", webhooks_cal_com_named),
    WEBHOOK("POST", "/api/webhooks/cal-com/:token", webhooks_cal_com),
    WEBHOOK("POST", "/api/webhooks/calendly/:token", webhooks_calendly),
    WEBHOOK("POST", "/api/webhooks/resend", webhooks_resend),
    PUBLIC("GET", "/livez", health_live),
    PUBLIC("GET", "/readyz", health_ready),
};

/* Whether @path fits @pattern; what stands for ":id" is copied into @item. */
static bool path_matches(const char *pattern, const char *path, char *item, size_t item_size)
{
        size_t fixed = strcspn(pattern, ":");
        if (!pattern[fixed])
                return !strcmp(pattern, path);
        if (strncmp(pattern, path, fixed) != 0)
                return false;
        const char *rest = pattern + fixed + strcspn(pattern + fixed, "/");
        size_t len = strcspn(path + fixed, "/");
        if (!len || len >= item_size || strcmp(rest, path + fixed + len) != 0)
                return false;
        memcpy(item, path + fixed, len);
        item[len] = '\0';
        return true;
}

/* HEAD is GET whose body stays at home; the server leaves it out. */
static bool method_matches(const struct route *row, const char *method)
{
        return !strcmp(row->method, method) ||
               (!strcmp(method, "HEAD") && !strcmp(row->method, "GET"));
}

/* The first row of the path, whatever its method; rows of one path stand together. */
static const struct route *find_path(const char *path, char *item, size_t item_size)
{
        for (size_t i = 0; i < count_of(routes); i++)
                if (path_matches(routes[i].path, path, item, item_size))
                        return &routes[i];
        return NULL;
}

static const struct route *find_method(const struct route *first, const char *method)
{
        for (const struct route *row = first; row < routes + count_of(routes); row++)
                if (!strcmp(row->path, first->path) && method_matches(row, method))
                        return row;
        return NULL;
}

static void list_methods(const struct route *first, char *ret, size_t size)
{
        size_t n = 0;
        for (const struct route *row = first; row < routes + count_of(routes); row++)
                if (!strcmp(row->path, first->path) && n < size)
                        n += (size_t)snprintf(ret + n, size - n, "%s, ",
                                              !strcmp(row->method, "GET") ? "GET, HEAD"
                                                                          : row->method);
        if (n < size)
                snprintf(ret + n, size - n, "OPTIONS");
}

size_t routes_body_limit(const char *method, const char *path)
{
        char item[64];
        const struct route *first = find_path(path, item, sizeof(item));
        const struct route *row = first ? find_method(first, method) : NULL;
        return row ? row->max_body : SMALL_BODY;
}

size_t routes_count(void)
{
        return count_of(routes);
}

struct route_name routes_name(size_t row)
{
        return (struct route_name){routes[row - 1].method, routes[row - 1].path};
}

bool routes_is_webhook(size_t row)
{
        return routes[row - 1].scope == SCOPE_WEBHOOK;
}

/* The token of "Authorization: Bearer TOKEN" (RFC 6750), or NULL. */
static const char *bearer_token(const char *authorization)
{
        static const char scheme[] = "Bearer ";
        size_t len = sizeof(scheme) - 1;
        if (!authorization || strncasecmp(authorization, scheme, len) != 0)
                return NULL;
        return authorization + len + strspn(authorization + len, " ");
}

static int check_person(const struct app *app, const struct route *row, struct request *q,
                        struct response *r)
{
        const char *token = bearer_token(q->authorization);
        if (!token)
                return refuse(r, VIO_E_AUTH, "No token provided");
        struct vio_identity who = VIO_IDENTITY_INIT;
        int e = vio_token_check(app->v, token, &who);
        if (e == VIO_E_AUTH)
                return refuse(r, e, "Invalid token");
        if (e < 0)
                return e;
        q->who = who;
        q->token = token;
        if (!(row->roles & (1U << who.role)))
                return refuse(r, VIO_E_FORBIDDEN, "Insufficient permissions");
        return VIO_OK;
}

/* A tenant's people act on their own tenant; a super_admin has none and names one. */
static int choose_tenant(const struct request *q, struct response *r, vio_tenant_id *ret)
{
        if (q->who.role != VIO_ROLE_SUPER_ADMIN) {
                if (q->tenant)
                        return refuse(r, VIO_E_FORBIDDEN,
                                      "Only a super_admin may send X-Tenant-Id");
                *ret = q->who.tenant;
                return VIO_OK;
        }
        if (!q->tenant)
                return refuse(r, VIO_E_INVALID, "Name the tenant in the header X-Tenant-Id");
        if (number_parse(q->tenant, &ret->v) < 0)
                return refuse(r, VIO_E_INVALID, "X-Tenant-Id must be the number of a tenant");
        return VIO_OK;
}

static struct vio_actor actor_of(const struct request *q)
{
        struct vio_actor actor = VIO_ACTOR_INIT;
        actor.kind = q->who.impersonating ? VIO_ACTOR_IMPERSONATOR : VIO_ACTOR_USER;
        actor.user = q->who.user;
        actor.ip_address = q->remote;
        return actor;
}

/* Maps the result of a handler; @detail is what its handle says of it. */
static void settle(const struct app *app, const struct request *q, struct response *r, int e,
                   int refusal, const char *detail)
{
        if (e >= 0) {
                r->status = r->status ? r->status : 200;
                return;
        }
        r->broken = r->begun;
        if (error_is_ours(e) || (r->begun && !r->gone))
                log_say(app->log, VIO_LOG_ERROR, "request %s failed: %s: %s", q->id,
                        vio_err_name(e), detail);
        if (r->begun)
                return; /* half an answer is out: the server cuts it off */
        if (e == VIO_E_REFUSED)
                answer_refusal(r, q->id, refusal, detail);
        else
                answer_error(r, q->id, e, detail);
}

static void run_system(const struct app *app, const struct route *row, const struct request *q,
                       struct response *r)
{
        settle(app, q, r, row->system(app->v, q, r), 0, "");
}

static void run_operator(const struct app *app, const struct route *row, const struct request *q,
                         struct response *r)
{
        struct vio_actor actor = actor_of(q);
        vio_operator *op = NULL;
        int e = vio_operator_open(app->v, &actor, &op);
        if (e == VIO_OK)
                e = row->operator(op, q, r);
        settle(app, q, r, e, 0, op ? vio_operator_error(op) : "");
        vio_operator_free(op);
}

/*
 * Names the tenant's state, and tells whether the client has it already. Read before the data, so
 * that a change in between makes the tag too old, never too new.
 */
static int unchanged(const struct app *app, const struct route *row, vio_tenant *t,
                     const struct request *q, struct response *r, bool *ret)
{
        int64_t version;
        int e = vio_tenant_version(t, &version);
        if (e < 0)
                return e;
        snprintf(r->etag, sizeof(r->etag), "\"%lld-%lld-%lld-%s\"",
                 (long long)vio_tenant_get_id(t).v, (long long)version,
                 (long long)(row->timed ? vio_now(app->v) / TAG_MS : 0), vio_version());
        *ret = etag_matches(q->if_none_match, r->etag);
        if (*ret)
                r->status = 304;
        return VIO_OK;
}

static int ask_tenant(const struct app *app, const struct route *row, vio_tenant *t,
                      const struct request *q, struct response *r)
{
        bool same = false;
        int e = strcmp(row->method, "GET") ? VIO_OK : unchanged(app, row, t, q, r, &same);
        return e < 0 || same ? e : row->tenant(t, q, r);
}

static void run_tenant(const struct app *app, const struct route *row, const struct request *q,
                       struct response *r)
{
        struct vio_actor actor = actor_of(q);
        vio_tenant_id id = {0};
        vio_tenant *t = NULL;
        int e = choose_tenant(q, r, &id);
        if (e == VIO_OK)
                e = vio_tenant_open(app->v, id, &actor, &t);
        if (!t && e == VIO_E_NOTFOUND)
                refuse(r, e, "Tenant not found");
        if (e == VIO_OK)
                e = ask_tenant(app, row, t, q, r);
        settle(app, q, r, e, t ? vio_tenant_refusal(t) : 0, t ? vio_tenant_error(t) : "");
        vio_tenant_free(t);
}

static void run(const struct app *app, const struct route *row, struct request *q,
                struct response *r)
{
        switch (row->scope) {
        case SCOPE_PUBLIC:
        case SCOPE_WEBHOOK: run_system(app, row, q, r); return;
        case SCOPE_PERSON:
        case SCOPE_TENANT:
        case SCOPE_OPERATOR: break;
        }
        int e = check_person(app, row, q, r);
        if (e == VIO_OK)
                e = query_check(q, r, row->method, row->path);
        if (e < 0)
                settle(app, q, r, e, 0, "");
        else if (row->scope == SCOPE_PERSON)
                run_system(app, row, q, r);
        else if (row->scope == SCOPE_OPERATOR)
                run_operator(app, row, q, r);
        else
                run_tenant(app, row, q, r);
}

void routes_answer(const struct app *app, struct request *q, struct response *r)
{
        r->sandbox = vio_is_sandbox(app->v);
        const struct route *first = find_path(q->path, q->item, sizeof(q->item));
        if (!first) {
                answer_status(r, q->id, 404, "No such path");
                return;
        }
        q->route = first->path;
        const struct route *row = find_method(first, q->method);
        if (row) {
                q->row = (unsigned)(row - routes) + 1;
                run(app, row, q, r);
                return;
        }
        list_methods(first, r->text, sizeof(r->text));
        r->allow = r->text;
        if (!strcmp(q->method, "OPTIONS"))
                r->status = 204;
        else
                answer_status(r, q->id, 405, "This path does not take that method");
}

static void print_roles(FILE *out, unsigned roles)
{
        const char *comma = "";
        if (!roles)
                fputc('-', out);
        for (unsigned role = 0; role <= VIO_ROLE_SUPER_ADMIN; role++) {
                if (!(roles & (1U << role)))
                        continue;
                fprintf(out, "%s%s", comma, vio_role_name((enum vio_role)role));
                comma = ",";
        }
}

void routes_print(FILE *out)
{
        for (size_t i = 0; i < count_of(routes); i++) {
                fprintf(out, "%s %s %s ", routes[i].method, routes[i].path,
                        scope_names[routes[i].scope]);
                print_roles(out, routes[i].roles);
                fputc('\n', out);
        }
}
