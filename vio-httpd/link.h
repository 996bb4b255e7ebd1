/* link.h - the Link header (RFC 8288) of a page in a list. */
#ifndef HTTPD_LINK_H
#define HTTPD_LINK_H

#include "message.h"

/*
 * Notes that the next page is the same request with "@name=@cursor"; nothing for a cursor of "".
 * The other members of the query stay as they were sent.
 */
_must_check_ int link_next(const struct request *q, struct response *r, const char *name,
                           const char *cursor);

#endif
