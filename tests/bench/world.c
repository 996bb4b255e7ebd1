/* world.c - one clinic with calls under way, and the webhooks that Retell sends about them. */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/attempts.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/tenants.h"

#define API_KEY     "key_test_0123456789abcdef"
#define BATCH       1000
#define HOUR        INT64_C(3600000)
#define FAR_AHEAD   (30 * 24 * HOUR) /* beyond what the engine plans reminders for */
#define BODY_SIZE   4096
#define CALL_FORMAT "call_bench_%u"

void need(bool ok, const char *format, ...)
{
        va_list args;
        if (ok)
                return;
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
        fputc('\n', stderr);
        exit(EXIT_FAILURE);
}

vio_time wall_clock(void)
{
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        return (vio_time)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Making the world */

static void add_tenant(struct world *w)
{
        const struct vio_setting settings[] = {
            {"time_zone", "Europe/Berlin"},
            {"retell_api_key", API_KEY},
            {"retell_agent_id", "agent_1"},
            {"retell_phone_number", "+14155550100"},
        };
        vio_operator *op = NULL;
        vio *v = world_open(w);
        need(vio_operator_open(v, NULL, &op) == 0, "no operator");
        int r = vio_tenant_add(op, "Bench Clinic", settings, 4, &w->tenant);
        need(r == 0, "no tenant: %s", vio_operator_error(op));
        vio_operator_free(op);
        vio_close(v);
}

struct batch {
        unsigned first, end;
        vio_time now;
};

static int add_contact(struct tenant_tx *tx, const struct batch *b, char *phone,
                       vio_contact_id *ret)
{
        char name[] = "Ada Byron", type[] = "Check-up";
        struct vio_contact c = {
            .name = name,
            .phone = phone,
            .appointment_time = b->now + FAR_AHEAD,
            .appointment_type = type,
            .appointment_revision = 1,
            .opted_out_at = VIO_TIME_NONE,
            .created_at = b->now,
            .updated_at = b->now,
        };
        return contact_insert(tx, &c, ret);
}

/* The rows as they stand when Retell has taken the call and nothing else was heard of it. */
static int add_call(struct tenant_tx *tx, const struct batch *b, unsigned n)
{
        char retell_id[32];
        struct attempt attempt = {
            .state = VIO_DIAL_PLACED,
            .is_open = true,
            .lease_generation = 2,
            .due_at = VIO_TIME_NONE,
            .unknown_since = VIO_TIME_NONE,
            .created_at = b->now,
            .finished_at = b->now,
        };
        struct vio_call call = {
            .retell_call_id = retell_id,
            .status = VIO_CALL_ONGOING,
            .type = VIO_CALL_TYPE_SCHEDULED,
            .appointment_revision = 1,
            .day = "2026-01-01",
            .created_at = b->now,
            .started_at = VIO_TIME_NONE,
            .ended_at = VIO_TIME_NONE,
            .duration = -1,
            .next_poll_at = b->now + HOUR,
            .deadline_at = b->now + HOUR,
        };
        snprintf(retell_id, sizeof(retell_id), CALL_FORMAT, n);
        snprintf(attempt.phone, sizeof(attempt.phone), "+1%010u", 2000000000 + n);
        snprintf(call.id.s, sizeof(call.id.s), "019b79a0-0000-7000-8000-%012u", n);
        attempt.call = call.id;
        int r = add_contact(tx, b, attempt.phone, &call.contact);
        if (!r)
                r = call_insert(tx, &call);
        if (!r)
                r = attempt_insert(tx, &attempt);
        return r ? r : call_route_add(tx, retell_id);
}

static int add_batch(struct tenant_tx *tx, void *arg)
{
        const struct batch *b = arg;
        int r = tenant_swept(tx, b->now);
        for (unsigned n = b->first; n < b->end && !r; n++)
                r = add_call(tx, b, n);
        return r;
}

static struct store *open_store(const char *path, const uint8_t *secret)
{
        struct store_options o = {
            .path = path, .create = true, .readers = 1, .secret = secret, .now = wall_clock()};
        struct store *s = NULL;
        struct fault f;
        need(store_open(&o, &s, &f) == 0, "%s: %s", path, f.text);
        return s;
}

static void add_calls(const struct world *w, unsigned calls)
{
        struct store *s = open_store(w->db, w->secret);
        struct batch b = {.now = wall_clock()};
        for (; b.first < calls; b.first = b.end) {
                struct fault f;
                b.end = b.first + BATCH < calls ? b.first + BATCH : calls;
                int r = store_write_tenant(s, w->tenant, add_batch, &b, &f);
                need(r == 0, "no calls: %s", f.text);
        }
        store_close(s);
}

void world_make(struct world *w, unsigned calls)
{
        char secret_file[192];
        const char *tmp = getenv("TMPDIR");
        *w = (struct world){0};
        snprintf(w->folder, sizeof(w->folder), "%.100s/vio-bench-XXXXXX", tmp ? tmp : "/tmp");
        need(mkdtemp(w->folder), "cannot make %s", w->folder);
        snprintf(w->db, sizeof(w->db), "%s/vio.db", w->folder);
        snprintf(w->bare_db, sizeof(w->bare_db), "%s/bare.db", w->folder);
        snprintf(secret_file, sizeof(secret_file), "%s.secret", w->db);
        need(vio_secret_load(secret_file, true, w->secret) == 0, "no secret");
        add_tenant(w);
        add_calls(w, calls);
}

void world_leave(struct world *w)
{
        char command[192];
        snprintf(command, sizeof(command), "rm -rf '%s'", w->folder);
        need(system(command) == 0, "%s is left behind", w->folder);
}

vio *world_open(const struct world *w)
{
        char error[256] = "";
        struct vio_options o = VIO_OPTIONS_INIT;
        vio *v = NULL;
        o.database = w->db;
        o.secret = w->secret;
        o.secret_len = sizeof(w->secret);
        o.error = error;
        o.error_size = sizeof(error);
        need(vio_open(&o, &v) == 0, "cannot open %s: %s", w->db, error);
        return v;
}

static int add_bare_tenant(struct system_tx *tx, void *arg)
{
        return tenant_insert(tx, "Bare", wall_clock(), arg);
}

struct store *world_open_bare(const struct world *w, vio_tenant_id *ret)
{
        struct store *s = open_store(w->bare_db, w->secret);
        need(store_write(s, add_bare_tenant, ret, NULL) == 0, "no tenant in the bare store");
        return s;
}

/* The webhooks */

/* About as much as people say in a reminder call: 1.5 KB, as the inside of a JSON text. */
static void put_transcript(char *ret, size_t size)
{
        static const char exchange[] =
            "Agent: Hello, this is the Bench Clinic about your appointment on Tuesday at ten.\\n"
            "User: Yes, thank you for calling, I had it in my calendar already.\\n";
        size_t len = sizeof(exchange) - 1;
        for (size_t at = 0; at + len < size && at < 1500; at += len)
                memcpy(ret + at, exchange, len + 1);
}

static const char *const events[MESSAGES_PER_CALL] = {"call_started", "call_ended",
                                                      "call_analyzed"};

/* What each event adds to the call object; Retell repeats the earlier parts in the later ones. */
static int add_parts(char *ret, size_t size, unsigned event, vio_time now)
{
        static const char analysis[] = ",\"call_analysis\":{\"call_summary\":\"The patient will "
                                       "come.\",\"in_voicemail\":false,"
                                       "\"user_sentiment\":\"Positive\",\"call_successful\":true,"
                                       "\"custom_analysis_data\":{\"appointment_confirmed\":true}}";
        char transcript[2048] = "";
        if (event == 0)
                return snprintf(ret, size, ",\"call_status\":\"ongoing\"}}");
        put_transcript(transcript, sizeof(transcript));
        return snprintf(ret, size,
                        ",\"call_status\":\"ended\",\"end_timestamp\":%lld,\"duration_ms\":41000,"
                        "\"disconnection_reason\":\"agent_hangup\",\"transcript\":\"%s\","
                        "\"recording_url\":\"https://example.com/recording.wav\"%s}}",
                        (long long)now, transcript, event == 2 ? analysis : "");
}

static void make_message(struct message *m, unsigned call, unsigned event, vio_time now)
{
        char body[BODY_SIZE];
        int len = snprintf(body, sizeof(body),
                           "{\"event\":\"%s\",\"call\":{\"call_id\":\"" CALL_FORMAT "\","
                           "\"call_type\":\"phone_call\",\"agent_id\":\"agent_1\","
                           "\"from_number\":\"+14155550100\",\"to_number\":\"+1%010u\","
                           "\"direction\":\"outbound\",\"start_timestamp\":%lld",
                           events[event], call, 2000000000 + call, (long long)now - 41000);
        len += add_parts(body + len, sizeof(body) - (size_t)len, event, now);
        need(len < (int)sizeof(body), "a webhook is too long");
        m->body = strdup(body);
        m->len = (size_t)len;
        need(m->body && vio_retell_sign(API_KEY, body, m->len, now, m->signature) == 0,
             "a webhook could not be signed");
}

struct message *messages_make(unsigned first, unsigned calls)
{
        vio_time now = wall_clock();
        struct message *messages = calloc((size_t)calls * MESSAGES_PER_CALL, sizeof(*messages));
        need(messages, "out of memory");
        for (unsigned i = 0; i < calls * MESSAGES_PER_CALL; i++)
                make_message(&messages[i], first + i / MESSAGES_PER_CALL, i % MESSAGES_PER_CALL,
                             now);
        return messages;
}

void messages_free(struct message *messages, unsigned calls)
{
        for (unsigned i = 0; i < calls * MESSAGES_PER_CALL; i++)
                free(messages[i].body);
        free(messages);
}
