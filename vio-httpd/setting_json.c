/* setting_json.c - settings as members of a JSON object, by what the library says of each. */
#include "setting_json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 48

/* "time_zone" is "timeZone" in JSON. */
static void camel(const char *name, size_t len, char ret[NAME_SIZE])
{
        size_t n = 0;
        for (size_t i = 0; i < len && n + 1 < NAME_SIZE; i++) {
                bool joint = name[i] == '_' && i + 1 < len;
                i += joint;
                ret[n++] = (char)(joint ? toupper((unsigned char)name[i]) : name[i]);
        }
        ret[n] = '\0';
}

struct search {
        const char *key;
        struct vio_setting_info found; /* its texts but .value are static */
};

static int compare(void *data, const struct vio_setting_info *i)
{
        struct search *s = data;
        char name[NAME_SIZE];
        camel(i->name, strlen(i->name), name);
        if (strcmp(name, s->key) != 0)
                return 0;
        s->found = *i;
        return 1;
}

static bool find_setting(const char *key, struct vio_setting_info *ret)
{
        struct search s = {.key = key};
        if (vio_setting_each(compare, &s) != 1)
                return false;
        *ret = s.found;
        return true;
}

void setting_patch_clear(struct setting_patch *p)
{
        for (size_t i = 0; i < p->n; i++)
                free(p->values[i]);
        p->n = 0;
}

/* The text of an array or object; NULL when there is no memory for it. */
static char *text_of_json(const vio_json *value)
{
        vio_json_writer *w = vio_json_writer_new();
        const char *text;
        char *copy = NULL;
        if (!w)
                return NULL;
        vio_json_put_value(w, NULL, value);
        if (vio_json_writer_text(w, &text, NULL) == VIO_OK)
                copy = strdup(text);
        vio_json_writer_free(w);
        return copy;
}

/* Whether the value has the type of the setting; then @ret gets its text. */
static bool read_value(const vio_json *value, enum vio_setting_kind kind, char **ret)
{
        char number[24];
        int64_t n;
        bool yes;
        switch (kind) {
        case VIO_SETTING_TEXT:
                if (!vio_json_text(value))
                        return false;
                *ret = strdup(vio_json_text(value));
                return true;
        case VIO_SETTING_BOOL:
                if (vio_json_bool(value, &yes) < 0)
                        return false;
                *ret = strdup(yes ? "true" : "false");
                return true;
        case VIO_SETTING_NUMBER:
                if (vio_json_int(value, &n) < 0)
                        return false;
                snprintf(number, sizeof(number), "%lld", (long long)n);
                *ret = strdup(number);
                return true;
        case VIO_SETTING_JSON:
                if (vio_json_type(value) != VIO_JSON_OBJECT &&
                    vio_json_type(value) != VIO_JSON_ARRAY)
                        return false;
                *ret = text_of_json(value);
                return true;
        }
        return false;
}

static int read_member(const vio_json *member, struct setting_patch *p, struct response *r)
{
        const char *key = vio_json_key(member);
        struct vio_setting_info info;
        char *text = NULL;
        if (!find_setting(key, &info))
                return refuse_field(r, key, "Unknown field \"%.64s\"", key);
        if (p->n == MOST_SETTINGS)
                return VIO_E_INTERNAL;
        bool clear = vio_json_type(member) == VIO_JSON_NULL;
        if (!clear && !read_value(member, info.kind, &text))
                return refuse_field(r, key, "%s: must be %s", key, info.wanted);
        if (!clear && !text)
                return VIO_E_NOMEM;
        p->values[p->n] = text;
        p->list[p->n++] = (struct vio_setting){info.name, text};
        return VIO_OK;
}

static bool is_listed(const char *const *list, const char *name)
{
        for (; list && *list; list++)
                if (!strcmp(*list, name))
                        return true;
        return false;
}

int setting_patch_read(const vio_json *body, const char *const *others, struct setting_patch *ret,
                       struct response *r)
{
        struct setting_patch p = {.n = 0};
        int e = VIO_OK;
        for (const vio_json *m = vio_json_first(body); m && e == VIO_OK; m = vio_json_next(m))
                if (!is_listed(others, vio_json_key(m)))
                        e = read_member(m, &p, r);
        if (e < 0)
                setting_patch_clear(&p);
        else
                *ret = p;
        return e;
}

int setting_refuse(struct response *r, const char *detail, const vio_json *body, const char *parent)
{
        struct vio_setting_info info;
        char field[NAME_SIZE] = "";
        char names[4 * NAME_SIZE] = "";
        size_t end = strcspn(detail, ":");
        for (size_t at = 0, len; at < end; at += len + strspn(detail + at + len, ", ")) {
                char name[NAME_SIZE];
                char full[2 * NAME_SIZE];
                len = strcspn(detail + at, ",:");
                camel(detail + at, len, name);
                bool child = parent && !find_setting(name, &info);
                snprintf(full, sizeof(full), "%s%s%s", child ? parent : "", child ? "." : "", name);
                size_t n = strlen(names);
                snprintf(names + n, sizeof(names) - n, "%s%s", n ? ", " : "", full);
                /* Of several, the one that the client sent. */
                if (!*field || (vio_json_get(body, name) && !vio_json_get(body, field)))
                        snprintf(field, sizeof(field), "%.47s", full);
        }
        return refuse_field(r, field, "%s%s", names, detail + end);
}

static void write_secret(vio_json_writer *w, const char *name, const struct vio_setting_info *i)
{
        vio_json_begin_object(w, name);
        vio_json_put_bool(w, "set", i->is_set);
        vio_json_put_text(w, "last4", i->last4);
        vio_json_end_object(w);
}

/* What does not read as its kind, such as opening hours of another release, is null. */
static void write_value(vio_json_writer *w, const char *name, const struct vio_setting_info *i)
{
        vio_json *json = NULL;
        switch (i->kind) {
        case VIO_SETTING_TEXT: vio_json_put_text(w, name, i->value); return;
        case VIO_SETTING_BOOL:
                vio_json_put_bool(w, name, i->value && !strcmp(i->value, "true"));
                return;
        case VIO_SETTING_NUMBER:
        case VIO_SETTING_JSON:
                if (i->value && vio_json_parse(i->value, strlen(i->value), &json) < 0)
                        json = NULL;
                vio_json_put_value(w, name, json);
                vio_json_free(json);
                return;
        }
}

static int write_setting(void *data, const struct vio_setting_info *i)
{
        char name[NAME_SIZE];
        camel(i->name, strlen(i->name), name);
        if (i->is_secret)
                write_secret(data, name, i);
        else
                write_value(data, name, i);
        return 0;
}

int settings_write(vio_tenant *t, vio_json_writer *w)
{
        return vio_tenant_settings(t, write_setting, w);
}
