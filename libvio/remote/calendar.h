/* calendar.h - Cal.com and Calendly: their webhooks and answers become notices of bookings. */
#ifndef VIO_REMOTE_CALENDAR_H
#define VIO_REMOTE_CALENDAR_H

#include <vio/calendar.h>
#include <vio/http.h>
#include <vio/json.h>

#include "../base/attr.h"
#include "../rules/booking.h"

enum booking_action {
        BOOKING_SAYS_STATE,   /* .facts */
        BOOKING_SAYS_NO_SHOW, /* the attendee did not come */
        BOOKING_SAYS_ATTENDED /* that was said by mistake */
};

#define BOOKING_NAME_SIZE  201
#define BOOKING_EMAIL_SIZE 255
#define BOOKING_PHONE_SIZE 64
#define BOOKING_PHONES     8

/* What one event says of one attendee's booking. "" where nothing is said. */
struct booking_notice {
        enum booking_action action;
        char uid[BOOKING_UID_SIZE];
        char seat_uid[BOOKING_UID_SIZE]; /* of a no-show: the uid if the event has seats */
        struct booking_facts facts;      /* .changed_at: when the event happened */
        char service[BOOKING_NAME_SIZE];
        char zone[64]; /* the attendee's, as sent */
        char name[BOOKING_NAME_SIZE];
        char email[BOOKING_EMAIL_SIZE];                  /* lower case */
        char phones[BOOKING_PHONES][BOOKING_PHONE_SIZE]; /* as sent, the best one first */
        size_t n_phones;
};

/* The notices of one webhook or of one page. Zeroed, it is empty. */
struct booking_notices {
        struct booking_notice *list;
        size_t n;
        size_t room;
        bool series; /* one event stands for bookings that it does not name */
};
void booking_notices_free(struct booking_notices *n);
#define _cleanup_notices_ _cleanup_(booking_notices_free)

/* Which question of a tenant's booking form asks for the phone number; NULL: none. */
struct booking_form {
        const char *cal_com_field;     /* its slug */
        const char *calendly_question; /* its text */
};

/* A webhook that was parsed. Texts belong to @root of booking_webhook_read(). */
struct booking_webhook {
        const char *event; /* at most 64 bytes; "" when there is none */
        struct booking_notices notices;
};

/*
 * Reads a webhook whose signature was found good. No notice when it is of a kind that has no
 * meaning for us, or cannot be understood. Errors: VIO_E_NOMEM.
 */
int cal_com_webhook_read(const vio_json *root, const struct booking_form *form,
                         struct booking_webhook *ret);
int calendly_webhook_read(const vio_json *root, const struct booking_form *form,
                          struct booking_webhook *ret);

/* The tenant that a webhook names, which proves nothing: payload.metadata.tenantId; 0 for none. */
int64_t cal_com_webhook_tenant(const vio_json *root);

/* Whether a body in this version of Cal.com's webhooks is understood; NULL: not told. */
bool cal_com_version_known(const char *version);

/* Requests. Each owns what .http points to; zeroed it is empty. */
struct calendar_request {
        struct vio_http_request http;
        struct calendar_request_memory *memory;
};
void calendar_request_free(struct calendar_request *r);
#define _cleanup_calendar_request_ _cleanup_(calendar_request_free)

struct calendar_account {
        const char *base_url; /* with or without a slash at its end */
        const char *key;
};

/* What to re-read of Cal.com. */
struct cal_com_query {
        bool old_version;   /* for servers that do not know the newer paging */
        vio_time updated;   /* changed since; VIO_TIME_NONE: whatever begins */
        vio_time start;     /* after this time */
        const char *cursor; /* of the newer version; NULL: from the beginning */
        int64_t skip;       /* of the old version */
};
#define CAL_COM_PAGE 100

/* The functions that fill a request leave it alone when they fail. Errors: VIO_E_INVALID (no key),
 * VIO_E_NOMEM. */
int cal_com_request_bookings(struct calendar_request *r, const struct calendar_account *a,
                             const struct cal_com_query *q);
int calendly_request_me(struct calendar_request *r, const struct calendar_account *a);
/* @user: as calendly_read_me() gives it. @page: the last page's token, NULL for the first. */
int calendly_request_events(struct calendar_request *r, const struct calendar_account *a,
                            const char *user, bool canceled, vio_time from, vio_time to,
                            const char *page);
/* @event: its address, as calendly_read_events() gives it; VIO_E_INVALID if it is none. */
int calendly_request_invitees(struct calendar_request *r, const struct calendar_account *a,
                              const char *event);
#define CALENDLY_PAGE 20

/*
 * What an answer means for us: VIO_OK, VIO_E_INVALID (400: asked in the wrong way), VIO_E_AUTH (the
 * key), VIO_E_NOTFOUND, VIO_E_BUSY (throttled), VIO_E_UPSTREAM.
 */
int calendar_answer(const struct vio_http_response *response);
/* How long the account shall wait before its next question: 0 to 3600 seconds. Of an answer that
 * is no refusal, too: then it is 0 unless the last question of the period was spent. */
int calendar_wait_s(const struct vio_http_response *response, vio_time now);

/* A page of Cal.com's bookings. */
struct cal_com_page {
        struct booking_notices notices;
        size_t rows;           /* how many there were, understood or not */
        char next_cursor[256]; /* "" at the end */
        vio_time updated;      /* the latest change on the page; VIO_TIME_NONE */
};
/* The functions that read answers take good ones. Errors: VIO_E_UPSTREAM, VIO_E_NOMEM. */
int cal_com_read_page(const struct vio_http_response *response, const struct booking_form *form,
                      struct cal_com_page *ret);
int calendly_read_me(const struct vio_http_response *response, char ret_user[BOOKING_UID_SIZE]);

/* A page of Calendly's events, to each of which its invitees are read. Zeroed, it is empty. */
struct calendly_page {
        vio_json *root;
        const vio_json *events[CALENDLY_PAGE];
        size_t n;
        char next_page[256]; /* "" at the end */
};
int calendly_read_events(const struct vio_http_response *response, struct calendly_page *ret);
void calendly_page_free(struct calendly_page *p);
const char *calendly_event_uri(const vio_json *event); /* NULL when it has none */
int calendly_read_invitees(const struct vio_http_response *response, const vio_json *event,
                           const struct booking_form *form, struct booking_notices *to);

#endif
