/*
 * chaos.c - a week in two clinics where everything goes wrong that can, drawn from a seed: answers
 * lost, webhooks lost, doubled and late, restarts, moved appointments. Whatever happens, nobody is
 * rung twice for one dial, too often, too early or against his will, and every call comes to an
 * end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/calendar.h"
#include "clinic.h"
#include "run.h"

#define SEEDS    3
#define PATIENTS 15
#define WEEK     (7 * DAYS)

static struct town town;
static uint64_t chance;

/* xorshift64*: the same week for the same seed. */
static unsigned draw(unsigned n)
{
        chance ^= chance >> 12;
        chance ^= chance << 25;
        chance ^= chance >> 27;
        return (unsigned)((chance * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % n;
}

struct patient {
        struct business *b;
        vio_contact_id id;
        char phone[20];
        vio_time opted_out_at;
};

static struct patient patients[2 * PATIENTS];

static void given_patients(void)
{
        struct business *all[] = {&town.acme, &town.bolt};
        for (int i = 0; i < 2 * PATIENTS; i++) {
                struct patient *p = &patients[i];
                char appointment[VIO_TIME_TEXT];
                vio_time when = town.now + 3 * HOURS + (vio_time)draw(6 * 24 * 60) * MINUTES;
                vio_time_format(when, appointment);
                *p = (struct patient){.b = all[i / PATIENTS], .opted_out_at = VIO_TIME_NONE};
                snprintf(p->phone, sizeof(p->phone), "+1415558%02d%02d", i, i % PATIENTS + 1);
                p->id = given_contact_with_phone(p->b, "Patient", p->phone, appointment);
        }
}

/* Things that happen. */

static void somebody_calls(struct patient *p)
{
        int r = when_called_now(p->b, p->id);
        ck_assert_msg(r == 0 || r == VIO_E_REFUSED || r == VIO_E_UPSTREAM, "%d", r);
}

static void somebody_moves(struct patient *p)
{
        char appointment[VIO_TIME_TEXT];
        vio_time_format(town.now + 4 * HOURS + (vio_time)draw(72 * 60) * MINUTES, appointment);
        when_appointment_moves(p->b, p->id, appointment);
}

static void somebody_opts_out(struct patient *p)
{
        if (p->opted_out_at != VIO_TIME_NONE)
                return;
        ck_assert_int_eq(vio_contact_opt_out(p->b->handle, p->id, true, "by mail"), 0);
        p->opted_out_at = town.now;
}

static void the_post_changes(struct patient *p)
{
        static const enum post kinds[] = {POST_DELIVERED, POST_LOST, POST_TWICE, POST_HELD};
        (void)p;
        town.post = kinds[draw(4)];
}

static void the_network_changes(struct patient *p)
{
        static const enum mishap kinds[] = {MISHAP_NONE,        MISHAP_NONE,
                                            MISHAP_ANSWER_LOST, MISHAP_NEVER_ARRIVED,
                                            MISHAP_REFUSED,     MISHAP_SERVER_ERROR};
        (void)p;
        town.every_request = kinds[draw(6)];
}

static void held_letters_come(struct patient *p)
{
        (void)p;
        for (size_t i = 0; i < town.n_held; i++) {
                const struct held *h = &town.held[draw((unsigned)town.n_held)];
                int r = deliver(&town, h, NULL);
                ck_assert_msg(r == 0, "%s: %d", h->event, r);
        }
        forget_held(&town);
}

static void the_program_restarts(struct patient *p)
{
        (void)p;
        ck_assert_int_eq(vio_release(town.v), 0);
        town_reopen(&town);
}

static void something_happens(void)
{
        static void (*const things[])(struct patient *) = {
            somebody_calls,    somebody_calls,    somebody_moves,      somebody_opts_out,
            the_post_changes,  the_post_changes,  the_network_changes, the_network_changes,
            held_letters_come, held_letters_come, the_program_restarts};
        things[draw(count_of(things))](&patients[draw(2 * PATIENTS)]);
        if (town.n_held > MOST_HELD / 2)
                held_letters_come(NULL);
        if (town.post == POST_HELD && town.n_held > MOST_HELD / 4)
                town.post = POST_DELIVERED;
}

/* What must hold of all that rang. */

static int local_minute(const vio_zone *zone, vio_time t, int64_t *ret_day)
{
        struct vio_local l;
        vio_zone_local(zone, t, &l);
        *ret_day = l.day_number;
        return l.hour * 60 + l.minute;
}

static void check_rings(const struct patient *p)
{
        struct world_ring list[64];
        size_t n = world_rings(town.world, p->phone, list, count_of(list));
        vio_zone *zone = NULL;
        int64_t day_before = 0;
        int in_day = 0;

        ck_assert_uint_le(n, count_of(list));
        ck_assert_int_eq(vio_zone_open(p->b->zone, &zone), 0);
        for (size_t i = 0; i < n; i++) {
                int64_t day;
                int minute = local_minute(zone, list[i].at, &day);
                in_day = day == day_before ? in_day + 1 : 1;
                day_before = day;
                ck_assert_msg(in_day <= VIO_DAILY_LIMIT, "%d calls in a day", in_day);
                ck_assert_msg(minute >= VIO_WINDOW_EARLIEST && minute < VIO_WINDOW_LATEST,
                              "a call at minute %d of the day", minute);
                ck_assert_msg(p->opted_out_at == VIO_TIME_NONE || list[i].at <= p->opted_out_at,
                              "a call against his will");
                for (size_t j = 0; j < i; j++) {
                        ck_assert_str_ne(list[i].attempt_ref, list[j].attempt_ref);
                        ck_assert_msg(list[i].at > list[j].at + 1 * SECONDS, "two calls at once");
                }
        }
        vio_zone_free(zone);
}

static int check_call(void *data, const vio_call *c)
{
        struct business *b = data;
        vio_call_id id = vio_call_get_id(c);
        enum vio_dial_state dial = vio_call_get_dial_state(c);
        ck_assert_msg(dial != VIO_DIAL_DIALING && dial != VIO_DIAL_UNKNOWN, "%s of %s is %s", id.s,
                      b->name, vio_dial_state_name(dial));
        ck_assert_msg(vio_call_get_status(c) == VIO_CALL_COMPLETED ||
                          vio_call_get_status(c) == VIO_CALL_FAILED,
                      "%s of %s is %s", id.s, b->name,
                      vio_call_status_name(vio_call_get_status(c)));
        return 0;
}

static int check_task(void *data, const vio_task *task)
{
        (void)data;
        ck_assert_int_ne(vio_task_get_status(task), VIO_TASK_PROCESSING);
        return 0;
}

/* Calm comes back: everything that is open must settle within a day. */
static void check_end(struct business *b)
{
        struct vio_call_filter calls = VIO_CALL_FILTER_INIT;
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT;
        calls.limit = 500;
        tasks.limit = 500;
        ck_assert_int_eq(vio_call_each(b->handle, &calls, check_call, b), 0);
        ck_assert_int_eq(vio_task_each(b->handle, &tasks, check_task, b), 0);
}

START_TEST(a_week_of_trouble_ends_well)
{
        chance = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(_i + 1);
        town_open_with_lag(&town, _i % 3 * 20 * SECONDS);
        given_patients();
        vio_time end = town.now + WEEK;
        while (town.now < end) {
                something_happens();
                when_time_passes(&town, (int64_t)draw(90) * MINUTES + draw(60) * SECONDS);
        }
        town.every_request = MISHAP_NONE;
        town.post = POST_DELIVERED;
        when_time_passes(&town, 1 * DAYS);
        for (int i = 0; i < 2 * PATIENTS; i++)
                check_rings(&patients[i]);
        check_end(&town.acme);
        check_end(&town.bolt);
        town_close(&town);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("chaos");
        TCase *weeks = tcase_create("weeks");
        tcase_add_loop_test(weeks, a_week_of_trouble_ends_well, 0, SEEDS);
        tcase_set_timeout(weeks, 120);
        suite_add_tcase(s, weeks);
        return s;
}
