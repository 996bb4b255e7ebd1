/* audit.c - table audit_logs: who did what, chained by hashes. */
#include "store/audit.h"

#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "store/q.h"

#define HASH_TEXT (2 * SHA256_SIZE + 1)

/* In the order of enum vio_actor_kind. */
static const char *const actors[] = {"system", "user", "command", "impersonator"};

/* The end of a chain: the number of its last row and that row's hash. */
struct head {
        int64_t seq;
        char hash[HASH_TEXT];
};

/* A row as it is hashed. Texts may be NULL. */
struct entry {
        int64_t tenant, id, user, contact;
        const char *actor, *action, *call, *detail, *ip;
        vio_time at;
};

/* By hand: a row has fourteen numbers, and printf would take longer than the hash. */
static const char *decimal(int64_t value, char room[24])
{
        char *at = room + 23;
        uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
        *at = '\0';
        do
                *--at = (char)('0' + left % 10);
        while (left /= 10);
        if (value < 0)
                *--at = '-';
        return at;
}

static void add_text(struct text *t, const char *value)
{
        char room[24];
        if (!value) {
                text_add(t, "-,");
                return;
        }
        size_t len = strlen(value);
        text_add(t, decimal((int64_t)len, room));
        text_add_char(t, ':');
        text_add_n(t, value, len);
        text_add_char(t, ',');
}

static void add_number(struct text *t, int64_t value)
{
        char room[24];
        add_text(t, decimal(value, room));
}

/* Each field with its length before it, so that no two rows have the same bytes. */
static int hash_of(const char *before, const struct entry *e, char ret[HASH_TEXT])
{
        _cleanup_text_ struct text t = TEXT_INIT;
        add_text(&t, before);
        add_number(&t, e->tenant);
        add_number(&t, e->id);
        add_number(&t, e->user);
        add_text(&t, e->actor);
        add_text(&t, e->action);
        add_number(&t, e->contact);
        add_text(&t, e->call);
        add_text(&t, e->detail);
        add_text(&t, e->ip);
        add_number(&t, e->at);
        uint8_t digest[SHA256_SIZE];
        int r = t.failed ? VIO_E_NOMEM : crypto_sha256(text_str(&t), t.len, digest);
        if (!r)
                hex_encode(digest, sizeof(digest), ret);
        return r;
}

/* Tenant 0 is the installation; its head stands in a table of its own. */
static int read_head(struct q *q, struct head *ret)
{
        if (!q_row(q))
                return q_err(q) ? q_err(q) : VIO_E_NOTFOUND;
        struct head h = {.seq = q_col_int(q, 0)};
        text_copy(h.hash, sizeof(h.hash), q_col_text(q, 1));
        if (!q_err(q))
                *ret = h;
        return q_err(q);
}

TENANT_SQL(sql_head, "SELECT audit_seq, audit_head FROM tenant_state WHERE tenant_id = ?1");
SYSTEM_SQL(sql_system_head, "SELECT audit_seq, audit_head FROM installation WHERE one = 1");
static int head_get(struct tenant_tx *tx, struct head *ret)
{
        _cleanup_q_ struct q *q =
            tx->tenant.v ? q_open(tx, &sql_head) : q_open_system(tx->system, &sql_system_head);
        return read_head(q, ret);
}

TENANT_SQL(sql_head_set, "UPDATE tenant_state SET audit_seq = ?2, audit_head = ?3"
                         " WHERE tenant_id = ?1");
SYSTEM_SQL(sql_system_head_set,
           "UPDATE installation SET audit_seq = ?1, audit_head = ?2 WHERE one = 1");
static int head_set(struct tenant_tx *tx, const struct head *h)
{
        _cleanup_q_ struct q *q = tx->tenant.v ? q_open(tx, &sql_head_set)
                                               : q_open_system(tx->system, &sql_system_head_set);
        q_int(q, h->seq);
        q_text(q, h->hash);
        return q_done(q);
}

TENANT_SQL(sql_add, "INSERT INTO audit_logs (tenant_id, id, user_id, actor, action, contact_id,"
                    " call_id, detail, ip_address, created_at, hash)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
static int add_row(struct tenant_tx *tx, const struct entry *e, const char *hash)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_add);
        q_int(q, e->id);
        q_id(q, e->user);
        q_text(q, e->actor);
        q_text(q, e->action);
        q_id(q, e->contact);
        q_text(q, e->call);
        q_text(q, e->detail);
        q_text(q, e->ip);
        q_time(q, e->at);
        q_text(q, hash);
        return q_done(q);
}

int audit_add(struct tenant_tx *tx, const struct audit *a)
{
        struct head head = {0};
        int r = head_get(tx, &head);
        if (r)
                return r;
        struct entry e = {
            .tenant = tx->tenant.v,
            .id = head.seq + 1,
            .user = a->actor->user.v,
            .actor = actors[a->actor->kind],
            .action = a->action,
            .contact = a->contact.v,
            .call = a->call ? a->call->s : NULL,
            .detail = a->detail ? a->detail : "",
            .ip = a->actor->ip_address,
            .at = a->at,
        };
        struct head next = {.seq = e.id};
        r = hash_of(head.hash, &e, next.hash);
        if (!r)
                r = add_row(tx, &e, next.hash);
        return r ? r : head_set(tx, &next);
}

int audit_add_system(struct system_tx *tx, const struct audit *a)
{
        struct tenant_tx installation = tx_narrow(tx, (vio_tenant_id){0});
        return audit_add(&installation, a);
}

TENANT_SQL(sql_each_of_call, "SELECT id, action, detail, created_at FROM audit_logs"
                             " WHERE tenant_id = ?1 AND call_id = ?2 ORDER BY id");
int audit_each_of_call(struct tenant_tx *tx, vio_call_id call,
                       int (*cb)(void *data, const struct audit_row *r), void *data)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_each_of_call);
        q_text(q, call.s);
        while (q_row(q)) {
                struct audit_row row = {
                    .id = q_col_int(q, 0),
                    .action = q_col_text(q, 1),
                    .detail = q_col_text(q, 2),
                    .created_at = q_col_time(q, 3),
                };
                int r = q_err(q) ? q_err(q) : cb(data, &row);
                if (r)
                        return r;
        }
        return q_err(q);
}

/*
 * A page of the log: of everything, of an account, of a contact; the last two have an index each.
 * ?2 is the account or the contact, 0 for everything; what is NULL or 0 of the others is open.
 */
#define PAGE(whose)                                                                                \
        "SELECT id, user_id, actor, action, contact_id, call_id, detail, ip_address, created_at"   \
        " FROM audit_logs WHERE tenant_id = ?1 AND " whose " AND id < ?3"                          \
        " AND (?4 IS NULL OR substr(action, 1, length(?4)) = ?4)"                                  \
        " AND (?5 IS NULL OR created_at >= ?5) AND (?6 IS NULL OR created_at < ?6)"                \
        " AND (?7 = 0 OR user_id = ?7) ORDER BY id DESC LIMIT ?8"
TENANT_SQL(sql_page, PAGE("?2 = 0"));
TENANT_SQL(sql_page_of_user, PAGE("user_id = ?2"));
TENANT_SQL(sql_page_of_contact, PAGE("contact_id = ?2"));

static struct q *open_page(struct tenant_tx *tx, const struct vio_audit_filter *f)
{
        const struct tenant_sql *sql = f->contact.v ? &sql_page_of_contact
                                       : f->user.v  ? &sql_page_of_user
                                                    : &sql_page;
        struct q *q = q_open(tx, sql);
        q_int(q, f->contact.v ? f->contact.v : f->user.v);
        q_int(q, f->before > 0 ? f->before : INT64_MAX);
        q_text(q, f->action);
        q_time(q, f->from);
        q_time(q, f->to);
        q_int(q, f->user.v);
        q_int(q, (int64_t)f->limit);
        return q;
}

/* An impersonator is no account of the tenant's, so the address is looked up among all. */
SYSTEM_SQL(sql_email, "SELECT email FROM users WHERE id = ?1");
static int find_email(struct system_tx *tx, int64_t user, char *ret, size_t size)
{
        if (!user)
                return VIO_OK;
        _cleanup_q_ struct q *q = q_open_system(tx, &sql_email);
        q_int(q, user);
        if (q_row(q))
                text_copy(ret, size, q_col_text(q, 0));
        return q_err(q);
}

static int lend_entry(struct tenant_tx *tx, struct q *q,
                      int (*cb)(void *data, const struct vio_audit_entry *e), void *data)
{
        char email[255] = "";
        struct vio_audit_entry e = {
            .tenant = tx->tenant,
            .id = q_col_int(q, 0),
            .user = {q_col_int(q, 1)},
            .actor = q_col_text(q, 2),
            .action = q_col_text(q, 3),
            .contact = {q_col_int(q, 4)},
            .call = q_col_text(q, 5),
            .detail = q_col_text(q, 6),
            .ip_address = q_col_text(q, 7),
            .at = q_col_time(q, 8),
        };
        int r = q_err(q) ? q_err(q) : find_email(tx->system, e.user.v, email, sizeof(email));
        if (r)
                return r;
        e.email = *email ? email : NULL;
        if (strcmp(e.actor, actors[VIO_ACTOR_IMPERSONATOR]) == 0)
                e.acting_as = "client_admin";
        return cb(data, &e);
}

int audit_each(struct tenant_tx *tx, const struct vio_audit_filter *filter,
               int (*cb)(void *data, const struct vio_audit_entry *e), void *data)
{
        _cleanup_q_ struct q *q = open_page(tx, filter);
        while (q_row(q)) {
                int r = lend_entry(tx, q, cb, data);
                if (r)
                        return r;
        }
        return q_err(q);
}

/* Whether the row at hand follows @head; then @head moves on to it. */
static int follows(struct tenant_tx *tx, struct q *q, struct head *head, bool *ret)
{
        struct entry e = {
            .tenant = tx->tenant.v,
            .id = q_col_int(q, 0),
            .user = q_col_int(q, 1),
            .actor = q_col_text(q, 2),
            .action = q_col_text(q, 3),
            .contact = q_col_int(q, 4),
            .call = q_col_text(q, 5),
            .detail = q_col_text(q, 6),
            .ip = q_col_text(q, 7),
            .at = q_col_time(q, 8),
        };
        struct head next = {.seq = e.id};
        int r = q_err(q) ? q_err(q) : hash_of(head->hash, &e, next.hash);
        if (r)
                return r;
        const char *stored = q_col_text(q, 9);
        *ret = e.id == head->seq + 1 && stored && strcmp(stored, next.hash) == 0;
        *head = next;
        return q_err(q);
}

TENANT_SQL(sql_chain, "SELECT id, user_id, actor, action, contact_id, call_id, detail, ip_address,"
                      " created_at, hash FROM audit_logs WHERE tenant_id = ?1 ORDER BY id");
int audit_verify(struct tenant_tx *tx, int64_t *ret_broken)
{
        struct head end = {0}, head = {0};
        int r = head_get(tx, &end);
        if (r)
                return r;
        _cleanup_q_ struct q *q = q_open(tx, &sql_chain);
        int64_t expected = 1;
        for (bool ok = true; q_row(q); expected = head.seq + 1) {
                r = follows(tx, q, &head, &ok);
                if (r)
                        return r;
                if (!ok) {
                        *ret_broken = expected;
                        return VIO_OK;
                }
        }
        if (q_err(q))
                return q_err(q);
        /* Rows cut off at the end leave a chain that fits, but not to the head. */
        bool whole = head.seq == end.seq && strcmp(head.hash, end.hash) == 0;
        *ret_broken = whole ? 0 : expected;
        return VIO_OK;
}
