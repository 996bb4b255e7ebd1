/* batch.h - several requests to Retell at once, with a response for each. */
#ifndef VIO_FLOW_BATCH_H
#define VIO_FLOW_BATCH_H

#include "flow/engine.h"
#include "remote/retell.h"

struct batch {
        struct vio_http_request *http;
        struct vio_http_response **responses;
        size_t n;
        size_t room;
};

/* Makes room for @room requests and their responses, so that performing them needs no memory of
 * ours. */
int batch_open(struct batch *b, size_t room);
void batch_close(struct batch *b);
#define _cleanup_batch_ _cleanup_(batch_close)

/* Adds a request, which must outlive the batch. Returns its place. */
size_t batch_add(struct batch *b, const struct retell_request *r);

/* Performs them all; returns when each has its response. */
void batch_perform(struct engine *e, struct batch *b);

#endif
