/* post_office.c - a Resend for the town; see post_office.h. */
#include "post_office.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

struct office office;

static const char *header(const struct vio_http_request *rq, const char *name)
{
        for (size_t i = 0; i < rq->n_headers; i++) {
                if (strcmp(rq->headers[i].name, name) == 0)
                        return rq->headers[i].value;
        }
        ck_abort_msg("the request has no %s", name);
        return NULL;
}

static void answer(struct vio_http_response *r, int status, const char *body)
{
        vio_http_response_status(r, status);
        vio_http_response_write(r, body, strlen(body));
}

static struct letter *letter_with(const char *key)
{
        for (size_t i = 0; i < office.n; i++) {
                if (strcmp(office.letters[i].key, key) == 0)
                        return &office.letters[i];
        }
        return NULL;
}

static const struct letter *take(struct town *t, const char *key, const char *body)
{
        struct letter *l = letter_with(key);
        if (l) {
                ck_assert_msg(strcmp(l->body, body) == 0, "%s: other bytes with the same key", key);
                return l;
        }
        ck_assert_uint_lt(office.n, MOST_LETTERS);
        l = &office.letters[office.n++];
        snprintf(l->key, sizeof(l->key), "%s", key);
        snprintf(l->id, sizeof(l->id), "mail-%zu", office.n);
        l->body = strdup(body);
        l->at = t->now;
        return l;
}

static void give_script(struct vio_http_response *r)
{
        const struct script *s = &office.script;
        if (s->header)
                vio_http_response_header(r, s->header, s->value);
        answer(r, s->status, s->body ? s->body : "");
}

static void run_once(void (**hook)(struct town *), struct town *t)
{
        void (*then)(struct town *) = *hook;
        *hook = NULL;
        if (then)
                then(t);
}

static void freep(char **p)
{
        free(*p);
}

static void at_the_counter(struct town *t, const struct vio_http_request *rq,
                           struct vio_http_response *r)
{
        const char *key = header(rq, "Idempotency-Key");
        /* Its own: another mail may come in while this one is looked at. */
        _cleanup_(freep) char *body = strndup(rq->body, rq->body_len);
        char receipt[80];

        office.requests++;
        ck_assert_str_eq(rq->url, RESEND_URL "/emails");
        ck_assert_str_eq(header(rq, "Authorization"), "Bearer " RESEND_KEY);
        ck_assert_uint_gt(strlen(header(rq, "User-Agent")), 0);
        free(office.last_body);
        office.last_body = strdup(body);
        snprintf(office.last_key, sizeof(office.last_key), "%s", key);
        run_once(&office.before, t);
        switch (office.counter) {
        case COUNTER_SCRIPTED: give_script(r); return;
        case COUNTER_NEVER_REACHED:
                vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "timed out");
                return;
        case COUNTER_OPEN:
        case COUNTER_ANSWER_LOST: break;
        }
        const struct letter *l = take(t, key, body);
        run_once(&office.after, t);
        if (office.counter == COUNTER_ANSWER_LOST) {
                vio_http_response_fail(r, VIO_HTTP_MAYBE_SENT, "timed out");
                return;
        }
        snprintf(receipt, sizeof(receipt), "{\"id\":\"%s\"}", l->id);
        answer(r, 200, receipt);
}

void office_open(struct town *t)
{
        office = (struct office){.n = 0};
        t->elsewhere = at_the_counter;
}

void office_forget(void)
{
        for (size_t i = 0; i < office.n; i++)
                free(office.letters[i].body);
        office.n = 0;
}

void office_close(void)
{
        office_forget();
        free(office.last_body);
        office = (struct office){.n = 0};
}

static bool goes_to(const struct letter *l, const char *address)
{
        char to[200];
        snprintf(to, sizeof(to), "\"to\":[\"%s\"]", address);
        return strstr(l->body, to) != NULL;
}

size_t letters_to(const char *address)
{
        size_t n = 0;
        for (size_t i = 0; i < office.n; i++)
                n += goes_to(&office.letters[i], address);
        return n;
}

const struct letter *only_letter_to(const char *address)
{
        ck_assert_msg(letters_to(address) == 1, "%zu letters to %s", letters_to(address), address);
        for (size_t i = 0; i < office.n; i++) {
                if (goes_to(&office.letters[i], address))
                        return &office.letters[i];
        }
        return NULL;
}

const char *letter_part(const struct letter *l, const char *name)
{
        static char kept[4][65536];
        static unsigned turn;
        char *ret = kept[turn++ % 4];
        vio_json *json = NULL;
        ck_assert_int_eq(vio_json_parse(l->body, strlen(l->body), &json), 0);
        const char *text = vio_json_text(vio_json_get(json, name));
        ck_assert_msg(text, "the letter has no %s", name);
        ck_assert_int_lt(snprintf(ret, sizeof(kept[0]), "%s", text), (int)sizeof(kept[0]));
        vio_json_free(json);
        return ret;
}

/* The files */

static const char *const files[] = {"vio.db", "vio.db-wal"};

static void copy(const char *from, const char *to)
{
        char bytes[65536];
        FILE *in = fopen(from, "rbe");
        FILE *out = fopen(to, "wbe");
        ck_assert_ptr_nonnull(in);
        ck_assert_ptr_nonnull(out);
        for (size_t n; (n = fread(bytes, 1, sizeof(bytes), in)) > 0;)
                ck_assert_uint_eq(fwrite(bytes, 1, n, out), n);
        fclose(in);
        ck_assert_int_eq(fclose(out), 0);
}

void snapshot(struct town *t)
{
        char from[128], to[128];
        for (size_t i = 0; i < count_of(files); i++) {
                snprintf(from, sizeof(from), "%s/%s", t->folder, files[i]);
                snprintf(to, sizeof(to), "%s/snapshot-%s", t->folder, files[i]);
                copy(from, to);
        }
}

static void put_back(struct town *t)
{
        char from[128], to[128];
        for (size_t i = 0; i < count_of(files); i++) {
                snprintf(from, sizeof(from), "%s/snapshot-%s", t->folder, files[i]);
                snprintf(to, sizeof(to), "%s/%s", t->folder, files[i]);
                ck_assert_int_eq(rename(from, to), 0);
        }
}

void crash_back(struct town *t)
{
        t->while_closed = put_back;
        town_reopen(t);
        t->while_closed = NULL;
}

int resend_says(struct town *t, const char *id, const char *body)
{
        char signature[VIO_SVIX_SIGNATURE], time[24];
        struct vio_resend_webhook w = VIO_RESEND_WEBHOOK_INIT;

        ck_assert_int_eq(
            vio_svix_sign(RESEND_SECRET, id, t->now / 1000, body, strlen(body), signature), 0);
        snprintf(time, sizeof(time), "%lld", (long long)(t->now / 1000));
        w.body = body;
        w.body_len = strlen(body);
        w.id = id;
        w.timestamp = time;
        w.signature = signature;
        return vio_resend_webhook(t->v, &w);
}
