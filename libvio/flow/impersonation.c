/* impersonation.c - a super_admin acts as a tenant's client_admin, for two hours at most. */
#include "flow/impersonation.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "flow/personal.h"
#include "flow/token.h"
#include "store/tenants.h"

#define LIFE_MS (2 * MS_PER_HOUR)

/* An impersonation concerns two: the tenant, who may know of it, and the installation. */
struct episode {
        vio_tenant_id tenant;
        struct vio_actor actor; /* as the installation knows him */
        const char *action;
        vio_time now;
        struct user user;
        struct impersonation row;
};

static int note_twice(struct system_tx *tx, const struct episode *e)
{
        struct vio_actor inside = e->actor;
        char detail[40];

        inside.kind = VIO_ACTOR_IMPERSONATOR;
        snprintf(detail, sizeof(detail), "tenant %lld", (long long)e->tenant.v);
        int r = personal_note(tx, &inside, e->tenant, e->action, "", e->now);
        if (!r)
                r = personal_note(tx, &e->actor, (vio_tenant_id){0}, e->action, detail, e->now);
        return r;
}

static int found(void *data, const struct vio_tenant_info *i)
{
        (void)data;
        (void)i;
        return 0;
}

static int start_in(struct system_tx *tx, void *arg)
{
        struct episode *e = arg;
        struct tenant_tx narrow = tx_narrow(tx, e->tenant);

        int r = user_load(tx, e->actor.user, &e->user);
        bool is_owner = !r && e->user.is_active && e->user.role == VIO_ROLE_SUPER_ADMIN;
        if (r == VIO_E_NOTFOUND || (!r && !is_owner))
                return fault_set(system_tx_fault(tx), VIO_E_FORBIDDEN,
                                 "only a super_admin can act as somebody else");
        if (!r)
                r = tenant_info(&narrow, found, NULL);
        if (r == VIO_E_NOTFOUND)
                return fault_set(system_tx_fault(tx), r, "Tenant not found");
        if (!r)
                r = impersonation_insert(&narrow, &e->row);
        return r ? r : note_twice(tx, e);
}

int impersonation_start(const struct acting *a, vio_tenant_id tenant,
                        char ret_token[VIO_TOKEN_SIZE])
{
        struct episode e = {.tenant = tenant,
                            .actor = *a->actor,
                            .action = "impersonation.start",
                            .now = a->now,
                            .row = {.user = a->actor->user,
                                    .started_at = a->now,
                                    .expires_at = a->now + LIFE_MS,
                                    .ended_at = VIO_TIME_NONE}};

        if (a->actor->kind != VIO_ACTOR_USER)
                return fault_set(a->fault, VIO_E_FORBIDDEN,
                                 "only a super_admin who logged in can act as somebody else");
        int r = engine_uuid(a->e, a->now, e.row.id);
        if (!r)
                r = store_write(a->e->store, start_in, &e, a->fault);
        return r ? r : token_issue_impersonation(a->e, &e.user, tenant, &e.row, ret_token);
}

static int finish_in(struct system_tx *tx, void *arg)
{
        struct episode *e = arg;
        struct tenant_tx narrow = tx_narrow(tx, e->tenant);
        int r = impersonation_end(&narrow, e->row.id, e->now);
        return r ? r : note_twice(tx, e);
}

int impersonation_finish(struct engine *e, const char *token, const char *ip_address,
                         struct fault *f)
{
        struct bearer who;
        struct episode end = {.action = "impersonation.end", .now = engine_now(e)};

        int r = token_read(e, token, &who);
        if (r)
                return r;
        if (!who.impersonation[0])
                return fault_set(f, VIO_E_INVALID, "this token is no impersonation's");
        end.tenant = who.tenant;
        end.actor = (struct vio_actor){VIO_ACTOR_USER, who.user.id, ip_address};
        memcpy(end.row.id, who.impersonation, sizeof(end.row.id));
        r = store_write(e->store, finish_in, &end, f);
        return r == VIO_E_NOTFOUND ? VIO_E_AUTH : r;
}
