/* calendar_hook.h - the address of a calendar's webhooks, and what arrives there. */
#ifndef VIO_FLOW_CALENDAR_HOOK_H
#define VIO_FLOW_CALENDAR_HOOK_H

#include <vio/calendar.h>

#include "flow/acting.h"

int hook_renew(const struct acting *a, enum vio_calendar calendar, struct vio_calendar_access *ret);
int hook_remove(const struct acting *a, enum vio_calendar calendar);
int hook_each(const struct acting *a, int (*cb)(void *data, const struct vio_calendar_hook_info *i),
              void *data);

/* Finds whose it is, checks its signature, acts on it once; durable when it returns 0. */
int hook_intake(struct engine *e, const struct vio_calendar_webhook *webhook, struct fault *f,
                enum vio_receipt *ret);

#endif
