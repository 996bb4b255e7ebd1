/* url.h - pieces of addresses, encoded. */
#ifndef VIO_REMOTE_URL_H
#define VIO_REMOTE_URL_H

#include "../base/text.h"

/* Appends, percent-encoding all but the unreserved characters (RFC 3986, 2.3). */
void url_add(struct text *url, const char *piece);

/* Appends the address of a server without the slashes at its end. */
void url_add_base(struct text *url, const char *base);

#endif
