/* accounts.h - people with accounts in the two clinics: what a test says of them. */
#ifndef TESTS_ACCOUNTS_H
#define TESTS_ACCOUNTS_H

#include "clinic.h"

#define OLD_PASSWORD "right password"
#define NEW_PASSWORD "brand new password"

/* Given */
vio_user_id given_account(struct business *b, const char *email, enum vio_role role);
vio_user_id given_owner(struct town *t, const char *email);

/* A login, and what came of it. */
struct session {
        int result;
        struct vio_identity who;
        char token[VIO_TOKEN_SIZE];
};
struct session logged_in(struct town *t, const char *email, const char *password);
/* The same from an address and into a tenant (NULL: any). */
struct session logged_in_from(struct town *t, const char *email, const char *password,
                              const char *ip_address, const struct business *b);
int64_t wait_of(struct town *t, const char *email, const char *ip_address);
/* The result of the check; @ret may be NULL. */
int token_now(struct town *t, const char *token, struct vio_identity *ret);

/* A handle on behalf of somebody who logged in. */
vio_tenant *acting_as(struct business *b, vio_user_id user);
vio_operator *operating_as(struct town *t, vio_user_id user);

/* Rows in a tenant's log (0: the installation's) of one action by one account. */
int noted(struct town *t, vio_tenant_id tenant, const char *action, const char *actor,
          vio_user_id user);
/* An account as the list shows it; fails the test when it is not there. */
struct seen_account {
        enum vio_role role;
        bool active;
        vio_time created_at;
        vio_time last_login_at;
        char email[64];
        char full_name[64];
};
struct seen_account account_now(struct business *b, vio_user_id id);
size_t accounts_of(struct business *b);

#endif
