/* personal.c - what a person does about itself: another password, logging out, the log of it. */
#include "flow/personal.h"

#include <string.h>

#include "flow/hashing.h"
#include "flow/throttle.h"
#include "flow/token.h"
#include "store/audit.h"

int personal_note(struct system_tx *tx, const struct vio_actor *actor, vio_tenant_id tenant,
                  const char *action, const char *detail, vio_time now)
{
        struct audit row = {.actor = actor, .action = action, .detail = detail, .at = now};
        if (!tenant.v)
                return audit_add_system(tx, &row);
        struct tenant_tx narrow = tx_narrow(tx, tenant);
        return audit_add(&narrow, &row);
}

struct change_in {
        struct engine *e;
        const struct password_change *change;
        struct user user;
        struct throttle_keys keys;
        vio_time now;
};

static int load_in(struct system_tx *tx, void *arg)
{
        struct change_in *in = arg;
        return user_load(tx, in->change->who->user, &in->user);
}

/* Replaces the hash in @in->user by that of the new password. */
static int rehash(struct change_in *in, struct fault *f)
{
        if (!hashing_enter(in->e))
                return fault_plain(f, VIO_E_BUSY);
        int r = password_check(in->change->old_password, in->user.password);
        hashing_leave(in->e);
        if (r == VIO_E_AUTH)
                return fault_set(f, r, "currentPassword: is not right");
        return r ? r : password_keep(in->e, in->change->new_password, in->user.password);
}

static int replace_in(struct system_tx *tx, void *arg)
{
        struct change_in *in = arg;
        struct vio_actor actor = {VIO_ACTOR_USER, in->user.id, in->change->ip_address};
        int r = user_password_replace(tx, &in->user);
        return r ? r : personal_note(tx, &actor, in->user.tenant, "password.change", "", in->now);
}

static int replace(struct change_in *in, struct fault *f, char ret_token[VIO_TOKEN_SIZE])
{
        char token[VIO_TOKEN_SIZE];

        int r = rehash(in, f);
        if (r != VIO_E_AUTH)
                throttle_undo(in->e->throttle, &in->keys);
        if (r)
                return r;
        struct user after = in->user;
        after.token_version++;
        r = token_issue(in->e, &after, in->now, token);
        if (!r)
                r = store_write(in->e->store, replace_in, in, f);
        if (!r)
                memcpy(ret_token, token, sizeof(token));
        return r;
}

static int check_change(const struct password_change *c, struct fault *f)
{
        if (c->who->impersonating)
                return fault_set(f, VIO_E_FORBIDDEN, "end the impersonation first");
        if (!c->old_password)
                return fault_set(f, VIO_E_AUTH, "currentPassword: is not right");
        int r = password_acceptable(c->new_password, "newPassword", f);
        if (!r && strcmp(c->old_password, c->new_password) == 0)
                r = fault_set(f, VIO_E_INVALID, "newPassword: must be another than the old one");
        return r;
}

int password_change(struct engine *e, const struct password_change *c, struct fault *f,
                    char ret_token[VIO_TOKEN_SIZE])
{
        struct change_in in = {.e = e, .change = c, .now = engine_now(e)};

        int r = check_change(c, f);
        if (!r)
                r = store_read(e->store, load_in, &in, f);
        if (!r && !in.user.is_active)
                r = VIO_E_NOTFOUND;
        if (!r)
                r = throttle_keys(e, in.user.email, c->ip_address, &in.keys);
        if (r)
                return r;
        /* Whoever holds a token must not guess the password here instead of at the login. */
        if (throttle_enter(e->throttle, &in.keys, in.now))
                return fault_plain(f, VIO_E_LIMITED);
        return replace(&in, f, ret_token);
}

struct leaving {
        const struct vio_identity *who;
        struct vio_actor actor;
        bool everywhere;
        vio_time now;
};

static int logout_in(struct system_tx *tx, void *arg)
{
        const struct leaving *l = arg;
        int r = l->everywhere ? user_revoke(tx, l->who->user) : 0;
        return r ? r
                 : personal_note(tx, &l->actor, l->who->tenant, "logout",
                                 l->everywhere ? "everywhere" : "", l->now);
}

int logout(struct engine *e, const struct vio_identity *who, const char *ip_address,
           bool everywhere, struct fault *f)
{
        struct leaving l = {.who = who, .everywhere = everywhere, .now = engine_now(e)};

        if (who->impersonating)
                return fault_set(f, VIO_E_FORBIDDEN, "end the impersonation instead");
        l.actor = (struct vio_actor){VIO_ACTOR_USER, who->user, ip_address};
        return store_write(e->store, logout_in, &l, f);
}
