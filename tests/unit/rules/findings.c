/* findings.c - tests: what strikes about the calls to a contact, over every mix of the facts. */
#include "rules/findings.h"

#include "run.h"

#define NOW INT64_C(1767268800000)

/* The contact was called once and missed it; nothing is planned. */
static struct finding_facts missed(void)
{
        return (struct finding_facts){
            .now = NOW,
            .appointment = NOW + 1,
            .has_phone = true,
            .shown = VIO_OUTCOME_VOICEMAIL,
            .known = VIO_OUTCOME_VOICEMAIL,
            .called = true,
            .call = {VIO_DIAL_PLACED, VIO_OUTCOME_VOICEMAIL,
                     VIO_EVIDENCE_OVER | VIO_EVIDENCE_DECIDED | VIO_EVIDENCE_WEBHOOK_SEEN, true,
                     VIO_TIME_NONE, true},
            .planned_at = VIO_TIME_NONE,
        };
}

static struct finding found[MOST_FINDINGS];
static size_t n_found;

static const struct finding *find(const struct finding_facts *f, enum finding_name name)
{
        n_found = findings(f, found);
        for (size_t i = 0; i < n_found; i++)
                if (found[i].name == name)
                        return &found[i];
        return NULL;
}

static bool is_next(enum finding_name n)
{
        return n == FINDING_CALL_PLANNED || n == FINDING_UNDECIDED_YET || n == FINDING_NOT_MISSED ||
               n == FINDING_NO_FOLLOW_UP || n == FINDING_FOLLOW_UP_LOST || n == FINDING_NOT_CALLED;
}

/* NULL when they make sense. Called so often that Check's own assertions would cost seconds. */
static const char *defect(const struct finding_facts *f)
{
        int next = 0, status = 0;
        n_found = findings(f, found);
        for (size_t i = 0; i < n_found; i++) {
                next += is_next(found[i].name);
                status += found[i].name >= FINDING_STATUS_DECIDED;
                bool needs_reason =
                    found[i].name == FINDING_NO_FOLLOW_UP || found[i].name == FINDING_NOT_CALLED;
                if (needs_reason && found[i].reason == VIO_REASON_NONE)
                        return "a reason is missing";
                for (size_t k = 0; k < i; k++)
                        if (found[i].name == found[k].name)
                                return "something is told twice";
        }
        bool settled = (f->call.flags & VIO_EVIDENCE_OVER) &&
                       (f->call.flags & (VIO_EVIDENCE_ANALYSED | VIO_EVIDENCE_DECIDED));
        bool unclear = f->call.dial != VIO_DIAL_PLACED || !settled ||
                       (f->call.is_final && f->call.outcome == VIO_OUTCOME_UNKNOWN);
        if (f->called && unclear && n_found < 3)
                return "what is missing to the outcome is not told";
        if (n_found > MOST_FINDINGS)
                return "there are too many";
        return next == 1 && status == 1 ? NULL : "it is not one about what is next and the status";
}

/* Every dial state, outcome, set of flags, and whether it is final, planned, called, opted out. */
START_TEST(every_mix_says_what_comes_next_and_what_the_status_shows)
{
        for (unsigned i = 0; i < 5 * 10 * 128 * 32; i++) {
                struct finding_facts f = missed();
                unsigned bits = i / (5 * 10 * 128);
                f.call.dial = (enum vio_dial_state)(i % 5);
                f.call.outcome = (enum vio_outcome)(i / 5 % 10);
                f.call.flags = i / 50 % 128;
                f.call.is_final = bits & 1;
                f.planned = bits & 2;
                f.called = bits & 4;
                f.opted_out = bits & 8;
                f.call.next_poll_at = bits & 16 ? NOW + 5 : VIO_TIME_NONE;
                f.shown = f.known = f.call.outcome;
                const char *found_out = defect(&f);
                if (found_out)
                        ck_abort_msg("mix %u: %s", i, found_out);
        }
}
END_TEST

START_TEST(every_finding_and_reason_has_its_words)
{
        for (int i = 0; i < FINDING_COUNT; i++) {
                ck_assert_ptr_nonnull(finding_code((enum finding_name)i));
                ck_assert_ptr_nonnull(finding_text((enum finding_name)i));
                for (int j = 0; j < i; j++)
                        ck_assert_str_ne(finding_code((enum finding_name)i),
                                         finding_code((enum finding_name)j));
        }
        ck_assert_ptr_null(reason_remedy(VIO_REASON_NONE));
        ck_assert_ptr_nonnull(reason_remedy(VIO_REASON_NO_PHONE));
}
END_TEST

START_TEST(a_missed_call_without_any_follow_up_was_lost)
{
        struct finding_facts f = missed();
        ck_assert_ptr_nonnull(find(&f, FINDING_FOLLOW_UP_LOST));
        f.planned = true;
        f.planned_at = NOW + 9;
        f.planned_reason = VIO_REASON_DAILY_LIMIT;
        const struct finding *planned = find(&f, FINDING_CALL_PLANNED);
        ck_assert_ptr_nonnull(planned);
        ck_assert_int_eq(planned->next_at, NOW + 9);
        ck_assert_int_eq(planned->reason, VIO_REASON_DAILY_LIMIT);
}
END_TEST

static enum vio_reason why_no_follow_up(const struct finding_facts *f)
{
        const struct finding *none = find(f, FINDING_NO_FOLLOW_UP);
        return none ? none->reason : VIO_REASON_NONE;
}

START_TEST(each_obstacle_tells_why_there_is_no_follow_up)
{
        struct finding_facts f = missed();
        f.given_up = VIO_REASON_TOO_LATE;
        ck_assert_int_eq(why_no_follow_up(&f), VIO_REASON_TOO_LATE);
        f.call.about_this = false;
        f.given_up = VIO_REASON_NONE;
        ck_assert_int_eq(why_no_follow_up(&f), VIO_REASON_APPOINTMENT_MOVED);
        f.appointment = NOW;
        ck_assert_int_eq(why_no_follow_up(&f), VIO_REASON_APPOINTMENT_PAST);
        f.appointment_status = VIO_APPOINTMENT_CONFIRMED;
        ck_assert_int_eq(why_no_follow_up(&f), VIO_REASON_APPOINTMENT_DECIDED);
        f.appointment = VIO_TIME_NONE;
        ck_assert_int_eq(why_no_follow_up(&f), VIO_REASON_NO_APPOINTMENT);
        f.has_phone = false;
        ck_assert_int_eq(why_no_follow_up(&f), VIO_REASON_NO_PHONE);
        f.opted_out = true;
        ck_assert_int_eq(why_no_follow_up(&f), VIO_REASON_OPTED_OUT);
}
END_TEST

START_TEST(a_call_that_reached_somebody_needs_no_follow_up)
{
        struct finding_facts f = missed();
        f.call.outcome = VIO_OUTCOME_ANSWERED;
        ck_assert_ptr_nonnull(find(&f, FINDING_NOT_MISSED));
        f.call.is_final = false;
        ck_assert_ptr_nonnull(find(&f, FINDING_UNDECIDED_YET));
}
END_TEST

START_TEST(a_call_without_an_outcome_tells_what_is_missing)
{
        struct finding_facts f = missed();
        f.call.outcome = VIO_OUTCOME_NONE;
        f.call.flags = 0;
        f.call.is_final = false;
        f.call.next_poll_at = NOW + 7;
        ck_assert_ptr_nonnull(find(&f, FINDING_WEBHOOK_NOT_SEEN));
        ck_assert_int_eq(find(&f, FINDING_POLL_PENDING)->next_at, NOW + 7);

        f.call.flags = VIO_EVIDENCE_OVER | VIO_EVIDENCE_WEBHOOK_SEEN;
        ck_assert_ptr_nonnull(find(&f, FINDING_ANALYSIS_AWAITED));
        ck_assert_ptr_null(find(&f, FINDING_WEBHOOK_NOT_SEEN));

        f.call.is_final = true;
        ck_assert_ptr_nonnull(find(&f, FINDING_NO_ANALYSIS));
        f.call.flags = VIO_EVIDENCE_WEBHOOK_SEEN;
        ck_assert_ptr_nonnull(find(&f, FINDING_GIVEN_UP));
        f.call.flags = VIO_EVIDENCE_OVER | VIO_EVIDENCE_ANALYSED;
        f.call.outcome = VIO_OUTCOME_UNKNOWN;
        ck_assert_ptr_nonnull(find(&f, FINDING_OUTCOME_UNKNOWN));
        f.call.dial = VIO_DIAL_UNKNOWN;
        ck_assert_ptr_nonnull(find(&f, FINDING_DIAL_UNKNOWN));
}
END_TEST

START_TEST(the_status_is_explained_by_what_it_shows)
{
        struct finding_facts f = missed();
        ck_assert_ptr_nonnull(find(&f, FINDING_STATUS_OUTCOME));
        f.shown = VIO_OUTCOME_NONE;
        ck_assert_ptr_nonnull(find(&f, FINDING_STATUS_STALE));
        f.known = VIO_OUTCOME_NONE;
        ck_assert_ptr_nonnull(find(&f, FINDING_STATUS_NO_OUTCOME));
        f.shown = f.known = VIO_OUTCOME_ANSWERED;
        ck_assert_ptr_nonnull(find(&f, FINDING_STATUS_NOTHING_DECIDED));
        f.appointment_status = VIO_APPOINTMENT_CANCELLED;
        ck_assert_ptr_nonnull(find(&f, FINDING_STATUS_DECIDED));
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("findings");
        add_fixture_case(s, every_mix_says_what_comes_next_and_what_the_status_shows, NULL, NULL);
        add_fixture_case(s, every_finding_and_reason_has_its_words, NULL, NULL);
        add_fixture_case(s, a_missed_call_without_any_follow_up_was_lost, NULL, NULL);
        add_fixture_case(s, each_obstacle_tells_why_there_is_no_follow_up, NULL, NULL);
        add_fixture_case(s, a_call_that_reached_somebody_needs_no_follow_up, NULL, NULL);
        add_fixture_case(s, a_call_without_an_outcome_tells_what_is_missing, NULL, NULL);
        add_fixture_case(s, the_status_is_explained_by_what_it_shows, NULL, NULL);
        return s;
}
