/* calendar.c - bookings that arrive from Cal.com and Calendly. */
#include <vio/calendar.h>
