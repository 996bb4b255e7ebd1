/* vio/health.h - what whoever runs the installation looks after: its health, and stuck calls. */
#ifndef VIO_HEALTH_H
#define VIO_HEALTH_H

#include <vio/call.h>
#include <vio/core.h>
#include <vio/outcome.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the installation does, over all tenants. Set it to VIO_HEALTH_INIT first. */
struct vio_health {
        size_t size;
        const char *version;       /* of the library; static */
        int schema;                /* of the database */
        int64_t tenants;           /* how many there are, */
        int64_t suspended;         /* and how many of them are suspended */
        int64_t overdue_tasks;     /* calls that should have been placed 5 minutes ago or more */
        int64_t oldest_overdue_s;  /* how late the latest of them is, in seconds; 0: none is */
        int64_t live_calls;        /* dials whose line may be in use */
        int64_t stuck_calls;       /* as vio_stuck_call_each() tells them */
        int64_t alerts;            /* calls that had to be given up, ever */
        int64_t unsettled_dials;   /* nobody knows yet whether they were placed */
        int64_t pending_summaries; /* daily summaries that are to be sent */
        vio_time stepped_at;       /* when vio_step() last came to its end in this process;
                                    * VIO_TIME_NONE: never */
        int64_t database_bytes;    /* of the file, without its write-ahead log */
};

#define VIO_HEALTH_INIT                                                                            \
        {                                                                                          \
                .size = sizeof(struct vio_health), .stepped_at = VIO_TIME_NONE                     \
        }

/**
 * How the installation does. Looks only at what is open or due, so it costs the same after years.
 *
 * @ret: .size must be set; gets the rest, as much of it as the caller's struct has. Untouched on
 *   failure.
 * Errors: VIO_E_INVALID (.size), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_health(vio_operator *op, struct vio_health *ret);

/** A call older than 30 minutes of which nobody knows how it ended. */
struct vio_stuck_call {
        vio_tenant_id tenant;
        vio_call_id call;
        vio_contact_id contact;
        enum vio_call_status status;
        enum vio_dial_state dial;
        vio_time created_at;
        int64_t polls;      /* how often Retell was asked */
        vio_time next_look; /* when it is looked at next; VIO_TIME_NONE: never */
};

/**
 * Calls @cb for each stuck call: older than 30 minutes, neither final nor failed. Tenants in order
 * of their id, the oldest call first.
 *
 * A non-zero result of @cb ends the loop and is returned. @cb must not call the library with @op.
 * Errors: VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_stuck_call_each(vio_operator *op,
                                int (*cb)(void *data, const struct vio_stuck_call *c), void *data);

#ifdef __cplusplus
}
#endif

#endif
