/* head.h - the status line and headers of an answer. */
#ifndef HTTPD_HEAD_H
#define HTTPD_HEAD_H

#include "message.h"

#define HEAD_SIZE 3072

/* In place of a length: the body goes out in chunks. */
#define HEAD_CHUNKED ((size_t)-1)

/* A head as it goes out; one that did not fit has a .len of HEAD_SIZE or more. */
struct head {
        char text[HEAD_SIZE];
        size_t len;
};

/* Whether an answer of this status carries a body, or at least its type and length. */
bool status_has_body(int status);

/* Writes the head of @r, which answers @q; @keep: the connection stays open. */
void head_write(struct head *h, const struct request *q, const struct response *r, size_t body_len,
                bool keep);

#endif
