/* resend.c - a simulated Resend: takes mails, sends none. */
#include "resend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define MOST_MAILS 1000 /* the oldest is forgotten beyond it */
#define KEY_MOST   256
#define TO_MOST    50
#define ID_SIZE    40

struct mail {
        char id[ID_SIZE];
        char *key; /* NULL: none was given */
        char *body;
        size_t body_len;
};

struct resend {
        struct mail mails[MOST_MAILS];
        size_t n; /* taken in all */
};

struct resend *resend_new(void)
{
        return calloc(1, sizeof(struct resend));
}

struct resend *resend_free(struct resend *r)
{
        for (size_t i = 0; r && i < MOST_MAILS; i++) {
                free(r->mails[i].key);
                free(r->mails[i].body);
        }
        free(r);
        return NULL;
}

bool resend_serves(const char *path)
{
        return !strcmp(path, "/emails") || !strncmp(path, "/emails/", 8);
}

static int refuse(vio_json_writer *w, int status, const char *name, const char *message)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_int(w, "statusCode", status);
        vio_json_put_text(w, "name", name);
        vio_json_put_text(w, "message", message);
        vio_json_end_object(w);
        return status;
}

/* 0 when the headers are right, else the status of the refusal. */
static int check_headers(const struct resend_request *rq, vio_json_writer *w)
{
        const char *auth = rq->authorization;
        if (!rq->user_agent || !*rq->user_agent)
                return refuse(w, 403, "forbidden", "error code: 1010");
        if (!auth || strncmp(auth, "Bearer ", 7) != 0)
                return refuse(w, 401, "missing_api_key", "Missing API Key");
        if (strncmp(auth + 7, "re_", 3) != 0)
                return refuse(w, 403, "invalid_api_key", "API key is invalid");
        size_t len = rq->idempotency_key ? strlen(rq->idempotency_key) : 1;
        if (len < 1 || len > KEY_MOST)
                return refuse(w, 400, "invalid_idempotency_key",
                              "The idempotency key must have 1 to 256 characters");
        return 0;
}

static bool is_text(const vio_json *j)
{
        const char *text = vio_json_text(j);
        return text && *text;
}

static bool is_address_list(const vio_json *to)
{
        if (is_text(to))
                return true;
        if (vio_json_type(to) != VIO_JSON_ARRAY || !vio_json_count(to) ||
            vio_json_count(to) > TO_MOST)
                return false;
        for (const vio_json *j = vio_json_first(to); j; j = vio_json_next(j))
                if (!is_text(j) || !strchr(vio_json_text(j), '@'))
                        return false;
        return true;
}

static bool is_tag_word(const vio_json *j)
{
        const char *text = vio_json_text(j);
        size_t len = text ? strlen(text) : 0;
        return len && len <= 256 &&
               strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                   len;
}

static bool is_tag_list(const vio_json *tags)
{
        if (!tags)
                return true;
        for (const vio_json *j = vio_json_first(tags); j; j = vio_json_next(j))
                if (!is_tag_word(vio_json_get(j, "name")) || !is_tag_word(vio_json_get(j, "value")))
                        return false;
        return vio_json_type(tags) == VIO_JSON_ARRAY;
}

static int check_mail(const vio_json *mail, vio_json_writer *w)
{
        static const char *const required[] = {"from", "to", "subject"};
        for (size_t i = 0; i < count_of(required); i++)
                if (!vio_json_get(mail, required[i]))
                        return refuse(w, 422, "missing_required_field", required[i]);
        if (!is_text(vio_json_get(mail, "html")) && !is_text(vio_json_get(mail, "text")))
                return refuse(w, 422, "missing_required_field", "html or text");
        const char *from = vio_json_text(vio_json_get(mail, "from"));
        if (!from || !strchr(from, '@'))
                return refuse(w, 422, "invalid_from_address", "Invalid `from` field");
        if (!is_address_list(vio_json_get(mail, "to")))
                return refuse(w, 422, "validation_error", "Invalid `to` field");
        if (!is_text(vio_json_get(mail, "subject")))
                return refuse(w, 422, "validation_error", "Invalid `subject` field");
        if (!is_tag_list(vio_json_get(mail, "tags")))
                return refuse(w, 422, "validation_error", "Invalid `tags` field");
        return 0;
}

static struct mail *mail_of_key(struct resend *r, const char *key)
{
        for (size_t i = 0; key && i < MOST_MAILS; i++)
                if (r->mails[i].key && !strcmp(r->mails[i].key, key))
                        return &r->mails[i];
        return NULL;
}

/* In the form of Resend's ids, and never the same twice. */
static void name_mail(struct resend *r, struct mail *m)
{
        snprintf(m->id, sizeof(m->id), "5a4db0c5-0000-4000-8000-%012zx", ++r->n);
}

static struct mail *keep(struct resend *r, const struct resend_request *rq)
{
        struct mail *m = &r->mails[r->n % MOST_MAILS];
        char *key = rq->idempotency_key ? strdup(rq->idempotency_key) : NULL;
        char *body = strndup(rq->body, rq->body_len);
        if (!body || (rq->idempotency_key && !key)) {
                free(key);
                free(body);
                return NULL;
        }
        free(m->key);
        free(m->body);
        *m = (struct mail){.key = key, .body = body, .body_len = strlen(body)};
        name_mail(r, m);
        return m;
}

static int take(struct resend *r, const struct resend_request *rq, vio_json_writer *w)
{
        struct mail *m = mail_of_key(r, rq->idempotency_key);
        if (m && (m->body_len != rq->body_len || memcmp(m->body, rq->body, rq->body_len) != 0))
                return refuse(w, 409, "invalid_idempotent_request",
                              "This idempotency key was used with another request");
        if (!m)
                m = keep(r, rq);
        if (!m)
                return VIO_E_NOMEM;
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "id", m->id);
        vio_json_end_object(w);
        return 200;
}

static int send_mail(struct resend *r, const struct resend_request *rq, vio_json_writer *w)
{
        _cleanup_json_ vio_json *mail = NULL;
        if (vio_json_parse(rq->body, rq->body_len, &mail) < 0 ||
            vio_json_type(mail) != VIO_JSON_OBJECT)
                return refuse(w, 400, "validation_error", "The body is no JSON object");
        int status = check_mail(mail, w);
        return status ? status : take(r, rq, w);
}

static int show_mail(const struct resend *r, const char *id, vio_json_writer *w)
{
        static const char *const shown[] = {"from", "to", "subject", "html", "text", "tags"};
        size_t i = 0;
        while (i < MOST_MAILS && (!r->mails[i].body || strcmp(r->mails[i].id, id) != 0))
                i++;
        if (i == MOST_MAILS)
                return refuse(w, 404, "not_found", "Email not found");
        _cleanup_json_ vio_json *mail = NULL;
        if (vio_json_parse(r->mails[i].body, r->mails[i].body_len, &mail) < 0)
                return VIO_E_NOMEM;
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "object", "email");
        vio_json_put_text(w, "id", id);
        for (size_t k = 0; k < count_of(shown); k++)
                vio_json_put_value(w, shown[k], vio_json_get(mail, shown[k]));
        vio_json_put_text(w, "last_event", "delivered");
        vio_json_end_object(w);
        return 200;
}

int resend_answer(struct resend *r, const struct resend_request *rq, vio_json_writer *w)
{
        int status = check_headers(rq, w);
        if (status)
                return status;
        bool one = rq->path[strlen("/emails")] == '/';
        if (one && !strcmp(rq->method, "GET"))
                return show_mail(r, rq->path + strlen("/emails/"), w);
        if (!one && !strcmp(rq->method, "POST"))
                return send_mail(r, rq, w);
        return refuse(w, 405, "method_not_allowed", "Method is not allowed for the requested path");
}
