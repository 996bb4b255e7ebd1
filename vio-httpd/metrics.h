/* metrics.h - what is counted of the program, and the page that Prometheus reads. */
#ifndef HTTPD_METRICS_H
#define HTTPD_METRICS_H

#include "engine.h"
#include "message.h"

struct metrics;

/* How the sources of the gauges are asked when somebody looks. */
struct metrics_now {
        unsigned connections;
        unsigned requests;
        struct engine_report engine;
        bool ready;
        struct vio_health health; /* .version is NULL while the database does not answer */
};

/* One series for each of the @rows rows of the route table, and one for all else. NULL: no memory.
 */
struct metrics *metrics_new(size_t rows);

/* Counts a request that was answered. Any thread; takes no lock. @m may be NULL. */
void metrics_count(struct metrics *m, const struct request *q, const struct exchange *x);

/* Writes everything in the text format of Prometheus (version 0.0.4) into @r. */
_must_check_ int metrics_write(const struct metrics *m, const struct metrics_now *now,
                               struct response *r);

/* Takes NULL. */
void metrics_free(struct metrics *m);

#endif
