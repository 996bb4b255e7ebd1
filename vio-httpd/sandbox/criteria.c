/* criteria.c - the filters of list-calls: a table of criteria and a table of operators. */
#include "criteria.h"

#include <string.h>

#include "cleanup.h"

/* What a filter looks at: one value of a call. */
struct datum {
        enum vio_json_type type; /* MISSING, TEXT, NUMBER or BOOL */
        const char *text;
        int64_t number;
        bool flag;
};

/* The kinds of filter, as bits, so that a criterion can name those it takes. */
enum filter_kind {
        STRING = 1 << 0,
        ENUM = 1 << 1,
        NUMBER = 1 << 2,
        RANGE = 1 << 3,
        BOOLEAN = 1 << 4,
        PRESENT = 1 << 5,
        ANY_KIND = (1 << 6) - 1,
};

struct filter_op {
        enum filter_kind kind;
        const char *type;
        const char *op;
        bool (*well_formed)(const vio_json *value);
        bool (*match)(const struct datum *d, const vio_json *value);
};

struct criterion {
        const char *name;
        unsigned kinds; /* enum filter_kind, or'ed */
        /* One of the two: a value of the call, or an object of the request searched by key. */
        struct datum (*look)(const struct phone_call *c, enum phone_call_stage stage);
        const char *keyed;
};

static struct datum of_text(const char *text)
{
        return (struct datum){.type = text ? VIO_JSON_TEXT : VIO_JSON_MISSING, .text = text};
}

static struct datum of_number(bool known, int64_t n)
{
        return (struct datum){.type = known ? VIO_JSON_NUMBER : VIO_JSON_MISSING, .number = n};
}

static struct datum of_flag(bool known, bool flag)
{
        return (struct datum){.type = known ? VIO_JSON_BOOL : VIO_JSON_MISSING, .flag = flag};
}

static struct datum of_json(const vio_json *j)
{
        int64_t n = 0;
        bool flag = false;
        if (vio_json_text(j))
                return of_text(vio_json_text(j));
        if (vio_json_int(j, &n) == VIO_OK)
                return of_number(true, n);
        return of_flag(vio_json_bool(j, &flag) == VIO_OK, flag);
}

static struct datum look_call_id(const struct phone_call *c, enum phone_call_stage stage)
{
        (void)stage;
        return of_text(c->id);
}

static struct datum look_from(const struct phone_call *c, enum phone_call_stage stage)
{
        (void)stage;
        return of_text(phone_call_asked(c, "from_number"));
}

static struct datum look_to(const struct phone_call *c, enum phone_call_stage stage)
{
        (void)stage;
        return of_text(phone_call_asked(c, "to_number"));
}

static struct datum look_type(const struct phone_call *c, enum phone_call_stage stage)
{
        (void)c;
        (void)stage;
        return of_text("phone_call");
}

static struct datum look_direction(const struct phone_call *c, enum phone_call_stage stage)
{
        (void)c;
        (void)stage;
        return of_text("outbound");
}

static struct datum look_status(const struct phone_call *c, enum phone_call_stage stage)
{
        return of_text(phone_call_status(c, stage));
}

static struct datum look_reason(const struct phone_call *c, enum phone_call_stage stage)
{
        return of_text(stage >= CALL_OVER ? c->person->reason : NULL);
}

static struct datum look_sentiment(const struct phone_call *c, enum phone_call_stage stage)
{
        return of_text(stage >= CALL_ANALYZED ? c->person->sentiment : NULL);
}

static struct datum look_voicemail(const struct phone_call *c, enum phone_call_stage stage)
{
        return of_flag(stage >= CALL_ANALYZED, person_has(c->person, IS_VOICEMAIL));
}

static struct datum look_start(const struct phone_call *c, enum phone_call_stage stage)
{
        return of_number(stage >= CALL_ONGOING && c->started != VIO_TIME_NONE, c->started);
}

static struct datum look_end(const struct phone_call *c, enum phone_call_stage stage)
{
        return of_number(stage >= CALL_OVER, c->ended);
}

static struct datum look_duration(const struct phone_call *c, enum phone_call_stage stage)
{
        return of_number(stage >= CALL_OVER && c->started != VIO_TIME_NONE, c->ended - c->started);
}

static const struct criterion criteria[] = {
    {"call_id", STRING | ENUM, look_call_id, NULL},
    {"from_number", STRING, look_from, NULL},
    {"to_number", STRING, look_to, NULL},
    {"call_type", ENUM, look_type, NULL},
    {"direction", ENUM, look_direction, NULL},
    {"call_status", ENUM, look_status, NULL},
    {"disconnection_reason", ENUM, look_reason, NULL},
    {"user_sentiment", ENUM, look_sentiment, NULL},
    {"in_voicemail", BOOLEAN, look_voicemail, NULL},
    {"start_timestamp", NUMBER | RANGE, look_start, NULL},
    {"end_timestamp", NUMBER | RANGE, look_end, NULL},
    {"duration_ms", NUMBER | RANGE, look_duration, NULL},
    {"metadata", ANY_KIND, NULL, "metadata"},
    {"dynamic_variables", ANY_KIND, NULL, "retell_llm_dynamic_variables"},
};

static bool is_text(const vio_json *value)
{
        return vio_json_text(value);
}

static bool is_texts(const vio_json *value)
{
        if (vio_json_type(value) != VIO_JSON_ARRAY || !vio_json_count(value))
                return false;
        for (const vio_json *v = vio_json_first(value); v; v = vio_json_next(v))
                if (!is_text(v))
                        return false;
        return true;
}

static bool is_number(const vio_json *value)
{
        int64_t n;
        return vio_json_int(value, &n) == VIO_OK;
}

static bool is_pair(const vio_json *value)
{
        const vio_json *low = vio_json_first(value);
        return vio_json_type(value) == VIO_JSON_ARRAY && vio_json_count(value) == 2 &&
               is_number(low) && is_number(vio_json_next(low));
}

static bool is_bool(const vio_json *value)
{
        return vio_json_type(value) == VIO_JSON_BOOL;
}

static bool is_missing(const vio_json *value)
{
        return !value;
}

static bool text_eq(const struct datum *d, const vio_json *value)
{
        return d->type == VIO_JSON_TEXT && !strcmp(d->text, vio_json_text(value));
}

/* Only a value that is there can differ: who looks for absent ones has op np. */
static bool text_ne(const struct datum *d, const vio_json *value)
{
        return d->type == VIO_JSON_TEXT && strcmp(d->text, vio_json_text(value)) != 0;
}

static bool text_sw(const struct datum *d, const vio_json *value)
{
        const char *head = vio_json_text(value);
        return d->type == VIO_JSON_TEXT && !strncmp(d->text, head, strlen(head));
}

static bool text_ew(const struct datum *d, const vio_json *value)
{
        const char *tail = vio_json_text(value);
        if (d->type != VIO_JSON_TEXT || strlen(d->text) < strlen(tail))
                return false;
        return !strcmp(d->text + strlen(d->text) - strlen(tail), tail);
}

static bool text_co(const struct datum *d, const vio_json *value)
{
        return d->type == VIO_JSON_TEXT && strstr(d->text, vio_json_text(value));
}

static bool text_in(const struct datum *d, const vio_json *value)
{
        for (const vio_json *v = vio_json_first(value); v; v = vio_json_next(v))
                if (text_eq(d, v))
                        return true;
        return false;
}

/* The sign of datum minus value; false when the datum is no number. */
static bool compare(const struct datum *d, const vio_json *value, int *ret)
{
        int64_t n = 0;
        if (d->type != VIO_JSON_NUMBER || vio_json_int(value, &n) < 0)
                return false;
        *ret = (d->number > n) - (d->number < n);
        return true;
}

static bool number_eq(const struct datum *d, const vio_json *value)
{
        int sign;
        return compare(d, value, &sign) && sign == 0;
}

static bool number_ne(const struct datum *d, const vio_json *value)
{
        int sign;
        return compare(d, value, &sign) && sign != 0;
}

static bool number_gt(const struct datum *d, const vio_json *value)
{
        int sign;
        return compare(d, value, &sign) && sign > 0;
}

static bool number_ge(const struct datum *d, const vio_json *value)
{
        int sign;
        return compare(d, value, &sign) && sign >= 0;
}

static bool number_lt(const struct datum *d, const vio_json *value)
{
        int sign;
        return compare(d, value, &sign) && sign < 0;
}

static bool number_le(const struct datum *d, const vio_json *value)
{
        int sign;
        return compare(d, value, &sign) && sign <= 0;
}

static bool number_between(const struct datum *d, const vio_json *value)
{
        const vio_json *low = vio_json_first(value);
        return number_ge(d, low) && number_le(d, vio_json_next(low));
}

static bool flag_eq(const struct datum *d, const vio_json *value)
{
        bool flag;
        return d->type == VIO_JSON_BOOL && vio_json_bool(value, &flag) == VIO_OK && flag == d->flag;
}

static bool is_present(const struct datum *d, const vio_json *value)
{
        (void)value;
        return d->type != VIO_JSON_MISSING;
}

static bool is_absent(const struct datum *d, const vio_json *value)
{
        return !is_present(d, value);
}

static const struct filter_op filter_ops[] = {
    {STRING, "string", "eq", is_text, text_eq},
    {STRING, "string", "ne", is_text, text_ne},
    {STRING, "string", "sw", is_text, text_sw},
    {STRING, "string", "ew", is_text, text_ew},
    {STRING, "string", "co", is_text, text_co},
    {ENUM, "enum", "in", is_texts, text_in},
    {NUMBER, "number", "eq", is_number, number_eq},
    {NUMBER, "number", "ne", is_number, number_ne},
    {NUMBER, "number", "gt", is_number, number_gt},
    {NUMBER, "number", "ge", is_number, number_ge},
    {NUMBER, "number", "lt", is_number, number_lt},
    {NUMBER, "number", "le", is_number, number_le},
    {RANGE, "range", "bt", is_pair, number_between},
    {BOOLEAN, "boolean", "eq", is_bool, flag_eq},
    {PRESENT, "present", "pr", is_missing, is_present},
    {PRESENT, "present", "np", is_missing, is_absent},
};

static const struct criterion *criterion_of(const char *name)
{
        for (size_t i = 0; i < count_of(criteria); i++)
                if (!strcmp(criteria[i].name, name))
                        return &criteria[i];
        return NULL;
}

static const struct filter_op *op_of(const vio_json *filter)
{
        const char *type = vio_json_text(vio_json_get(filter, "type"));
        const char *op = vio_json_text(vio_json_get(filter, "op"));
        for (size_t i = 0; type && op && i < count_of(filter_ops); i++)
                if (!strcmp(filter_ops[i].type, type) && !strcmp(filter_ops[i].op, op))
                        return &filter_ops[i];
        return NULL;
}

static bool check_filter(const struct criterion *c, const vio_json *filter,
                         struct strict_fault *ret)
{
        const struct filter_op *o = op_of(filter);
        const vio_json *value = vio_json_get(filter, "value");
        size_t members = 2 + !!value + !!c->keyed;
        if (!o || !(o->kind & c->kinds))
                return strict_refuse(ret, c->name, "has a filter of a type or op it does not take");
        if (!o->well_formed(value))
                return strict_refuse(ret, c->name, "has a filter with an unfit value");
        if (c->keyed && !vio_json_text(vio_json_get(filter, "key")))
                return strict_refuse(ret, c->name, "has a filter without a key");
        if (vio_json_count(filter) != members)
                return strict_refuse(ret, c->name, "has a filter with an unknown member");
        return true;
}

/* The reference lists four values of call_status for this filter; registered is not among them. */
static bool check_status_values(const vio_json *filter, struct strict_fault *ret)
{
        static const char *const allowed[] = {"not_connected", "ongoing", "ended", "error"};
        const vio_json *values = vio_json_get(filter, "value");
        for (const vio_json *v = vio_json_first(values); v; v = vio_json_next(v)) {
                bool known = false;
                for (size_t i = 0; i < count_of(allowed); i++)
                        known |= !strcmp(allowed[i], vio_json_text(v));
                if (!known)
                        return strict_refuse(ret, "call_status", "cannot be filtered by this");
        }
        return true;
}

static bool check_filters(const struct criterion *c, const vio_json *filters,
                          struct strict_fault *ret)
{
        if (vio_json_type(filters) != VIO_JSON_ARRAY)
                return strict_refuse(ret, c->name, "must be an array of filters");
        for (const vio_json *f = vio_json_first(filters); f; f = vio_json_next(f))
                if (!check_filter(c, f, ret))
                        return false;
        return true;
}

bool criteria_check(const vio_json *asked, struct strict_fault *ret)
{
        for (const vio_json *f = vio_json_first(asked); f; f = vio_json_next(f)) {
                const struct criterion *c = criterion_of(vio_json_key(f));
                if (!c)
                        return strict_refuse(ret, vio_json_key(f),
                                             "cannot be searched by in the sandbox");
                if (c->keyed ? !check_filters(c, f, ret) : !check_filter(c, f, ret))
                        return false;
                if (!strcmp(c->name, "call_status") && !check_status_values(f, ret))
                        return false;
        }
        return true;
}

static bool match_keyed(const struct criterion *criterion, const vio_json *filters,
                        const struct phone_call *c)
{
        const vio_json *object = vio_json_get(c->request, criterion->keyed);
        for (const vio_json *f = vio_json_first(filters); f; f = vio_json_next(f)) {
                const char *key = vio_json_text(vio_json_get(f, "key"));
                struct datum d = of_json(vio_json_get(object, key));
                if (!op_of(f)->match(&d, vio_json_get(f, "value")))
                        return false;
        }
        return true;
}

bool criteria_match(const vio_json *asked, const struct phone_call *c, vio_time now)
{
        enum phone_call_stage stage = phone_call_stage_at(c, now);
        for (const vio_json *f = vio_json_first(asked); f; f = vio_json_next(f)) {
                const struct criterion *criterion = criterion_of(vio_json_key(f));
                if (criterion->keyed) {
                        if (!match_keyed(criterion, f, c))
                                return false;
                        continue;
                }
                struct datum d = criterion->look(c, stage);
                if (!op_of(f)->match(&d, vio_json_get(f, "value")))
                        return false;
        }
        return true;
}
