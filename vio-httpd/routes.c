/* routes.c - the route table and its walk: path, method, credentials, role, tenant, handler. */
#include "routes.h"

#include <string.h>
#include <strings.h>

#include "errors.h"
#include "handlers.h"

#define ROLE(name) (1U << VIO_ROLE_##name)
#define NOBODY     0U
#define EVERYBODY  (ROLE(CLIENT_USER) | ROLE(CLIENT_ADMIN) | ROLE(SUPER_ADMIN))
#define ADMINS     (ROLE(CLIENT_ADMIN) | ROLE(SUPER_ADMIN))
#define STAFF      (ROLE(CLIENT_USER) | ROLE(CLIENT_ADMIN))
#define OWNERS     ROLE(SUPER_ADMIN)

#define SMALL_BODY ((size_t)256 * 1024)
#define LARGE_BODY ((size_t)4 * 1024 * 1024)

/* Who may ask: anybody; whoever can sign; a tenant's people; the platform's owner. */
enum scope { SCOPE_PUBLIC, SCOPE_WEBHOOK, SCOPE_TENANT, SCOPE_OPERATOR };

static const char *const scope_names[] = {"public", "webhook", "tenant", "operator"};

struct route {
        const char *method;
        const char *path;
        enum scope scope;
        unsigned roles;
        size_t max_body;
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
#define TENANT(m, p, who, f)                                                                       \
        {                                                                                          \
                m, p, SCOPE_TENANT, who, SMALL_BODY, .tenant = f                                   \
        }
#define OPERATOR(m, p, f)                                                                          \
        {                                                                                          \
                m, p, SCOPE_OPERATOR, OWNERS, SMALL_BODY, .operator= f                             \
        }

/* A fixed path stands before the pattern that would match it too. */
static const struct route routes[] = {
    PUBLIC("POST", "/api/auth/login", auth_login),
    OPERATOR("GET", "/api/admin/tenants", tenants_list),
    TENANT("GET", "/api/contacts", EVERYBODY, contacts_list),
    TENANT("POST", "/api/contacts", ADMINS, contacts_add),
    TENANT("GET", "/api/contacts/stats", EVERYBODY, contacts_stats),
    TENANT("GET", "/api/contacts/:id", EVERYBODY, contacts_get),
    TENANT("POST", "/api/calls/manual", STAFF, calls_now),
    TENANT("GET", "/api/calls/:id", EVERYBODY, calls_get),
    WEBHOOK("POST", "/api/retell/webhook", webhooks_retell),
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
        actor.kind = VIO_ACTOR_USER;
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
        if (error_is_ours(e))
                log_say(app->log, VIO_LOG_ERROR, "request %s failed: %s: %s", q->id,
                        vio_err_name(e), detail);
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
                e = row->tenant(t, q, r);
        settle(app, q, r, e, t ? vio_tenant_refusal(t) : 0, t ? vio_tenant_error(t) : "");
        vio_tenant_free(t);
}

static void run(const struct app *app, const struct route *row, struct request *q,
                struct response *r)
{
        switch (row->scope) {
        case SCOPE_PUBLIC:
        case SCOPE_WEBHOOK: run_system(app, row, q, r); return;
        case SCOPE_TENANT:
        case SCOPE_OPERATOR: break;
        }
        int e = check_person(app, row, q, r);
        if (e < 0)
                settle(app, q, r, e, 0, "");
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
