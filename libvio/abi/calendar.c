/* calendar.c - bookings that arrive from Cal.com and Calendly. */
#include <vio/calendar.h>

#include "abi/handle.h"
#include "flow/calendar_hook.h"

int vio_calendar_hook_renew(vio_tenant *t, enum vio_calendar calendar,
                            struct vio_calendar_access *ret)
{
        struct acting a = tenant_acts(t);
        return hook_renew(&a, calendar, ret);
}

int vio_calendar_hook_remove(vio_tenant *t, enum vio_calendar calendar)
{
        struct acting a = tenant_acts(t);
        return hook_remove(&a, calendar);
}

int vio_calendar_hook_each(vio_tenant *t,
                           int (*cb)(void *data, const struct vio_calendar_hook_info *i),
                           void *data)
{
        struct acting a = tenant_acts(t);
        return hook_each(&a, cb, data);
}

int vio_calendar_webhook(vio *v, const struct vio_calendar_webhook *webhook, enum vio_receipt *ret)
{
        struct fault f = {0};

        if (!webhook || webhook->size != sizeof(*webhook) ||
            (!webhook->body && webhook->body_len) || !vio_calendar_name(webhook->calendar) ||
            (!webhook->token && webhook->calendar != VIO_CALENDAR_CAL_COM))
                return VIO_E_INVALID;
        return hook_intake(&v->engine, webhook, &f, ret);
}
