/* login.h - a person logs in: the throttle, the password, the token. */
#ifndef VIO_FLOW_LOGIN_H
#define VIO_FLOW_LOGIN_H

#include <vio/user.h>

#include "base/fault.h"
#include "flow/engine.h"

int login(struct engine *e, const struct vio_login *l, struct fault *f, struct vio_identity *ret,
          char ret_token[VIO_TOKEN_SIZE]);

/* How many milliseconds login() would refuse such a request for; 0: it would be looked at. */
int login_wait(struct engine *e, const struct vio_login *l, int64_t *ret_ms);

#endif
