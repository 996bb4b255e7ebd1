/* step.h - everything that is due, in bounded batches. */
#ifndef VIO_FLOW_STEP_H
#define VIO_FLOW_STEP_H

#include "flow/engine.h"

struct pace;

/* What one stepping thread remembers between its steps. */
struct stepper {
        struct engine *e;
        struct pace *pace; /* when each tenant dialled last */
        size_t n_pace;
};

void stepper_done(struct stepper *s);

/* @ret_next: when the next step makes sense. */
int step(struct stepper *s, struct fault *f, vio_time *ret_next);

#endif
