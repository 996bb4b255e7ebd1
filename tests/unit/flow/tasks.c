/* tasks.c - what people do to planned calls: cancel, move, plan again; and pages of them. */
#include <stdio.h>
#include <string.h>

#include "clinic.h"
#include "run.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;
static vio_contact_id ada;

static void open_town(void)
{
        town_open(&town);
        ada = given_contact(acme, "Ada", 1, MONDAY);
        given_contact(bolt, "Ada", 1, MONDAY);
}

static void close_town(void)
{
        town_close(&town);
}

static int take_id(void *data, const vio_task *task)
{
        *(vio_task_id *)data = vio_task_get_id(task);
        return 0;
}

/* The latest task of the contact. */
static vio_task_id task_of(struct business *b, vio_contact_id contact)
{
        struct vio_task_filter f = VIO_TASK_FILTER_INIT;
        vio_task_id id = {""};
        f.contact = contact;
        ck_assert_int_eq(vio_task_each(b->handle, &f, take_id, &id), 0);
        ck_assert_str_ne(id.s, "");
        return id;
}

static enum vio_task_status status_of(struct business *b, vio_task_id id)
{
        vio_task *task = NULL;
        ck_assert_int_eq(vio_task_get(b->handle, id, &task), 0);
        enum vio_task_status status = vio_task_get_status(task);
        vio_task_free(task);
        return status;
}

#define then_told(b, part)                                                                         \
        ck_assert_msg(strstr(vio_tenant_error((b)->handle), part), "it says: %s",                  \
                      vio_tenant_error((b)->handle))

START_TEST(a_cancelled_call_is_not_made_and_does_not_come_back)
{
        ck_assert_int_eq(vio_task_cancel(acme->handle, task_of(acme, ada)), 0);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_int_eq(tasks.list[0].status, VIO_TASK_CANCELLED);
        ck_assert_int_eq(tasks.list[0].reason, VIO_REASON_BY_STAFF);

        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.special_instructions = "Rings twice at the door";
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        then_nothing_is_planned(acme, ada);
        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_rings_are(acme, phone_of(1), 0);
        then_rings_are(bolt, phone_of(1), 1);
}
END_TEST

static vio_task_id dialled;
static int result_meanwhile;

static void somebody_cancels(struct town *t)
{
        result_meanwhile = vio_task_cancel(t->acme.handle, dialled);
        then_told(acme, "being placed at this moment");
}

static void somebody_moves(struct town *t)
{
        result_meanwhile = vio_task_move(t->acme.handle, dialled, t->now + 20 * MINUTES);
        then_told(acme, "being placed at this moment");
}

static void somebody_retries(struct town *t)
{
        result_meanwhile = vio_task_retry(t->acme.handle, dialled, VIO_TIME_NONE, NULL);
        then_told(acme, "being placed at this moment");
}

static void (*const meddlers[])(struct town *) = {somebody_cancels, somebody_moves,
                                                  somebody_retries};

START_TEST(a_call_that_is_being_placed_cannot_be_changed_any_more)
{
        dialled = task_of(acme, ada);
        town.during_dial = meddlers[_i];
        when_it_is(&town, "2026-11-22T14:59:59Z");
        vio_task_cancel(bolt->handle, task_of(bolt, ada));
        when_it_is(&town, "2026-11-22T16:00:00Z");
        ck_assert_int_eq(result_meanwhile, VIO_E_CONFLICT);
        ck_assert_int_eq(status_of(acme, dialled), VIO_TASK_COMPLETED);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_task_that_is_over_says_so)
{
        vio_task_id id = task_of(acme, ada);
        when_it_is(&town, "2026-11-22T16:00:00Z");
        ck_assert_int_eq(vio_task_cancel(acme->handle, id), VIO_E_CONFLICT);
        then_told(acme, "was placed already");
        ck_assert_int_eq(vio_task_move(acme->handle, id, at("2026-11-23T14:00:00Z")),
                         VIO_E_CONFLICT);
        ck_assert_int_eq(vio_task_retry(acme->handle, id, VIO_TIME_NONE, NULL), VIO_E_CONFLICT);
}
END_TEST

START_TEST(another_tenants_task_and_no_task_are_the_same)
{
        vio_task_id theirs = task_of(acme, ada), nobodys = {"01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11"};
        const vio_task_id ids[] = {theirs, nobodys};
        for (size_t i = 0; i < 2; i++) {
                vio_task *task = NULL;
                ck_assert_int_eq(vio_task_get(bolt->handle, ids[i], &task), VIO_E_NOTFOUND);
                ck_assert_int_eq(vio_task_cancel(bolt->handle, ids[i]), VIO_E_NOTFOUND);
                then_told(bolt, "Task not found");
                ck_assert_int_eq(vio_task_move(bolt->handle, ids[i], town.now + DAYS),
                                 VIO_E_NOTFOUND);
                ck_assert_int_eq(vio_task_retry(bolt->handle, ids[i], VIO_TIME_NONE, NULL),
                                 VIO_E_NOTFOUND);
        }
        ck_assert_int_eq(status_of(acme, theirs), VIO_TASK_PENDING);
}
END_TEST

START_TEST(a_moved_call_keeps_its_time_and_is_made_then)
{
        ck_assert_int_eq(
            vio_task_move(acme->handle, task_of(acme, ada), at("2026-11-21T18:30:00Z")), 0);
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.special_instructions = "Rings twice at the door";
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        when_it_is(&town, "2026-11-21T18:29:59Z");
        town_reopen(&town);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-21T18:30:00Z");
        then_rings_are(acme, phone_of(1), 0);
        when_it_is(&town, "2026-11-21T18:31:00Z");
        then_rings_are(acme, phone_of(1), 1);
        then_planned_at(bolt, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:00:00Z");
}
END_TEST

/* In New York the window is open from 8 to 21, that is from 13:00 to 02:00 UTC. */
static const struct {
        const char *at, *told;
} bad_times[] = {
    {"2026-11-20T15:00:00Z",
     "scheduledFor: must be ahead; the next open moment is 2026-11-20T15:00:00.001Z"},
    {"2026-11-19T15:00:00Z", "scheduledFor: must be ahead; the next open moment is 2026-11-20T15"},
    {"2026-11-23T15:00:00Z", "scheduledFor: must be before the appointment; no open moment"},
    {"2026-11-25T15:00:00Z", "scheduledFor: must be before the appointment; no open moment"},
    {"2026-11-21T12:59:59Z",
     "scheduledFor: must be inside the calling window; the next open moment is "
     "2026-11-21T13:00:00Z"},
    {"2026-11-22T02:00:00Z",
     "scheduledFor: must be inside the calling window; the next open moment is "
     "2026-11-22T13:00:00Z"},
};

START_TEST(a_time_that_is_not_good_is_refused_with_the_next_that_is)
{
        int r = vio_task_move(acme->handle, task_of(acme, ada), at(bad_times[_i].at));
        ck_assert_int_eq(r, VIO_E_INVALID);
        then_told(acme, bad_times[_i].told);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:00:00Z");
}
END_TEST

START_TEST(a_contacts_own_zone_decides_when_the_window_is_open)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.time_zone = "Pacific/Auckland";
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        int r = vio_task_move(acme->handle, task_of(acme, ada), at("2026-11-21T18:00:00Z"));
        ck_assert_int_eq(r, VIO_E_INVALID);
        then_told(acme, "2026-11-21T19:00:00Z");
}
END_TEST

/* The telephone service cannot be reached until all tries are spent. */
static vio_task_id given_failed_task(void)
{
        vio_task_id id = task_of(acme, ada);
        town.every_request = MISHAP_REFUSED;
        when_it_is(&town, "2026-11-22T16:00:00Z");
        town.every_request = MISHAP_NONE;
        ck_assert_int_eq(status_of(acme, id), VIO_TASK_FAILED);
        return id;
}

START_TEST(a_failed_call_is_planned_again_as_a_new_one)
{
        vio_task_id failed = given_failed_task(), made;
        ck_assert_int_eq(vio_task_retry(acme->handle, failed, VIO_TIME_NONE, &made), 0);
        ck_assert_str_ne(failed.s, made.s);
        ck_assert_int_eq(status_of(acme, failed), VIO_TASK_FAILED);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T16:00:00Z");
        ck_assert_int_eq(vio_task_retry(acme->handle, failed, VIO_TIME_NONE, NULL), VIO_E_CONFLICT);
        then_told(acme, "such a call is planned already");
        when_time_passes(&town, 10 * MINUTES);
        then_rings_are(acme, phone_of(1), 1);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
}
END_TEST

START_TEST(a_cancelled_call_is_planned_again_for_the_time_that_is_wished)
{
        vio_task_id id = task_of(acme, ada);
        ck_assert_int_eq(vio_task_cancel(acme->handle, id), 0);
        ck_assert_int_eq(vio_task_retry(acme->handle, id, at("2026-11-21T04:00:00Z"), NULL),
                         VIO_E_INVALID);
        then_told(acme, "2026-11-21T13:00:00Z");
        ck_assert_int_eq(vio_task_retry(acme->handle, id, at("2026-11-21T17:00:00Z"), NULL), 0);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-21T17:00:00Z");
        when_it_is(&town, "2026-11-21T18:00:00Z");
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(at_night_a_call_is_planned_again_for_the_morning)
{
        vio_task_id id = task_of(acme, ada);
        ck_assert_int_eq(vio_task_cancel(acme->handle, id), 0);
        when_it_is(&town, "2026-11-21T05:00:00Z");
        ck_assert_int_eq(vio_task_retry(acme->handle, id, VIO_TIME_NONE, NULL), 0);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-21T13:00:00Z");
}
END_TEST

static void decide(void)
{
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
}

static void opt_out(void)
{
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, ada, true, NULL), 0);
}

static void move_appointment(void)
{
        when_appointment_moves(acme, ada, "2026-11-25T15:00:00Z");
}

static void let_it_pass(void)
{
        when_it_is(&town, "2026-11-23T15:00:00Z");
}

/* Of another appointment, early in the morning. */
static vio_task_id early;
static void come_too_late(void)
{
        struct vio_task_filter pending = VIO_TASK_FILTER_INIT;
        pending.status = VIO_TASK_PENDING;
        when_appointment_moves(acme, ada, "2026-11-22T12:00:00Z");
        ck_assert_int_eq(vio_task_each(acme->handle, &pending, take_id, &early), 0);
        ck_assert_int_eq(vio_task_cancel(acme->handle, early), 0);
        when_it_is(&town, "2026-11-22T03:00:00Z");
}

static const struct {
        void (*happens)(void);
        enum vio_reason reason;
} obstacles[] = {
    {decide, VIO_REASON_APPOINTMENT_DECIDED},
    {opt_out, VIO_REASON_OPTED_OUT},
    {move_appointment, VIO_REASON_APPOINTMENT_MOVED},
    {let_it_pass, VIO_REASON_APPOINTMENT_PAST},
    {come_too_late, VIO_REASON_TOO_LATE},
};

START_TEST(what_the_rules_forbid_is_not_planned_again)
{
        vio_task_id id = task_of(acme, ada);
        ck_assert_int_eq(vio_task_cancel(acme->handle, id), 0);
        obstacles[_i].happens();
        if (obstacles[_i].reason == VIO_REASON_TOO_LATE)
                id = early;
        int r = vio_task_retry(acme->handle, id, VIO_TIME_NONE, NULL);
        then_refused_for(acme, r, obstacles[_i].reason);
}
END_TEST

struct gathered {
        vio_task_id ids[64];
        vio_time last;
        size_t n;
};

static int gather(void *data, const vio_task *task)
{
        struct gathered *g = data;
        ck_assert_int_le(g->last, vio_task_get_scheduled_for(task));
        ck_assert_ptr_nonnull(vio_task_get_contact_name(task));
        g->last = vio_task_get_scheduled_for(task);
        ck_assert_uint_lt(g->n, 64);
        g->ids[g->n++] = vio_task_get_id(task);
        return 0;
}

static size_t gather_pages(struct vio_task_filter f, size_t limit, struct gathered *g)
{
        char cursor[VIO_TASK_CURSOR] = "";
        size_t pages = 0;
        *g = (struct gathered){.n = 0};
        f.limit = limit;
        do {
                size_t before = g->n;
                f.after = cursor;
                ck_assert_int_eq(vio_task_page(acme->handle, &f, gather, g, cursor), 0);
                ck_assert_uint_le(g->n - before, limit);
                pages++;
        } while (*cursor);
        for (size_t i = 0; i < g->n; i++)
                for (size_t j = 0; j < i; j++)
                        ck_assert_str_ne(g->ids[i].s, g->ids[j].s);
        return pages;
}

/* Several of them are planned for the very same time. */
START_TEST(pages_hold_every_task_once_and_in_order)
{
        struct gathered g;
        struct vio_task_filter all = VIO_TASK_FILTER_INIT, some = VIO_TASK_FILTER_INIT;
        for (int i = 2; i <= 12; i++)
                given_contact(acme, "Somebody", i,
                              i % 3 ? "2026-11-24T15:00:00Z" : "2026-11-26T15:00:00Z");
        for (size_t limit = 1; limit <= 13; limit++) {
                ck_assert_uint_eq(gather_pages(all, limit, &g), (12 + limit - 1) / limit);
                ck_assert_uint_eq(g.n, 12);
        }
        some.from = at("2026-11-23T15:00:00Z");
        some.to = at("2026-11-25T15:00:00Z");
        gather_pages(some, 3, &g);
        ck_assert_uint_eq(g.n, 7);
        some.status = VIO_TASK_PENDING;
        gather_pages(some, 3, &g);
        ck_assert_uint_eq(g.n, 7);
        some.status = VIO_TASK_CANCELLED;
        gather_pages(some, 3, &g);
        ck_assert_uint_eq(g.n, 0);
}
END_TEST

START_TEST(the_filter_of_the_first_release_goes_on_working)
{
        struct {
                size_t size;
                vio_contact_id contact;
                int status;
                size_t limit;
        } old = {sizeof(old), {0}, VIO_TASK_PENDING, 100};
        struct vio_task_filter bad = VIO_TASK_FILTER_INIT;
        struct gathered g = {.n = 0};
        ck_assert_int_eq(
            vio_task_each(acme->handle, (const struct vio_task_filter *)(void *)&old, gather, &g),
            0);
        ck_assert_uint_eq(g.n, 1);
        bad.after = "yesterday";
        ck_assert_int_eq(vio_task_each(acme->handle, &bad, gather, &g), VIO_E_INVALID);
        then_told(acme, "after: ");
        bad = (struct vio_task_filter){.size = 3};
        ck_assert_int_eq(vio_task_each(acme->handle, &bad, gather, &g), VIO_E_INVALID);
}
END_TEST

#define add(test) add_fixture_case(s, test, open_town, close_town)

static void add_rows(Suite *s, const char *name, const TTest *test, int n)
{
        TCase *tc = tcase_create(name);
        tcase_add_checked_fixture(tc, open_town, close_town);
        tcase_add_loop_test(tc, test, 0, n);
        tcase_set_timeout(tc, 60);
        suite_add_tcase(s, tc);
}

Suite *suite(void)
{
        Suite *s = suite_create("tasks");
        add(a_cancelled_call_is_not_made_and_does_not_come_back);
        add(a_task_that_is_over_says_so);
        add(another_tenants_task_and_no_task_are_the_same);
        add(a_moved_call_keeps_its_time_and_is_made_then);
        add(a_contacts_own_zone_decides_when_the_window_is_open);
        add(a_failed_call_is_planned_again_as_a_new_one);
        add(a_cancelled_call_is_planned_again_for_the_time_that_is_wished);
        add(at_night_a_call_is_planned_again_for_the_morning);
        add(pages_hold_every_task_once_and_in_order);
        add(the_filter_of_the_first_release_goes_on_working);
        add_rows(s, "meddling", a_call_that_is_being_placed_cannot_be_changed_any_more, 3);
        add_rows(s, "times", a_time_that_is_not_good_is_refused_with_the_next_that_is, 6);
        add_rows(s, "obstacles", what_the_rules_forbid_is_not_planned_again, 5);
        return s;
}
