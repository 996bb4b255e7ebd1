/* calendar_syncs.h - table calendar_syncs: how far the re-reading of a calendar has come. */
#ifndef VIO_STORE_CALENDAR_SYNCS_H
#define VIO_STORE_CALENDAR_SYNCS_H

#include <vio/calendar.h>

#include "rules/booking.h"
#include "store/store.h"

#define CALENDAR_PAGE_SIZE 272

struct calendar_sync {
        enum vio_calendar calendar;
        vio_time changed_until;
        char account[BOOKING_UID_SIZE]; /* "": not known yet */
        vio_time round_from;            /* VIO_TIME_NONE: no round is under way */
        vio_time round_reached;
        char page[CALENDAR_PAGE_SIZE]; /* "": at the beginning of the round */
        vio_time synced_at;
        vio_time next_at; /* 0: at once */
        int64_t failures; /* in a row */
        char error[160];  /* "" after a success */
};

/* @ret: when it never began, one that has not begun; that is no failure. */
int calendar_sync_load(struct tenant_tx *tx, enum vio_calendar calendar, struct calendar_sync *ret);
int calendar_sync_save(struct tenant_tx *tx, const struct calendar_sync *s);
/* As if it had never begun: the key belongs to another account, perhaps. */
int calendar_sync_forget(struct tenant_tx *tx, enum vio_calendar calendar);

/* Reads it no later than @at, unless it waits after a failure. */
int calendar_sync_hasten(struct tenant_tx *tx, enum vio_calendar calendar, vio_time at);

/* When the tenant's calendars are re-read next; VIO_TIME_NONE: never. */
int backfill_next(struct tenant_tx *tx, vio_time *ret);
int backfill_plan(struct tenant_tx *tx, vio_time at);
/* Whether the tenant has the key of a calendar and no time to re-read it. */
int backfill_is_missing(struct tenant_tx *tx, bool *ret);

#endif
