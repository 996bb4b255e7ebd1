/* mail_webhook.c - a webhook arrives from Resend: which addresses take no mail any more. */
#include "flow/mail_webhook.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <vio/json.h>

#include "base/calendar.h"
#include "base/text.h"
#include "flow/acting.h"
#include "flow/settings.h"
#include "store/mail.h"

/* Resend tries for little more than a day. */
#define REMEMBER_MS (7 * MS_PER_DAY)
#define ID_MOST     255
/* A mail belongs to one tenant; more can only come from a restore. */
#define MOST_OWNERS 4

struct news {
        struct engine *e;
        const struct vio_resend_webhook *webhook;
        vio_time now;
        const vio_json *data;
        const char *reason; /* why its address takes no mail; NULL: it does */
};

/* The event, and of a bounce its kind: only what is for good counts. */
static const char *reason_of(const char *type, const vio_json *data)
{
        static const struct {
                const char *type;
                const char *bounce; /* NULL: any */
                const char *reason;
        } rows[] = {
            {"email.bounced", "Permanent", "bounced"},
            {"email.complained", NULL, "complained"},
            {"email.suppressed", NULL, "suppressed"},
        };
        const char *bounce = vio_json_text(vio_json_get(vio_json_get(data, "bounce"), "type"));

        for (size_t i = 0; i < count_of(rows); i++) {
                if (strcmp(rows[i].type, type) == 0 &&
                    (!rows[i].bounce || (bounce && strcmp(rows[i].bounce, bounce) == 0)))
                        return rows[i].reason;
        }
        return NULL;
}

/* The address of "Name <address>", or all of it. */
static void bare_address(const char *to, char *ret, size_t size)
{
        const char *from = strrchr(to, '<');
        text_copy(ret, size, from ? from + 1 : to);
        if (from)
                ret[strcspn(ret, ">")] = '\0';
}

static int block(const struct news *n, struct tenant_tx *tx, const char *address)
{
        struct acting a = acting_engine(n->e, tx->tenant, n->now, tx_fault(tx));
        bool is_new = false;

        if (!mail_address_valid(address))
                return 0;
        int r = mail_block_add(tx, address, n->reason, n->now, &is_new);
        if (!r && is_new)
                r = acting_note(&a, tx, "summary.block", (vio_contact_id){0}, NULL, n->reason);
        return r;
}

/* A webhook can be quicker than the answer to our own request: then the mail is not known yet, and
 * it counts for the tenant in its tag, but only where that tenant writes to the address. */
static int writes_to(struct tenant_tx *tx, const char *address, bool *ret)
{
        _cleanup_settings_ struct settings s = {0};

        int r = settings_load(tx, &s);
        if (r)
                return r == VIO_E_NOTFOUND ? 0 : r;
        const char *recipient = s.value[SETTING_daily_summary_recipient_email];
        *ret = recipient && strcasecmp(recipient, address) == 0;
        return 0;
}

static int block_all(const struct news *n, struct tenant_tx *tx, bool known)
{
        const vio_json *to = vio_json_first(vio_json_get(n->data, "to"));
        int r = 0;

        for (; !r && to; to = vio_json_next(to)) {
                char address[256];
                bool ours = known;
                if (!vio_json_text(to))
                        continue;
                bare_address(vio_json_text(to), address, sizeof(address));
                if (!ours)
                        r = writes_to(tx, address, &ours);
                if (!r && ours)
                        r = block(n, tx, address);
        }
        return r;
}

static vio_tenant_id tagged_tenant(const vio_json *data)
{
        const char *tag = vio_json_text(vio_json_get(vio_json_get(data, "tags"), "tenant"));
        char *end = NULL;
        long long id = tag ? strtoll(tag, &end, 10) : 0;
        return (vio_tenant_id){id > 0 && !*end ? id : 0};
}

static int act(const struct news *n, struct system_tx *tx)
{
        const char *mail = vio_json_text(vio_json_get(n->data, "email_id"));
        vio_tenant_id owners[MOST_OWNERS];
        size_t count = 0;

        int r = mail ? mail_routes(tx, mail, owners, MOST_OWNERS, &count) : 0;
        bool known = count > 0;
        if (!r && !known && tagged_tenant(n->data).v)
                owners[count++] = tagged_tenant(n->data);
        for (size_t i = 0; !r && i < count; i++) {
                struct tenant_tx narrow = tx_narrow(tx, owners[i]);
                r = block_all(n, &narrow, known);
        }
        return r;
}

static int take_in(struct system_tx *tx, void *arg)
{
        const struct news *n = arg;
        bool is_new = false;

        int r = mail_event_add(tx, n->webhook->id, n->now, n->now - REMEMBER_MS, &is_new);
        return r || !is_new ? r : act(n, tx);
}

static int understand(struct news *n, const vio_json *root, struct fault *f)
{
        const char *type = vio_json_text(vio_json_get(root, "type"));

        n->data = vio_json_get(root, "data");
        if (!type)
                return fault_set(f, VIO_E_INVALID, "the body is not a webhook of Resend");
        n->reason = reason_of(type, n->data);
        return n->reason ? store_write(n->e->store, take_in, n, f) : 0;
}

int mail_webhook(struct engine *e, const struct vio_resend_webhook *w, struct fault *f)
{
        struct news n = {.e = e, .webhook = w, .now = engine_now(e)};
        vio_json *root = NULL;

        if (!e->resend_webhook_secret)
                return fault_set(f, VIO_E_AUTH, "no secret for Resend's webhooks is set");
        int r = vio_svix_verify(e->resend_webhook_secret, w->id, w->timestamp, w->signature,
                                w->body, w->body_len, n.now);
        if (r || strlen(w->id) > ID_MOST)
                return fault_set(f, VIO_E_AUTH, "the signature does not fit");
        r = vio_json_parse(w->body, w->body_len, &root);
        if (r)
                return fault_set(f, r, "the body is not a webhook of Resend");
        r = understand(&n, root, f);
        vio_json_free(root);
        return r;
}
