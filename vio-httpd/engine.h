/* engine.h - the one thread that does what is due. */
#ifndef HTTPD_ENGINE_H
#define HTTPD_ENGINE_H

#include "log.h"

struct engine;

/* An engine that does not run yet, so that its wake can be given to vio_open(). NULL: no memory. */
struct engine *engine_new(const struct log *log);

/* How the engine is getting on. Times are by the library's clock, 0 for never. */
struct engine_report {
        uint64_t runs;
        uint64_t failures;
        vio_time last_run;
        int64_t last_us; /* how long that took, by the wall's clock */
        vio_time due;    /* when the next step is to be taken */
};

/* Tells how it is. Any thread. */
void engine_tell(struct engine *e, struct engine_report *ret);

/* The library's on_due hook; @engine is a struct engine. Any thread. */
void engine_wake(void *engine, vio_time at);

/*
 * Starts the thread over @v, which must outlive it. @speed: how much faster the clock of @v runs
 * than the wall's; 1 if it is the wall's. Errors: VIO_E_NOMEM.
 */
_must_check_ int engine_start(struct engine *e, vio *v, int speed);

/* Asks the thread to end after the batch it is in, without waiting for it. */
void engine_halt(struct engine *e);

/* Halts, waits for the thread if there is one, and frees. Takes NULL. */
void engine_free(struct engine *e);

#endif
