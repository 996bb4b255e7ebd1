/* handle.h - what stands behind the handles of the public interface. */
#ifndef VIO_ABI_HANDLE_H
#define VIO_ABI_HANDLE_H

#include <vio/system.h>
#include <vio/tenant.h>

#include "base/fault.h"
#include "flow/acting.h"
#include "flow/engine.h"
#include "flow/step.h"

struct vio {
        struct engine engine;
        struct stepper stepper;
        pthread_mutex_t stepping;
        _Atomic vio_time stepped_at; /* when a step last came to its end; VIO_TIME_NONE: never */
};

/* The part of an actor that a handle must own. */
struct actor_copy {
        struct vio_actor actor;
        char ip_address[46];
};

struct vio_operator {
        vio *system;
        struct actor_copy who;
        struct fault fault;
};

struct vio_tenant {
        vio *system;
        vio_tenant_id id;
        struct actor_copy who;
        struct fault fault;
};

/* Begins a public function on a handle: forgets its last failure and says who acts, when. */
struct acting operator_acts(vio_operator *op);
struct acting tenant_acts(vio_tenant *t);

void actor_take(struct actor_copy *copy, const struct vio_actor *actor);

#endif
