/* calendar_hooks.h - tables calendar_hooks, hook_routes, calendar_events: what comes in from
 * calendars, where, and under which secret. */
#ifndef VIO_STORE_CALENDAR_HOOKS_H
#define VIO_STORE_CALENDAR_HOOKS_H

#include <vio/calendar.h>

#include "base/attr.h"
#include "store/store.h"

const char *calendar_word(enum vio_calendar calendar); /* in the columns: "cal_com", "calendly" */

#define CALENDAR_HINT 5

/* Secrets are sealed on the way in and opened on the way out. Zeroed, it is empty. */
struct calendar_hook {
        char hint[CALENDAR_HINT]; /* the end of the token */
        char *secret;             /* NULL: cannot be opened */
        char *previous_secret;    /* NULL: there is none */
        vio_time previous_until;
        vio_time created_at;
};
void calendar_hook_done(struct calendar_hook *h);
#define _cleanup_hook_ _cleanup_(calendar_hook_done)

/* VIO_E_NOTFOUND when the tenant has none. */
int calendar_hook_load(struct tenant_tx *tx, enum vio_calendar calendar, struct calendar_hook *ret);

/* A token by its digest, with its secret. Those before it hold until @until; older ones end. */
struct calendar_hook_new {
        enum vio_calendar calendar;
        const char *digest;
        const char *hint;
        const char *secret;
        vio_time now;
        vio_time until;
};
int calendar_hook_renew(struct tenant_tx *tx, const struct calendar_hook_new *n);
/* VIO_E_NOTFOUND when there is none. */
int calendar_hook_remove(struct tenant_tx *tx, enum vio_calendar calendar);

/* Whose token it is; VIO_E_NOTFOUND when it is nobody's, or was and has run out. */
int calendar_route(struct system_tx *tx, enum vio_calendar calendar, const char *digest,
                   vio_time now, vio_tenant_id *ret);

struct calendar_event {
        enum vio_calendar calendar;
        const char *digest; /* SHA-256 of the body, hex */
        const char *event_type;
        const char *uid; /* NULL: about no booking */
        const char *result;
        vio_time created_at;
};
int calendar_event_exists(struct tenant_tx *tx, enum vio_calendar calendar, const char *digest,
                          bool *ret);
/* Does nothing when it was here before. */
int calendar_event_insert(struct tenant_tx *tx, const struct calendar_event *e);

#endif
