/* post.c - the webhooks on their way: lost, late, doubled, forged; and what was acknowledged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remote/retell.h"
#include "sim.h"

/* What a webhook is made to be before it is sent. */
enum damage { GENUINE, FORGED, STALE, REWRITTEN, STRANGE, TORN };

static struct letter *new_letter(struct sim *s, const struct world_delivery *d, vio_time due)
{
        if (s->n_letters == MOST_LETTERS)
                return NULL;
        struct letter *l = &s->letters[s->n_letters++];
        *l = (struct letter){.due = due, .delivery = d->id, .left = 1};
        snprintf(l->key, sizeof(l->key), "%s", d->api_key);
        snprintf(l->event, sizeof(l->event), "%s", d->event);
        snprintf(l->call_id, sizeof(l->call_id), "%s", d->call_id);
        l->body = strndup(d->body, d->body_len);
        return l;
}

static vio_time draw_due(struct sim *s)
{
        return strikes(s, FAULT_letter_late) ? s->now + chance_below(&s->chance, 2 * HOURS)
                                             : s->now + chance_below(&s->chance, 3 * SECONDS);
}

static int post_letter(struct sim *s, const char *body, const char *key, vio_time signed_at,
                       enum vio_receipt *ret)
{
        char signature[VIO_RETELL_SIGNATURE];
        struct vio_webhook w = VIO_WEBHOOK_INIT;
        if (vio_retell_sign(key, body, strlen(body), signed_at, signature) < 0)
                broken(s, "", "a webhook could not be signed");
        w.body = body;
        w.body_len = strlen(body);
        w.signature = signature;
        return vio_retell_webhook(s->v, &w, ret);
}

static void damage(struct sim *s, const struct letter *l, enum damage kind, char *text, size_t size,
                   const char **key, vio_time *signed_at)
{
        (void)s;
        snprintf(text, size, "%s", l->body);
        switch (kind) {
        case GENUINE: break;
        case FORGED: *key = "key_of_somebody_else"; break;
        case STALE: *signed_at -= 1 * HOURS; break;
        case REWRITTEN: break;
        case STRANGE: memcpy(strstr(text, "call_"), "calm_", 5); break;
        case TORN: text[strlen(text) / 2] = '\0'; break;
        }
}

/* What is not genuine must change nothing; the result tells that it was seen through. */
static void post_damaged(struct sim *s, const struct letter *l, enum damage kind)
{
        static char text[65536];
        const char *key = l->key;
        vio_time signed_at = s->now + s->skew;
        damage(s, l, kind, text, sizeof(text), &key, &signed_at);
        int r;
        if (kind == REWRITTEN) {
                char signature[VIO_RETELL_SIGNATURE];
                struct vio_webhook w = VIO_WEBHOOK_INIT;
                (void)vio_retell_sign(key, text, strlen(text), signed_at, signature);
                strcat(text, " ");
                w.body = text;
                w.body_len = strlen(text);
                w.signature = signature;
                r = vio_retell_webhook(s->v, &w, NULL);
        } else {
                r = post_letter(s, text, key, signed_at, NULL);
        }
        bool forged = kind == FORGED || kind == STALE || kind == REWRITTEN;
        if (forged && r == VIO_OK)
                broken(s, l->call_id, "a webhook that is not genuine (%d) was taken", (int)kind);
}

static void post_companions(struct sim *s, const struct letter *l)
{
        static const struct {
                enum fault_kind kind;
                enum damage damage;
        } rows[] = {
            {FAULT_letter_forged, FORGED},       {FAULT_letter_stale, STALE},
            {FAULT_letter_rewritten, REWRITTEN}, {FAULT_letter_strange, STRANGE},
            {FAULT_letter_torn, TORN},
        };
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
                if (!disk_is_cut(s->disk) && strikes(s, rows[i].kind))
                        post_damaged(s, l, rows[i].damage);
}

static int collect(void *data, const struct world_delivery *d)
{
        struct sim *s = data;
        struct letter *l = NULL;
        if (network_stuck(s, d->call_id) || strikes(s, FAULT_letter_lost) ||
            !(l = new_letter(s, d, draw_due(s)))) {
                tell(s, d->call_id, "webhook %s lost", d->event);
                return 0;
        }
        l->tells_world = true;
        if (strikes(s, FAULT_letter_doubled))
                l->left = (int)chance_between(&s->chance, 2, 5);
        return 0;
}

/* A letter of which the world never hears again is neither delivered nor sent once more. */
void post_collect(struct sim *s)
{
        if (world_advance(s->world, s->now, collect, s) < 0)
                broken(s, "", "the world has no memory left");
}

vio_time post_next(const struct sim *s)
{
        vio_time next = VIO_TIME_NONE;
        for (size_t i = 0; i < s->n_letters; i++)
                if (next == VIO_TIME_NONE || s->letters[i].due < next)
                        next = s->letters[i].due;
        return next;
}

static void drop(struct sim *s, size_t i)
{
        free(s->letters[i].body);
        s->letters[i] = s->letters[--s->n_letters];
}

static bool is_trouble(int r)
{
        return r == VIO_E_STORAGE || r == VIO_E_NOMEM || r == VIO_E_BUSY;
}

/* What was signed with the key before is refused; the world then tries again by itself. */
static bool may_fail_with(int r, const struct clinic *c, const char *key)
{
        bool key_in_force = !c->key_unsure && strcmp(c->key, key) == 0;
        return is_trouble(r) || (r == VIO_E_AUTH && !key_in_force);
}

static struct clinic *clinic_of(struct sim *s, const struct retell_webhook *w)
{
        for (int i = 0; i < CLINICS; i++)
                if (w->call.tenant_ref &&
                    strtoll(w->call.tenant_ref, NULL, 10) == s->clinics[i].id.v)
                        return &s->clinics[i];
        broken(s, "", "a webhook names no clinic");
}

static void keep(struct sim *s, struct clinic *c, const char *body)
{
        struct kept *k = &s->kept[s->n_kept++ % MOST_KEPT];
        free(k->body);
        *k = (struct kept){c, strdup(body)};
}

/* An acknowledged webhook binds the library. */
static void note_receipt(struct sim *s, const struct letter *l, const struct retell_webhook *w,
                         struct clinic *c, enum vio_receipt receipt)
{
        if (receipt == VIO_RECEIPT_IGNORED)
                broken(s, l->call_id, "webhook %s was ignored", l->event);
        if (l->acknowledged && receipt != VIO_RECEIPT_DUPLICATE)
                broken(s, l->call_id, "webhook %s was taken twice", l->event);
        if (l->acknowledged)
                return;
        ledger_hear(s, &w->call);
        keep(s, c, l->body);
}

static void post_genuine(struct sim *s, struct letter *l)
{
        struct retell_webhook w = {0};
        enum vio_receipt receipt = VIO_RECEIPT_IGNORED;
        if (retell_webhook_parse(l->body, strlen(l->body), &w) < 0)
                broken(s, l->call_id, "the world's webhook %s cannot be read", l->event);
        struct clinic *c = clinic_of(s, &w);
        int r = disk_is_cut(s->disk) ? VIO_E_STORAGE
                                     : post_letter(s, l->body, l->key, s->now + s->skew, &receipt);
        tell(s, l->call_id, "webhook %s -> %d", l->event, r);
        if (r != VIO_OK && !may_fail_with(r, c, l->key))
                broken(s, l->call_id, "webhook %s was answered with %s", l->event, vio_err_name(r));
        if (r == VIO_OK)
                note_receipt(s, l, &w, c, receipt);
        retell_webhook_free(&w);
        if (l->tells_world)
                world_delivered(s->world, l->delivery, r == VIO_OK, s->now);
        l->acknowledged = l->acknowledged || r == VIO_OK;
}

static void post_one(struct sim *s, size_t i)
{
        struct letter l = s->letters[i];
        l.body = strdup(l.body);
        post_companions(s, &l);
        post_genuine(s, &l);
        struct letter *kept = &s->letters[i];
        kept->tells_world = false;
        kept->acknowledged = l.acknowledged;
        kept->due = s->now + chance_below(&s->chance, 20 * MINUTES);
        if (--kept->left <= 0)
                drop(s, i);
        free(l.body);
}

void post_again(struct sim *s)
{
        size_t n = s->n_kept < MOST_KEPT ? s->n_kept : MOST_KEPT;
        disk_hold(s->disk, true);
        for (size_t i = 0; i < n; i++) {
                const struct kept *k = &s->kept[i];
                enum vio_receipt receipt = VIO_RECEIPT_IGNORED;
                if (k->clinic->key_unsure)
                        continue;
                int r = post_letter(s, k->body, k->clinic->key, s->now + s->skew, &receipt);
                if (r != VIO_OK || receipt != VIO_RECEIPT_DUPLICATE)
                        broken(s, "", "a webhook that was acknowledged is gone: %d", r);
        }
        disk_hold(s->disk, false);
}

void post_deliver(struct sim *s)
{
        for (size_t i = s->n_letters; i-- > 0;)
                if (s->letters[i].due <= s->now && !disk_is_cut(s->disk))
                        post_one(s, i);
}

void post_early(struct sim *s)
{
        post_collect(s);
        for (size_t i = s->n_letters; i-- > 0;)
                if (!disk_is_cut(s->disk))
                        post_one(s, i);
}

void post_end(struct sim *s)
{
        while (s->n_letters)
                drop(s, s->n_letters - 1);
        for (size_t i = 0; i < MOST_KEPT; i++)
                free(s->kept[i].body);
        for (size_t i = 0; i < s->n_stuck; i++)
                free(s->stuck[i].body);
}
