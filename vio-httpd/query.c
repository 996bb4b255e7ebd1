/* query.c - the query of a list, checked choice by choice and refused by name. */
#include "query.h"

#include <stdio.h>
#include <string.h>

#define MOST_ROWS  500
#define MOST_NAMES 9

/* What the handlers read; every other row reads nothing. */
static const struct reader {
        const char *method;
        const char *path;
        const char *names[MOST_NAMES];
} readers[] = {
    {"GET",
     "/api/admin/audit",
     {"tenantId", "userId", "contactId", "action", "from", "to", "limit", "before"}},
    {"GET", "/api/audit", {"userId", "contactId", "action", "from", "to", "limit", "before"}},
    {"GET", "/api/contacts", {"filter", "search", "sort", "limit", "after"}},
    {"GET", "/api/contacts/export", {"bom"}},
    {"POST", "/api/contacts/import", {"dryRun", "skipBad", "dates"}},
    {"DELETE", "/api/contacts/:id", {"erase"}},
    {"GET",
     "/api/calls",
     {"contactId", "status", "outcome", "callType", "from", "to", "limit", "after"}},
    {"GET", "/api/tasks", {"status", "contactId", "from", "to", "limit", "after"}},
    {"GET", "/api/analytics/performance", {"timePeriod"}},
};

static const struct reader *find_readers(const char *method, const char *path)
{
        static const struct reader none = {.names = {NULL}};
        for (size_t i = 0; i < count_of(readers); i++)
                if (!strcmp(readers[i].method, method) && !strcmp(readers[i].path, path))
                        return &readers[i];
        return &none;
}

/* The place of a name of @len bytes, or MOST_NAMES. */
static size_t find_name(const struct reader *known, const char *name, size_t len)
{
        for (size_t i = 0; i < MOST_NAMES && known->names[i]; i++)
                if (strlen(known->names[i]) == len && !strncmp(known->names[i], name, len))
                        return i;
        return MOST_NAMES;
}

int query_check(const struct request *q, struct response *r, const char *method, const char *path)
{
        const struct reader *known = find_readers(method, path);
        unsigned seen = 0;
        for (const char *p = q->query + strspn(q->query, "&"); *p; p += strspn(p, "&")) {
                char shown[41];
                size_t len = strcspn(p, "=&");
                size_t place = find_name(known, p, len);
                snprintf(shown, sizeof(shown), "%.*s", (int)(len < 40 ? len : 40), p);
                if (place == MOST_NAMES)
                        return refuse_field(r, shown, "Unknown name \"%s\" in the query", shown);
                if (seen & 1U << place)
                        return refuse_field(r, shown, "%s is in the query twice", shown);
                seen |= 1U << place;
                p += strcspn(p, "&");
        }
        return VIO_OK;
}

int query_number(const struct request *q, struct response *r, const char *name, int64_t *ret)
{
        char text[32];
        int given = request_query(q, name, text, sizeof(text));
        if (given < 0 || (given && number_parse(text, ret) < 0))
                return refuse_field(r, name, "%s must be a whole number above 0", name);
        return VIO_OK;
}

int query_time(const struct request *q, struct response *r, const char *name, vio_time *ret)
{
        char text[64];
        int given = request_query(q, name, text, sizeof(text));
        if (given < 0 || (given && vio_time_parse(text, ret) < 0))
                return refuse_field(
                    r, name, "%s must be a time with its offset, such as 2026-11-24T09:30:00Z",
                    name);
        return VIO_OK;
}

int query_limit(const struct request *q, struct response *r, size_t *ret)
{
        int64_t n = (int64_t)*ret;
        int e = query_number(q, r, "limit", &n);
        if (e < 0 || n > MOST_ROWS)
                return refuse_field(r, "limit", "limit must be 1 to %d", MOST_ROWS);
        *ret = (size_t)n;
        return VIO_OK;
}

int query_after(const struct request *q, struct response *r, char *ret, size_t size)
{
        ret[0] = '\0';
        if (request_query(q, "after", ret, size) < 0)
                return refuse_field(r, "after", "after must be what the Link header gave");
        return VIO_OK;
}

/* "status must be pending, processing or failed". */
static int refuse_word(struct response *r, const char *name, const char *const *words)
{
        char list[160] = "";
        size_t n = 0;
        for (size_t i = 0; words[i] && n < sizeof(list); i++) {
                const char *before = i == 0 ? "" : words[i + 1] ? ", " : " or ";
                n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", before, words[i]);
        }
        return refuse_field(r, name, "%s must be %s", name, list);
}

int query_word(const struct request *q, struct response *r, const char *name,
               const char *const *words, int *ret)
{
        char text[32];
        int given = request_query(q, name, text, sizeof(text));
        if (given == 0)
                return VIO_OK;
        for (int i = 0; given > 0 && words[i]; i++) {
                if (!strcmp(words[i], text)) {
                        *ret = i;
                        return VIO_OK;
                }
        }
        return refuse_word(r, name, words);
}
