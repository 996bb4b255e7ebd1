/* figures.h - how counts become the figures that people read. */
#ifndef VIO_RULES_FIGURES_H
#define VIO_RULES_FIGURES_H

#include <vio/analytics.h>
#include <vio/zone.h>

/* The part of the local day of a time. */
enum vio_day_part day_part_of(const vio_zone *zone, vio_time t);
/* The part of that name; NONE for NULL and for any other name. */
enum vio_day_part day_part_named(const char *name);

/* Whether somebody was spoken to. */
bool outcome_reached(enum vio_outcome o);

/* @part of @whole in tenths of a percent, rounded to the nearest; of nothing it is 0. */
int32_t share_tenths(int64_t part, int64_t whole);

/* The outcomes that occur, the most frequent first and of equals the stronger; their shares are
 * of all outcomes. @counts by enum vio_outcome, [0] is not looked at. Returns how many. */
size_t outcome_shares(const int64_t counts[VIO_OUTCOMES],
                      struct vio_outcome_share ret[VIO_OUTCOMES]);

#endif
