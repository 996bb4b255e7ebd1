/* audit.c - the log of who did what: its filters, its pages, and its proof. */
#include <stdio.h>
#include <string.h>

#include "abi/handle.h"
#include "clinic.h"
#include "run.h"
#include "store/q.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static vio_operator *op;

static void open_town(void)
{
        town_open(&town);
        ck_assert_int_eq(vio_operator_open(town.v, NULL, &op), 0);
}

static void close_town(void)
{
        op = vio_operator_free(op);
        town_close(&town);
}

struct row {
        int64_t tenant, id, user, contact;
        char actor[16], email[64], acting_as[16], action[32], call[37], detail[64], ip[46];
        vio_time at;
};

#define MOST_ROWS 512

static struct log {
        struct row rows[MOST_ROWS];
        size_t n;
} seen;

static void copy(char *to, size_t size, const char *from)
{
        snprintf(to, size, "%s", from ? from : "-");
}

static int note(void *data, const struct vio_audit_entry *e)
{
        struct log *log = data;
        ck_assert_uint_lt(log->n, MOST_ROWS);
        struct row *r = &log->rows[log->n++];
        *r = (struct row){e->tenant.v, e->id, e->user.v, e->contact.v, .at = e->at};
        copy(r->actor, sizeof(r->actor), e->actor);
        copy(r->email, sizeof(r->email), e->email);
        copy(r->acting_as, sizeof(r->acting_as), e->acting_as);
        copy(r->action, sizeof(r->action), e->action);
        copy(r->call, sizeof(r->call), e->call);
        copy(r->detail, sizeof(r->detail), e->detail);
        copy(r->ip, sizeof(r->ip), e->ip_address);
        return 0;
}

static const struct log *log_of(struct business *b, const struct vio_audit_filter *filter)
{
        seen.n = 0;
        int r = vio_audit_each(b->handle, filter, note, &seen);
        ck_assert_msg(r == 0, "%s", vio_tenant_error(b->handle));
        return &seen;
}

static struct vio_audit_filter all(void)
{
        struct vio_audit_filter f = VIO_AUDIT_FILTER_INIT;
        f.limit = VIO_AUDIT_LIMIT;
        return f;
}

static vio_user_id given_user(struct business *b, const char *email)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_user_id id = {0};
        f.email = email;
        f.password = "right password";
        f.full_name = "Ada Lovelace";
        ck_assert_int_eq(vio_user_add(b->handle, &f, &id), 0);
        return id;
}

/* Somebody opts a contact out, and in again. */
static void act_as(struct business *b, enum vio_actor_kind kind, vio_user_id user,
                   vio_contact_id contact)
{
        struct vio_actor actor = {kind, user, "192.0.2.7"};
        vio_tenant *t = NULL;
        ck_assert_int_eq(vio_tenant_open(town.v, b->id, &actor, &t), 0);
        ck_assert_int_eq(vio_contact_opt_out(t, contact, true, NULL), 0);
        ck_assert_int_eq(vio_contact_opt_out(t, contact, false, NULL), 0);
        vio_tenant_free(t);
}

START_TEST(the_log_comes_newest_first_and_tells_who_what_and_when)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_user_id eve = given_user(acme, "eve@acme.org");
        town.now += 1 * MINUTES;
        act_as(acme, VIO_ACTOR_USER, eve, ada);
        const struct log *log = log_of(acme, NULL);
        const struct row *r = &log->rows[0];
        ck_assert_int_eq(r->tenant, acme->id.v);
        ck_assert_int_eq(r->id, (int64_t)log->n);
        ck_assert_str_eq(r->actor, "user");
        ck_assert_int_eq(r->user, eve.v);
        ck_assert_str_eq(r->email, "eve@acme.org");
        ck_assert_str_eq(r->acting_as, "-");
        ck_assert_int_eq(r->contact, ada.v);
        ck_assert_str_eq(r->ip, "192.0.2.7");
        ck_assert_int_eq(r->at, town.now);
        for (size_t i = 1; i < log->n; i++) {
                ck_assert_int_eq(log->rows[i].id, log->rows[i - 1].id - 1);
                ck_assert_int_le(log->rows[i].at, log->rows[i - 1].at);
        }
}
END_TEST

START_TEST(an_impersonator_is_told_with_the_account_and_the_role)
{
        struct vio_user_fields f = VIO_USER_FIELDS_INIT;
        vio_user_id owner = {0};
        f.email = "owner@example.org";
        f.password = "right password";
        f.full_name = "Robin Platt";
        f.role = VIO_ROLE_SUPER_ADMIN;
        ck_assert_int_eq(vio_operator_user_add(op, &f, &owner), 0);
        act_as(acme, VIO_ACTOR_IMPERSONATOR, owner, given_contact(acme, "Ada", 1, MONDAY));
        const struct row *r = &log_of(acme, NULL)->rows[0];
        ck_assert_str_eq(r->actor, "impersonator");
        ck_assert_int_eq(r->user, owner.v);
        ck_assert_str_eq(r->email, "owner@example.org");
        ck_assert_str_eq(r->acting_as, "client_admin");
}
END_TEST

/* Both tenants do the same; nothing of one may show in the other's answers. */
static vio_user_id given_activity(struct business *b, vio_contact_id *ret)
{
        *ret = given_contact(b, "Ada", 1, MONDAY);
        vio_contact_id ben = given_contact(b, "Ben", 2, MONDAY);
        vio_user_id eve = given_user(b, "eve@example.org");
        act_as(b, VIO_ACTOR_USER, eve, *ret);
        act_as(b, VIO_ACTOR_COMMAND, (vio_user_id){0}, ben);
        ck_assert_int_eq(when_called_now(b, *ret), 0);
        return eve;
}

/* What a filter lets through, judged row by row from the whole log. */
static bool fits(const struct vio_audit_filter *f, const struct row *r)
{
        return (!f->user.v || r->user == f->user.v) &&
               (!f->contact.v || r->contact == f->contact.v) &&
               (!f->action || strncmp(r->action, f->action, strlen(f->action)) == 0) &&
               (f->from == VIO_TIME_NONE || r->at >= f->from) &&
               (f->to == VIO_TIME_NONE || r->at < f->to) && (!f->before || r->id < f->before);
}

static void check_filter(const struct log *whole, const struct vio_audit_filter *f)
{
        const struct log *got = log_of(acme, f);
        size_t at = 0;
        for (size_t i = 0; i < whole->n; i++) {
                if (!fits(f, &whole->rows[i]))
                        continue;
                ck_assert_uint_lt(at, got->n);
                ck_assert_int_eq(got->rows[at++].id, whole->rows[i].id);
        }
        ck_assert_uint_eq(at, got->n);
}

START_TEST(every_mix_of_filters_gives_what_fits_and_nothing_else)
{
        vio_contact_id ada, twin;
        vio_user_id eve = given_activity(acme, &ada);
        given_activity(bolt, &twin);
        when_time_passes(&town, 10 * MINUTES);
        struct vio_audit_filter open = all();
        static struct log whole;
        whole = *log_of(acme, &open);
        ck_assert_uint_gt(whole.n, 10);
        static const char *const actions[] = {NULL, "contact.", "call.", "contact.opt_out",
                                              "x",  "Call.",    ""};
        for (unsigned mix = 0; mix < 32; mix++)
                for (size_t i = 0; i < count_of(actions); i++) {
                        struct vio_audit_filter f = all();
                        f.action = actions[i];
                        f.user.v = mix & 1 ? eve.v : 0;
                        f.contact.v = mix & 2 ? ada.v : 0;
                        f.from = mix & 4 ? whole.rows[whole.n / 2].at : VIO_TIME_NONE;
                        f.to = mix & 8 ? whole.rows[whole.n / 3].at : VIO_TIME_NONE;
                        f.before = mix & 16 ? (int64_t)whole.n - 3 : 0;
                        check_filter(&whole, &f);
                }
}
END_TEST

START_TEST(pages_put_together_are_the_whole)
{
        vio_contact_id ada;
        given_activity(acme, &ada);
        given_activity(bolt, &ada);
        struct vio_audit_filter f = all();
        size_t total = log_of(acme, &f)->n;
        int64_t expected = (int64_t)total;
        f.limit = 3;
        for (size_t got = 0; got < total;) {
                const struct log *page = log_of(acme, &f);
                ck_assert_uint_ge(page->n, 1);
                ck_assert_uint_le(page->n, 3);
                for (size_t i = 0; i < page->n; i++)
                        ck_assert_int_eq(page->rows[i].id, expected--);
                got += page->n;
                f.before = page->rows[page->n - 1].id;
        }
        ck_assert_uint_eq(log_of(acme, &f)->n, 0);
}
END_TEST

START_TEST(a_limit_out_of_range_is_refused)
{
        struct vio_audit_filter f = all();
        f.limit = 0;
        ck_assert_int_eq(vio_audit_each(acme->handle, &f, note, &seen), VIO_E_INVALID);
        f.limit = VIO_AUDIT_LIMIT + 1;
        ck_assert_int_eq(vio_audit_each(acme->handle, &f, note, &seen), VIO_E_INVALID);
        ck_assert_ptr_nonnull(strstr(vio_tenant_error(acme->handle), "limit"));
}
END_TEST

START_TEST(a_tenant_cannot_ask_for_anothers_log)
{
        vio_contact_id ada;
        given_activity(bolt, &ada);
        struct vio_audit_filter f = all();
        size_t own = log_of(acme, &f)->n;
        f.tenant = bolt->id;
        const struct log *log = log_of(acme, &f);
        ck_assert_uint_eq(log->n, own);
        for (size_t i = 0; i < log->n; i++)
                ck_assert_int_eq(log->rows[i].tenant, acme->id.v);
}
END_TEST

static size_t operators_view(vio_tenant_id tenant)
{
        struct vio_audit_filter f = all();
        f.tenant = tenant;
        seen.n = 0;
        ck_assert_int_eq(vio_operator_audit_each(op, &f, note, &seen), 0);
        for (size_t i = 0; i < seen.n; i++)
                ck_assert_int_eq(seen.rows[i].tenant, tenant.v);
        return seen.n;
}

START_TEST(the_operator_reads_one_log_at_a_time)
{
        vio_contact_id ada;
        struct vio_user_fields fields = VIO_USER_FIELDS_INIT;
        vio_user_id owner;
        fields.email = "owner@example.org";
        fields.password = "right password";
        fields.full_name = "Robin Platt";
        fields.role = VIO_ROLE_SUPER_ADMIN;
        given_activity(acme, &ada);
        ck_assert_int_eq(vio_operator_user_add(op, &fields, &owner), 0);
        struct vio_audit_filter f = all();
        size_t n = log_of(acme, &f)->n;
        ck_assert_uint_eq(operators_view(acme->id), n);
        ck_assert_uint_lt(operators_view(bolt->id), n);
        ck_assert_uint_eq(operators_view((vio_tenant_id){0}), 1);
        ck_assert_str_eq(seen.rows[0].action, "user.add");
        f.tenant.v = 99;
        ck_assert_int_eq(vio_operator_audit_each(op, &f, note, &seen), VIO_E_NOTFOUND);
}
END_TEST

static int64_t broken_at(vio_tenant_id tenant)
{
        int64_t broken = -1;
        ck_assert_int_eq(vio_operator_audit_verify(op, tenant, &broken), 0);
        return broken;
}

START_TEST(after_a_lot_of_activity_every_chain_is_whole)
{
        vio_contact_id ada;
        for (int i = 1; i <= 12; i++) {
                given_contact(acme, "Ada", i, MONDAY);
                given_contact(bolt, "Ada", i, MONDAY);
        }
        given_activity(acme, &ada);
        ck_assert_int_eq(vio_tenant_suspend(op, bolt->id, true, "Unpaid"), 0);
        when_it_is(&town, "2026-11-22T20:00:00Z");
        ck_assert_int_eq(vio_tenant_suspend(op, bolt->id, false, NULL), 0);
        when_it_is(&town, "2026-11-23T20:00:00Z");
        struct vio_audit_filter f = all();
        ck_assert_uint_gt(log_of(acme, &f)->n, 80);
        ck_assert_int_eq(broken_at(acme->id), 0);
        ck_assert_int_eq(broken_at(bolt->id), 0);
        ck_assert_int_eq(broken_at((vio_tenant_id){0}), 0);
}
END_TEST

TENANT_SQL(sql_tamper, "UPDATE audit_logs SET ip_address = ?2 WHERE tenant_id = ?1 AND id = 4");
static int tamper_in(struct tenant_tx *tx, void *arg)
{
        _cleanup_q_ struct q *q = q_open(tx, &sql_tamper);
        q_text(q, arg);
        return q_done(q);
}

static void tamper(struct business *b, const char *ip_address)
{
        ck_assert_int_eq(
            store_write_tenant(town.v->engine.store, b->id, tamper_in, (void *)ip_address, NULL),
            0);
}

START_TEST(a_row_that_was_changed_breaks_its_own_chain_only)
{
        vio_contact_id ada;
        int64_t broken = -1;
        given_activity(acme, &ada);
        given_activity(bolt, &ada);
        tamper(bolt, "192.0.2.66");
        ck_assert_int_eq(vio_audit_verify(bolt->handle, &broken), 0);
        ck_assert_int_eq(broken, 4);
        ck_assert_int_eq(broken_at(bolt->id), 4);
        ck_assert_int_eq(vio_audit_verify(acme->handle, &broken), 0);
        ck_assert_int_eq(broken, 0);
        broken = -1;
        ck_assert_int_eq(vio_operator_audit_verify(op, (vio_tenant_id){99}, &broken),
                         VIO_E_NOTFOUND);
        ck_assert_int_eq(broken, -1);
        tamper(bolt, NULL); /* as it was: closing the town looks at both chains again */
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("audit");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(the_log_comes_newest_first_and_tells_who_what_and_when);
        CASE(an_impersonator_is_told_with_the_account_and_the_role);
        CASE(every_mix_of_filters_gives_what_fits_and_nothing_else);
        CASE(pages_put_together_are_the_whole);
        CASE(a_limit_out_of_range_is_refused);
        CASE(a_tenant_cannot_ask_for_anothers_log);
        CASE(the_operator_reads_one_log_at_a_time);
        CASE(after_a_lot_of_activity_every_chain_is_whole);
        CASE(a_row_that_was_changed_breaks_its_own_chain_only);
        return s;
}
