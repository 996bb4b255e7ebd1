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
        const char *full_name; /* required */
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
        bool impersonating; /* .user is a super_admin who acts as .tenant's client_admin. Since 0.2
                             */
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
 * @ret: gets who it is; untouched on failure.
 * @ret_token: gets the token: JWT (RFC 7519), HS256, 24 hours. Untouched on failure.
 * Errors: VIO_E_AUTH, VIO_E_FORBIDDEN (right password, but the account is deactivated),
 *   VIO_E_CONFLICT (fits accounts of several tenants: say which), VIO_E_BUSY, VIO_E_STORAGE.
 * Since: 0.1
 */
VIO_API int vio_login(vio *v, const struct vio_login *login, struct vio_identity *ret,
                      char ret_token[VIO_TOKEN_SIZE]);

/**
 * Checks a token: form, signature, time, and that its account is active and unchanged.
 *
 * @token: the text after "Bearer "; may be NULL.
 * @ret: gets who it is; untouched on failure.
 * Errors: VIO_E_AUTH, VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_token_check(vio *v, const char *token, struct vio_identity *ret);

#ifdef __cplusplus
}
#endif

#endif
