/* jwt.h - JSON Web Tokens (RFC 7519), HS256 only, with exactly the claims that we issue. */
#ifndef VIO_BASE_JWT_H
#define VIO_BASE_JWT_H

#include <vio/core.h>

#include "crypto.h"
#include "text.h"

/* Signs a payload that is already JSON text. Appends to @ret; VIO_E_INVALID for an empty key. */
int jwt_sign(struct bytes key, const char *payload, struct text *ret);

/*
 * Checks form, algorithm (HS256 and nothing else) and signature, then exp, nbf and iat against
 * @now with a minute of leeway for nbf and iat, none for exp; exp must be there, and all three are
 * whole seconds. The JSON text is appended to @ret_payload. Every defect is VIO_E_AUTH; else only
 * VIO_E_NOMEM. At most 4096 bytes; no header fields but alg and typ; no duplicate claims.
 */
int jwt_verify(struct bytes key, const char *token, vio_time now, struct text *ret_payload);

#endif
