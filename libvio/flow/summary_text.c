/* summary_text.c - what a daily summary says: the calls of a day, as mail. */
#include "flow/summary_text.h"

#include <stdio.h>
#include <string.h>
#include <vio/json.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "flow/variables.h"
#include "store/summary_runs.h"

#define MOST_NAMES 10
#define NAME_SIZE  81

enum group_kind { BY_OUTCOME, THE_REST, NOT_PLACED };

/* In the order in which they are told. */
static const struct {
        enum group_kind kind;
        enum vio_outcome outcome;
        const char *title;
        bool only_if_any;
} groups[] = {
    {BY_OUTCOME, VIO_OUTCOME_CONFIRMED, "Confirmed", false},
    {BY_OUTCOME, VIO_OUTCOME_RESCHEDULED, "Rescheduled", false},
    {BY_OUTCOME, VIO_OUTCOME_CANCELLED, "Cancelled", false},
    {BY_OUTCOME, VIO_OUTCOME_NO_ANSWER, "No answer", false},
    {BY_OUTCOME, VIO_OUTCOME_VOICEMAIL, "Voicemail", false},
    {BY_OUTCOME, VIO_OUTCOME_FAILED, "Failed", false},
    {BY_OUTCOME, VIO_OUTCOME_BUSY, "Busy", true},
    {THE_REST, VIO_OUTCOME_NONE, "Without a clear result", true},
    /* Nobody's telephone rang: not among the calls, as in every other count. */
    {NOT_PLACED, VIO_OUTCOME_NONE, "Could not be placed (not in the total)", true},
};

struct entry {
        char name[NAME_SIZE];
        char appointment[80];
};

struct group {
        int64_t count;
        size_t n;
        struct entry entries[MOST_NAMES];
};

struct report {
        const struct profile *p;
        int64_t total;
        bool counts_only;
        struct group groups[count_of(groups)];
        char day[40]; /* the day reported, for people */
};

void paper_done(struct paper *p)
{
        text_free(&p->subject);
        text_free(&p->html);
        text_free(&p->text);
}

/* Gathering */

static size_t group_of(const struct reported_call *c)
{
        size_t rest = 0;
        for (size_t i = 0; i < count_of(groups); i++) {
                if (groups[i].kind == NOT_PLACED && !c->placed)
                        return i;
                if (groups[i].kind == BY_OUTCOME && c->placed && groups[i].outcome == c->outcome)
                        return i;
                if (groups[i].kind == THE_REST)
                        rest = i;
        }
        return rest;
}

/* No name may look like a line of ours. */
static void take_name(const char *name, char ret[NAME_SIZE])
{
        text_copy(ret, NAME_SIZE, name && *name ? name : "(no name)");
        for (char *c = ret; *c; c++) {
                if ((unsigned char)*c < ' ' || *c == '\x7f')
                        *c = ' ';
        }
}

static int gather_call(void *data, const struct reported_call *c)
{
        struct report *r = data;
        struct group *g = &r->groups[group_of(c)];

        r->total += c->placed;
        g->count++;
        if (r->counts_only || g->n == MOST_NAMES)
                return 0;
        struct entry *e = &g->entries[g->n++];
        take_name(c->name, e->name);
        variables_spoken_time(r->p->zone, c->appointment_time, e->appointment,
                              sizeof(e->appointment));
        return 0;
}

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* "Oct 20, 2025" */
static void spoken_date(int64_t day, char *ret, size_t size)
{
        int64_t year;
        int month, of_month;
        calendar_date(day, &year, &month, &of_month);
        snprintf(ret, size, "%s %02d, %lld", months[month - 1], of_month, (long long)year);
}

static int gather(struct tenant_tx *tx, vio_time at, struct report *r)
{
        struct vio_local here;
        char day[11], date[24];

        vio_zone_local(r->p->zone, at, &here);
        int64_t reported = here.day_number - 1;
        calendar_format_date(reported, day);
        spoken_date(reported, date, sizeof(date));
        snprintf(r->day, sizeof(r->day), "%s, %s", weekdays[calendar_weekday(reported)], date);
        /* Zones are never further than 15 hours from UTC, and the clinic's may have changed. */
        vio_time noon = reported * MS_PER_DAY + 12 * MS_PER_HOUR;
        return summary_calls(tx, day, noon - 40 * MS_PER_HOUR, noon + 40 * MS_PER_HOUR, gather_call,
                             r);
}

/* Writing */

static void html_add(struct text *t, const char *s)
{
        static const struct {
                char c;
                const char *entity;
        } entities[] = {
            {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

        for (; *s; s++) {
                size_t i = 0;
                while (i < count_of(entities) && entities[i].c != *s)
                        i++;
                if (i < count_of(entities))
                        text_add(t, entities[i].entity);
                else
                        text_add_char(t, *s);
        }
}

/* A name is kept apart from what stands around it, also one written from right to left. */
static void html_name(struct text *t, const char *name)
{
        text_add(t, "<bdi>");
        html_add(t, name);
        text_add(t, "</bdi>");
}

static void write_entry(const struct entry *e, struct paper *to)
{
        const char *comma = *e->appointment ? ", " : "";

        text_addf(&to->text, "- %s%s%s\n", e->name, comma, e->appointment);
        text_add(&to->html, "<li>");
        html_name(&to->html, e->name);
        text_add(&to->html, comma);
        html_add(&to->html, e->appointment);
        text_add(&to->html, "</li>\n");
}

static void write_entries(const struct group *g, struct paper *to)
{
        text_add(&to->html, "<ul style=\"margin:4px 0 0;padding-left:20px\">\n");
        for (size_t i = 0; i < g->n; i++)
                write_entry(&g->entries[i], to);
        if (g->count > (int64_t)g->n) {
                long long more = (long long)(g->count - (int64_t)g->n);
                text_addf(&to->text, "- and %lld more\n", more);
                text_addf(&to->html, "<li>and %lld more</li>\n", more);
        }
        text_add(&to->html, "</ul>\n");
}

static void write_groups(const struct report *r, struct paper *to)
{
        for (size_t i = 0; i < count_of(groups); i++) {
                const struct group *g = &r->groups[i];
                if (groups[i].only_if_any && !g->count)
                        continue;
                text_addf(&to->text, "\n%s: %lld\n", groups[i].title, (long long)g->count);
                text_addf(&to->html,
                          "<div style=\"margin:12px 0;padding-top:8px;"
                          "border-top:1px solid #ddd\"><strong>%s: %lld</strong>\n",
                          groups[i].title, (long long)g->count);
                if (g->n)
                        write_entries(g, to);
                text_add(&to->html, "</div>\n");
        }
}

static void write_head(const struct report *r, struct paper *to)
{
        const char *name = r->p->settings.value[SETTING_daily_summary_recipient_name];

        text_addf(&to->text, "Hello%s%s,\n\nthe calls of %s on %s:\n\nTotal calls: %lld\n",
                  name ? " " : "", name ? name : "", r->p->name, r->day, (long long)r->total);
        text_add(&to->html, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                            "<meta name=\"viewport\" content=\"width=device-width\">"
                            "<title>Daily Summary</title></head>\n"
                            "<body style=\"margin:0;padding:16px;background:#fff;color:#222;"
                            "font:16px/1.4 sans-serif;overflow-wrap:break-word\">\n"
                            "<div style=\"max-width:560px;margin:0 auto\">\n<p>Hello");
        if (name) {
                text_add_char(&to->html, ' ');
                html_name(&to->html, name);
        }
        text_add(&to->html, ",</p>\n<p>the calls of ");
        html_name(&to->html, r->p->name);
        text_addf(&to->html, " on %s:</p>\n<p style=\"font-size:20px\">Total calls: %lld</p>\n",
                  r->day, (long long)r->total);
}

static void write_foot(struct paper *to)
{
        static const char why[] = "You get this mail because the daily summary is switched on. It "
                                  "can be changed or switched off in the settings.";

        text_addf(&to->text, "\n%s\n", why);
        text_addf(&to->html,
                  "<p style=\"font-size:13px;color:#666\">%s</p>\n</div></body></html>\n", why);
}

static void write_subject(const struct report *r, const vio_zone *zone, vio_time at,
                          struct text *ret)
{
        struct vio_local here;
        char date[24];

        vio_zone_local(zone, at, &here);
        spoken_date(here.day_number, date, sizeof(date));
        text_addf(ret, "Daily Summary for %s - %s", r->p->name, date);
}

static bool paper_failed(const struct paper *p)
{
        return p->subject.failed || p->html.failed || p->text.failed;
}

int paper_write(const struct profile *p, struct tenant_tx *tx, const vio_zone *zone, vio_time at,
                struct paper *ret)
{
        const char *counts_only = p->settings.value[SETTING_daily_summary_counts_only];
        _cleanup_mem_ struct report *r = mem_new(sizeof(*r));

        if (!r)
                return VIO_E_NOMEM;
        r->p = p;
        r->counts_only = counts_only && *counts_only == '1';
        int e = gather(tx, at, r);
        if (e)
                return e;
        write_subject(r, zone, at, &ret->subject);
        write_head(r, ret);
        write_groups(r, ret);
        write_foot(ret);
        return paper_failed(ret) ? VIO_E_NOMEM : 0;
}

static void put_tag(vio_json_writer *w, const char *name, const char *value)
{
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "name", name);
        vio_json_put_text(w, "value", value);
        vio_json_end_object(w);
}

static void put_request(const struct acting *a, const struct profile *p, const struct paper *paper,
                        const char *subject, vio_json_writer *w)
{
        char tenant[24];

        snprintf(tenant, sizeof(tenant), "%lld", (long long)a->tenant.v);
        vio_json_begin_object(w, NULL);
        vio_json_put_text(w, "from", a->e->mail_from);
        vio_json_begin_array(w, "to");
        vio_json_put_text(w, NULL, p->settings.value[SETTING_daily_summary_recipient_email]);
        vio_json_end_array(w);
        vio_json_put_text(w, "subject", subject);
        vio_json_put_text(w, "html", text_str(&paper->html));
        vio_json_put_text(w, "text", text_str(&paper->text));
        vio_json_begin_array(w, "tags");
        put_tag(w, "kind", "daily_summary");
        put_tag(w, "tenant", tenant);
        vio_json_end_array(w);
        vio_json_end_object(w);
}

static void writer_freep(vio_json_writer **w)
{
        vio_json_writer_free(*w);
}

int paper_request(const struct acting *a, const struct profile *p, const struct paper *paper,
                  const char *subject_prefix, struct text *ret)
{
        _cleanup_text_ struct text subject = TEXT_INIT;
        _cleanup_(writer_freep) vio_json_writer *w = vio_json_writer_new();
        const char *body;
        size_t len;

        text_add(&subject, subject_prefix);
        text_add(&subject, text_str(&paper->subject));
        if (!w || subject.failed)
                return VIO_E_NOMEM;
        put_request(a, p, paper, text_str(&subject), w);
        int r = vio_json_writer_text(w, &body, &len);
        if (r)
                return r;
        text_add_n(ret, body, len);
        return ret->failed ? VIO_E_NOMEM : 0;
}
