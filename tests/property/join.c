/* join.c - tests: the join of evidence is a join, and no order of events can change its result. */
#include <vio/retell.h>

#include <string.h>

#include "random.h"
#include "run.h"

#define OUTCOMES 10
#define STATUSES 4
#define FLAGS    128

static struct vio_evidence known(int outcome, int status, unsigned flags)
{
        struct vio_evidence e = VIO_EVIDENCE_INIT;
        e.outcome = (enum vio_outcome)outcome;
        e.status = (enum vio_call_status)status;
        e.flags = flags;
        return e;
}

static struct vio_evidence join(struct vio_evidence a, struct vio_evidence b)
{
        struct vio_evidence r;
        memset(&r, 0x5a, sizeof r);
        vio_evidence_join(&a, &b, &r);
        return r;
}

static bool equal(struct vio_evidence a, struct vio_evidence b)
{
        return vio_evidence_equal(&a, &b);
}

/* Every pair of outcome, status and flags: each field is the maximum or the union, and only that.
 */
START_TEST(every_pair_of_finite_parts_joins_field_by_field)
{
        for (int i = 0; i < OUTCOMES * OUTCOMES * STATUSES * STATUSES; i++) {
                int o1 = i % OUTCOMES, o2 = i / OUTCOMES % OUTCOMES;
                int s1 = i / 100 % STATUSES, s2 = i / 400;
                for (unsigned f1 = 0; f1 < FLAGS; f1++) {
                        for (unsigned f2 = 0; f2 < FLAGS; f2++) {
                                struct vio_evidence r = join(known(o1, s1, f1), known(o2, s2, f2));
                                bool right =
                                    r.outcome == (enum vio_outcome)(o1 > o2 ? o1 : o2) &&
                                    r.status == (enum vio_call_status)(s1 > s2 ? s1 : s2) &&
                                    r.flags == (f1 | f2);
                                if (!right)
                                        ck_abort_msg("%d %d %u with %d %d %u", o1, s1, f1, o2, s2,
                                                     f2);
                        }
                }
        }
}
END_TEST

START_TEST(every_value_joined_with_itself_or_with_nothing_stays)
{
        for (int o = 0; o < OUTCOMES; o++) {
                for (int s = 0; s < STATUSES; s++) {
                        for (unsigned f = 0; f < FLAGS; f++) {
                                struct vio_evidence e = known(o, s, f);
                                ck_assert(equal(join(e, e), e));
                                ck_assert(equal(join(e, known(0, 0, 0)), e));
                        }
                }
        }
}
END_TEST

static void assert_join_laws(struct vio_evidence a, struct vio_evidence b, struct vio_evidence c)
{
        if (!equal(join(a, b), join(b, a)))
                ck_abort_msg("not commutative");
        if (!equal(join(join(a, b), c), join(a, join(b, c))))
                ck_abort_msg("not associative");
        if (!equal(join(a, join(a, b)), join(a, b)))
                ck_abort_msg("not idempotent");
}

START_TEST(every_three_outcomes_and_statuses_obey_the_laws)
{
        for (int i = 0; i < 40; i++)
                for (int j = 0; j < 40; j++)
                        for (int k = 0; k < 40; k++)
                                assert_join_laws(known(i % 10, i / 10, 1U << i % 7),
                                                 known(j % 10, j / 10, 1U << j % 7),
                                                 known(k % 10, k / 10, 1U << k % 7));
}
END_TEST

START_TEST(every_three_sets_of_flags_obey_the_laws)
{
        for (unsigned i = 0; i < FLAGS; i++)
                for (unsigned j = 0; j < FLAGS; j++)
                        for (unsigned k = j; k < FLAGS; k += 3)
                                assert_join_laws(known(0, 0, i), known(0, 0, j), known(0, 0, k));
}
END_TEST

static const int64_t numbers[] = {-1, 0, 1, 5000, INT64_MAX, -9};
static const char *const texts[] = {NULL, "", "a", "b", "ab", "User: yes"};

/* All values of one kind of field in three pieces of evidence. */
START_TEST(every_three_times_and_texts_obey_the_laws)
{
        for (int i = 0; i < 6 * 6 * 6; i++) {
                struct vio_evidence e[3];
                for (int n = 0, rest = i; n < 3; n++, rest /= 6) {
                        e[n] = known(0, 0, 0);
                        e[n].started_at = e[n].ended_at = e[n].duration_ms = numbers[rest % 6];
                        e[n].transcript = e[n].recording_url = texts[rest % 6];
                        e[n].disconnection_reason = texts[rest % 6];
                }
                assert_join_laws(e[0], e[1], e[2]);
        }
}
END_TEST

START_TEST(the_result_may_be_either_argument)
{
        struct vio_evidence a = known(3, 1, 1), b = known(6, 0, 2), r = join(a, b), x = a, y = b;
        vio_evidence_join(&x, &b, &x);
        vio_evidence_join(&a, &y, &y);
        ck_assert(equal(x, r));
        ck_assert(equal(y, r));
}
END_TEST

/* One of what may be said of a call: a call object of any kind, or a decision of the staff. */
static struct vio_evidence random_evidence(uint64_t *rnd)
{
        static const char *const statuses[] = {NULL,    "registered", "not_connected",
                                               "ended", "ongoing",    "error"};
        static const char *const transcripts[] = {NULL, "Agent: Hi.\n", "Agent: Hi.\nUser: Yes.\n",
                                                  "Agent: Hi.\nUser: No!!\n"};
        static const char *const reasons[] = {
            NULL,        "user_hangup", "dial_busy",  "dial_no_answer",    "voicemail_reached",
            "error_asr", "inactivity",  "new_reason", "user_requested_dnc"};
        if (random_below(rnd, 8) == 0)
                return known((int)random_below(rnd, OUTCOMES), 0, 0);
        struct vio_retell_call c = VIO_RETELL_CALL_INIT;
        uint64_t bits = random_next(rnd);
        c.event = (enum vio_retell_event)random_below(rnd, 5);
        c.call_status = statuses[random_below(rnd, 6)];
        c.disconnection_reason = reasons[random_below(rnd, 9)];
        c.transcript = transcripts[random_below(rnd, 4)];
        c.recording_url = texts[random_below(rnd, 6)];
        c.start_ms = random_below(rnd, 3) - 1;
        c.end_ms = random_below(rnd, 4) - 1;
        c.duration_ms = random_below(rnd, 4) - 1;
        c.has_analysis = bits & 1;
        c.in_voicemail = (bits & 6) == 6;
        c.confirmed = bits & 8;
        c.cancelled = (bits & 48) == 48;
        c.rescheduled = (bits & 192) == 192;
        c.opt_out = (bits & 768) == 768;
        struct vio_evidence e;
        vio_retell_evidence(&c, &e);
        return e;
}

struct history {
        struct vio_evidence events[5], expected;
        uint64_t *rnd;
};

/* Delivers in this order, each event perhaps again at once, and anything again at the end. */
static void deliver(const struct history *h, const int order[5])
{
        struct vio_evidence state = VIO_EVIDENCE_INIT;
        uint64_t again = random_next(h->rnd);
        for (int i = 0; i < 5; i++) {
                state = join(state, h->events[order[i]]);
                if (again >> i & 1)
                        state = join(state, h->events[order[i]]);
        }
        for (int i = 0; i < 5; i++)
                if (again >> (8 + i) & 1)
                        state = join(h->events[order[i]], state);
        ck_assert(equal(state, h->expected));
}

static void permute(const struct history *h, int order[5], int fixed)
{
        if (fixed == 5)
                deliver(h, order);
        for (int i = fixed; i < 5; i++) {
                int kept = order[fixed];
                order[fixed] = order[i];
                order[i] = kept;
                permute(h, order, fixed + 1);
                order[i] = order[fixed];
                order[fixed] = kept;
        }
}

START_TEST(all_orders_of_five_events_with_duplicates_end_in_one_state)
{
        uint64_t rnd = 20260701;
        for (int round = 0; round < 400; round++) {
                struct history h = {.expected = VIO_EVIDENCE_INIT, .rnd = &rnd};
                for (int i = 0; i < 5; i++) {
                        h.events[i] = random_evidence(&rnd);
                        h.expected = join(h.expected, h.events[i]);
                }
                permute(&h, (int[]){0, 1, 2, 3, 4}, 0);
        }
}
END_TEST

START_TEST(what_is_final_by_its_own_right_stays_final)
{
        uint64_t rnd = 7;
        for (int round = 0; round < 20000; round++) {
                struct vio_evidence a = random_evidence(&rnd), b = random_evidence(&rnd);
                struct vio_evidence both = join(a, b);
                bool by_right = a.flags & (VIO_EVIDENCE_ANALYSED | VIO_EVIDENCE_DECIDED);
                if (by_right && vio_evidence_is_final(&a, 0))
                        ck_assert(vio_evidence_is_final(&both, 0));
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("join");
        add_slow_case(s, every_pair_of_finite_parts_joins_field_by_field, 180);
        add_case(s, every_value_joined_with_itself_or_with_nothing_stays);
        add_case(s, every_three_outcomes_and_statuses_obey_the_laws);
        add_slow_case(s, every_three_sets_of_flags_obey_the_laws, 180);
        add_case(s, every_three_times_and_texts_obey_the_laws);
        add_case(s, the_result_may_be_either_argument);
        add_case(s, all_orders_of_five_events_with_duplicates_end_in_one_state);
        add_case(s, what_is_final_by_its_own_right_stays_final);
        return s;
}
