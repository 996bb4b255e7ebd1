/* message.h - what one HTTP exchange is for everybody but the server: a request and a response. */
#ifndef HTTPD_MESSAGE_H
#define HTTPD_MESSAGE_H

#include "attr.h"

/* Room for a request's id, with its NUL: 16 hex digits. */
#define REQUEST_ID_SIZE 17

/* The headers somebody here reads. X(field, name on the wire) */
#define REQUEST_HEADERS(X)                                                                         \
        X(authorization, "Authorization")                                                          \
        X(content_type, "Content-Type")                                                            \
        X(if_none_match, "If-None-Match")                                                          \
        X(retell_signature, "X-Retell-Signature")                                                  \
        X(cal_signature, "X-Cal-Signature-256")                                                    \
        X(cal_version, "X-Cal-Webhook-Version")                                                    \
        X(calendly_signature, "Calendly-Webhook-Signature")                                        \
        X(svix_id, "svix-id")                                                                      \
        X(svix_timestamp, "svix-timestamp")                                                        \
        X(svix_signature, "svix-signature")                                                        \
        X(webhook_id, "webhook-id")                                                                \
        X(webhook_timestamp, "webhook-timestamp")                                                  \
        X(webhook_signature, "webhook-signature")                                                  \
        X(tenant, "X-Tenant-Id")

/* One request. Texts live as long as the request; an absent header is NULL. */
struct request {
        char id[REQUEST_ID_SIZE];
        const char *method;
        const char *path;  /* as it was sent, nothing decoded */
        const char *query; /* as it was sent; "" when there is none */
        const char *remote;
#define X(field, name) const char *field;
        REQUEST_HEADERS(X)
#undef X
        const char *body; /* NUL-terminated */
        size_t body_len;
        bool stopping;           /* the program is about to end */
        char item[64];           /* what stood for ":id"; filled by the dispatcher */
        struct vio_identity who; /* filled by the dispatcher; .user is 0 for nobody */
        const char *token;       /* by which .who is known; filled by the dispatcher */
        const char *route; /* the pattern that matched, for the log; filled by the dispatcher */
        unsigned row;      /* the row that answers, from 1, for the metrics; 0 for none */
};

/*
 * The answer to it. The body is the writer's text, JSON; or what response_put() gathered, of the
 * type that .type names. No body at all when both are empty.
 */
struct response {
        int status;
        vio_json_writer *body;
        const char *type; /* static; NULL: application/json */
        char *raw;        /* freed by the server */
        size_t raw_len;
        size_t raw_size;
        /* Sends what was gathered so far; set by the server, NULL where nothing can be sent yet. */
        int (*flush)(struct response *r);
        void *flush_data;
        const char *disposition;  /* static; the Content-Disposition of a download, or NULL */
        const char *allow;        /* static, or in .text; NULL for none */
        const char *authenticate; /* static; NULL for none */
        int retry_after;          /* seconds; 0 for none */
        bool sandbox;             /* the calls are simulated */
        bool begun;               /* its head is out: only the body can still change */
        bool broken;              /* the rest of the body cannot be had */
        bool gone;                /* the client does not take the rest */
        bool close;               /* end the connection after this answer */
        char etag[64];            /* with its quotes; "" for none */
        char location[64];        /* "" for none */
        char link[1024];          /* the Link header (RFC 8288) of a page; "" for none */
        char field[48];           /* the name of the member that an error is about; "" for none */
        char message[256];        /* what to tell instead of the standard sentence of an error */
        char text[128];           /* room for whatever the above points to */
};

/* How a request went, for those who keep count. */
struct exchange {
        int status;
        int64_t us;     /* from the head's arrival to the last byte of the answer */
        uint64_t bytes; /* of the answer's body */
        bool cut;       /* the answer did not reach its end */
};

/* One value of the query string; "" when only its name is there. Copies it, decoded, into @ret; 1
 * if it was there, 0 if not, a negative enum vio_err if it does not fit, is badly encoded or holds
 * a control character. */
_must_check_ int request_query(const struct request *q, const char *name, char *ret, size_t size);

/* Notes what to tell about an error and returns @err, for `return refuse(...)`. */
_printf_(3, 4) int refuse(struct response *r, int err, const char *format, ...);

/* Notes which member is wrong, what to tell about it, and returns VIO_E_INVALID. */
_printf_(3, 4) int refuse_field(struct response *r, const char *field, const char *format, ...);

/* Appends to a body that is no JSON. */
_must_check_ int response_put(struct response *r, const void *bytes, size_t len);

/*
 * To be called between the rows of a list that may be long: sends what was gathered when it is
 * much. A negative result means that the client is gone, or that memory is.
 */
_must_check_ int response_pass(struct response *r);

/* The JSON object in the body. The caller frees it. Refuses every other content. */
_must_check_ int request_json(const struct request *q, struct response *r, vio_json **ret);

/*
 * Whether an If-None-Match (RFC 9110, 13.1.2) names @etag: "*", or a list of tags, each weak or
 * not. NULL and what is no such list name nothing.
 */
bool etag_matches(const char *list, const char *etag);

/* The number in ":id"; anything but a whole number above 0 is NOTFOUND. */
_must_check_ int request_item_number(const struct request *q, int64_t *ret);

/* Reads a whole number of digits only, from 1 to 10^18 - 1. */
_must_check_ int number_parse(const char *text, int64_t *ret);

#endif
