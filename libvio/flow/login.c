/* login.c - a person logs in, and the token that stands for it afterwards. */
#include "flow/login.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <vio/json.h>

#include "base/calendar.h"
#include "base/jwt.h"
#include "base/password.h"
#include "base/text.h"
#include "store/users.h"

#define TOKEN_LIFE_S INT64_C(86400)
/* Each hashing takes 19 MiB and a core for 20 ms. */
#define MOST_HASHING 2
#define MOST_WAITING 32
/* An address may have accounts in this many tenants. */
#define MOST_ACCOUNTS 8

static bool enter_hashing(struct engine *e)
{
        bool entered = true;
        pthread_mutex_lock(&e->hashing);
        if (e->hashing_waiting >= MOST_WAITING) {
                entered = false;
        } else {
                e->hashing_waiting++;
                while (e->hashing_now >= MOST_HASHING)
                        pthread_cond_wait(&e->hashing_done, &e->hashing);
                e->hashing_waiting--;
                e->hashing_now++;
        }
        pthread_mutex_unlock(&e->hashing);
        return entered;
}

static void leave_hashing(struct engine *e)
{
        pthread_mutex_lock(&e->hashing);
        e->hashing_now--;
        pthread_cond_signal(&e->hashing_done);
        pthread_mutex_unlock(&e->hashing);
}

static bool copy_lower(const char *text, char *ret, size_t size)
{
        size_t len = text ? strlen(text) : 0;
        if (!len || len >= size)
                return false;
        for (size_t i = 0; i <= len; i++)
                ret[i] = (char)tolower((unsigned char)text[i]);
        return true;
}

struct attempt_in {
        struct engine *e;
        const struct vio_login *login;
        char email[255];
        struct user users[MOST_ACCOUNTS];
        size_t n;
        const struct user *match;
        vio_time now;
};

static int find_users_in(struct system_tx *tx, void *arg)
{
        struct attempt_in *in = arg;
        return users_by_email(tx, in->email, in->login->tenant, in->users, MOST_ACCOUNTS, &in->n);
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

static int write_token(const struct attempt_in *in, char ret[VIO_TOKEN_SIZE])
{
        const struct user *u = in->match;
        _cleanup_text_ struct text token = TEXT_INIT;
        vio_json_writer *w = vio_json_writer_new();
        const char *payload;
        int64_t now_s = in->now / MS_PER_SECOND;

        if (!w)
                return VIO_E_NOMEM;
        vio_json_begin_object(w, NULL);
        vio_json_put_int(w, "userId", u->id.v);
        vio_json_put_text(w, "email", u->email);
        vio_json_put_text(w, "role", vio_role_name(u->role));
        if (u->tenant.v)
                vio_json_put_int(w, "tenantId", u->tenant.v);
        vio_json_put_int(w, "version", u->token_version);
        vio_json_put_int(w, "iat", now_s);
        vio_json_put_int(w, "exp", now_s + TOKEN_LIFE_S);
        vio_json_end_object(w);
        int r = vio_json_writer_text(w, &payload, NULL);
        if (!r)
                r = jwt_sign((struct bytes){in->e->token_key, SHA256_SIZE}, payload, &token);
        vio_json_writer_free(w);
        if (!r && token.len >= VIO_TOKEN_SIZE)
                r = VIO_E_INTERNAL;
        if (!r)
                memcpy(ret, text_str(&token), token.len + 1);
        return r;
}

static void identify(const struct user *u, struct vio_identity *ret)
{
        struct vio_identity id = VIO_IDENTITY_INIT;
        id.user = u->id;
        id.tenant = u->tenant;
        id.role = u->role;
        text_copy(id.email, sizeof(id.email), u->email);
        text_copy(id.full_name, sizeof(id.full_name), u->full_name);
        *ret = id;
}

static int note_login(struct system_tx *tx, const struct vio_actor *actor, vio_tenant_id tenant,
                      vio_time now)
{
        struct audit row = {.actor = actor, .action = "login", .detail = "", .at = now};
        if (!tenant.v)
                return audit_add_system(tx, &row);
        struct tenant_tx narrow = tx_narrow(tx, tenant);
        return audit_add(&narrow, &row);
}

static int note_in(struct system_tx *tx, void *arg)
{
        struct attempt_in *in = arg;
        struct vio_actor actor = {VIO_ACTOR_USER, in->match->id, in->login->ip_address};
        return note_login(tx, &actor, in->match->tenant, in->now);
}

static int authenticate(struct attempt_in *in, struct fault *f)
{
        if (!enter_hashing(in->e))
                return fault_set(f, VIO_E_BUSY, "too many people log in at once");
        int r = match_password(in);
        leave_hashing(in->e);
        if (r == VIO_E_CONFLICT)
                return fault_set(f, r, "the address has accounts in several tenants: say which");
        if (r)
                return fault_set(f, r, "Invalid credentials");
        if (!in->match->is_active)
                return fault_set(f, VIO_E_FORBIDDEN, "Account deactivated");
        return 0;
}

int login(struct engine *e, const struct vio_login *l, struct fault *f, struct vio_identity *ret,
          char ret_token[VIO_TOKEN_SIZE])
{
        struct attempt_in in = {.e = e, .login = l, .now = engine_now(e)};

        if (!l->password || !copy_lower(l->email, in.email, sizeof(in.email)))
                return fault_set(f, VIO_E_AUTH, "Invalid credentials");
        int r = store_read(e->store, find_users_in, &in, f);
        if (!r)
                r = authenticate(&in, f);
        if (!r)
                r = store_write(e->store, note_in, &in, f);
        if (!r)
                r = write_token(&in, ret_token);
        if (!r)
                identify(in.match, ret);
        return r;
}

struct token {
        int64_t user;
        int64_t tenant; /* 0: none */
        int64_t version;
        struct user found;
};

static int load_user_in(struct system_tx *tx, void *arg)
{
        struct token *t = arg;
        return user_load(tx, (vio_user_id){t->user}, &t->found);
}

static int read_claims(const struct text *payload, struct token *ret)
{
        vio_json *json = NULL;
        int r = vio_json_parse(text_str(payload), payload->len, &json);
        if (!r)
                r = vio_json_int(vio_json_get(json, "userId"), &ret->user);
        if (!r)
                r = vio_json_int(vio_json_get(json, "version"), &ret->version);
        if (!r && vio_json_get(json, "tenantId"))
                r = vio_json_int(vio_json_get(json, "tenantId"), &ret->tenant);
        vio_json_free(json);
        return r;
}

int token_check(struct engine *e, const char *token, struct vio_identity *ret)
{
        _cleanup_text_ struct text payload = TEXT_INIT;
        struct token t = {0};
        struct fault f = {0};

        if (!token)
                return VIO_E_AUTH;
        int r =
            jwt_verify((struct bytes){e->token_key, SHA256_SIZE}, token, engine_now(e), &payload);
        if (r)
                return r;
        if (read_claims(&payload, &t) < 0)
                return VIO_E_AUTH;
        r = store_read(e->store, load_user_in, &t, &f);
        if (r)
                return r == VIO_E_NOTFOUND ? VIO_E_AUTH : r;
        if (!t.found.is_active || t.found.token_version != t.version ||
            t.found.tenant.v != t.tenant)
                return VIO_E_AUTH;
        identify(&t.found, ret);
        return 0;
}

struct creation {
        const struct acting *a;
        struct user user;
        vio_user_id id;
};

static int create_in(struct system_tx *tx, void *arg)
{
        struct creation *c = arg;
        const struct acting *a = c->a;
        struct audit row = {.actor = a->actor, .action = "user.add", .detail = "", .at = a->now};

        int r = user_insert(tx, &c->user, a->now, &c->id);
        if (r == VIO_E_CONFLICT)
                return fault_set(system_tx_fault(tx), r, "email: has an account already");
        if (r || !a->tenant.v)
                return r ? r : audit_add_system(tx, &row);
        struct tenant_tx narrow = tx_narrow(tx, a->tenant);
        return audit_add(&narrow, &row);
}

static int check_user(const struct acting *a, const struct vio_user_fields *in, struct user *u)
{
        size_t len = in->password ? strlen(in->password) : 0;

        if (!in->email || !mail_address_valid(in->email) ||
            !copy_lower(in->email, u->email, sizeof(u->email)))
                return fault_set(a->fault, VIO_E_INVALID, "email: must be a mail address");
        if (len < 8 || len > 128)
                return fault_set(a->fault, VIO_E_INVALID, "password: must be 8 to 128 bytes");
        if (!in->full_name || !*in->full_name || strlen(in->full_name) > 200 ||
            !utf8_valid(in->full_name, strlen(in->full_name)))
                return fault_set(a->fault, VIO_E_INVALID, "fullName: must be 1 to 200 bytes");
        if ((in->role == VIO_ROLE_SUPER_ADMIN) != (a->tenant.v == 0))
                return fault_set(a->fault, VIO_E_INVALID,
                                 "role: super_admin belongs to no tenant, every other to one");
        text_copy(u->full_name, sizeof(u->full_name), in->full_name);
        u->role = in->role;
        u->tenant = a->tenant;
        u->is_active = true;
        u->token_version = 1;
        return 0;
}

static int hash_password(struct engine *e, const char *password, char ret[PASSWORD_HASH_SIZE])
{
        uint8_t salt[PASSWORD_SALT_SIZE];
        int r = random_fill(e->random.fill ? &e->random : NULL, salt, sizeof(salt));
        if (r)
                return r;
        if (!enter_hashing(e))
                return VIO_E_BUSY;
        r = password_hash(password, salt, ret);
        leave_hashing(e);
        return r;
}

int user_prepare(const struct acting *a, const struct vio_user_fields *fields, struct user *ret)
{
        struct user u = {0};

        if (!fields || fields->size != sizeof(*fields))
                return fault_set(a->fault, VIO_E_INVALID, "the fields were not initialised");
        int r = check_user(a, fields, &u);
        if (!r)
                r = hash_password(a->e, fields->password, u.password);
        if (!r)
                *ret = u;
        return r;
}

int user_add_in(struct system_tx *tx, const struct acting *a, const struct user *u,
                vio_user_id *ret)
{
        struct creation c = {.a = a, .user = *u};
        int r = create_in(tx, &c);
        if (!r)
                *ret = c.id;
        return r;
}

int user_create(const struct acting *a, const struct vio_user_fields *fields, vio_user_id *ret)
{
        struct creation c = {.a = a};

        int r = user_prepare(a, fields, &c.user);
        if (!r)
                r = store_write(a->e->store, create_in, &c, a->fault);
        if (!r)
                *ret = c.id;
        return r;
}
