/* calendly.c - bookings as Calendly tells them, in webhooks and in answers. */
#include <string.h>
#include <strings.h>

#include "../base/text.h"
#include "call_object.h"
#include "notice.h"

/* An answer whose question is the one that asks for the number, but for case and blanks around. */
static bool is_question(const char *question, const char *wanted)
{
        question += strspn(question, " ");
        wanted += strspn(wanted, " ");
        size_t n = strlen(question);
        size_t m = strlen(wanted);
        while (n && question[n - 1] == ' ')
                n--;
        while (m && wanted[m - 1] == ' ')
                m--;
        return n == m && m && !strncasecmp(question, wanted, n);
}

static const vio_json *answer_to(const vio_json *invitee, const char *wanted)
{
        const vio_json *qa = vio_json_first(vio_json_get(invitee, "questions_and_answers"));
        for (; wanted && qa; qa = vio_json_next(qa)) {
                const char *question = vio_json_text(vio_json_get(qa, "question"));
                if (question && is_question(question, wanted))
                        return vio_json_get(qa, "answer");
        }
        return NULL;
}

/* Of the places only that of an outbound call is the invitee's number; others are the clinic's. */
static void read_phones(const vio_json *invitee, const vio_json *event,
                        const struct booking_form *form, struct booking_notice *n)
{
        const vio_json *place = vio_json_get(event, "location");
        const char *type = vio_json_text(vio_json_get(place, "type"));

        notice_phone(n, vio_json_get(invitee, "text_reminder_number"));
        if (type && !strcmp(type, "outbound_call"))
                notice_phone(n, vio_json_get(place, "location"));
        notice_phone(n, answer_to(invitee, form->calendly_question));
}

static void read_name(const vio_json *invitee, struct booking_notice *n)
{
        notice_line(vio_json_text(vio_json_get(invitee, "name")), n->name, sizeof(n->name));
        if (!*n->name)
                notice_name(vio_json_get(invitee, "first_name"), vio_json_get(invitee, "last_name"),
                            n->name);
}

static enum booking_state state_of(const vio_json *invitee, const vio_json *event)
{
        const char *own = vio_json_text(vio_json_get(invitee, "status"));
        const char *whole = vio_json_text(vio_json_get(event, "status"));
        bool rescheduled = false;

        vio_json_bool(vio_json_get(invitee, "rescheduled"), &rescheduled);
        if (rescheduled)
                return BOOKING_MOVED;
        bool canceled = (own && !strcmp(own, "canceled")) || (whole && !strcmp(whole, "canceled"));
        return canceled ? BOOKING_CANCELLED : BOOKING_BOOKED;
}

/* The invitee's own time of change, in webhooks and answers alike, so that they can be compared. */
static int read_invitee(const vio_json *invitee, const vio_json *event, vio_time happened_at,
                        const struct booking_form *form, struct booking_notices *to)
{
        struct booking_notice *n = notice_add(to);
        if (!n)
                return VIO_E_NOMEM;
        vio_time updated = notice_time(vio_json_get(invitee, "updated_at"));
        const char *zone = plain_text(vio_json_get(invitee, "timezone"), sizeof(n->zone) - 1);

        n->facts.state = state_of(invitee, event);
        n->facts.changed_at = updated == VIO_TIME_NONE ? happened_at : updated;
        n->facts.start_at = notice_time(vio_json_get(event, "start_time"));
        if (!notice_uid(vio_json_get(invitee, "uri"), n->uid) ||
            (n->facts.state == BOOKING_BOOKED && n->facts.start_at == VIO_TIME_NONE)) {
                to->n--;
                return VIO_OK;
        }
        notice_uid(vio_json_get(invitee, "old_invitee"), n->facts.previous_uid);
        notice_uid(vio_json_get(invitee, "new_invitee"), n->facts.next_uid);
        notice_email(vio_json_get(invitee, "email"), n->email);
        notice_line(vio_json_text(vio_json_get(event, "name")), n->service, sizeof(n->service));
        text_copy(n->zone, sizeof(n->zone), zone ? zone : "");
        read_name(invitee, n);
        read_phones(invitee, event, form, n);
        return VIO_OK;
}

/* A no-show names the invitee, in one of two places. */
static int read_no_show(const vio_json *payload, bool came, vio_time happened_at,
                        struct booking_notices *to)
{
        const vio_json *uri = vio_json_get(payload, "uri");
        const char *text = vio_json_text(uri);
        struct booking_notice *n = notice_add(to);
        if (!n)
                return VIO_E_NOMEM;
        n->action = came ? BOOKING_SAYS_ATTENDED : BOOKING_SAYS_NO_SHOW;
        n->facts.changed_at = happened_at;
        bool named = notice_uid(vio_json_get(payload, "invitee"), n->uid);
        if (!named && !(text && strstr(text, "/invitees/") && notice_uid(uri, n->uid)))
                to->n--;
        return VIO_OK;
}

int calendly_webhook_read(const vio_json *root, const struct booking_form *form,
                          struct booking_webhook *ret)
{
        _cleanup_notices_ struct booking_notices notices = {0};
        const vio_json *payload = vio_json_get(root, "payload");
        const vio_json *scheduled = vio_json_get(payload, "scheduled_event");
        vio_time happened_at = notice_time(vio_json_get(root, "created_at"));
        const char *event = plain_text(vio_json_get(root, "event"), 64);
        int e = VIO_OK;

        if (!event)
                event = "";
        if (!strcmp(event, "invitee.created") || !strcmp(event, "invitee.canceled"))
                e = read_invitee(payload, scheduled, happened_at, form, &notices);
        if (!strcmp(event, "invitee_no_show.created"))
                e = read_no_show(payload, false, happened_at, &notices);
        if (!strcmp(event, "invitee_no_show.deleted"))
                e = read_no_show(payload, true, happened_at, &notices);
        /* The event's name is what a cancellation is known by, whatever its status says. */
        if (!e && notices.n && !strcmp(event, "invitee.canceled") &&
            notices.list[0].facts.state == BOOKING_BOOKED)
                notices.list[0].facts.state = BOOKING_CANCELLED;
        if (e)
                return e;
        *ret = (struct booking_webhook){event, notices};
        notices = (struct booking_notices){0};
        return VIO_OK;
}

static int parse(const struct vio_http_response *response, vio_json **ret)
{
        size_t len;
        const char *body = vio_http_response_get_body(response, &len);
        int e = vio_json_parse(body, len, ret);
        return e == VIO_E_INVALID ? VIO_E_UPSTREAM : e;
}

int calendly_read_me(const struct vio_http_response *response, char ret_user[BOOKING_UID_SIZE])
{
        vio_json *root = NULL;
        int e = parse(response, &root);
        if (e)
                return e;
        bool named = notice_uid(vio_json_get(vio_json_get(root, "resource"), "uri"), ret_user);
        vio_json_free(root);
        return named ? VIO_OK : VIO_E_UPSTREAM;
}

int calendly_read_events(const struct vio_http_response *response, struct calendly_page *ret)
{
        struct calendly_page page = {0};
        int e = parse(response, &page.root);
        if (e)
                return e;
        const vio_json *list = vio_json_get(page.root, "collection");
        const vio_json *paging = vio_json_get(page.root, "pagination");
        const char *next =
            plain_text(vio_json_get(paging, "next_page_token"), sizeof(page.next_page) - 1);
        if (vio_json_type(list) != VIO_JSON_ARRAY) {
                calendly_page_free(&page);
                return VIO_E_UPSTREAM;
        }
        for (const vio_json *j = vio_json_first(list); j && page.n < CALENDLY_PAGE;
             j = vio_json_next(j))
                page.events[page.n++] = j;
        text_copy(page.next_page, sizeof(page.next_page), next ? next : "");
        *ret = page;
        return VIO_OK;
}

void calendly_page_free(struct calendly_page *p)
{
        vio_json_free(p->root);
        *p = (struct calendly_page){0};
}

const char *calendly_event_uri(const vio_json *event)
{
        return plain_text(vio_json_get(event, "uri"), BOOKING_UID_MAX);
}

int calendly_read_invitees(const struct vio_http_response *response, const vio_json *event,
                           const struct booking_form *form, struct booking_notices *to)
{
        vio_json *root = NULL;
        int e = parse(response, &root);
        if (e)
                return e;
        const vio_json *list = vio_json_get(root, "collection");
        if (vio_json_type(list) != VIO_JSON_ARRAY)
                e = VIO_E_UPSTREAM;
        for (const vio_json *j = vio_json_first(list); !e && j; j = vio_json_next(j)) {
                e = read_invitee(j, event, VIO_TIME_NONE, form, to);
                const vio_json *no_show = vio_json_get(j, "no_show");
                if (e || vio_json_type(no_show) != VIO_JSON_OBJECT)
                        continue;
                struct booking_notice *n = notice_add(to);
                if (!n || !notice_uid(vio_json_get(j, "uri"), n->uid)) {
                        e = n ? VIO_E_UPSTREAM : VIO_E_NOMEM;
                        continue;
                }
                n->action = BOOKING_SAYS_NO_SHOW;
                n->facts.changed_at = notice_time(vio_json_get(no_show, "created_at"));
        }
        vio_json_free(root);
        return e;
}
