/* vio/user.h - accounts, logging in, and the tokens that stand for a login. */
#ifndef VIO_USER_H
#define VIO_USER_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

enum vio_role {
        VIO_ROLE_CLIENT_USER,  /* a member of one tenant's staff */
        VIO_ROLE_CLIENT_ADMIN, /* administers one tenant */
        VIO_ROLE_SUPER_ADMIN   /* the platform's owner: all tenants */
};

/** "client_user", "client_admin" or "super_admin". Static. Since: 0.1 */
VIO_API const char *vio_role_name(enum vio_role role);

/** Reads such a name. Errors: VIO_E_INVALID. Since: 0.1 */
VIO_API int vio_role_parse(const char *name, enum vio_role *ret);

/** A new account. Set it to VIO_USER_FIELDS_INIT first. */
struct vio_user_fields {
        size_t size;
        const char *email;     /* required; kept in lower case; unique within its tenant */
        const char *password;  /* required; 8 to 128 bytes */
        const char *full_name; /* required; 1 to 200 bytes in one line */
        enum vio_role role;
};

#define VIO_USER_FIELDS_INIT                                                                       \
        {                                                                                          \
                .size = sizeof(struct vio_user_fields), .role = VIO_ROLE_CLIENT_USER               \
        }

/**
 * Adds an account to a tenant.
 *
 * @fields: .role is client_user or client_admin.
 * @ret: gets its id; untouched on failure.
 * Errors: VIO_E_INVALID, VIO_E_CONFLICT (the address has an account here), VIO_E_STORAGE. Since:
 * 0.1
 */
VIO_API int vio_user_add(vio_tenant *t, const struct vio_user_fields *fields, vio_user_id *ret);

/**
 * Adds an account over all tenants (.role must be super_admin).
 *
 * @ret: gets its id; untouched on failure.
 * Errors: VIO_E_INVALID, VIO_E_CONFLICT, VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_operator_user_add(vio_operator *op, const struct vio_user_fields *fields,
                                  vio_user_id *ret);

/** What a list of accounts shows; texts are valid during the callback. Since: 0.2 */
struct vio_user_info {
        vio_user_id id;
        const char *email;
        const char *full_name;
        enum vio_role role;
        bool active; /* may log in */
        vio_time created_at;
        vio_time last_login_at; /* VIO_TIME_NONE: never */
};

/**
 * Calls @cb for each account of a tenant in order of id.
 *
 * A non-zero result of @cb ends the loop and is returned. @cb must not call the library with @t.
 * Errors: VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_user_each(vio_tenant *t, int (*cb)(void *data, const struct vio_user_info *i),
                          void *data);

/**
 * One account of a tenant, as vio_user_each() shows it, by one call of @cb.
 *
 * Errors: VIO_E_NOTFOUND, VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_user_show(vio_tenant *t, vio_user_id id,
                          int (*cb)(void *data, const struct vio_user_info *i), void *data);

/** What to change of an account. Set it to VIO_USER_CHANGE_INIT first: nothing. Since: 0.2 */
struct vio_user_change {
        size_t size;
        const char *full_name; /* NULL: leave alone */
        int role;              /* client_user or client_admin of enum vio_role; -1: leave alone */
        int active;            /* 1 may log in, 0 may not; -1: leave alone */
};

#define VIO_USER_CHANGE_INIT                                                                       \
        {                                                                                          \
                .size = sizeof(struct vio_user_change), .role = -1, .active = -1                   \
        }

/**
 * Changes an account of a tenant. With its role or activity its tokens become void at once.
 *
 * Errors: VIO_E_INVALID, VIO_E_NOTFOUND, VIO_E_FORBIDDEN (nobody deactivates or demotes himself),
 *   VIO_E_CONFLICT (it is the tenant's last active client_admin), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_user_change(vio_tenant *t, vio_user_id id, const struct vio_user_change *change);

/**
 * Gives an account of a tenant another password; its tokens become void. For an administrator, on
 * behalf of somebody else: one's own is changed by vio_password_change().
 *
 * @password: 8 to 128 bytes.
 * Errors: VIO_E_INVALID, VIO_E_NOTFOUND, VIO_E_FORBIDDEN (the actor's own account), VIO_E_BUSY,
 *   VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_user_password_set(vio_tenant *t, vio_user_id id, const char *password);

/** Room for any token, with its NUL. */
#define VIO_TOKEN_SIZE 2048

/** Who a login or a token stands for. The caller sets .size; the texts are inside. */
struct vio_identity {
        size_t size;
        vio_user_id user;
        vio_tenant_id tenant; /* 0 for a super_admin */
        enum vio_role role;
        char email[255];
        char full_name[201];
        /* Since 0.2 */
        bool impersonating; /* .user is a super_admin who acts as .tenant's client_admin */
};

#define VIO_IDENTITY_INIT                                                                          \
        {                                                                                          \
                .size = sizeof(struct vio_identity)                                                \
        }

/** A request to log in. Set it to VIO_LOGIN_INIT first. */
struct vio_login {
        size_t size;
        const char *email;
        const char *password;
        vio_tenant_id tenant;   /* 0: whichever the address and the password fit */
        const char *ip_address; /* for the audit log; NULL when unknown */
};

#define VIO_LOGIN_INIT                                                                             \
        {                                                                                          \
                .size = sizeof(struct vio_login)                                                   \
        }

/**
 * Logs a person in. The work is the same for an unknown address as for a wrong password. At most
 * two passwords are hashed at once; further callers wait their turn.
 *
 * Failures are counted, in memory, by mail address, whether it has an account or not, and by IP
 * address but those of this machine: after 5, or 20 of an IP address, the next attempt must wait a
 * second, and after each further failure twice as long, up to 15 minutes. Meanwhile the password
 * is not even looked at. A login clears the count of its mail address; an hour without a failure
 * clears every count.
 *
 * @ret: gets who it is; untouched on failure.
 * @ret_token: gets the token: JWT (RFC 7519), HS256, 24 hours. Untouched on failure.
 * Errors: VIO_E_AUTH, VIO_E_FORBIDDEN (right password, but the account is deactivated),
 *   VIO_E_CONFLICT (fits accounts of several tenants: say which), VIO_E_LIMITED (since 0.2; see
 *   vio_login_wait()), VIO_E_BUSY, VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_login(vio *v, const struct vio_login *login, struct vio_identity *ret,
                      char ret_token[VIO_TOKEN_SIZE]);

/**
 * How long vio_login() will refuse such a request with VIO_E_LIMITED.
 *
 * @login: its .email and .ip_address are looked at.
 * @ret_ms: gets the milliseconds that are left; 0 when it would not be refused for that. Untouched
 *   on failure.
 * Errors: VIO_E_INVALID (not initialised). Since: 0.2
 */
VIO_API int vio_login_wait(vio *v, const struct vio_login *login, int64_t *ret_ms);

/**
 * Checks a token: form, signature, time, and that its account is active and unchanged; for an
 * impersonation also that it was not ended.
 *
 * @token: the text after "Bearer "; may be NULL.
 * @ret: gets who it is; untouched on failure.
 * Errors: VIO_E_AUTH, VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_token_check(vio *v, const char *token, struct vio_identity *ret);

/**
 * A person changes its own password. All earlier tokens of the account become void.
 *
 * @who: from vio_token_check().
 * @old_password: counted like that of a login when it is wrong.
 * @new_password: 8 to 128 bytes, another than the old one.
 * @ip_address: for the audit log and the count; NULL when unknown.
 * @ret_token: gets a new token; untouched on failure.
 * Errors: VIO_E_INVALID (the new password), VIO_E_AUTH (the old one is wrong), VIO_E_LIMITED,
 *   VIO_E_FORBIDDEN (while impersonating), VIO_E_NOTFOUND (the account is gone, deactivated, or was
 *   changed meanwhile), VIO_E_BUSY, VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_password_change(vio *v, const struct vio_identity *who, const char *old_password,
                                const char *new_password, const char *ip_address,
                                char ret_token[VIO_TOKEN_SIZE]);

/**
 * Notes in the audit log that a person logged out. A token is good until it expires, so the person
 * must forget it; or @everywhere makes all tokens of the account void.
 *
 * @who: from vio_token_check(). @ip_address: for the audit log; NULL when unknown.
 * Errors: VIO_E_FORBIDDEN (an impersonation: vio_impersonation_end()), VIO_E_NOTFOUND,
 *   VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_logout(vio *v, const struct vio_identity *who, const char *ip_address,
                       bool everywhere);

/**
 * Lets a super_admin act as a tenant's client_admin. Both logs get a row: the tenant's and the
 * installation's.
 *
 * @op: acts on behalf of the super_admin, by VIO_ACTOR_USER.
 * @ret_token: gets a token for two hours, as vio_login() gives one; untouched on failure. It is
 *   void when it is ended, and when the super_admin's own tokens become void.
 * Errors: VIO_E_NOTFOUND (no such tenant), VIO_E_FORBIDDEN (the actor is no super_admin),
 *   VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_impersonate(vio_operator *op, vio_tenant_id tenant, char ret_token[VIO_TOKEN_SIZE]);

/**
 * Ends an impersonation; its token is void from here on.
 *
 * @token: of the impersonation. @ip_address: for the audit log; NULL when unknown.
 * Errors: VIO_E_AUTH (not a valid token), VIO_E_INVALID (the token of a login), VIO_E_STORAGE.
 * Since: 0.2
 */
VIO_API int vio_impersonation_end(vio *v, const char *token, const char *ip_address);

#ifdef __cplusplus
}
#endif

#endif
