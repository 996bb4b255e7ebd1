/* settings.c - what people may set for a tenant: one row per setting, one function per kind. */
#include "flow/settings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vio/json.h>
#include <vio/phone.h>
#include <vio/window.h>

#include "base/mem.h"
#include "base/text.h"
#include "rules/hours.h"

/* A shorter secret would be given away by its end. */
#define SECRET_TELLS 12

struct kind {
        enum vio_setting_kind is;
        const char *wanted; /* what would be right, for the error */
        /* Turns @text into the form that is kept; false when it is not of the kind. */
        bool (*read)(struct engine *e, const char *text, struct text *ret);
        /* What exactly is wrong with a text that is not of the kind; NULL: .wanted says enough. */
        void (*explain)(const char *text, char mistake[HOURS_MISTAKE]);
};

static bool read_line(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        text_add(ret, text);
        return text_is_line(text, 200);
}

static bool read_prose(struct engine *e, const char *text, struct text *ret)
{
        size_t len = strlen(text);
        (void)e;
        text_add(ret, text);
        return len <= 8000 && utf8_valid(text, len);
}

static bool read_secret(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        for (const char *p = text; *p; p++) {
                if (!isgraph((unsigned char)*p))
                        return false;
        }
        text_add(ret, text);
        return strlen(text) >= 8 && strlen(text) <= 512;
}

static bool read_bool(struct engine *e, const char *text, struct text *ret)
{
        static const char *const words[][2] = {{"true", "1"},  {"yes", "1"}, {"1", "1"},
                                               {"false", "0"}, {"no", "0"},  {"0", "0"}};
        (void)e;
        for (size_t i = 0; i < count_of(words); i++) {
                if (strcmp(text, words[i][0]) == 0) {
                        text_add(ret, words[i][1]);
                        return true;
                }
        }
        return false;
}

static bool read_zone(struct engine *e, const char *text, struct text *ret)
{
        const vio_zone *zone;
        text_add(ret, text);
        int r = engine_zone(e, text, &zone);
        ret->failed = ret->failed || r == VIO_E_NOMEM;
        return r != VIO_E_NOTFOUND;
}

static bool read_phone(struct engine *e, const char *text, struct text *ret)
{
        char number[VIO_PHONE_SIZE];
        (void)e;
        if (vio_phone_normalise(text, NULL, number) < 0)
                return false;
        text_add(ret, number);
        return true;
}

static bool read_country(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        text_add(ret, text);
        return strlen(text) <= 3 && text[0] != '0' && strspn(text, "0123456789") == strlen(text);
}

static bool read_mail(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        text_add(ret, text);
        return mail_address_valid(text);
}

static bool read_minutes(struct engine *e, const char *text, struct text *ret)
{
        int minutes;
        (void)e;
        text_add(ret, text);
        return setting_minutes(text, &minutes);
}

static bool read_days(struct engine *e, const char *text, struct text *ret)
{
        uint8_t days;
        (void)e;
        text_add(ret, text);
        return setting_days(text, &days);
}

static bool read_object(struct engine *e, const char *text, struct text *ret)
{
        vio_json *json = NULL;
        (void)e;
        if (strlen(text) > 16384)
                return false;
        int r = vio_json_parse(text, strlen(text), &json);
        ret->failed = ret->failed || r == VIO_E_NOMEM;
        if (r)
                return r == VIO_E_NOMEM;
        bool object = vio_json_type(json) == VIO_JSON_OBJECT;
        vio_json_free(json);
        text_add(ret, text);
        return object;
}

static bool read_hours(struct engine *e, const char *text, struct text *ret)
{
        struct hours hours;
        char mistake[HOURS_MISTAKE];
        (void)e;
        text_add(ret, text);
        return strlen(text) <= 4096 && hours_read(text, &hours, mistake);
}

static void explain_hours(const char *text, char mistake[HOURS_MISTAKE])
{
        struct hours hours;
        if (hours_read(text, &hours, mistake))
                text_copy(mistake, HOURS_MISTAKE, "must be at most 4096 bytes");
}

static bool read_calendar(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        text_add(ret, text);
        return strcmp(text, "cal_com") == 0 || strcmp(text, "calendly") == 0;
}

static bool read_number(const char *text, long least, long most, struct text *ret)
{
        char *end;
        long n = strtol(text, &end, 10);
        if (!isdigit((unsigned char)*text) || *end || strlen(text) > 6 || n < least || n > most)
                return false;
        text_addf(ret, "%ld", n);
        return true;
}

static bool read_daily(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        return read_number(text, 1, VIO_DAILY_LIMIT, ret);
}

static bool read_weekly(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        return read_number(text, 1, 7L * VIO_DAILY_LIMIT, ret);
}

static bool read_delay(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        return read_number(text, 15, 1440, ret);
}

static bool read_lead(struct engine *e, const char *text, struct text *ret)
{
        (void)e;
        return read_number(text, 120, 10080, ret);
}

static const struct kind a_line = {VIO_SETTING_TEXT, "at most 200 characters in one line",
                                   read_line, NULL};
static const struct kind a_text = {VIO_SETTING_TEXT, "at most 8000 characters", read_prose, NULL};
static const struct kind a_secret = {VIO_SETTING_TEXT, "8 to 512 visible characters", read_secret,
                                     NULL};
static const struct kind a_bool = {VIO_SETTING_BOOL, "true or false", read_bool, NULL};
static const struct kind a_zone = {VIO_SETTING_TEXT, "an IANA time zone such as America/New_York",
                                   read_zone, NULL};
static const struct kind a_phone = {VIO_SETTING_TEXT, "a number in E.164 form such as +14155550100",
                                    read_phone, NULL};
static const struct kind a_country = {VIO_SETTING_TEXT, "a country calling code such as 1 or 44",
                                      read_country, NULL};
static const struct kind a_mail = {VIO_SETTING_TEXT, "a mail address", read_mail, NULL};
static const struct kind a_clock = {VIO_SETTING_TEXT, "a time of day such as 08:00", read_minutes,
                                    NULL};
static const struct kind a_week = {VIO_SETTING_JSON, "days such as [\"Mon\",\"Tue\"], at least one",
                                   read_days, NULL};
static const struct kind an_object = {VIO_SETTING_JSON, "a JSON object", read_object, NULL};
static const struct kind opening_hours = {
    VIO_SETTING_JSON, "hours by day such as {\"Mon\":{\"open\":\"09:00\",\"close\":\"17:00\"}}",
    read_hours, explain_hours};
static const struct kind a_calendar = {VIO_SETTING_TEXT, "cal_com or calendly", read_calendar,
                                       NULL};
static const struct kind a_daily = {VIO_SETTING_NUMBER, "1 to 3: tenants may only tighten it",
                                    read_daily, NULL};
static const struct kind a_weekly = {VIO_SETTING_NUMBER, "1 to 21", read_weekly, NULL};
static const struct kind a_delay = {VIO_SETTING_NUMBER, "15 to 1440 minutes", read_delay, NULL};
static const struct kind a_lead = {VIO_SETTING_NUMBER, "120 to 10080 minutes", read_lead, NULL};

#define ROW(which, kind_, standard_, summary_) [SETTING_##which] = {&kind_, standard_, summary_}

static const struct {
        const struct kind *kind;
        const char *standard;
        const char *summary;
} rows[SETTING_COUNT] = {
    ROW(name, a_line, NULL, "What the clinic is called; the agent says it."),
    ROW(time_zone, a_zone, "UTC", "The clinic's IANA time zone."),
    ROW(country, a_country, NULL, "Calling code for numbers written without one."),
    ROW(business_template, a_line, NULL, "The kind of business, such as medical or salon."),
    ROW(retell_api_key, a_secret, NULL, "The API key from Retell's dashboard."),
    ROW(retell_agent_id, a_line, NULL, "The agent that calls; unset: the one bound to the number."),
    ROW(retell_phone_number, a_phone, NULL, "The number that calls are made from."),
    ROW(retell_webhook_secret, a_secret, NULL,
        "The key with Retell's webhook badge, if it is not the API key."),
    ROW(accept_bare_signature, a_bool, "1",
        "Whether webhooks signed without a time are accepted; false is safer."),
    ROW(calendar_type, a_calendar, NULL, "The booking calendar: cal_com or calendly."),
    ROW(cal_com_api_key, a_secret, NULL, "The API key of Cal.com."),
    ROW(calendly_token, a_secret, NULL, "The token of Calendly."),
    ROW(daily_summary_enabled, a_bool, "0", "Whether a daily summary is mailed."),
    ROW(daily_summary_recipient_email, a_mail, NULL, "Who gets the daily summary."),
    ROW(daily_summary_recipient_name, a_line, NULL, "How the summary addresses them."),
    ROW(daily_summary_time, a_clock, "08:00", "When the summary is sent, local time."),
    ROW(daily_summary_timezone, a_zone, NULL, "The summary's zone, if it is not the clinic's."),
    ROW(daily_summary_days, a_week, "[\"Mon\",\"Tue\",\"Wed\",\"Thu\",\"Fri\"]",
        "The days on which a summary is sent."),
    ROW(daily_summary_counts_only, a_bool, "0", "Whether the summary leaves out all names."),
    ROW(cal_com_phone_field, a_line, NULL,
        "The question of Cal.com that asks for the phone number."),
    ROW(calendly_phone_question, a_line, NULL,
        "The question of Calendly that asks for the phone number."),
    ROW(business_hours, opening_hours, NULL, "Opening hours by day; the agent can tell them."),
    ROW(public_transport_instructions, a_text, NULL, "How to come by public transport."),
    ROW(parking_instructions, a_text, NULL, "Where to park."),
    ROW(arrival_notes, a_text, NULL, "What to know on arrival."),
    ROW(voice_agent_prompt, a_text, NULL, "Instructions to the agent, beside its own."),
    ROW(features, an_object, NULL, "Feature flags, as a JSON object."),
    ROW(call_window_start, a_clock, "08:00", "No call before this local time; 08:00 or later."),
    ROW(call_window_end, a_clock, "21:00", "No call from this local time on; 21:00 or earlier."),
    ROW(call_days, a_week, "[\"Mon\",\"Tue\",\"Wed\",\"Thu\",\"Fri\",\"Sat\",\"Sun\"]",
        "The days on which calls are made."),
    ROW(daily_call_limit, a_daily, "3", "Most calls to one contact in a day."),
    ROW(weekly_call_limit, a_weekly, NULL, "Most calls to one contact in a week."),
    ROW(follow_up_delay_minutes, a_delay, "90", "From a missed call to the next."),
    ROW(reminder_lead_minutes, a_lead, "1440", "From the reminder call to the appointment."),
};

static const struct {
        const char *name;
        bool secret;
} columns[SETTING_COUNT] = {
#define COLUMN_X(name, table, secret) {#name, secret},
    SETTINGS(COLUMN_X)
#undef COLUMN_X
};

struct setting_info setting_info(enum setting s)
{
        return (struct setting_info){columns[s].name,      rows[s].summary,  rows[s].standard,
                                     rows[s].kind->wanted, rows[s].kind->is, columns[s].secret};
}

bool setting_minutes(const char *text, int *ret)
{
        return hours_clock(text, ret);
}

static const char *skip_blanks(const char *p)
{
        return p + strspn(p, " \t\r\n");
}

/* Reads "Mon" in its quotes; what stands behind it, or NULL. */
static const char *read_day(const char *p, uint8_t *days)
{
        char name[4] = "";
        if (*p != '"' || strcspn(p + 1, "\"") != 3)
                return NULL;
        memcpy(name, p + 1, 3);
        int day = hours_weekday(name);
        if (day < 0)
                return NULL;
        *days |= (uint8_t)(1u << day);
        return p + 5;
}

/* Without memory: when that is short, a clinic must not be open on every day. */
bool setting_days(const char *text, uint8_t *ret)
{
        uint8_t days = 0;
        const char *p = text ? skip_blanks(text) : "";
        char before = '[';

        while (p && *p == before) {
                p = read_day(skip_blanks(p + 1), &days);
                p = p ? skip_blanks(p) : NULL;
                before = ',';
        }
        if (!p || *p != ']' || !days || *skip_blanks(p + 1))
                return false;
        *ret = days;
        return true;
}

static int find_setting(const char *name)
{
        for (int i = 0; name && i < SETTING_COUNT; i++) {
                if (strcmp(columns[i].name, name) == 0)
                        return i;
        }
        return -1;
}

static int refuse(int which, const char *value, struct fault *f)
{
        const struct kind *kind = rows[which].kind;
        char mistake[HOURS_MISTAKE];

        if (!kind->explain)
                return fault_set(f, VIO_E_INVALID, "%s: must be %s", columns[which].name,
                                 kind->wanted);
        kind->explain(value, mistake);
        return fault_set(f, VIO_E_INVALID, "%s: %s", columns[which].name, mistake);
}

static int take_one(struct engine *e, struct settings *s, const struct vio_setting *change,
                    struct fault *f)
{
        int which = find_setting(change->name);
        if (which < 0)
                return fault_set(f, VIO_E_INVALID, "%.60s: there is no such setting",
                                 change->name ? change->name : "");

        bool clear = !change->value || !*change->value;
        if (clear && which == SETTING_name)
                return fault_set(f, VIO_E_INVALID, "name: must not be empty");

        _cleanup_text_ struct text kept = TEXT_INIT;
        if (!clear && !rows[which].kind->read(e, change->value, &kept))
                return refuse(which, change->value, f);
        /* Columns that must not be null keep their default in its place. */
        if (clear && rows[which].standard)
                text_add(&kept, rows[which].standard);

        char *value = clear && !rows[which].standard ? NULL : text_take(&kept);
        if (!value && !(clear && !rows[which].standard))
                return fault_plain(f, VIO_E_NOMEM);
        mem_free(s->value[which]);
        s->value[which] = value;
        s->unreadable[which] = false;
        return 0;
}

static struct vio_window window_of(const struct settings *s)
{
        struct vio_window w = VIO_WINDOW_INIT;
        int minutes;

        if (setting_minutes(s->value[SETTING_call_window_start], &minutes))
                w.start_min = minutes;
        if (setting_minutes(s->value[SETTING_call_window_end], &minutes))
                w.end_min = minutes;
        setting_days(s->value[SETTING_call_days], &w.days);
        return w;
}

int settings_window(const struct settings *s, struct vio_window *ret)
{
        struct vio_window w = window_of(s);
        int r = vio_window_check(&w);
        if (!r)
                *ret = w;
        return r;
}

/* What no setting can be judged by alone: the widest window is the law's. */
static int check_window(const struct settings *s, struct fault *f)
{
        const struct vio_window widest = VIO_WINDOW_INIT;
        struct vio_window w = window_of(s);

        if (w.start_min < widest.start_min)
                return fault_set(f, VIO_E_INVALID, "call_window_start: must be 08:00 or later");
        if (w.end_min > widest.end_min)
                return fault_set(f, VIO_E_INVALID, "call_window_end: must be 21:00 or earlier");
        if (vio_window_check(&w) < 0)
                return fault_set(f, VIO_E_INVALID,
                                 "call_window_start, call_window_end: the window must end after it "
                                 "starts");
        return 0;
}

int settings_change(struct engine *e, struct settings *s, const struct vio_setting *changes,
                    size_t n, struct fault *f)
{
        for (size_t i = 0; i < n; i++) {
                int r = take_one(e, s, &changes[i], f);
                if (r)
                        return r;
        }
        return check_window(s, f);
}

const char *setting_tail(const struct settings *s, enum setting which)
{
        const char *value = columns[which].secret ? s->value[which] : NULL;
        size_t len = value ? strlen(value) : 0;
        return len >= SECRET_TELLS ? value + len - 4 : "";
}

static const char *hint_at_secret(const struct settings *s, enum setting which, char room[64])
{
        if (s->unreadable[which])
                return "set, but cannot be read with this installation's secret";
        snprintf(room, 64, "set, ends in ...%s", setting_tail(s, which));
        return room;
}

const char *setting_shown(const struct settings *s, enum setting which, char room[64])
{
        const char *value = s->value[which];

        if (columns[which].secret)
                return value || s->unreadable[which] ? hint_at_secret(s, which, room) : "";
        if (!value)
                value = rows[which].standard;
        if (value && rows[which].kind == &a_bool)
                return *value == '1' ? "true" : "false";
        return value;
}
