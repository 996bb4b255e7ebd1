/* phone_call.c - the life of one simulated call and its JSON, by the field names Retell documents.
 */
#include "phone_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANALYSIS_MS 5000

static vio_time after(vio_time t, int ms, int speed)
{
        int scaled = ms / speed;
        return t + (scaled > 0 ? scaled : 1);
}

static void set_times(struct phone_call *c, vio_time now, int speed)
{
        const struct person *p = c->person;
        vio_time rung = after(now, p->ring_ms, speed);
        c->placed = now;
        c->started = p->talk_ms ? rung : VIO_TIME_NONE;
        c->ended = p->talk_ms ? after(rung, p->talk_ms, speed) : rung;
        c->analyzed =
            person_has(p, NEVER_ANALYZED) ? VIO_TIME_NONE : after(c->ended, ANALYSIS_MS, speed);
}

struct phone_call *phone_call_new(vio_json *request, const char *api_key, vio_time now, int speed)
{
        struct phone_call *c = calloc(1, sizeof(*c));
        char *key = strdup(api_key);
        if (!c || !key) {
                free(key);
                free(c);
                return NULL;
        }
        c->api_key = key;
        c->request = request;
        c->person = person_of(phone_call_asked(c, "to_number"));
        set_times(c, now, speed);
        return c;
}

struct phone_call *phone_call_free(struct phone_call *c)
{
        if (!c)
                return NULL;
        vio_json_free(c->request);
        free(c->api_key);
        free(c);
        return NULL;
}

const char *phone_call_asked(const struct phone_call *c, const char *field)
{
        return vio_json_text(vio_json_get(c->request, field));
}

const char *phone_call_attempt_ref(const struct phone_call *c)
{
        return vio_json_text(vio_json_get(vio_json_get(c->request, "metadata"), "attempt_ref"));
}

enum phone_call_stage phone_call_stage_at(const struct phone_call *c, vio_time now)
{
        if (c->analyzed != VIO_TIME_NONE && now >= c->analyzed)
                return CALL_ANALYZED;
        if (now >= c->ended)
                return CALL_OVER;
        if (c->started != VIO_TIME_NONE && now >= c->started)
                return CALL_ONGOING;
        return CALL_REGISTERED;
}

const char *phone_call_status(const struct phone_call *c, enum phone_call_stage stage)
{
        if (stage == CALL_REGISTERED)
                return "registered";
        if (stage == CALL_ONGOING)
                return "ongoing";
        return c->started == VIO_TIME_NONE ? "not_connected" : "ended";
}

static void write_basics(vio_json_writer *w, const struct phone_call *c,
                         enum phone_call_stage stage)
{
        const char *agent = phone_call_asked(c, "override_agent_id");
        vio_json_put_text(w, "call_type", "phone_call");
        vio_json_put_text(w, "from_number", phone_call_asked(c, "from_number"));
        vio_json_put_text(w, "to_number", phone_call_asked(c, "to_number"));
        vio_json_put_text(w, "direction", "outbound");
        vio_json_put_text(w, "call_id", c->id);
        vio_json_put_text(w, "agent_id", agent ? agent : "agent_sandbox");
        vio_json_put_text(w, "agent_name", "Sandbox agent");
        vio_json_put_int(w, "agent_version", 1);
        vio_json_put_text(w, "call_status", phone_call_status(c, stage));
        vio_json_put_text(w, "data_storage_setting", "everything");
        vio_json_put_bool(w, "opt_in_signed_url", false);
}

/* What was not supplied is not echoed, not even as null. */
static void write_echo(vio_json_writer *w, const struct phone_call *c, const char *field)
{
        const vio_json *value = vio_json_get(c->request, field);
        if (value)
                vio_json_put_value(w, field, value);
}

static void write_end(vio_json_writer *w, const struct phone_call *c)
{
        vio_json_put_int(w, "end_timestamp", c->ended);
        if (c->started != VIO_TIME_NONE)
                vio_json_put_int(w, "duration_ms", c->ended - c->started);
        vio_json_put_text(w, "disconnection_reason", c->person->reason);
}

/* The lines as one text: "Agent: ...\nUser: ...\n". */
static void write_transcript_text(vio_json_writer *w, const struct person_line *lines)
{
        char text[1024];
        size_t at = 0;
        for (const struct person_line *l = lines; l->role && at < sizeof(text); l++)
                at += (size_t)snprintf(text + at, sizeof(text) - at, "%s: %s\n",
                                       strcmp(l->role, "user") ? "Agent" : "User", l->text);
        vio_json_put_text(w, "transcript", text);
}

static void write_transcript_object(vio_json_writer *w, const char *key,
                                    const struct person_line *lines)
{
        vio_json_begin_array(w, key);
        for (const struct person_line *l = lines; l->role; l++) {
                vio_json_begin_object(w, NULL);
                vio_json_put_text(w, "role", l->role);
                vio_json_put_text(w, "content", l->text);
                vio_json_begin_array(w, "words");
                vio_json_end_array(w);
                vio_json_end_object(w);
        }
        vio_json_end_array(w);
}

static void write_transcript(vio_json_writer *w, const struct phone_call *c)
{
        char url[96];
        snprintf(url, sizeof(url), "https://sandbox.invalid/%s/recording.wav", c->id);
        write_transcript_text(w, c->person->lines);
        write_transcript_object(w, "transcript_object", c->person->lines);
        write_transcript_object(w, "transcript_with_tool_calls", c->person->lines);
        vio_json_put_text(w, "recording_url", url);
}

/* combined_cost is in cents: here 0.13 cents a second, an invented price. */
static void write_cost(vio_json_writer *w, const struct phone_call *c)
{
        int64_t duration_ms = c->ended - c->started;
        vio_json_begin_object(w, "call_cost");
        vio_json_begin_array(w, "product_costs");
        vio_json_end_array(w);
        vio_json_put_decimal(w, "total_duration_seconds", duration_ms, 3);
        vio_json_put_decimal(w, "total_duration_unit_price", 13, 2);
        vio_json_put_decimal(w, "combined_cost", duration_ms * 13, 5);
        vio_json_end_object(w);
}

/* Custom fields are absent when the call was not connected. */
static void write_custom_analysis(vio_json_writer *w, const struct person *p)
{
        vio_json_begin_object(w, "custom_analysis_data");
        vio_json_put_bool(w, "appointment_confirmed", person_has(p, SAYS_CONFIRMED));
        vio_json_put_bool(w, "appointment_cancelled", person_has(p, SAYS_CANCELLED));
        vio_json_put_bool(w, "appointment_rescheduled", person_has(p, SAYS_RESCHEDULED));
        if (person_has(p, SAYS_NEVER_AGAIN))
                vio_json_put_bool(w, "do_not_call", true);
        vio_json_end_object(w);
}

static void write_analysis(vio_json_writer *w, const struct phone_call *c)
{
        const struct person *p = c->person;
        const unsigned decided = SAYS_CONFIRMED | SAYS_CANCELLED | SAYS_RESCHEDULED;
        vio_json_begin_object(w, "call_analysis");
        vio_json_put_text(w, "call_summary", p->summary);
        vio_json_put_bool(w, "in_voicemail", person_has(p, IS_VOICEMAIL));
        vio_json_put_text(w, "user_sentiment", p->sentiment);
        vio_json_put_bool(w, "call_successful", p->quirks & decided);
        if (c->started != VIO_TIME_NONE)
                write_custom_analysis(w, p);
        vio_json_end_object(w);
}

void phone_call_write(vio_json_writer *w, const char *key, const struct phone_call *c,
                      enum phone_call_stage stage, enum phone_call_detail detail)
{
        bool connected = c->started != VIO_TIME_NONE;
        vio_json_begin_object(w, key);
        write_basics(w, c, stage);
        write_echo(w, c, "metadata");
        write_echo(w, c, "retell_llm_dynamic_variables");
        if (connected && stage >= CALL_ONGOING)
                vio_json_put_int(w, "start_timestamp", c->started);
        if (stage >= CALL_OVER)
                write_end(w, c);
        if (connected && stage >= CALL_OVER && detail == CALL_WHOLE)
                write_transcript(w, c);
        if (connected && stage >= CALL_OVER)
                write_cost(w, c);
        if (stage >= CALL_ANALYZED)
                write_analysis(w, c);
        vio_json_end_object(w);
}
