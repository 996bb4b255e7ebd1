/* token.c - the token that stands for a login, or for an impersonation, afterwards. */
#include "flow/token.h"

#include <string.h>
#include <vio/json.h>

#include "base/calendar.h"
#include "base/jwt.h"
#include "base/text.h"

#define TOKEN_LIFE_MS MS_PER_DAY

/* A token before it is signed. */
struct claims {
        const struct user *user;
        enum vio_role role;
        vio_tenant_id tenant;
        const char *impersonation; /* NULL: none */
        vio_time from, until;
};

static void write_claims(const struct claims *c, vio_json_writer *w)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_int(w, "userId", c->user->id.v);
        vio_json_put_text(w, "email", c->user->email);
        vio_json_put_text(w, "role", vio_role_name(c->role));
        if (c->tenant.v)
                vio_json_put_int(w, "tenantId", c->tenant.v);
        if (c->impersonation) {
                vio_json_put_bool(w, "impersonating", true);
                vio_json_put_null(w, "originalTenantId");
                vio_json_put_text(w, "impersonationId", c->impersonation);
        }
        vio_json_put_int(w, "version", c->user->token_version);
        vio_json_put_int(w, "iat", c->from / MS_PER_SECOND);
        vio_json_put_int(w, "exp", c->until / MS_PER_SECOND);
        vio_json_end_object(w);
}

static int sign(const struct engine *e, const struct claims *c, char ret[VIO_TOKEN_SIZE])
{
        _cleanup_text_ struct text token = TEXT_INIT;
        vio_json_writer *w = vio_json_writer_new();
        const char *payload;

        if (!w)
                return VIO_E_NOMEM;
        write_claims(c, w);
        int r = vio_json_writer_text(w, &payload, NULL);
        if (!r)
                r = jwt_sign((struct bytes){e->token_key, SHA256_SIZE}, payload, &token);
        vio_json_writer_free(w);
        if (!r && token.len >= VIO_TOKEN_SIZE)
                r = VIO_E_INTERNAL;
        if (!r)
                memcpy(ret, text_str(&token), token.len + 1);
        return r;
}

int token_issue(const struct engine *e, const struct user *u, vio_time now,
                char ret[VIO_TOKEN_SIZE])
{
        struct claims c = {.user = u,
                           .role = u->role,
                           .tenant = u->tenant,
                           .from = now,
                           .until = now + TOKEN_LIFE_MS};
        return sign(e, &c, ret);
}

int token_issue_impersonation(const struct engine *e, const struct user *u, vio_tenant_id tenant,
                              const struct impersonation *i, char ret[VIO_TOKEN_SIZE])
{
        struct claims c = {.user = u,
                           .role = VIO_ROLE_CLIENT_ADMIN,
                           .tenant = tenant,
                           .impersonation = i->id,
                           .from = i->started_at,
                           .until = i->expires_at};
        return sign(e, &c, ret);
}

/* What a token says; whether it is still so is looked up. */
struct said {
        int64_t user;
        int64_t tenant; /* 0: none */
        int64_t version;
        char role[16];
        bool impersonating;
        vio_time now;
        struct bearer bearer;
};

static int read_impersonation(const vio_json *json, struct said *ret)
{
        const vio_json *claim = vio_json_get(json, "impersonating");
        int r = claim ? vio_json_bool(claim, &ret->impersonating) : 0;

        if (!r && ret->impersonating)
                r = uuid_parse(vio_json_text(vio_json_get(json, "impersonationId")),
                               ret->bearer.impersonation);
        return r;
}

static int read_claims(const struct text *payload, struct said *ret)
{
        vio_json *json = NULL;
        int r = vio_json_parse(text_str(payload), payload->len, &json);
        if (!r)
                r = vio_json_int(vio_json_get(json, "userId"), &ret->user);
        if (!r)
                r = vio_json_int(vio_json_get(json, "version"), &ret->version);
        if (!r && vio_json_get(json, "tenantId"))
                r = vio_json_int(vio_json_get(json, "tenantId"), &ret->tenant);
        if (!r)
                r = read_impersonation(json, ret);
        text_copy(ret->role, sizeof(ret->role), vio_json_text(vio_json_get(json, "role")));
        vio_json_free(json);
        return r == VIO_E_INVALID ? VIO_E_AUTH : r;
}

static bool impersonation_lasts(const struct impersonation *i, const struct said *s)
{
        return i->user.v == s->user && i->ended_at == VIO_TIME_NONE && s->now < i->expires_at;
}

/* An impersonation is a super_admin's and is not over; a login acts where its account is. */
static int check_authority(struct system_tx *tx, const struct said *s)
{
        const struct user *u = &s->bearer.user;
        struct tenant_tx narrow = tx_narrow(tx, (vio_tenant_id){s->tenant});
        struct impersonation i;

        if (!s->impersonating)
                return u->tenant.v == s->tenant && strcmp(s->role, vio_role_name(u->role)) == 0
                           ? 0
                           : VIO_E_AUTH;
        if (u->role != VIO_ROLE_SUPER_ADMIN ||
            strcmp(s->role, vio_role_name(VIO_ROLE_CLIENT_ADMIN)) != 0)
                return VIO_E_AUTH;
        int r = impersonation_load(&narrow, s->bearer.impersonation, &i);
        if (r)
                return r;
        return impersonation_lasts(&i, s) ? 0 : VIO_E_AUTH;
}

static int look_up_in(struct system_tx *tx, void *arg)
{
        struct said *s = arg;
        int r = user_load(tx, (vio_user_id){s->user}, &s->bearer.user);
        if (r)
                return r;
        if (!s->bearer.user.is_active || s->bearer.user.token_version != s->version)
                return VIO_E_AUTH;
        return check_authority(tx, s);
}

int token_read(struct engine *e, const char *token, struct bearer *ret)
{
        _cleanup_text_ struct text payload = TEXT_INIT;
        struct said s = {.now = engine_now(e)};
        struct fault f = {0};

        int r = jwt_verify((struct bytes){e->token_key, SHA256_SIZE}, token, s.now, &payload);
        if (!r)
                r = read_claims(&payload, &s);
        if (!r)
                r = store_read(e->store, look_up_in, &s, &f);
        if (r)
                return r == VIO_E_NOTFOUND ? VIO_E_AUTH : r;
        s.bearer.tenant.v = s.tenant;
        *ret = s.bearer;
        return 0;
}

void bearer_identify(const struct bearer *b, struct vio_identity *ret)
{
        struct vio_identity id = VIO_IDENTITY_INIT;
        id.user = b->user.id;
        id.tenant = b->tenant;
        id.impersonating = b->impersonation[0] != '\0';
        id.role = id.impersonating ? VIO_ROLE_CLIENT_ADMIN : b->user.role;
        text_copy(id.email, sizeof(id.email), b->user.email);
        text_copy(id.full_name, sizeof(id.full_name), b->user.full_name);
        *ret = id;
}
