/* mail.h - tables mail_blocks, mail_routes and mail_events: what became of mails that were sent. */
#ifndef VIO_STORE_MAIL_H
#define VIO_STORE_MAIL_H

#include "base/text.h"
#include "store/store.h"

/* Addresses are compared in lower case, whatever they are given in. */

/* Appends why mail must not go to the address; nothing when it may. */
int mail_block_get(struct tenant_tx *tx, const char *email, struct text *ret);
/* The first reason stays; *ret_new: whether there was none. */
int mail_block_add(struct tenant_tx *tx, const char *email, const char *reason, vio_time now,
                   bool *ret_new);
/* *ret_lifted: whether there was one. */
int mail_block_lift(struct tenant_tx *tx, const char *email, bool *ret_lifted);

/* Whose a mail is, by Resend's id of it (normally one tenant's); at most @n. */
int mail_route_add(struct tenant_tx *tx, const char *resend_id);
int mail_routes(struct system_tx *tx, const char *resend_id, vio_tenant_id *ret, size_t n,
                size_t *ret_count);

/* Notes that an event came; *ret_new: for the first time. Forgets those from before @old. */
int mail_event_add(struct system_tx *tx, const char *id, vio_time now, vio_time old, bool *ret_new);

#endif
