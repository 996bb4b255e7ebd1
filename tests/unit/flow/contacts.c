/* contacts.c - tests: what the staff decides about a contact; who is removed, and who is erased. */
#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vio/window.h>

#include "base/attr.h"
#include "clinic.h"
#include "run.h"

#define NAME   "Ermintrude Quimby"
#define MAIL   "ermintrude@quimby.example"
#define NOTE   "She has two cats"
#define REASON "told Mrs Brown at the desk"

static struct town town;
static struct business *acme = &town.acme;
static struct business *bolt = &town.bolt;
static vio_contact_id ada;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

static vio_contact_id given_ermintrude(struct business *b, int person)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact_id id = given_contact(b, NAME, person, MONDAY);
        f.email = MAIL;
        f.special_instructions = f.attention_note = NOTE;
        ck_assert_int_eq(vio_contact_change(b->handle, id, &f), 0);
        return id;
}

static int when_removed(struct business *b, vio_contact_id id, bool erase)
{
        return vio_contact_remove(b->handle, id, erase);
}

static void when_the_staff_says(struct business *b, vio_contact_id id,
                                enum vio_appointment_status status)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.appointment_status = (int)status;
        ck_assert_int_eq(vio_contact_change(b->handle, id, &f), 0);
}

static int count(void *data, const vio_contact *c)
{
        (void)c;
        ++*(size_t *)data;
        return 0;
}

static size_t listed(struct business *b)
{
        struct vio_contact_filter f = VIO_CONTACT_FILTER_INIT;
        size_t n = 0;
        ck_assert_int_eq(vio_contact_each(b->handle, &f, count, &n), 0);
        return n;
}

static int64_t counted(struct business *b)
{
        struct vio_contact_stats s;
        ck_assert_int_eq(vio_contact_stats(b->handle, &s), 0);
        return s.total;
}

static void then_gone(struct business *b, vio_contact_id id)
{
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        vio_contact *c = NULL;
        vio_call *call = NULL;
        ck_assert_int_eq(vio_contact_get(b->handle, id, &c), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_contact_change(b->handle, id, &f), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_contact_opt_out(b->handle, id, true, NULL), VIO_E_NOTFOUND);
        ck_assert_int_eq(vio_call_now(b->handle, id, &call), VIO_E_NOTFOUND);
        ck_assert_int_eq(when_removed(b, id, false), VIO_E_NOTFOUND);
}

/* Removal */

START_TEST(a_removed_contact_is_in_no_list_and_rung_no_more)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id theirs = given_contact(bolt, "Ada", 1, MONDAY);
        ck_assert_int_eq(ada.v, theirs.v);
        ck_assert_int_eq(when_removed(acme, ada, false), 0);
        then_gone(acme, ada);
        ck_assert_uint_eq(listed(acme), 0);
        ck_assert_int_eq(counted(acme), 0);
        then_nothing_is_planned(acme, ada);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_int_eq(tasks.list[0].reason, VIO_REASON_CONTACT_GONE);
        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_rings_are(acme, phone_of(1), 0);
        /* The other tenant's contact of the same id, name and number is not concerned. */
        ck_assert_uint_eq(listed(bolt), 1);
        then_rings_are(bolt, phone_of(1), 1);
}
END_TEST

START_TEST(what_a_removed_contact_says_still_lands_in_the_call)
{
        ada = given_contact(acme, "Ada", 5, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_int_eq(when_removed(acme, ada, false), 0);
        when_time_passes(&town, 1 * HOURS);
        struct seen_call call = call_now_of(acme, acme->last_call);
        ck_assert(call.is_final);
        ck_assert_int_eq(call.outcome, VIO_OUTCOME_NO_ANSWER);
        then_nothing_is_planned(acme, ada);
        then_gone(acme, ada);
}
END_TEST

static void ada_is_removed(struct town *t)
{
        vio_tenant *own = NULL;
        ck_assert_int_eq(vio_tenant_open(t->v, t->acme.id, NULL, &own), 0);
        ck_assert_int_eq(vio_contact_remove(own, ada, false), 0);
        vio_tenant_free(own);
}

START_TEST(a_dial_that_failed_is_not_repeated_for_a_removed_contact)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        town.during_dial = ada_is_removed;
        town.next_dial = MISHAP_REFUSED;
        when_it_is(&town, "2026-11-23T14:00:00Z");
        then_rings_are(acme, phone_of(1), 0);
        then_gone(acme, ada);
        then_nothing_is_planned(acme, ada);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_int_eq(last_task(&tasks, VIO_TASK_INITIAL_REMINDER)->reason,
                         VIO_REASON_CONTACT_GONE);
}
END_TEST

/* Erasure */

/* Whether the bytes of a file hold a text. */
static bool file_holds(const char *path, const char *needle)
{
        FILE *file = fopen(path, "rb");
        if (!file)
                return false;
        char *bytes = NULL;
        size_t len = 0, size = 0;
        do {
                size = size ? size * 2 : 1 << 20;
                bytes = realloc(bytes, size);
                ck_assert_ptr_nonnull(bytes);
                len += fread(bytes + len, 1, size - len, file);
        } while (len == size);
        fclose(file);
        bool found = memmem(bytes, len, needle, strlen(needle)) != NULL;
        free(bytes);
        return found;
}

static bool database_holds(const char *needle)
{
        char log[160];
        snprintf(log, sizeof(log), "%s-wal", town.database);
        return file_holds(town.database, needle) || file_holds(log, needle);
}

/* What the sandbox's person ..01 says, and where her recording is. */
#define SAID "Yes, I'll be there."

static const char *const traces[] = {
    NAME, "Ermintrude", "ermintrude", MAIL, NOTE, REASON, SAID, "recording.wav", "4155550101",
};

static void then_no_trace(void)
{
        for (size_t i = 0; i < count_of(traces); i++)
                ck_assert_msg(!database_holds(traces[i]), "\"%s\" is still there", traces[i]);
}

START_TEST(of_an_erased_person_nothing_is_left_in_the_file)
{
        ada = given_ermintrude(acme, 1);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 1 * HOURS);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, ada, true, REASON), 0);
        for (size_t i = 0; i < count_of(traces); i++)
                ck_assert_msg(database_holds(traces[i]), "\"%s\" never was there", traces[i]);
        ck_assert_int_eq(when_removed(acme, ada, true), 0);
        then_no_trace();
        then_gone(acme, ada);
        /* The call stays, with what became of it. */
        struct seen_call call = call_now_of(acme, acme->last_call);
        ck_assert_int_eq(call.outcome, VIO_OUTCOME_CONFIRMED);
        ck_assert_int_eq(counted(acme), 0);
}
END_TEST

START_TEST(what_comes_in_about_an_erased_person_is_kept_without_words)
{
        ada = given_ermintrude(acme, 1);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_int_eq(when_removed(acme, ada, true), 0);
        when_time_passes(&town, 1 * HOURS);
        struct seen_call call = call_now_of(acme, acme->last_call);
        ck_assert(call.is_final);
        ck_assert(call.webhook_verified);
        ck_assert_int_eq(call.outcome, VIO_OUTCOME_CONFIRMED);
        then_rings_are(acme, phone_of(1), 1);
        then_no_trace(); /* the number was needed until the call was final */
}
END_TEST

START_TEST(what_a_poll_brings_is_kept_without_words_too)
{
        ada = given_ermintrude(acme, 1);
        town.post = POST_LOST;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_int_eq(when_removed(acme, ada, true), 0);
        when_time_passes(&town, 1 * HOURS);
        ck_assert_int_eq(call_now_of(acme, acme->last_call).outcome, VIO_OUTCOME_CONFIRMED);
        ck_assert(!database_holds(SAID));
        ck_assert(!database_holds("recording.wav"));
        ck_assert(!database_holds(NAME));
}
END_TEST

START_TEST(a_webhook_that_comes_again_after_an_erasure_is_known)
{
        enum vio_receipt receipt = VIO_RECEIPT_STORED;
        town.post = POST_HELD;
        ada = given_ermintrude(acme, 1);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 10 * MINUTES);
        const struct held *told = held_event(&town, "call_analyzed");
        ck_assert_int_eq(deliver(&town, told, NULL), 0);
        ck_assert_int_eq(when_removed(acme, ada, true), 0);
        ck_assert_int_eq(deliver(&town, told, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_DUPLICATE);
        ck_assert(!database_holds(SAID));
        /* One that is new is taken in without its words. */
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_ended"), &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_STORED);
        ck_assert(!database_holds(SAID));
        ck_assert(!database_holds("recording.wav"));
}
END_TEST

START_TEST(a_removed_contact_may_still_be_erased_and_twice)
{
        ada = given_ermintrude(acme, 1);
        vio_contact_id theirs = given_ermintrude(bolt, 1);
        ck_assert_int_eq(when_removed(acme, ada, false), 0);
        ck_assert(database_holds(NAME));
        ck_assert_int_eq(when_removed(bolt, theirs, true), 0);
        ck_assert(database_holds(NAME));
        ck_assert_int_eq(when_removed(acme, ada, true), 0);
        then_no_trace();
        int64_t version = version_of(acme);
        ck_assert_int_eq(when_removed(acme, ada, true), 0);
        ck_assert_int_eq(version_of(acme), version);
        ck_assert_int_eq(when_removed(acme, (vio_contact_id){99}, true), VIO_E_NOTFOUND);
}
END_TEST

/* Numbers that must not be called */

static bool opted_out(struct business *b, vio_contact_id id)
{
        return contact_now(b, id).opted_out;
}

START_TEST(an_erased_wish_not_to_be_called_outlives_the_person)
{
        ada = given_ermintrude(acme, 1);
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, ada, true, REASON), 0);
        ck_assert_int_eq(when_removed(acme, ada, true), 0);
        then_no_trace();
        vio_contact_id again = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert(opted_out(acme, again));
        then_nothing_is_planned(acme, again);
        /* By another way of writing it, and by a change. */
        vio_contact_id bob = given_contact(acme, "Bob", 2, MONDAY);
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        f.phone = "+1 (415) 555-0101";
        ck_assert(!opted_out(acme, bob));
        ck_assert_int_eq(vio_contact_change(acme->handle, bob, &f), 0);
        ck_assert(opted_out(acme, bob));
        then_nothing_is_planned(acme, bob);
        /* To another tenant she said nothing. */
        ck_assert(!opted_out(bolt, given_contact(bolt, "Ada", 1, MONDAY)));
}
END_TEST

START_TEST(removing_somebody_does_not_lose_the_wish_and_a_new_word_ends_it)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, ada, true, NULL), 0);
        ck_assert_int_eq(when_removed(acme, ada, false), 0);
        vio_contact_id again = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert(opted_out(acme, again));
        ck_assert_int_eq(vio_contact_opt_out(acme->handle, again, false, NULL), 0);
        then_planned_at(acme, again, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:00:00Z");
        ck_assert(!opted_out(acme, given_contact(acme, "Ada", 1, MONDAY)));
}
END_TEST

static void said_while_gone(bool erase)
{
        ada = given_contact(acme, "Ada", 9, MONDAY);
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_int_eq(when_removed(acme, ada, erase), 0);
        when_time_passes(&town, 1 * HOURS);
        ck_assert(opted_out(acme, given_contact(acme, "Ada", 9, MONDAY)));
}

START_TEST(a_wish_heard_after_the_removal_counts)
{
        said_while_gone(false);
}
END_TEST

START_TEST(a_wish_heard_after_the_erasure_counts)
{
        said_while_gone(true);
}
END_TEST

/* What the staff decides */

START_TEST(the_staff_decides_and_calls_are_cancelled_or_planned_again)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        when_the_staff_says(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        then_nothing_is_planned(acme, ada);
        struct seen_tasks tasks = tasks_of(acme, ada);
        ck_assert_int_eq(tasks.list[0].reason, VIO_REASON_APPOINTMENT_DECIDED);
        when_the_staff_says(acme, ada, VIO_APPOINTMENT_PENDING);
        then_planned_at(acme, ada, VIO_TASK_INITIAL_REMINDER, "2026-11-22T15:00:00Z");
        when_it_is(&town, "2026-11-23T16:00:00Z");
        then_rings_are(acme, phone_of(1), 1);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
}
END_TEST

START_TEST(an_earlier_call_does_not_overrule_the_staff)
{
        town.post = POST_HELD;
        ada = given_contact(acme, "Ada", 1, "2026-11-27T15:00:00Z");
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 5 * SECONDS);
        when_the_staff_says(acme, ada, VIO_APPOINTMENT_CANCELLED);
        when_time_passes(&town, 1 * HOURS);
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_analyzed"), NULL), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CANCELLED);
        then_nothing_is_planned(acme, ada);
}
END_TEST

static int change(vio_contact_id id, struct vio_contact_fields f)
{
        return vio_contact_change(acme->handle, id, &f);
}

/* Fields, or a filter, with some members set: WITH(kind, INIT, it.member = value; ...). */
#define WITH(kind, init, ...)                                                                      \
        __extension__({                                                                            \
                struct kind it = init;                                                             \
                __VA_ARGS__;                                                                       \
                it;                                                                                \
        })
#define FIELDS(...) WITH(vio_contact_fields, VIO_CONTACT_FIELDS_INIT, __VA_ARGS__)
#define FILTER(...) WITH(vio_contact_filter, VIO_CONTACT_FILTER_INIT, __VA_ARGS__)

static void then_refused_naming(int r, const char *field)
{
        const char *text = vio_tenant_error(acme->handle);
        ck_assert_int_eq(r, VIO_E_INVALID);
        ck_assert_msg(strncmp(text, field, strlen(field)) == 0 && text[strlen(field)] == ':',
                      "\"%s\" does not name %s", text, field);
}

START_TEST(nobody_has_missed_an_appointment_that_is_ahead)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        vio_contact_id never = given_contact(acme, "Bob", 2, "");
        then_refused_naming(change(ada, FIELDS(it.no_show = 1)), "noShow");
        then_refused_naming(change(never, FIELDS(it.no_show = 1)), "noShow");
        then_refused_naming(change(ada, FIELDS(it.appointment_status = 4)), "appointmentStatus");
        when_it_is(&town, "2026-11-23T15:00:01Z");
        ck_assert_int_eq(change(ada, FIELDS(it.no_show = 1)), 0);
        /* The next appointment begins anew. */
        ck_assert_int_eq(change(ada, FIELDS(it.appointment_time = at("2026-11-30T15:00:00Z"))), 0);
        then_refused_naming(change(ada, FIELDS(it.no_show = 1)), "noShow");
}
END_TEST

START_TEST(an_appointment_may_be_taken_away)
{
        ada = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(
            change(ada, FIELDS(it.appointment_time = VIO_TIME_CLEAR; it.appointment_date = "")), 0);
        then_nothing_is_planned(acme, ada);
        vio_contact *c = NULL;
        ck_assert_int_eq(vio_contact_get(acme->handle, ada, &c), 0);
        ck_assert_int_eq(vio_contact_get_appointment_time(c), VIO_TIME_NONE);
        ck_assert_int_eq(vio_contact_get_display_status(c), VIO_DISPLAY_PENDING);
        vio_contact_free(c);
}
END_TEST

/* A program that was built against the first release has smaller structs. */
START_TEST(the_structs_of_the_first_release_are_taken)
{
        vio_contact_id id = {0};
        struct vio_contact_fields f = FIELDS(it.name = "Ada"; it.phone = "+14155550101");
        struct vio_contact_filter filter = VIO_CONTACT_FILTER_INIT;
        size_t n = 0;
        f.size = offsetof(struct vio_contact_fields, attention_note);
        f.attention_note = (const char *)1;
        f.appointment_status = 77;
        f.no_show = 77;
        ck_assert_int_eq(vio_contact_add(acme->handle, &f, &id), 0);
        ck_assert_int_eq(vio_contact_change(acme->handle, id, &f), 0);
        filter.size = offsetof(struct vio_contact_filter, needs_attention);
        filter.search = filter.cursor = (const char *)1;
        filter.needs_attention = true;
        ck_assert_int_eq(vio_contact_each(acme->handle, &filter, count, &n), 0);
        ck_assert_uint_eq(n, 1);
        f.size = filter.size = 8;
        ck_assert_int_eq(vio_contact_change(acme->handle, id, &f), VIO_E_INVALID);
        ck_assert_int_eq(vio_contact_each(acme->handle, &filter, count, &n), VIO_E_INVALID);
}
END_TEST

static int page(struct vio_contact_filter f)
{
        char cursor[VIO_CONTACT_CURSOR];
        size_t n = 0;
        return vio_contact_page(acme->handle, &f, count, &n, cursor);
}

START_TEST(a_filter_that_makes_no_sense_is_named)
{
        char longest[VIO_CONTACT_SEARCH_MAX + 2];
        memset(longest, 'x', sizeof(longest) - 1);
        longest[sizeof(longest) - 1] = '\0';
        ck_assert_int_eq(page(FILTER(it.search = longest + 1)), 0);
        then_refused_naming(page(FILTER(it.search = longest)), "search");
        then_refused_naming(page(FILTER(it.search = "\xff")), "search");
        then_refused_naming(page(FILTER(it.sort = (enum vio_contact_sort)4)), "sort");
        then_refused_naming(page(FILTER(it.status = 4)), "status");
        then_refused_naming(page(FILTER(it.limit = VIO_CONTACT_PAGE_MAX + 1)), "limit");
        then_refused_naming(page(FILTER(it.cursor = "no cursor")), "after");
        then_refused_naming(page(FILTER(it.after.v = 1; it.descending = true)), "after");
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("contacts");
        const TTest *const tests[] = {
            a_removed_contact_is_in_no_list_and_rung_no_more,
            what_a_removed_contact_says_still_lands_in_the_call,
            a_dial_that_failed_is_not_repeated_for_a_removed_contact,
            of_an_erased_person_nothing_is_left_in_the_file,
            what_comes_in_about_an_erased_person_is_kept_without_words,
            what_a_poll_brings_is_kept_without_words_too,
            a_webhook_that_comes_again_after_an_erasure_is_known,
            a_removed_contact_may_still_be_erased_and_twice,
            an_erased_wish_not_to_be_called_outlives_the_person,
            removing_somebody_does_not_lose_the_wish_and_a_new_word_ends_it,
            a_wish_heard_after_the_removal_counts,
            a_wish_heard_after_the_erasure_counts,
            the_staff_decides_and_calls_are_cancelled_or_planned_again,
            an_earlier_call_does_not_overrule_the_staff,
            nobody_has_missed_an_appointment_that_is_ahead,
            an_appointment_may_be_taken_away,
            the_structs_of_the_first_release_are_taken,
            a_filter_that_makes_no_sense_is_named,
        };
        for (size_t i = 0; i < count_of(tests); i++)
                add_fixture_case_(s, tests[i]->name, tests[i], open_town, close_town);
        return s;
}
