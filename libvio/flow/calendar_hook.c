/* calendar_hook.c - the address of a calendar's webhooks, and what arrives there. */
#include "flow/calendar_hook.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "flow/booking.h"
#include "store/calendar_hooks.h"
#include "store/calendar_syncs.h"

/* What was signed with the old secret may still be on its way: calendars repeat for a day. */
#define OVERLAP_MS MS_PER_DAY

#define ENTROPY 32
#define DIGEST  (2 * SHA256_SIZE + 1)

static int digest_of(const void *bytes, size_t len, char ret[DIGEST])
{
        uint8_t hash[SHA256_SIZE];
        int r = crypto_sha256(bytes, len, hash);
        if (!r)
                hex_encode(hash, sizeof(hash), ret);
        return r;
}

static int make_access(struct engine *e, struct vio_calendar_access *ret)
{
        const struct random_source *source = e->random.fill ? &e->random : NULL;
        uint8_t bytes[2 * ENTROPY];
        _cleanup_text_ struct text token = TEXT_INIT;

        int r = random_fill(source, bytes, sizeof(bytes));
        if (r)
                return r;
        base64url_encode(bytes, ENTROPY, &token);
        text_copy(ret->token, sizeof(ret->token), text_str(&token));
        hex_encode(bytes + ENTROPY, ENTROPY, ret->secret);
        crypto_wipe(bytes, sizeof(bytes));
        if (token.p)
                crypto_wipe(token.p, token.len);
        return token.failed ? VIO_E_NOMEM : 0;
}

struct renewal {
        const struct acting *a;
        enum vio_calendar calendar;
        struct vio_calendar_access access;
};

static int renew_in(struct tenant_tx *tx, void *arg)
{
        struct renewal *renewal = arg;
        const struct acting *a = renewal->a;
        char digest[DIGEST];
        size_t len = strlen(renewal->access.token);
        struct calendar_hook_new n = {
            .calendar = renewal->calendar,
            .digest = digest,
            .hint = renewal->access.token + len - (CALENDAR_HINT - 1),
            .secret = renewal->access.secret,
            .now = a->now,
            .until = a->now + OVERLAP_MS,
        };
        int r = digest_of(renewal->access.token, len, digest);
        if (!r)
                r = calendar_hook_renew(tx, &n);
        return r ? r
                 : acting_note(a, tx, "calendar.renew", (vio_contact_id){0}, NULL,
                               vio_calendar_name(renewal->calendar));
}

static int check_calendar(const struct acting *a, enum vio_calendar calendar)
{
        if (!vio_calendar_name(calendar))
                return fault_set(a->fault, VIO_E_INVALID, "calendar: there is no such calendar");
        return 0;
}

int hook_renew(const struct acting *a, enum vio_calendar calendar, struct vio_calendar_access *ret)
{
        struct renewal renewal = {.a = a, .calendar = calendar};

        int r = check_calendar(a, calendar);
        if (!r)
                r = make_access(a->e, &renewal.access);
        if (!r)
                r = store_write_tenant(a->e->store, a->tenant, renew_in, &renewal, a->fault);
        if (!r)
                *ret = renewal.access;
        crypto_wipe(&renewal.access, sizeof(renewal.access));
        return r;
}

static int remove_in(struct tenant_tx *tx, void *arg)
{
        const struct renewal *renewal = arg;
        int r = calendar_hook_remove(tx, renewal->calendar);
        return r ? r
                 : acting_note(renewal->a, tx, "calendar.remove", (vio_contact_id){0}, NULL,
                               vio_calendar_name(renewal->calendar));
}

int hook_remove(const struct acting *a, enum vio_calendar calendar)
{
        struct renewal renewal = {.a = a, .calendar = calendar};

        int r = check_calendar(a, calendar);
        if (!r)
                r = store_write_tenant(a->e->store, a->tenant, remove_in, &renewal, a->fault);
        return r == VIO_E_NOTFOUND ? fault_set(a->fault, r, "This calendar is not connected") : r;
}

struct listing {
        vio_time now;
        int (*cb)(void *data, const struct vio_calendar_hook_info *i);
        void *data;
};

static int show(struct tenant_tx *tx, const struct listing *l, enum vio_calendar calendar)
{
        _cleanup_hook_ struct calendar_hook h = {0};
        int r = calendar_hook_load(tx, calendar, &h);
        if (r)
                return r == VIO_E_NOTFOUND ? 0 : r;
        bool overlap = h.previous_until != VIO_TIME_NONE && h.previous_until > l->now;
        struct vio_calendar_hook_info info = {.calendar = calendar,
                                              .token_hint = h.hint,
                                              .created_at = h.created_at,
                                              .previous_until =
                                                  overlap ? h.previous_until : VIO_TIME_NONE};
        return l->cb(l->data, &info);
}

static int each_in(struct tenant_tx *tx, void *arg)
{
        int r = show(tx, arg, VIO_CALENDAR_CAL_COM);
        return r ? r : show(tx, arg, VIO_CALENDAR_CALENDLY);
}

int hook_each(const struct acting *a, int (*cb)(void *data, const struct vio_calendar_hook_info *i),
              void *data)
{
        struct listing l = {a->now, cb, data};
        return store_read_tenant(a->e->store, a->tenant, each_in, &l, a->fault);
}

/* Intake */

struct intake {
        struct engine *e;
        const struct vio_calendar_webhook *webhook;
        vio_time now;
        struct fault *fault;
        char token_digest[DIGEST];
        char digest[DIGEST]; /* of the body: a calendar repeats its bytes */
        vio_json *root;      /* NULL: the body is no JSON object */
        vio_tenant_id owner; /* whose signature it is */
        bool is_duplicate;
        enum vio_receipt receipt;
};

static int verify(const struct intake *in, const char *secret)
{
        const struct vio_calendar_webhook *w = in->webhook;
        if (!secret)
                return VIO_E_AUTH;
        if (w->calendar == VIO_CALENDAR_CALENDLY)
                return vio_calendly_verify(secret, w->body, w->body_len, w->signature, in->now);
        return vio_cal_com_verify(secret, w->body, w->body_len, w->signature);
}

/* The previous secret is as good as the current one, for a while. */
static int check_signature(const struct intake *in, struct tenant_tx *tx)
{
        _cleanup_hook_ struct calendar_hook h = {0};

        int r = calendar_hook_load(tx, in->webhook->calendar, &h);
        if (r)
                return r == VIO_E_NOTFOUND ? VIO_E_AUTH : r;
        r = verify(in, h.secret);
        if (r == VIO_E_AUTH && h.previous_until != VIO_TIME_NONE && h.previous_until > in->now)
                r = verify(in, h.previous_secret);
        return r;
}

/* By the token; without one by the tenant that the body names, which the signature has to prove. */
static int find_tenant(const struct intake *in, struct system_tx *tx, vio_tenant_id *ret)
{
        if (in->webhook->token)
                return calendar_route(tx, in->webhook->calendar, in->token_digest, in->now, ret);
        ret->v = cal_com_webhook_tenant(in->root);
        return ret->v ? 0 : VIO_E_AUTH;
}

static int authenticate_in(struct system_tx *tx, void *arg)
{
        struct intake *in = arg;
        int r = find_tenant(in, tx, &in->owner);
        if (r)
                return r;
        struct tenant_tx narrow = tx_narrow(tx, in->owner);
        r = check_signature(in, &narrow);
        return r ? r
                 : calendar_event_exists(&narrow, in->webhook->calendar, in->digest,
                                         &in->is_duplicate);
}

static int authenticate(struct intake *in)
{
        int r = store_read(in->e->store, authenticate_in, in, in->fault);
        if (r == VIO_E_AUTH)
                return fault_set(in->fault, r, "the signature does not fit");
        return r == VIO_E_NOTFOUND ? fault_set(in->fault, r, "there is no such address") : r;
}

static int read_webhook(const struct intake *in, const struct profile *p,
                        struct booking_webhook *ret)
{
        struct booking_form form = booking_form_of(p);
        if (in->webhook->calendar == VIO_CALENDAR_CALENDLY)
                return calendly_webhook_read(in->root, &form, ret);
        return cal_com_webhook_read(in->root, &form, ret);
}

static int act(struct intake *in, struct tenant_tx *tx, const struct profile *p,
               const struct booking_webhook *w, const char **ret_result)
{
        struct acting a = acting_engine(in->e, in->owner, in->now, tx_fault(tx));
        int r = 0;

        *ret_result = "ignored";
        for (size_t i = 0; !r && i < w->notices.n; i++)
                r = booking_take(&a, tx, p, in->webhook->calendar, &w->notices.list[i], ret_result);
        /* One event may stand for a whole series: what it does not name is read through the API. */
        if (!r && w->notices.series)
                r = calendar_sync_hasten(tx, in->webhook->calendar, in->now);
        in->receipt = w->notices.n ? VIO_RECEIPT_STORED : VIO_RECEIPT_IGNORED;
        return r;
}

static int keep(const struct intake *in, struct tenant_tx *tx, const struct booking_webhook *w,
                const char *result)
{
        struct calendar_event event = {.calendar = in->webhook->calendar,
                                       .digest = in->digest,
                                       .event_type = w->event ? w->event : "",
                                       .uid = w->notices.n ? w->notices.list[0].uid : NULL,
                                       .result = result,
                                       .created_at = in->now};
        return calendar_event_insert(tx, &event);
}

static int store_in(struct tenant_tx *tx, void *arg)
{
        struct intake *in = arg;
        _cleanup_profile_ struct profile p = {0};
        struct booking_webhook w = {0};
        const char *result = "version";

        in->receipt = VIO_RECEIPT_DUPLICATE;
        int r = calendar_event_exists(tx, in->webhook->calendar, in->digest, &in->is_duplicate);
        if (r || in->is_duplicate)
                return r;
        in->receipt = VIO_RECEIPT_IGNORED;
        r = profile_load(in->e, tx, &p);
        if (!r && cal_com_version_known(in->webhook->version)) {
                r = read_webhook(in, &p, &w);
                if (!r)
                        r = act(in, tx, &p, &w, &result);
        }
        if (!r)
                r = keep(in, tx, &w, result);
        booking_notices_free(&w.notices);
        return r;
}

static int parse(struct intake *in)
{
        vio_json *root = NULL;
        int r = vio_json_parse(in->webhook->body, in->webhook->body_len, &root);
        if (r == VIO_E_NOMEM)
                return r;
        if (vio_json_type(root) == VIO_JSON_OBJECT)
                in->root = steal(root);
        vio_json_free(root);
        return 0;
}

static int take_in(struct intake *in)
{
        int r = authenticate(in);
        if (!r && !in->root)
                r = parse(in);
        if (r)
                return r;
        if (!in->root)
                return fault_set(in->fault, VIO_E_INVALID, "the body is not a JSON object");
        in->receipt = VIO_RECEIPT_DUPLICATE;
        if (in->is_duplicate)
                return 0;
        return store_write_tenant(in->e->store, in->owner, store_in, in, in->fault);
}

int hook_intake(struct engine *e, const struct vio_calendar_webhook *webhook, struct fault *f,
                enum vio_receipt *ret)
{
        struct intake in = {.e = e, .webhook = webhook, .now = engine_now(e), .fault = f};
        const char *token = webhook->token ? webhook->token : "";

        int r = digest_of(token, strlen(token), in.token_digest);
        if (!r)
                r = digest_of(webhook->body, webhook->body_len, in.digest);
        /* A body is read when its signature was found good, unless it has to name its tenant. */
        if (!r && !webhook->token)
                r = parse(&in);
        if (!r)
                r = take_in(&in);
        vio_json_free(in.root);
        if (!r && ret)
                *ret = in.receipt;
        return r;
}
