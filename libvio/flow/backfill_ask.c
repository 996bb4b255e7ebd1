/* backfill_ask.c - one question to a calendar's API after the other; nothing is written. */
#include "flow/backfill_ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "flow/batch.h"

/* The calendar's clock, and changes that were not visible yet when we asked. */
#define OVERLAP_MS (10 * MS_PER_MINUTE)
/* So far ahead Calendly is read: it cannot be asked for what changed. */
#define AHEAD_MS (30 * MS_PER_DAY)

/* The place in a round: a letter that says what follows, and the calendar's own mark. */
enum place { BEGINNING = '\0', CURSOR = 'n', SKIP = 's', ACTIVE = 'a', CANCELED = 'c' };

static void set_place(struct calendar_sync *s, enum place place, const char *mark)
{
        snprintf(s->page, sizeof(s->page), "%c%s", (char)place, mark);
}

static enum place place_of(const struct calendar_sync *s)
{
        return (enum place)s->page[0];
}

/* The account waits as long as the strictest of its answers says. */
static int judge(struct inquiry *q, const struct vio_http_response *response)
{
        int wait = calendar_wait_s(response, q->now);
        if (wait > q->wait_s)
                q->wait_s = wait;
        return calendar_answer(response);
}

/* Performs one request; the response stays in the batch. */
static int ask_one(struct inquiry *q, struct batch *batch, const struct calendar_request *request)
{
        int r = batch_open(batch, 1);
        if (r)
                return r;
        batch->http[batch->n++] = request->http;
        batch_perform(q->e, batch);
        return judge(q, batch->responses[0]);
}

/* Cal.com */

/* The first round takes what is ahead, whenever it was made; later ones what changed since. */
static void begin_cal_com(struct inquiry *q)
{
        struct calendar_sync *s = &q->sync;
        s->round_from = s->changed_until == VIO_TIME_NONE ? q->now : s->changed_until - OVERLAP_MS;
        s->round_reached = VIO_TIME_NONE;
        s->page[0] = '\0';
}

static struct cal_com_query cal_com_query(const struct calendar_sync *s)
{
        bool first = s->changed_until == VIO_TIME_NONE;
        enum place place = place_of(s);
        return (struct cal_com_query){
            .old_version = place == SKIP,
            .updated = first ? VIO_TIME_NONE : s->round_from,
            .start = first ? s->round_from : VIO_TIME_NONE,
            .cursor = place == CURSOR ? s->page + 1 : NULL,
            .skip = place == SKIP ? strtoll(s->page + 1, NULL, 10) : 0,
        };
}

static void move_on_cal_com(struct inquiry *q, const struct cal_com_query *query,
                            const struct cal_com_page *page)
{
        struct calendar_sync *s = &q->sync;
        char skip[24];

        /* A clock ahead of ours must not hide the changes to come. */
        vio_time reached = page->updated < q->now ? page->updated : q->now;
        if (reached > s->round_reached)
                s->round_reached = reached;
        q->finished = query->old_version ? page->rows < CAL_COM_PAGE : !*page->next_cursor;
        snprintf(skip, sizeof(skip), "%" PRId64, query->skip + (int64_t)page->rows);
        if (!q->finished)
                set_place(s, query->old_version ? SKIP : CURSOR,
                          query->old_version ? skip : page->next_cursor);
        if (!q->finished)
                return;
        if (s->changed_until == VIO_TIME_NONE)
                s->changed_until = s->round_from;
        else if (s->round_reached > s->changed_until)
                s->changed_until = s->round_reached;
}

static int read_cal_com(struct inquiry *q)
{
        struct calendar_account account = {q->e->cal_com_url, q->key};
        struct cal_com_query query = cal_com_query(&q->sync);
        _cleanup_calendar_request_ struct calendar_request request = {0};
        _cleanup_batch_ struct batch batch = {0};
        struct cal_com_page page = {0};

        int r = cal_com_request_bookings(&request, &account, &query);
        if (!r)
                r = ask_one(q, &batch, &request);
        if (!r)
                r = cal_com_read_page(batch.responses[0], &q->form, &page);
        if (r)
                return r;
        q->notices = page.notices;
        move_on_cal_com(q, &query, &page);
        return 0;
}

/* A server that does not know the newer paging says so to the first question. */
static int inquire_cal_com(struct inquiry *q)
{
        if (q->sync.round_from == VIO_TIME_NONE)
                begin_cal_com(q);
        int r = read_cal_com(q);
        if (r != VIO_E_INVALID || place_of(&q->sync) != BEGINNING)
                return r;
        set_place(&q->sync, SKIP, "0");
        return read_cal_com(q);
}

/* Calendly */

static int learn_account(struct inquiry *q, const struct calendar_account *account)
{
        _cleanup_calendar_request_ struct calendar_request request = {0};
        _cleanup_batch_ struct batch batch = {0};

        int r = calendly_request_me(&request, account);
        if (!r)
                r = ask_one(q, &batch, &request);
        return r ? r : calendly_read_me(batch.responses[0], q->sync.account);
}

static int read_events(struct inquiry *q, const struct calendar_account *account,
                       struct calendly_page *ret)
{
        const struct calendar_sync *s = &q->sync;
        _cleanup_calendar_request_ struct calendar_request request = {0};
        _cleanup_batch_ struct batch batch = {0};

        int r = calendly_request_events(&request, account, s->account, place_of(s) == CANCELED,
                                        s->round_from, s->round_from + AHEAD_MS,
                                        s->page[1] ? s->page + 1 : NULL);
        if (!r)
                r = ask_one(q, &batch, &request);
        return r ? r : calendly_read_events(batch.responses[0], ret);
}

/* An event that vanished in between is no failure; its invitees are asked for next time. */
static int read_answers(struct inquiry *q, const struct batch *batch, const vio_json *const *events)
{
        int r = 0;
        for (size_t i = 0; !r && i < batch->n; i++) {
                r = judge(q, batch->responses[i]);
                if (!r)
                        r = calendly_read_invitees(batch->responses[i], events[i], &q->form,
                                                   &q->notices);
                else if (r == VIO_E_NOTFOUND)
                        r = 0;
        }
        return r;
}

static int read_invitees(struct inquiry *q, const struct calendar_account *account,
                         const struct calendly_page *page)
{
        struct calendar_request requests[CALENDLY_PAGE] = {0};
        const vio_json *events[CALENDLY_PAGE] = {0};
        _cleanup_batch_ struct batch batch = {0};

        int r = batch_open(&batch, page->n);
        for (size_t i = 0; !r && i < page->n; i++) {
                struct calendar_request *request = &requests[batch.n];
                r = calendly_request_invitees(request, account,
                                              calendly_event_uri(page->events[i]));
                if (!r) {
                        events[batch.n] = page->events[i];
                        batch.http[batch.n++] = request->http;
                } else if (r == VIO_E_INVALID) {
                        r = 0;
                }
        }
        if (!r) {
                batch_perform(q->e, &batch);
                r = read_answers(q, &batch, events);
        }
        for (size_t i = 0; i < CALENDLY_PAGE; i++)
                calendar_request_free(&requests[i]);
        return r;
}

/* First what is on, then what was cancelled. */
static void move_on_calendly(struct inquiry *q, const char *next_page)
{
        enum place place = place_of(&q->sync);
        if (*next_page)
                set_place(&q->sync, place, next_page);
        else if (place == ACTIVE)
                set_place(&q->sync, CANCELED, "");
        else
                q->finished = true;
}

static int inquire_calendly(struct inquiry *q)
{
        struct calendar_account account = {q->e->calendly_url, q->key};
        struct calendly_page page = {0};

        if (q->sync.round_from == VIO_TIME_NONE) {
                q->sync.round_from = q->now;
                set_place(&q->sync, ACTIVE, "");
        }
        int r = *q->sync.account ? 0 : learn_account(q, &account);
        if (!r)
                r = read_events(q, &account, &page);
        if (!r)
                r = read_invitees(q, &account, &page);
        if (!r)
                move_on_calendly(q, page.next_page);
        calendly_page_free(&page);
        return r;
}

int inquire(struct inquiry *q)
{
        return q->sync.calendar == VIO_CALENDAR_CALENDLY ? inquire_calendly(q) : inquire_cal_com(q);
}
