/* retell_answer.c - what Retell's answers mean. */
#include <string.h>

#include "../base/mem.h"
#include "../base/text.h"
#include "call_object.h"
#include "retell.h"

#define WAIT_DEFAULT_S 10
#define WAIT_MAX_S     600

/* The most digits in a row that a message may show; a telephone number has more. */
#define DIGITS_SHOWN 6

/* The most bytes that are looked at to find a telephone number with its blanks and dashes. */
#define PHONE_BYTES 64

/* What a status means for a call that was to be placed. The first row that fits counts; a status
 * without a row is unclear. */
static const struct {
        int from;
        int to;
        enum retell_result result;
        enum retell_refusal refusal;
} create_statuses[] = {
    {200, 299, RETELL_PLACED, RETELL_REFUSAL_NONE},
    {401, 401, RETELL_REJECTED, RETELL_REFUSAL_CREDENTIALS},
    {402, 402, RETELL_REJECTED, RETELL_REFUSAL_PAYMENT},
    {403, 403, RETELL_REJECTED, RETELL_REFUSAL_CREDENTIALS},
    {404, 404, RETELL_REJECTED, RETELL_REFUSAL_NOT_FOUND},
    {422, 422, RETELL_REJECTED, RETELL_REFUSAL_NOT_FOUND},
    {429, 429, RETELL_THROTTLED, RETELL_REFUSAL_NONE},
    /* A timeout, a conflict and what proxies invented do not say that nothing happened. */
    {408, 409, RETELL_UNCLEAR, RETELL_REFUSAL_NONE},
    {425, 425, RETELL_UNCLEAR, RETELL_REFUSAL_NONE},
    {452, 499, RETELL_UNCLEAR, RETELL_REFUSAL_NONE},
    {400, 451, RETELL_REJECTED, RETELL_REFUSAL_BAD_REQUEST},
};

/* What a status means for a question. The first row that fits counts. */
static const struct {
        int from;
        int to;
        int err;
} question_statuses[] = {
    {200, 299, VIO_OK},         {401, 401, VIO_E_AUTH},     {403, 403, VIO_E_AUTH},
    {404, 404, VIO_E_NOTFOUND}, {422, 422, VIO_E_NOTFOUND}, /* "Cannot find requested asset under
                                                               given api key." */
    {429, 429, VIO_E_BUSY},     {0, 599, VIO_E_UPSTREAM},
};

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* How many bytes at @s look like a telephone number; 0 when they do not. */
static size_t phone_length(const char *s)
{
        size_t digits = 0;
        size_t len = 0;
        if (!is_digit(*s) && *s != '+' && *s != '(')
                return 0;
        for (size_t i = 0; i < PHONE_BYTES && s[i] && (is_digit(s[i]) || strchr("+-. ()", s[i]));
             i++) {
                if (is_digit(s[i])) {
                        digits++;
                        len = i + 1;
                }
        }
        return digits > DIGITS_SHOWN ? len : 0;
}

/* How many bytes at @s look like an API key; 0 when they do not. */
static size_t key_length(const char *s)
{
        return strncmp(s, "key_", 4) == 0 ? strcspn(s, " \t\r\n\"'.,;:") : 0;
}

/* Copies a foreign text for people, without telephone numbers, keys and control characters. */
static void copy_clean(char *dst, size_t size, const char *src)
{
        _cleanup_text_ struct text clean = TEXT_INIT;
        size_t skip;
        for (const char *s = src; *s && clean.len < size; s += skip) {
                skip = phone_length(s);
                if (skip) {
                        text_add(&clean, "[number]");
                        continue;
                }
                skip = key_length(s);
                if (skip) {
                        text_add(&clean, "[key]");
                        continue;
                }
                text_add_char(&clean, (unsigned char)*s < ' ' || *s == '\x7f' ? ' ' : *s);
                skip = 1;
        }
        text_copy(dst, size, clean.failed ? "" : text_str(&clean));
}

/* Parses the body of an answer. */
static int read_body(const struct vio_http_response *response, vio_json **ret)
{
        size_t len;
        const char *body = vio_http_response_get_body(response, &len);
        int r = vio_json_parse(body, len, ret);
        return r == VIO_E_INVALID ? VIO_E_UPSTREAM : r;
}

static void read_created(const struct vio_http_response *response, struct retell_created *c)
{
        vio_json *root = NULL;
        const char *call_id = NULL;
        const char *message = NULL;
        if (read_body(response, &root) == 0) {
                call_id = plain_text(vio_json_get(root, "call_id"), RETELL_CALL_ID_MAX);
                message = vio_json_text(vio_json_get(root, "message"));
        }
        if (c->result != RETELL_PLACED && message)
                copy_clean(c->message, sizeof(c->message), message);
        if (c->result == RETELL_PLACED && call_id)
                text_copy(c->call_id, sizeof(c->call_id), call_id);
        if (c->result == RETELL_PLACED && !call_id)
                c->result = RETELL_UNCLEAR;
        vio_json_free(root);
}

static void fail_created(const struct vio_http_response *response, enum retell_result result,
                         struct retell_created *c)
{
        c->result = result;
        copy_clean(c->message, sizeof(c->message), vio_http_response_get_why(response));
}

static void judge_created(const struct vio_http_response *response, struct retell_created *c)
{
        c->status = vio_http_response_get_status(response);
        for (size_t i = 0; i < count_of(create_statuses); i++) {
                if (c->status < create_statuses[i].from || c->status > create_statuses[i].to)
                        continue;
                c->result = create_statuses[i].result;
                c->refusal = create_statuses[i].refusal;
                break;
        }
        if (c->result == RETELL_THROTTLED) {
                const char *limiter = vio_http_response_get_header(response, "X-RateLimit-Limiter");
                c->wait_s = retell_wait_s(response);
                copy_clean(c->limiter, sizeof(c->limiter), limiter ? limiter : "");
        }
        read_created(response, c);
}

enum retell_result retell_understand_create(const struct vio_http_response *response,
                                            struct retell_created *ret)
{
        struct retell_created c = {.result = RETELL_UNCLEAR};
        switch (vio_http_response_get_failure(response)) {
        case VIO_HTTP_ANSWERED: judge_created(response, &c); break;
        case VIO_HTTP_NOT_SENT: fail_created(response, RETELL_NOT_SENT, &c); break;
        case VIO_HTTP_MAYBE_SENT: fail_created(response, RETELL_UNCLEAR, &c); break;
        }
        *ret = c;
        return ret->result;
}

/* Whole seconds, rounded up; false for anything but a decimal number. */
static bool read_seconds(const char *s, int *ret)
{
        int n = 0;
        if (!s || !is_digit(*s))
                return false;
        for (; is_digit(*s); s++)
                n = n < WAIT_MAX_S ? 10 * n + (*s - '0') : WAIT_MAX_S;
        if (*s == '.')
                n++;
        else if (*s)
                return false;
        *ret = n < 1 ? 1 : n > WAIT_MAX_S ? WAIT_MAX_S : n;
        return true;
}

int retell_wait_s(const struct vio_http_response *response)
{
        static const char *const names[] = {"RateLimit-Reset", "X-RateLimit-Reset", "Retry-After"};
        int seconds;
        for (size_t i = 0; i < count_of(names); i++)
                if (read_seconds(vio_http_response_get_header(response, names[i]), &seconds))
                        return seconds;
        return WAIT_DEFAULT_S;
}

static int judge_question(const struct vio_http_response *response)
{
        int status = vio_http_response_get_status(response);
        for (size_t i = 0; i < count_of(question_statuses); i++)
                if (status >= question_statuses[i].from && status <= question_statuses[i].to)
                        return question_statuses[i].err;
        return VIO_E_UPSTREAM;
}

/* The body of a good answer. */
static int read_answer(const struct vio_http_response *response, vio_json **ret)
{
        int r = judge_question(response);
        return r < 0 ? r : read_body(response, ret);
}

/* Takes over @root, of which @body is the text. */
static int take_call(vio_json *root, const char *body, size_t len, struct retell_answer *ret)
{
        struct retell_answer a = {.body_len = len};
        _cleanup_retell_memory_ struct retell_memory *m = retell_memory_new(1);
        if (!m) {
                vio_json_free(root);
                return VIO_E_NOMEM;
        }
        m->root = root;
        call_object_read(m->root, NULL, &m->numbers[0], &a.call);
        if (!a.call.call_id)
                return VIO_E_INVALID;
        m->body = mem_text_n(body, len);
        if (!m->body)
                return VIO_E_NOMEM;
        a.body = m->body;
        a.memory = steal(m);
        *ret = a;
        return VIO_OK;
}

int retell_call_parse(const void *body, size_t len, struct retell_answer *ret)
{
        vio_json *root;
        int r = vio_json_parse(body, len, &root);
        return r < 0 ? r : take_call(root, body, len, ret);
}

int retell_understand_call(const struct vio_http_response *response, struct retell_answer *ret)
{
        vio_json *root;
        size_t len;
        int r = read_answer(response, &root);
        if (r < 0)
                return r;
        const char *body = vio_http_response_get_body(response, &len);
        r = take_call(root, body, len, ret);
        return r == VIO_E_INVALID ? VIO_E_UPSTREAM : r;
}

void retell_answer_free(struct retell_answer *a)
{
        retell_memory_free(a->memory);
        *a = (struct retell_answer){0};
}

/* Reads the calls of a page; what has no usable id is no call. */
static size_t read_calls(const vio_json *items, struct retell_memory *m)
{
        size_t n = 0;
        for (const vio_json *j = vio_json_first(items); j; j = vio_json_next(j)) {
                call_object_read(j, NULL, &m->numbers[n], &m->calls[n]);
                n += m->calls[n].call_id != NULL;
        }
        return n;
}

int retell_understand_list(const struct vio_http_response *response, struct retell_page *ret)
{
        vio_json *root;
        int r = read_answer(response, &root);
        if (r < 0)
                return r;
        const vio_json *items = vio_json_get(root, "items");
        _cleanup_retell_memory_ struct retell_memory *m = retell_memory_new(vio_json_count(items));
        if (!m || vio_json_type(items) != VIO_JSON_ARRAY) {
                vio_json_free(root);
                return m ? VIO_E_UPSTREAM : VIO_E_NOMEM;
        }
        m->root = root;

        struct retell_page p = {.calls = m->calls, .n = read_calls(items, m)};
        const char *key = vio_json_text(vio_json_get(root, "pagination_key"));
        bool more = false;
        vio_json_bool(vio_json_get(root, "has_more"), &more);
        p.has_more = more && key && *key;
        p.pagination_key = p.has_more ? key : NULL;
        p.memory = steal(m);
        *ret = p;
        return VIO_OK;
}

void retell_page_free(struct retell_page *p)
{
        retell_memory_free(p->memory);
        *p = (struct retell_page){0};
}

int retell_understand_concurrency(const struct vio_http_response *response,
                                  struct retell_concurrency *ret)
{
        vio_json *root;
        int64_t current = 0;
        int64_t limit = 0;
        int64_t reserved = 0;
        int r = read_answer(response, &root);
        if (r < 0)
                return r;
        if (vio_json_int(vio_json_get(root, "current_concurrency"), &current) < 0 ||
            vio_json_int(vio_json_get(root, "concurrency_limit"), &limit) < 0)
                r = VIO_E_UPSTREAM;
        vio_json_int(vio_json_get(root, "reserved_inbound_concurrency"), &reserved);
        vio_json_free(root);
        if (r < 0 || current < 0 || limit < 0)
                return VIO_E_UPSTREAM;
        ret->current = current;
        ret->limit = reserved > 0 && reserved <= limit ? limit - reserved : limit;
        return VIO_OK;
}

int retell_understand_key_info(const struct vio_http_response *response)
{
        return judge_question(response);
}

int retell_understand_agent(const struct vio_http_response *response)
{
        return judge_question(response);
}

int retell_understand_number(const struct vio_http_response *response, bool *ret_agent)
{
        vio_json *root;
        int r = read_answer(response, &root);
        if (r < 0)
                return r;
        const char *one = vio_json_text(vio_json_get(root, "outbound_agent_id"));
        *ret_agent = (one && *one) || vio_json_count(vio_json_get(root, "outbound_agents")) > 0;
        vio_json_free(root);
        return VIO_OK;
}
