/* fields.c - checks a JSON body against a table of rows. */
#include "fields.h"

#include <string.h>

static int read_text(const struct field *f, const vio_json *value, void *at, struct response *r)
{
        const char *text = vio_json_text(value);
        if (!text)
                return refuse_field(r, f->name, "%s must be a text", f->name);
        if (strlen(text) > f->max)
                return refuse_field(r, f->name, "%s is longer than %zu bytes", f->name, f->max);
        if (f->required && !*text)
                return refuse_field(r, f->name, "%s must not be empty", f->name);
        *(const char **)at = text;
        return VIO_OK;
}

static int read_time(const struct field *f, const vio_json *value, void *at, struct response *r)
{
        if (vio_time_parse(vio_json_text(value), at) < 0)
                return refuse_field(
                    r, f->name, "%s must be a time with its offset, such as 2026-11-24T09:30:00Z",
                    f->name);
        return VIO_OK;
}

static int read_number(const struct field *f, const vio_json *value, void *at, struct response *r)
{
        int64_t n;
        if (vio_json_int(value, &n) < 0 || n < 1)
                return refuse_field(r, f->name, "%s must be a whole number above 0", f->name);
        *(int64_t *)at = n;
        return VIO_OK;
}

static int read_bool(const struct field *f, const vio_json *value, void *at, struct response *r)
{
        bool truth;
        if (vio_json_bool(value, &truth) < 0)
                return refuse_field(r, f->name, "%s must be true or false", f->name);
        *(int *)at = truth;
        return VIO_OK;
}

static bool clears(const struct field *f)
{
        return f->kind == FIELD_TEXT_OR_CLEAR || f->kind == FIELD_TIME_OR_CLEAR;
}

static void clear(const struct field *f, void *out)
{
        void *at = (char *)out + f->at;
        if (f->kind == FIELD_TEXT_OR_CLEAR)
                *(const char **)at = "";
        else
                *(vio_time *)at = VIO_TIME_CLEAR;
}

static int read_value(const vio_json *value, void *at)
{
        *(const vio_json **)at = value;
        return VIO_OK;
}

static int read_field(const struct field *f, const vio_json *value, void *out, struct response *r)
{
        void *at = (char *)out + f->at;
        switch (f->kind) {
        case FIELD_TEXT:
        case FIELD_TEXT_OR_CLEAR: return read_text(f, value, at, r);
        case FIELD_TIME:
        case FIELD_TIME_OR_CLEAR: return read_time(f, value, at, r);
        case FIELD_NUMBER: return read_number(f, value, at, r);
        case FIELD_BOOL: return read_bool(f, value, at, r);
        case FIELD_VALUE: return read_value(value, at);
        }
        return VIO_E_INTERNAL;
}

static int refuse_strangers(const vio_json *body, const struct field *rows, size_t n,
                            struct response *r)
{
        for (const vio_json *m = vio_json_first(body); m; m = vio_json_next(m)) {
                size_t i = 0;
                while (i < n && strcmp(rows[i].name, vio_json_key(m)) != 0)
                        i++;
                if (i == n)
                        return refuse_field(r, vio_json_key(m), "Unknown field \"%.64s\"",
                                            vio_json_key(m));
        }
        return VIO_OK;
}

int fields_read(const vio_json *body, const struct field *rows, size_t n, void *out,
                struct response *r)
{
        for (size_t i = 0; i < n; i++) {
                const vio_json *value = vio_json_get(body, rows[i].name);
                enum vio_json_type type = vio_json_type(value);
                bool absent = type == VIO_JSON_MISSING || type == VIO_JSON_NULL;
                if (absent && rows[i].required)
                        return refuse_field(r, rows[i].name, "%s is required", rows[i].name);
                if (type == VIO_JSON_NULL && clears(&rows[i]))
                        clear(&rows[i], out);
                int e = absent ? VIO_OK : read_field(&rows[i], value, out, r);
                if (e < 0)
                        return e;
        }
        return refuse_strangers(body, rows, n, r);
}
