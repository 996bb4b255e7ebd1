/* jwt.h - JSON Web Tokens (RFC 7519), HS256 only, with exactly the claims that we issue. */
#ifndef VIO_BASE_JWT_H
#define VIO_BASE_JWT_H

#include <vio/core.h>

#include "crypto.h"
#include "text.h"

/* Signs a payload that is already JSON text. */
int jwt_sign(struct bytes key, const char *payload, struct text *ret);

/*
 * Checks form, algorithm (HS256 and nothing else) and signature, then exp, nbf and iat against
 * @now with a minute of leeway for nbf and iat, none for exp. @ret_payload gets the JSON text.
 * Every defect is VIO_E_AUTH. At most 4096 bytes; no unknown header fields; no duplicate claims.
 */
int jwt_verify(struct bytes key, const char *token, vio_time now, struct text *ret_payload);

#endif
