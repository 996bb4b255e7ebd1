/* call_object.c - Retell's call object, read once for answers and webhooks alike. */
#include "call_object.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../base/json.h"
#include "../base/mem.h"
#include "retell.h"

/* The end of the year 9999: later times have no RFC 3339 text. */
#define LATEST_MS INT64_C(253402300799999)

struct retell_memory *retell_memory_new(size_t n)
{
        _cleanup_retell_memory_ struct retell_memory *m = mem_new(sizeof(*m));
        if (!m)
                return NULL;
        m->calls = mem_new(n * sizeof(*m->calls));
        m->numbers = mem_new(n * sizeof(*m->numbers));
        return m->calls && m->numbers ? steal(m) : NULL;
}

void retell_memory_free(struct retell_memory *m)
{
        if (!m)
                return;
        vio_json_free(m->root);
        mem_free(m->body);
        mem_free(m->calls);
        mem_free(m->numbers);
        mem_free(m);
}

void retell_memory_freep(struct retell_memory **m)
{
        retell_memory_free(*m);
        *m = NULL;
}

const char *plain_text(const vio_json *j, size_t max)
{
        const char *s = vio_json_text(j);
        size_t len = s ? strlen(s) : 0;
        if (len == 0 || len > max)
                return NULL;
        for (const char *p = s; *p; p++)
                if ((unsigned char)*p < ' ' || *p == '\x7f')
                        return NULL;
        return s;
}

/* Whether a flag of an analysis is set: a boolean, or the words a language model writes for it. */
static bool is_yes(const vio_json *j)
{
        bool yes = false;
        const char *s = vio_json_text(j);
        if (vio_json_bool(j, &yes) == 0)
                return yes;
        return s && (strcasecmp(s, "true") == 0 || strcasecmp(s, "yes") == 0);
}

/* A whole number from 0 to the end of the year 9999 in milliseconds, or -1. */
static int64_t read_ms(const vio_json *j)
{
        int64_t ms;
        return vio_json_int(j, &ms) == 0 && ms >= 0 && ms <= LATEST_MS ? ms : -1;
}

/* Retell counts milliseconds; the system before this one counted seconds, as "call_length". */
static int64_t read_duration(const vio_json *object)
{
        int64_t ms = read_ms(vio_json_get(object, "duration_ms"));
        const vio_json *length = vio_json_get(object, "call_length");
        double seconds = json_double(length);
        if (ms >= 0 || vio_json_type(length) != VIO_JSON_NUMBER || seconds < 0 ||
            seconds > (double)(LATEST_MS / 1000))
                return ms;
        return (int64_t)(seconds * 1000 + 0.5);
}

/* An address that a browser may be given: no script, no file. */
static const char *read_url(const vio_json *j)
{
        const char *s = plain_text(j, 4096);
        return s && (strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0) ? s : NULL;
}

/* A reference of our own, which some write as a number; the first of two names that is there. */
static const char *read_ref(const vio_json *metadata, const char *const names[2], char number[24])
{
        for (int i = 0; i < 2; i++) {
                const vio_json *j = vio_json_get(metadata, names[i]);
                const char *s = plain_text(j, RETELL_CALL_ID_MAX);
                int64_t n;
                if (s)
                        return s;
                if (vio_json_int(j, &n) == 0) {
                        snprintf(number, 24, "%lld", (long long)n);
                        return number;
                }
        }
        return NULL;
}

static void read_metadata(const vio_json *metadata, struct call_numbers *numbers,
                          struct vio_retell_call *c)
{
        static const char *const attempt[] = {"attempt_ref", "callSessionId"};
        static const char *const tenant[] = {"tenant_id", "tenantId"};
        c->attempt_ref = read_ref(metadata, attempt, numbers->attempt_ref);
        c->tenant_ref = read_ref(metadata, tenant, numbers->tenant_ref);
}

/* The flags of custom_analysis_data, and the words of "appointment_outcome" that say the same. */
static const struct {
        const char *key;
        const char *word; /* NULL: none */
        size_t offset;
} wishes[] = {
    {"appointment_confirmed", "confirmed", offsetof(struct vio_retell_call, confirmed)},
    {"appointment_cancelled", "cancelled", offsetof(struct vio_retell_call, cancelled)},
    {"appointment_rescheduled", "rescheduled", offsetof(struct vio_retell_call, rescheduled)},
    {"do_not_call", NULL, offsetof(struct vio_retell_call, opt_out)},
    {"opt_out", NULL, offsetof(struct vio_retell_call, opt_out)},
};

static void read_wishes(const vio_json *custom, struct vio_retell_call *c)
{
        const char *outcome = vio_json_text(vio_json_get(custom, "appointment_outcome"));
        for (size_t i = 0; i < count_of(wishes); i++) {
                bool named = outcome && wishes[i].word && strcasecmp(outcome, wishes[i].word) == 0;
                if (named || is_yes(vio_json_get(custom, wishes[i].key)))
                        *(bool *)((char *)c + wishes[i].offset) = true;
        }
        c->new_time = vio_json_text(vio_json_get(custom, "new_time"));
}

static void read_analysis(const vio_json *analysis, struct vio_retell_call *c)
{
        c->has_analysis = vio_json_type(analysis) == VIO_JSON_OBJECT;
        c->summary = vio_json_text(vio_json_get(analysis, "call_summary"));
        c->sentiment = vio_json_text(vio_json_get(analysis, "user_sentiment"));
        c->in_voicemail = is_yes(vio_json_get(analysis, "in_voicemail"));
        read_wishes(vio_json_get(analysis, "custom_analysis_data"), c);
}

void call_object_read(const vio_json *object, const vio_json *metadata,
                      struct call_numbers *numbers, struct vio_retell_call *ret)
{
        const vio_json *own = vio_json_get(object, "metadata");
        struct vio_retell_call c = VIO_RETELL_CALL_INIT;
        c.call_id = plain_text(vio_json_get(object, "call_id"), RETELL_CALL_ID_MAX);
        c.from_number = plain_text(vio_json_get(object, "from_number"), 64);
        c.to_number = plain_text(vio_json_get(object, "to_number"), 64);
        c.call_status = plain_text(vio_json_get(object, "call_status"), 64);
        c.disconnection_reason = plain_text(vio_json_get(object, "disconnection_reason"), 128);
        c.transcript = vio_json_text(vio_json_get(object, "transcript"));
        c.recording_url = read_url(vio_json_get(object, "recording_url"));
        c.start_ms = read_ms(vio_json_get(object, "start_timestamp"));
        c.end_ms = read_ms(vio_json_get(object, "end_timestamp"));
        c.duration_ms = read_duration(object);
        read_metadata(vio_json_type(own) == VIO_JSON_OBJECT ? own : metadata, numbers, &c);
        read_analysis(vio_json_get(object, "call_analysis"), &c);
        *ret = c;
}
