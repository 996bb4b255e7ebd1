/* backfill.c - a calendar is re-read through its API, for what its webhooks did not bring. */
#include "flow/backfill.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "flow/backfill_ask.h"
#include "flow/booking.h"

#define EVERY_MS MS_PER_HOUR
/* So many pages of a calendar at most in one step: calls wait meanwhile. */
#define PAGES_PER_STEP 3
#define FIRST_PAUSE_MS (5 * MS_PER_MINUTE)
#define MOST_DOUBLINGS 6

static const struct {
        enum vio_calendar calendar;
        enum setting key;
        const char *key_name;
} calendars[] = {
    {VIO_CALENDAR_CAL_COM, SETTING_cal_com_api_key, "cal_com_api_key"},
    {VIO_CALENDAR_CALENDLY, SETTING_calendly_token, "calendly_token"},
};

/* One tenant's turn. The profile owns the keys. */
struct turn {
        struct acting a;
        struct profile profile;
        bool is_due;
        struct calendar_sync syncs[count_of(calendars)];
        vio_time next; /* VIO_TIME_NONE: no calendar has a key */
};

static int look_in(struct tenant_tx *tx, void *arg)
{
        struct turn *t = arg;
        vio_time next = VIO_TIME_NONE;

        int r = backfill_next(tx, &next);
        t->is_due = !r && next != VIO_TIME_NONE && next <= t->a.now;
        if (r || !t->is_due)
                return r;
        r = profile_load(t->a.e, tx, &t->profile);
        for (size_t i = 0; !r && i < count_of(calendars); i++)
                r = calendar_sync_load(tx, calendars[i].calendar, &t->syncs[i]);
        return r;
}

struct page {
        const struct turn *turn;
        struct inquiry *q;
};

/* A page with its consequences, and how far it brought us: both or neither. */
static int write_in(struct tenant_tx *tx, void *arg)
{
        const struct page *page = arg;
        const struct booking_notices *n = &page->q->notices;
        _cleanup_profile_ struct profile p = {0};
        struct acting a = page->turn->a;
        const char *result;

        a.fault = tx_fault(tx);
        a.now = engine_now(a.e);
        int r = profile_load(a.e, tx, &p);
        for (size_t i = 0; !r && i < n->n; i++)
                r = booking_take(&a, tx, &p, page->q->sync.calendar, &n->list[i], &result);
        return r ? r : calendar_sync_save(tx, &page->q->sync);
}

static int write_page(const struct turn *t, struct inquiry *q)
{
        struct page page = {t, q};
        return store_write_tenant(t->a.e->store, t->a.tenant, write_in, &page, t->a.fault);
}

static const char *trouble_text(int err)
{
        switch (err) {
        case VIO_E_AUTH: return "the calendar refuses the key";
        case VIO_E_BUSY: return "the calendar asked us to slow down";
        case VIO_E_INVALID:
        case VIO_E_NOTFOUND: return "the calendar did not understand the question";
        default: return "the calendar could not be reached or gave no answer that can be read";
        }
}

/* What was asked for is asked for again, later; or from the beginning, if the place is lost. */
static void note_trouble(const struct turn *t, struct inquiry *q,
                         const struct calendar_sync *before, int err)
{
        struct calendar_sync *s = &q->sync;
        bool lost = err == VIO_E_INVALID || err == VIO_E_NOTFOUND;
        int64_t doublings = before->failures < MOST_DOUBLINGS ? before->failures : MOST_DOUBLINGS;

        booking_notices_free(&q->notices);
        *s = *before;
        text_copy(s->error, sizeof(s->error), trouble_text(err));
        s->next_at = t->a.now + q->wait_s * MS_PER_SECOND;
        if (lost)
                s->round_from = VIO_TIME_NONE;
        if (err == VIO_E_BUSY)
                return;
        s->failures++;
        s->next_at = t->a.now + (FIRST_PAUSE_MS << doublings);
        log_write(&t->a.e->log, LOG_WARNING, "tenant %lld: %s: %s", (long long)t->a.tenant.v,
                  vio_calendar_name(s->calendar), s->error);
}

static void note_success(const struct turn *t, struct inquiry *q)
{
        struct calendar_sync *s = &q->sync;
        s->failures = 0;
        s->error[0] = '\0';
        s->next_at = t->a.now;
        if (s->calendar == VIO_CALENDAR_CALENDLY)
                s->next_at += CALENDLY_PAGE_WAIT_MS;
        if (q->finished) {
                s->round_from = VIO_TIME_NONE;
                s->page[0] = '\0';
                s->synced_at = t->a.now;
                s->next_at = t->a.now + EVERY_MS;
        }
        if (s->next_at < t->a.now + q->wait_s * MS_PER_SECOND)
                s->next_at = t->a.now + q->wait_s * MS_PER_SECOND;
}

/* One page: asked for outside of any transaction, then written in one. */
static int turn_page(const struct turn *t, struct inquiry *q)
{
        struct calendar_sync before = q->sync;

        q->wait_s = 0;
        int asked = inquire(q);
        if (asked == VIO_E_NOMEM)
                return asked;
        if (asked)
                note_trouble(t, q, &before, asked);
        else
                note_success(t, q);
        int r = write_page(t, q);
        /* A page that cannot be taken in must not be asked for again and again. */
        if (r && r != VIO_E_BUSY && r != VIO_E_STORAGE && r != VIO_E_NOMEM) {
                note_trouble(t, q, &before, r);
                r = write_page(t, q);
        }
        booking_notices_free(&q->notices);
        return r;
}

static int read_calendar(const struct turn *t, const char *key, struct calendar_sync *sync,
                         size_t *done)
{
        struct inquiry q = {.e = t->a.e,
                            .now = t->a.now,
                            .key = key,
                            .form = booking_form_of(&t->profile),
                            .sync = *sync};
        int r = 0;
        for (int i = 0; !r && i < PAGES_PER_STEP && q.sync.next_at <= t->a.now; i++) {
                r = turn_page(t, &q);
                *done += !r;
        }
        booking_notices_free(&q.notices);
        *sync = q.sync;
        return r;
}

static int plan_in(struct tenant_tx *tx, void *arg)
{
        const struct turn *t = arg;
        return backfill_plan(tx, t->next);
}

static int take_turn(struct turn *t, size_t *done)
{
        int r = 0;

        t->next = VIO_TIME_NONE;
        for (size_t i = 0; !r && i < count_of(calendars); i++) {
                const char *key = t->profile.settings.value[calendars[i].key];
                struct calendar_sync *sync = &t->syncs[i];
                if (!key && !t->profile.settings.unreadable[calendars[i].key])
                        continue;
                if (key)
                        r = read_calendar(t, key, sync, done);
                else
                        sync->next_at = t->a.now + EVERY_MS;
                if (t->next == VIO_TIME_NONE || sync->next_at < t->next)
                        t->next = sync->next_at;
        }
        return r ? r : store_write_tenant(t->a.e->store, t->a.tenant, plan_in, t, t->a.fault);
}

int backfill_due(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f,
                 size_t *ret_done)
{
        struct turn t = {.a = acting_engine(e, tenant, now, f)};
        size_t done = 0;

        int r = store_read_tenant(e->store, tenant, look_in, &t, f);
        if (!r && t.is_due)
                r = take_turn(&t, &done);
        profile_done(&t.profile);
        *ret_done = done;
        return r;
}

static int is_missing_in(struct tenant_tx *tx, void *arg)
{
        return backfill_is_missing(tx, arg);
}

static int begin_in(struct tenant_tx *tx, void *arg)
{
        return backfill_plan(tx, *(vio_time *)arg);
}

int backfill_sweep(struct engine *e, vio_tenant_id tenant, vio_time now, struct fault *f)
{
        bool missing = false;
        int r = store_read_tenant(e->store, tenant, is_missing_in, &missing, f);
        return r || !missing ? r : store_write_tenant(e->store, tenant, begin_in, &now, f);
}

int backfill_note_settings(struct tenant_tx *tx, const struct vio_setting *changes, size_t n,
                           vio_time now)
{
        int r = 0;
        for (size_t i = 0; !r && i < n; i++) {
                for (size_t c = 0; !r && c < count_of(calendars); c++) {
                        if (strcmp(changes[i].name, calendars[c].key_name) != 0)
                                continue;
                        r = calendar_sync_forget(tx, calendars[c].calendar);
                        if (!r)
                                r = backfill_plan(tx, now);
                }
        }
        return r;
}
