/* login.c - a person logs in: the throttle, the password, the token. */
#include "flow/login.h"

#include <string.h>

#include "base/text.h"
#include "flow/hashing.h"
#include "flow/personal.h"
#include "flow/throttle.h"
#include "flow/token.h"

/* An address may have accounts in this many tenants. */
#define MOST_ACCOUNTS 8

struct attempt_in {
        struct engine *e;
        const struct vio_login *login;
        char email[255];
        struct user users[MOST_ACCOUNTS];
        size_t n;
        size_t everywhere; /* accounts of this address, in whatever tenant */
        const struct user *match;
        struct throttle_keys keys;
        vio_time now;
};

static int find_users_in(struct system_tx *tx, void *arg)
{
        struct attempt_in *in = arg;
        int r = users_by_email(tx, in->email, in->login->tenant, in->users, MOST_ACCOUNTS, &in->n);
        return r ? r : users_count_email(tx, in->email, &in->everywhere);
}

/* The password decides between accounts of the same address, and of those the active one; no
 * account at all costs the same. */
static int match_password(struct attempt_in *in)
{
        int matches = 0;
        int r = 0;

        for (size_t i = 0; i < in->n; i++) {
                const struct user *u = &in->users[i];
                r = password_check(in->login->password, u->password);
                if (r == VIO_E_NOMEM)
                        return r;
                if (r)
                        continue;
                matches += u->is_active;
                if (!in->match || u->is_active)
                        in->match = u;
        }
        if (!in->n)
                r = password_check(in->login->password, NULL);
        if (r == VIO_E_NOMEM)
                return r;
        if (matches > 1)
                return VIO_E_CONFLICT;
        return in->match ? 0 : VIO_E_AUTH;
}

static int authenticate(struct attempt_in *in, struct fault *f)
{
        int r = store_read(in->e->store, find_users_in, in, f);
        if (r)
                return r;
        if (!hashing_enter(in->e))
                return fault_set(f, VIO_E_BUSY, "too many people log in at once");
        r = match_password(in);
        hashing_leave(in->e);
        if (r == VIO_E_CONFLICT)
                return fault_set(f, r, "the address has accounts in several tenants: say which");
        if (r)
                return fault_set(f, r, "Invalid credentials");
        if (!in->match->is_active)
                return fault_set(f, VIO_E_FORBIDDEN, "Account deactivated");
        return 0;
}

/* What was read may have changed while the password was hashed: then nobody is logged in. */
static int note_in(struct system_tx *tx, void *arg)
{
        struct attempt_in *in = arg;
        struct vio_actor actor = {VIO_ACTOR_USER, in->match->id, in->login->ip_address};
        int r = user_logged_in(tx, in->match, in->now);
        if (r)
                return r == VIO_E_NOTFOUND ? VIO_E_AUTH : r;
        return personal_note(tx, &actor, in->match->tenant, "login", "", in->now);
}

/*
 * Only a wrong password counts. The right one clears the account's count, unless the address has
 * accounts elsewhere: whoever owns one of those could else clear the way for guessing another.
 */
static void settle(const struct attempt_in *in, int r)
{
        struct throttle *t = in->e->throttle;
        if (r == VIO_E_AUTH)
                return;
        if (r == 0 && in->everywhere == 1)
                throttle_forgive(t, &in->keys);
        else
                throttle_undo(t, &in->keys);
}

static int enter(struct attempt_in *in, struct fault *f, struct vio_identity *ret,
                 char ret_token[VIO_TOKEN_SIZE])
{
        char token[VIO_TOKEN_SIZE];

        int r = authenticate(in, f);
        if (!r)
                r = token_issue(in->e, in->match, in->now, token);
        if (!r)
                r = store_write(in->e->store, note_in, in, f);
        settle(in, r);
        if (r)
                return r;
        struct bearer who = {.user = *in->match, .tenant = in->match->tenant};
        bearer_identify(&who, ret);
        memcpy(ret_token, token, sizeof(token));
        return 0;
}

int login(struct engine *e, const struct vio_login *l, struct fault *f, struct vio_identity *ret,
          char ret_token[VIO_TOKEN_SIZE])
{
        struct attempt_in in = {.e = e, .login = l, .now = engine_now(e)};

        if (!l->password || !email_fold(l->email, in.email, sizeof(in.email)))
                return fault_set(f, VIO_E_AUTH, "Invalid credentials");
        int r = throttle_keys(e, in.email, l->ip_address, &in.keys);
        if (r)
                return r;
        if (throttle_enter(e->throttle, &in.keys, in.now))
                return fault_plain(f, VIO_E_LIMITED);
        return enter(&in, f, ret, ret_token);
}

int login_wait(struct engine *e, const struct vio_login *l, int64_t *ret_ms)
{
        char email[255];
        struct throttle_keys keys;
        int r = 0;
        int64_t wait = 0;

        if (email_fold(l->email, email, sizeof(email))) {
                r = throttle_keys(e, email, l->ip_address, &keys);
                if (!r)
                        wait = throttle_wait(e->throttle, &keys, engine_now(e));
        }
        if (!r)
                *ret_ms = wait;
        return r;
}
