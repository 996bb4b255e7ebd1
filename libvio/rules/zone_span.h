/* zone_span.h - what the other rules need of a zone: its stretches of constant offset. */
#ifndef VIO_RULES_ZONE_SPAN_H
#define VIO_RULES_ZONE_SPAN_H

#include <vio/zone.h>

#include "zone_rule.h"

/* The stretch around @t, a time in seconds since 1970; it may be shorter than it could be. */
struct zone_span zone_span_at(const vio_zone *z, int64_t t);

#endif
