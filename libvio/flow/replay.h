/* replay.h - an event that was kept is told to ourselves again. */
#ifndef VIO_FLOW_REPLAY_H
#define VIO_FLOW_REPLAY_H

#include <vio/webhook.h>

#include "flow/acting.h"

/* STORED: it brought something that was lost; DUPLICATE: nothing new; IGNORED: of no call of ours.
 */
int event_replay(const struct acting *a, int64_t id, enum vio_receipt *ret);

#endif
