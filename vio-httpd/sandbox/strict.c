/* strict.c - the fields of each request, with their types, as tables. */
#include "strict.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cleanup.h"

/* A kind of value: how to recognise it, and what to say when it is not one. */
struct strict_kind {
        bool (*fits)(const vio_json *j);
        const char *otherwise;
};

struct strict_field {
        const char *name;
        bool required;
        const struct strict_kind *kind;
};

static bool is_text(const vio_json *j)
{
        const char *text = vio_json_text(j);
        return text && *text;
}

static bool is_object(const vio_json *j)
{
        return vio_json_type(j) == VIO_JSON_OBJECT;
}

static bool is_bool(const vio_json *j)
{
        return vio_json_type(j) == VIO_JSON_BOOL;
}

/* Every value of retell_llm_dynamic_variables must be a string; "" is one. */
static bool is_text_map(const vio_json *j)
{
        if (!is_object(j))
                return false;
        for (const vio_json *v = vio_json_first(j); v; v = vio_json_next(v))
                if (vio_json_type(v) != VIO_JSON_TEXT)
                        return false;
        return true;
}

static bool is_sip_headers(const vio_json *j)
{
        if (!is_text_map(j))
                return false;
        for (const vio_json *v = vio_json_first(j); v; v = vio_json_next(v))
                if (strncasecmp(vio_json_key(v), "X-", 2) != 0)
                        return false;
        return true;
}

static bool is_version(const vio_json *j)
{
        int64_t n;
        return is_text(j) || vio_json_int(j, &n) == VIO_OK;
}

static bool is_count(const vio_json *j)
{
        int64_t n;
        return vio_json_int(j, &n) == VIO_OK && n >= 0;
}

static bool is_limit(const vio_json *j)
{
        int64_t n;
        return vio_json_int(j, &n) == VIO_OK && n >= 1 && n <= 1000;
}

static bool is_order(const vio_json *j)
{
        const char *text = vio_json_text(j);
        return text && (!strcmp(text, "ascending") || !strcmp(text, "descending"));
}

static const struct strict_kind text = {is_text, "must be a string of at least 1 character"};
static const struct strict_kind object = {is_object, "must be an object"};
static const struct strict_kind boolean = {is_bool, "must be a boolean"};
static const struct strict_kind text_map = {is_text_map, "must be an object of strings"};
static const struct strict_kind sip_headers = {
    is_sip_headers, "must be an object of strings whose names start with X-"};
static const struct strict_kind version = {is_version, "must be an integer or a string"};
static const struct strict_kind count = {is_count, "must be an integer of at least 0"};
static const struct strict_kind limit = {is_limit, "must be an integer from 1 to 1000"};
static const struct strict_kind order = {is_order, "must be ascending or descending"};

static const struct strict_field create_call[] = {
    {"from_number", true, &text},
    {"to_number", true, &text},
    {"override_agent_id", false, &text},
    {"override_agent_version", false, &version},
    {"agent_override", false, &object},
    {"metadata", false, &object},
    {"retell_llm_dynamic_variables", false, &text_map},
    {"custom_sip_headers", false, &sip_headers},
    {"ignore_e164_validation", false, &boolean},
};

static const struct strict_field list_calls[] = {
    {"filter_criteria", false, &object},
    {"sort_order", false, &order},
    {"limit", false, &limit},
    {"skip", false, &count},
    {"pagination_key", false, &text},
    {"include_total", false, &boolean},
};

bool strict_refuse(struct strict_fault *ret, const char *field, const char *what)
{
        snprintf(ret->message, sizeof(ret->message),
                 "Invalid request format, please check API reference. %.60s %s.", field, what);
        return false;
}

static const struct strict_field *field_of(const struct strict_field *fields, size_t n,
                                           const char *name)
{
        for (size_t i = 0; i < n; i++)
                if (!strcmp(fields[i].name, name))
                        return &fields[i];
        return NULL;
}

static bool check(const struct strict_field *fields, size_t n, const vio_json *body,
                  struct strict_fault *ret)
{
        if (!is_object(body))
                return strict_refuse(ret, "The body", "must be an object");
        for (const vio_json *v = vio_json_first(body); v; v = vio_json_next(v)) {
                const struct strict_field *f = field_of(fields, n, vio_json_key(v));
                if (!f)
                        return strict_refuse(ret, vio_json_key(v), "is not a field");
                if (!f->kind->fits(v))
                        return strict_refuse(ret, f->name, f->kind->otherwise);
        }
        for (size_t i = 0; i < n; i++)
                if (fields[i].required && !vio_json_get(body, fields[i].name))
                        return strict_refuse(ret, fields[i].name, "is required");
        return true;
}

bool strict_is_e164(const char *number)
{
        size_t digits = strspn(number + (*number == '+'), "0123456789");
        return number[0] == '+' && number[1] != '0' && digits >= 7 && digits <= 15 &&
               number[1 + digits] == '\0';
}

static bool check_number(const vio_json *body, const char *field, struct strict_fault *ret)
{
        if (strict_is_e164(vio_json_text(vio_json_get(body, field))))
                return true;
        return strict_refuse(ret, field, "must be a number in E.164 form");
}

bool strict_create_call(const vio_json *body, struct strict_fault *ret)
{
        bool any_form = false;
        if (!check(create_call, count_of(create_call), body, ret))
                return false;
        (void)vio_json_bool(vio_json_get(body, "ignore_e164_validation"), &any_form);
        return any_form ||
               (check_number(body, "from_number", ret) && check_number(body, "to_number", ret));
}

bool strict_list_calls(const vio_json *body, struct strict_fault *ret)
{
        if (!check(list_calls, count_of(list_calls), body, ret))
                return false;
        if (vio_json_get(body, "skip") && vio_json_get(body, "pagination_key"))
                return strict_refuse(ret, "skip", "cannot stand beside pagination_key");
        return true;
}
