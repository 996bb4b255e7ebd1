/* contact_list.c - table contacts: lists, filtered and in an order, page by page. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/display.h"
#include "store/contact_cursor.h"
#include "store/contact_row.h"
#include "store/contacts.h"
#include "store/ids.h"

/*
 * ?2 the id after which it goes on, ?3 how many, ?4 the status, ?5 now and ?6 the day before which
 * a date is past (both for attention), ?7 the pattern for name and mail address, ?8 that for the
 * number, ?9 the key after which it goes on. NULL: no such filter. What needs attention says
 * attention_of() in rules/display.c, too.
 */
#define AHEAD                                                                                      \
        "(appointment_time > ?5 OR (appointment_time IS NULL"                                      \
        " AND (appointment_date IS NULL OR appointment_date >= ?6)))"
#define NEEDS_ATTENTION                                                                            \
        "(" AHEAD " AND (attention_note IS NOT NULL OR appointment_status = 'rescheduled'"         \
        " OR (appointment_status = 'pending' AND (phone IS NULL OR (opted_out = 1"                 \
        " AND (appointment_time IS NOT NULL OR appointment_date IS NOT NULL))))"                   \
        " OR (" CONTACT_FAILED " AND NOT " CONTACT_HAS_OPEN_TASK ")))"
#define FOUND                                                                                      \
        "(lower(name) LIKE lower(?7) ESCAPE '\\' OR lower(email) LIKE lower(?7) ESCAPE '\\'"       \
        " OR phone LIKE ?8)"
#define LIST(key, place, order)                                                                    \
        "SELECT " CONTACT_READ ", " key " FROM contacts WHERE tenant_id = ?1 AND " place           \
        " AND deleted_at IS NULL AND (?4 IS NULL OR appointment_status = ?4)"                      \
        " AND (?5 IS NULL OR " NEEDS_ATTENTION ") AND (?7 IS NULL OR " FOUND ")"                   \
        " ORDER BY " order " LIMIT ?3"
#define UP(key)   key " >= ?9 AND (" key " > ?9 OR id > ?2)"
#define DOWN(key) key " <= ?9 AND (" key " < ?9 OR id < ?2)"

TENANT_SQL(sql_id, LIST("NULL", "id > ?2", "id"));
TENANT_SQL(sql_id_down, LIST("NULL", "id < ?2", "id DESC"));
TENANT_SQL(sql_name, LIST("lower(name)", UP("lower(name)"), "lower(name), id"));
TENANT_SQL(sql_name_down, LIST("lower(name)", DOWN("lower(name)"), "lower(name) DESC, id DESC"));
TENANT_SQL(sql_time, LIST("appointment_time", UP("appointment_time"), "appointment_time, id"));
TENANT_SQL(sql_time_down,
           LIST("appointment_time", DOWN("appointment_time"), "appointment_time DESC, id DESC"));
TENANT_SQL(sql_untimed, LIST("NULL", "appointment_time IS NULL AND id > ?2", "id"));
TENANT_SQL(sql_untimed_down, LIST("NULL", "appointment_time IS NULL AND id < ?2", "id DESC"));
/* No index holds this order, for it would be written with every call: the tenant's rows are walked,
 * and the page is picked from them. */
TENANT_SQL(sql_updated, LIST("updated_at", UP("updated_at"), "updated_at, id"));
TENANT_SQL(sql_updated_down, LIST("updated_at", DOWN("updated_at"), "updated_at DESC, id DESC"));

enum key_kind { KEY_NONE, KEY_TEXT, KEY_TIME };

struct order {
        const struct tenant_sql *sql[2]; /* ascending, descending */
        enum key_kind key;
};

static const struct order orders[] = {
    [VIO_CONTACT_BY_ID] = {{&sql_id, &sql_id_down}, KEY_NONE},
    [VIO_CONTACT_BY_NAME] = {{&sql_name, &sql_name_down}, KEY_TEXT},
    [VIO_CONTACT_BY_APPOINTMENT] = {{&sql_time, &sql_time_down}, KEY_TIME},
    [VIO_CONTACT_BY_UPDATE] = {{&sql_updated, &sql_updated_down}, KEY_TIME},
};
static const struct order untimed = {{&sql_untimed, &sql_untimed_down}, KEY_NONE};

/* Twice what is searched for, should every byte be escaped, and a percent sign on both sides. */
#define PATTERN_SIZE (2 * VIO_CONTACT_SEARCH_MAX + 3)

struct walk {
        struct tenant_tx *tx;
        const struct vio_contact_filter *filter;
        vio_time now;
        char day[11];
        char pattern[PATTERN_SIZE]; /* "" when nothing is searched for */
        char digits[PATTERN_SIZE];
        int (*cb)(void *data, const struct vio_contact *c);
        void *data;
        size_t limit; /* 0: none */
        size_t given;
        bool more; /* there is one beyond the limit */
        struct contact_position last;
};

/* "%...%"; what LIKE takes for a wildcard stands for itself. */
static void make_pattern(const char *search, char ret[PATTERN_SIZE])
{
        *ret++ = '%';
        for (; *search; search++) {
                if (strchr("\\%_", *search))
                        *ret++ = '\\';
                *ret++ = *search;
        }
        *ret++ = '%';
        *ret = '\0';
}

/*
 * The digits of what may be a part of a number, "" when it is none. The zeros with which a number
 * is written in its own country or from abroad are not in E.164.
 */
static void make_digits(const char *search, char ret[PATTERN_SIZE])
{
        size_t n = 1;
        ret[0] = '%';
        for (const char *p = search; *p; p++) {
                if (isdigit((unsigned char)*p) && !(n == 1 && *p == '0'))
                        ret[n++] = *p;
                else if (!strchr("0 +-()./", *p))
                        n = 0;
                if (!n)
                        break;
        }
        if (n > 1) {
                ret[n++] = '%';
                ret[n] = '\0';
        } else {
                ret[0] = '\0';
        }
}

/* Behind every name: 51 times U+10FFFF, for a name has at most 200 bytes. */
#define HIGHEST    "\xf4\x8f\xbf\xbf"
#define HIGHEST_10 HIGHEST HIGHEST HIGHEST HIGHEST HIGHEST HIGHEST HIGHEST HIGHEST HIGHEST HIGHEST
#define LAST_NAME  HIGHEST_10 HIGHEST_10 HIGHEST_10 HIGHEST_10 HIGHEST_10 HIGHEST

static void bind_place(struct q *q, const struct walk *w, const struct contact_position *from,
                       enum key_kind key)
{
        bool down = w->filter->descending;
        if (key == KEY_TEXT)
                q_text(q, from ? from->key : down ? LAST_NAME : "");
        else if (key == KEY_TIME)
                q_int(q, from ? strtoll(from->key, NULL, 10) : down ? INT64_MAX : INT64_MIN);
}

static void bind_filter(struct q *q, const struct walk *w)
{
        const struct vio_contact_filter *f = w->filter;
        /* One more than wanted tells whether there is one. */
        q_int(q, w->limit ? (int64_t)(w->limit - w->given + 1) : INT64_MAX);
        q_text(q, f->status < 0
                      ? NULL
                      : vio_appointment_status_name((enum vio_appointment_status)f->status));
        if (f->needs_attention)
                q_int(q, w->now);
        else
                q_null(q);
        q_text(q, w->day);
        q_text(q, *w->pattern ? w->pattern : NULL);
        q_text(q, *w->digits ? w->digits : NULL);
}

static int give(struct walk *w, struct q *q)
{
        struct vio_contact c;
        int r = contact_lend(w->tx, q, &c);
        if (r)
                return r;
        w->last.id = c.id.v;
        const char *key = q_col_text(q, CONTACT_READ_COUNT);
        text_copy(w->last.key, sizeof(w->last.key), key ? key : "");
        w->given++;
        c.as_of = w->now;
        return w->cb(w->data, &c);
}

/* @from: NULL for the start. */
static int walk(struct walk *w, const struct order *order, const struct contact_position *from)
{
        bool down = w->filter->descending;
        _cleanup_q_ struct q *q = q_open(w->tx, order->sql[down]);
        q_int(q, from ? from->id : down ? INT64_MAX : w->filter->after.v);
        bind_filter(q, w);
        bind_place(q, w, from, order->key);
        while (q_row(q)) {
                w->more = w->limit && w->given == w->limit;
                if (w->more)
                        break;
                w->last.untimed = order == &untimed;
                int r = give(w, q);
                if (r)
                        return r;
        }
        return q_err(q);
}

/* Those without an appointment's time have no key, so they are a list of their own at the end. */
static int walk_all(struct walk *w, const struct contact_position *from)
{
        enum vio_contact_sort sort = w->filter->sort;
        int r = VIO_OK;
        if (!from || !from->untimed)
                r = walk(w, &orders[sort], from);
        if (r || w->more || sort != VIO_CONTACT_BY_APPOINTMENT)
                return r;
        return walk(w, &untimed, from && from->untimed ? from : NULL);
}

int contact_list(struct tenant_tx *tx, const struct vio_contact_filter *f, vio_time now,
                 int (*cb)(void *data, const struct vio_contact *c), void *data,
                 char ret_cursor[VIO_CONTACT_CURSOR])
{
        struct contact_position from;
        struct walk w = {.tx = tx, .filter = f, .now = now, .cb = cb, .data = data};
        bool goes_on = f->cursor && *f->cursor;
        int r = goes_on ? contact_cursor_read(f, f->cursor, &from) : VIO_OK;
        if (r)
                return r;
        w.limit = f->limit < INT32_MAX ? f->limit : 0;
        attention_day(now, w.day);
        if (f->search && *f->search) {
                make_pattern(f->search, w.pattern);
                make_digits(f->search, w.digits);
        }
        r = walk_all(&w, goes_on ? &from : NULL);
        if (r || !ret_cursor)
                return r;
        if (w.more)
                return contact_cursor_write(f, &w.last, ret_cursor);
        ret_cursor[0] = '\0';
        return VIO_OK;
}

int contact_each(struct tenant_tx *tx, const struct vio_contact_filter *f,
                 int (*cb)(void *data, const struct vio_contact *c), void *data)
{
        return contact_list(tx, f, 0, cb, data, NULL);
}

TENANT_SQL(sql_without_reminder,
           "SELECT c.id FROM contacts c WHERE c.tenant_id = ?1 AND c.appointment_status = 'pending'"
           " AND c.appointment_time > ?2 AND c.appointment_time <= ?3"
           " AND c.phone IS NOT NULL AND c.opted_out = 0 AND c.deleted_at IS NULL"
           " AND NOT EXISTS (SELECT 1 FROM call_tasks t WHERE t.tenant_id = ?1"
           " AND t.contact_id = c.id AND t.appointment_revision = c.appointment_revision)"
           " ORDER BY c.appointment_time LIMIT ?4");
int contacts_without_reminder(struct tenant_tx *tx, vio_time from, vio_time to, vio_contact_id *ret,
                              size_t n, size_t *ret_count)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_without_reminder);
        q_int(q, from);
        q_int(q, to);
        q_int(q, (int64_t)n);
        return ids_read(q, ret, n, ret_count);
}
