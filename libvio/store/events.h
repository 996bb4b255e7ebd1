/* events.h - table retell_events: what Retell told us, each thing once. */
#ifndef VIO_STORE_EVENTS_H
#define VIO_STORE_EVENTS_H

#include "store/store.h"

struct event {
        int64_t id;
        const char *call_id; /* Retell's */
        const char *event_type;
        const char *digest; /* 64 hex digits */
        const char *payload;
        size_t payload_len;
        vio_time processed_at;
        vio_time created_at;
};

/* @ret_id: gets the id of the new row, or 0 when the same thing was here before. */
int event_insert(struct tenant_tx *tx, const struct event *e, int64_t *ret_id);
int event_exists(struct tenant_tx *tx, const char *call_id, const char *event_type,
                 const char *digest, bool *ret);
/* In order of arrival, without payloads; lent during the callback. */
int event_each(struct tenant_tx *tx, const char *call_id,
               int (*cb)(void *data, const struct event *e), void *data);
/* The same with payloads, of ids above @after; at most @limit. */
int event_each_whole(struct tenant_tx *tx, const char *call_id, int64_t after, int64_t limit,
                     int (*cb)(void *data, const struct event *e), void *data);
/* Lends one event with its payload to @cb and returns what that returns; VIO_E_NOTFOUND. */
int event_with(struct tenant_tx *tx, int64_t id, int (*cb)(void *data, const struct event *e),
               void *data);
/* Whether only the payload's place is left: its contact was erased. */
bool event_is_erased(const struct event *e);

#endif
