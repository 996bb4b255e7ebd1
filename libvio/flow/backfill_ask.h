/* backfill_ask.h - one question to a calendar's API after the other; nothing is written. */
#ifndef VIO_FLOW_BACKFILL_ASK_H
#define VIO_FLOW_BACKFILL_ASK_H

#include "flow/engine.h"
#include "remote/calendar.h"
#include "store/calendar_syncs.h"

/* The next page of a calendar. */
struct inquiry {
        struct engine *e;
        vio_time now;
        const char *key;
        struct booking_form form;
        struct calendar_sync sync; /* moved on by each page */
        struct booking_notices notices;
        int wait_s;    /* how long the calendar asked us to wait; 0 */
        bool finished; /* it was the last page of the round */
};

/*
 * Asks for the page at which .sync stands, beginning a round if none is under way. Errors:
 * VIO_E_AUTH (the key), VIO_E_BUSY (throttled, see .wait_s), VIO_E_INVALID and VIO_E_NOTFOUND (the
 * place in the round is not known any more), VIO_E_UPSTREAM, VIO_E_NOMEM.
 */
int inquire(struct inquiry *q);

/* Between two pages of Calendly, which allows 50 questions a minute to some: each page is 21. */
#define CALENDLY_PAGE_WAIT_MS INT64_C(30000)

#endif
