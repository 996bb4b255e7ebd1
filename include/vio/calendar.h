/* vio/calendar.h - bookings that arrive from Cal.com and Calendly. */
#ifndef VIO_CALENDAR_H
#define VIO_CALENDAR_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

#endif
