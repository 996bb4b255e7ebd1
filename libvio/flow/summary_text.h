/* summary_text.h - what a daily summary says: the calls of a day, as mail. */
#ifndef VIO_FLOW_SUMMARY_TEXT_H
#define VIO_FLOW_SUMMARY_TEXT_H

#include "base/text.h"
#include "flow/acting.h"
#include "flow/profile.h"

/* One mail. */
struct paper {
        struct text subject;
        struct text html;
        struct text text;
};
void paper_done(struct paper *p);
#define _cleanup_paper_ _cleanup_(paper_done)

/*
 * Writes the summary that is sent at @at; @zone is the summary's own. It reports the calls of the
 * clinic's day before: the last one that is over in the clinic's zone.
 */
int paper_write(const struct profile *p, struct tenant_tx *tx, const vio_zone *zone, vio_time at,
                struct paper *ret);

/* Appends the body of the request that mails it: the same bytes for the same paper. */
int paper_request(const struct acting *a, const struct profile *p, const struct paper *paper,
                  const char *subject_prefix, struct text *ret);

#endif
