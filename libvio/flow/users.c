/* users.c - the accounts of a tenant, as its administrator keeps them. */
#include "flow/users.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "flow/hashing.h"
#include "flow/personal.h"
#include "rules/sized.h"
#include "store/users.h"

int account_add_in(struct system_tx *tx, const struct acting *a, const struct user *u,
                   vio_user_id *ret)
{
        vio_user_id id = {0};
        char detail[64];

        int r = user_insert(tx, u, a->now, &id);
        if (r == VIO_E_CONFLICT)
                return fault_set(system_tx_fault(tx), r, "email: has an account already");
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "user %lld, %s", (long long)id.v, vio_role_name(u->role));
        r = personal_note(tx, a->actor, a->tenant, "user.add", detail, a->now);
        if (!r)
                *ret = id;
        return r;
}

static int take_name(const char *name, struct user *u, struct fault *f)
{
        if (!name || !*name || !text_is_line(name, sizeof(u->full_name) - 1))
                return fault_set(f, VIO_E_INVALID, "fullName: must be 1 to 200 bytes in one line");
        text_copy(u->full_name, sizeof(u->full_name), name);
        return 0;
}

static int check_fields(const struct acting *a, const struct vio_user_fields *in, struct user *u)
{
        if (!in->email || !mail_address_valid(in->email) ||
            !email_fold(in->email, u->email, sizeof(u->email)))
                return fault_set(a->fault, VIO_E_INVALID, "email: must be a mail address");
        int r = password_acceptable(in->password, "password", a->fault);
        if (!r)
                r = take_name(in->full_name, u, a->fault);
        if (r)
                return r;
        if ((unsigned)in->role > VIO_ROLE_SUPER_ADMIN ||
            (in->role == VIO_ROLE_SUPER_ADMIN) != (a->tenant.v == 0))
                return fault_set(a->fault, VIO_E_INVALID,
                                 "role: super_admin belongs to no tenant, every other to one");
        u->role = in->role;
        u->tenant = a->tenant;
        u->is_active = true;
        u->token_version = 1;
        return 0;
}

int account_prepare(const struct acting *a, const struct vio_user_fields *fields, struct user *ret)
{
        struct user u = {0};

        if (!fields || fields->size < sizeof(*fields))
                return fault_set(a->fault, VIO_E_INVALID, "the fields were not initialised");
        int r = check_fields(a, fields, &u);
        if (!r)
                r = password_keep(a->e, fields->password, u.password);
        if (!r)
                *ret = u;
        return r;
}

struct creation {
        const struct acting *a;
        struct user user;
        vio_user_id id;
};

static int add_in(struct system_tx *tx, void *arg)
{
        struct creation *c = arg;
        return account_add_in(tx, c->a, &c->user, &c->id);
}

int account_add(const struct acting *a, const struct vio_user_fields *fields, vio_user_id *ret)
{
        struct creation c = {.a = a};

        int r = account_prepare(a, fields, &c.user);
        if (!r)
                r = store_write(a->e->store, add_in, &c, a->fault);
        if (!r)
                *ret = c.id;
        return r;
}

static bool is_self(const struct acting *a, vio_user_id id)
{
        return a->actor->kind == VIO_ACTOR_USER && a->actor->user.v == id.v;
}

struct alteration {
        const struct acting *a;
        vio_user_id id;
        const struct vio_user_change *change;
};

/* Whether somebody who administers now will not do so afterwards. */
static bool steps_down(const struct user *before, const struct user *after)
{
        bool administered = before->is_active && before->role == VIO_ROLE_CLIENT_ADMIN;
        return administered && !(after->is_active && after->role == VIO_ROLE_CLIENT_ADMIN);
}

/* A tenant without an administrator could not help itself, and somebody who locks himself out
 * cannot take it back. */
static int check_authority(const struct acting *a, struct tenant_tx *tx, const struct user *before,
                           const struct user *after)
{
        bool another = false;
        bool deactivates = before->is_active && !after->is_active;

        if (is_self(a, before->id) && (deactivates || steps_down(before, after)))
                return fault_set(tx_fault(tx), VIO_E_FORBIDDEN,
                                 "Nobody can deactivate or demote himself");
        if (!steps_down(before, after))
                return 0;
        int r = users_another_admin(tx, before->id, &another);
        if (!r && !another)
                r = fault_set(tx_fault(tx), VIO_E_CONFLICT,
                              "This is the tenant's last active client_admin");
        return r;
}

static int apply(const struct vio_user_change *c, struct user *u, struct fault *f)
{
        int r = c->full_name ? take_name(c->full_name, u, f) : 0;
        if (r)
                return r;
        if (c->role >= 0)
                u->role = (enum vio_role)c->role;
        if (c->active >= 0)
                u->is_active = c->active != 0;
        return 0;
}

/* Says what changed, without the name: that is personal. */
static void describe(const struct user *before, const struct user *after, char *ret, size_t size)
{
        int n = snprintf(ret, size, "user %lld", (long long)before->id.v);
        if (strcmp(before->full_name, after->full_name) != 0)
                n += snprintf(ret + n, size - (size_t)n, ", name");
        if (before->role != after->role)
                n += snprintf(ret + n, size - (size_t)n, ", %s", vio_role_name(after->role));
        if (before->is_active != after->is_active)
                snprintf(ret + n, size - (size_t)n, ", %s",
                         after->is_active ? "activated" : "deactivated");
}

static int change_in(struct tenant_tx *tx, void *arg)
{
        const struct alteration *alt = arg;
        struct user before, after;
        char detail[100];

        int r = user_get(tx, alt->id, &before);
        if (r)
                return r;
        after = before;
        r = apply(alt->change, &after, tx_fault(tx));
        if (!r)
                r = check_authority(alt->a, tx, &before, &after);
        if (r)
                return r;
        bool power = before.role != after.role || before.is_active != after.is_active;
        if (!power && strcmp(before.full_name, after.full_name) == 0)
                return 0;
        after.token_version += power;
        describe(&before, &after, detail, sizeof(detail));
        r = user_save(tx, &after);
        return r ? r : acting_note(alt->a, tx, "user.change", (vio_contact_id){0}, NULL, detail);
}

static int not_found(const struct acting *a, int r)
{
        return r == VIO_E_NOTFOUND ? fault_set(a->fault, r, "User not found") : r;
}

int account_change(const struct acting *a, vio_user_id id, const struct vio_user_change *change)
{
        struct vio_user_change c = VIO_USER_CHANGE_INIT;
        struct alteration alt = {a, id, &c};

        if (!change || change->size < sizeof(c))
                return fault_set(a->fault, VIO_E_INVALID, "the change was not initialised");
        sized_read(&c, sizeof(c), change);
        if (c.role >= VIO_ROLE_SUPER_ADMIN)
                return fault_set(a->fault, VIO_E_INVALID,
                                 "role: must be client_user or client_admin");
        return not_found(a, store_write_tenant(a->e->store, a->tenant, change_in, &alt, a->fault));
}

struct reset {
        const struct acting *a;
        vio_user_id id;
        char password[PASSWORD_HASH_SIZE];
};

static int reset_in(struct tenant_tx *tx, void *arg)
{
        const struct reset *reset = arg;
        char detail[40];

        int r = user_password_set(tx, reset->id, reset->password);
        snprintf(detail, sizeof(detail), "user %lld", (long long)reset->id.v);
        return r ? r
                 : acting_note(reset->a, tx, "user.password", (vio_contact_id){0}, NULL, detail);
}

int account_password_set(const struct acting *a, vio_user_id id, const char *password)
{
        struct reset reset = {.a = a, .id = id};

        /* A stolen token must not be enough to take an account over. */
        if (is_self(a, id))
                return fault_set(a->fault, VIO_E_FORBIDDEN,
                                 "Your own password is changed with the old one");
        int r = password_acceptable(password, "newPassword", a->fault);
        if (!r)
                r = password_keep(a->e, password, reset.password);
        if (!r)
                r = store_write_tenant(a->e->store, a->tenant, reset_in, &reset, a->fault);
        return not_found(a, r);
}
