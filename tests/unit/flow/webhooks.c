/* webhooks.c - what arrives from Retell: who may say it, how it may look, in which order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "clinic.h"
#include "run.h"

static struct town town;
static struct business *const acme = &town.acme;
static struct business *const bolt = &town.bolt;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

/* One call of each to somebody, whose webhooks are held. */
static vio_contact_id given_a_call(struct business *b, int person)
{
        vio_contact_id who = given_contact(b, "Ada", person, MONDAY);
        town.post = POST_HELD;
        ck_assert_int_eq(when_called_now(b, who), 0);
        return who;
}

static vio_contact_id given_a_finished_call(struct business *b, int person)
{
        vio_contact_id who = given_a_call(b, person);
        town.every_request = MISHAP_SERVER_ERROR;
        when_time_passes(&town, 2 * MINUTES);
        town.every_request = MISHAP_NONE;
        return who;
}

/* A webhook by hand: the call object's fields beside its id. */
static char body_room[4096];
static const char *body_of(const char *event, const char *envelope, const char *call_id,
                           const char *fields)
{
        snprintf(body_room, sizeof(body_room), "{\"event\":\"%s\",\"%s\":{\"call_id\":\"%s\"%s}}",
                 event, envelope, call_id, fields);
        return body_room;
}

START_TEST(an_unknown_call_is_not_found)
{
        int64_t version = version_of(acme);
        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now,
                                     body_of("call_ended", "call", "call_nobody_knows", "")),
                         VIO_E_NOTFOUND);
        ck_assert_int_eq(version_of(acme), version);
}
END_TEST

START_TEST(only_the_tenants_own_signature_counts)
{
        vio_contact_id ada = given_a_finished_call(acme, 1);
        const struct held *h = held_event(&town, "call_analyzed");
        int64_t version = version_of(acme);
        int64_t other = version_of(bolt);

        ck_assert_int_eq(post_with(&town, h->body, strlen(h->body), NULL), VIO_E_AUTH);
        ck_assert_int_eq(post_with(&town, h->body, strlen(h->body), ""), VIO_E_AUTH);
        ck_assert_int_eq(post_with(&town, h->body, strlen(h->body), "v=1,d=00"), VIO_E_AUTH);
        ck_assert_int_eq(post_signed(&town, bolt->api_key, town.now, h->body), VIO_E_AUTH);
        ck_assert_int_eq(post_signed(&town, "key_acme_012345678", town.now, h->body), VIO_E_AUTH);
        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now - 6 * MINUTES, h->body),
                         VIO_E_AUTH);
        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now + 6 * MINUTES, h->body),
                         VIO_E_AUTH);
        ck_assert_int_eq(version_of(acme), version);
        ck_assert_int_eq(version_of(bolt), other);

        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now - 5 * MINUTES, h->body), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
}
END_TEST

START_TEST(a_signature_is_over_every_byte)
{
        given_a_finished_call(acme, 1);
        const struct held *h = held_event(&town, "call_analyzed");
        char signature[VIO_RETELL_SIGNATURE];
        size_t len = strlen(h->body);
        char *forged = strdup(h->body);

        ck_assert_int_eq(vio_retell_sign(acme->api_key, h->body, len, town.now, signature), 0);
        char *yes = strstr(forged, "Positive");
        ck_assert_ptr_nonnull(yes);
        yes[0] = 'p';
        ck_assert_int_eq(post_with(&town, forged, len, signature), VIO_E_AUTH);
        free(forged);
}
END_TEST

static void sign_bare(const char *key, const char *body, char ret[65])
{
        uint8_t mac[SHA256_SIZE];
        struct bytes part = {body, strlen(body)};
        ck_assert_int_eq(crypto_hmac((struct bytes){key, strlen(key)}, &part, 1, mac), 0);
        hex_encode(mac, sizeof(mac), ret);
}

START_TEST(a_bare_signature_is_accepted_unless_it_is_switched_off)
{
        vio_contact_id ada = given_a_finished_call(acme, 1);
        const struct held *h = held_event(&town, "call_analyzed");
        char bare[65];

        sign_bare(acme->api_key, h->body, bare);
        given_setting(acme, "accept_bare_signature", "false");
        ck_assert_int_eq(post_with(&town, h->body, strlen(h->body), bare), VIO_E_AUTH);
        then_outcome_is(acme, ada, VIO_OUTCOME_NONE);
        given_setting(acme, "accept_bare_signature", "true");
        ck_assert_int_eq(post_with(&town, h->body, strlen(h->body), bare), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
}
END_TEST

START_TEST(a_webhook_key_of_its_own_replaces_the_api_key)
{
        given_a_finished_call(acme, 1);
        const struct held *h = held_event(&town, "call_analyzed");

        given_setting(acme, "retell_webhook_secret", "key_for_webhooks_only");
        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now, h->body), VIO_E_AUTH);
        ck_assert_int_eq(post_signed(&town, "key_for_webhooks_only", town.now, h->body), 0);
}
END_TEST

START_TEST(the_envelope_of_the_original_system_is_understood)
{
        vio_contact_id ada = given_a_call(acme, 1);
        struct seen_call call = newest_call(acme, ada);
        const char *body = body_of("call_ended", "data", call.retell_id,
                                   ",\"call_status\":\"ended\",\"call_length\":42"
                                   ",\"disconnection_reason\":\"dial_no_answer\"");

        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now, body), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_NO_ANSWER);
        ck_assert_int_eq(newest_call(acme, ada).duration_s, 42);
        ck_assert(newest_call(acme, ada).is_final);
}
END_TEST

START_TEST(a_webhook_of_another_kind_is_accepted_and_ignored)
{
        vio_contact_id ada = given_a_call(acme, 1);
        struct seen_call call = newest_call(acme, ada);
        struct held h = {.api_key = acme->api_key};
        enum vio_receipt receipt = VIO_RECEIPT_STORED;
        int64_t version = version_of(acme);

        h.body = strdup(body_of("transcript_updated", "call", call.retell_id, ""));
        ck_assert_int_eq(deliver(&town, &h, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_IGNORED);
        ck_assert_int_eq(version_of(acme), version);
        free(h.body);
}
END_TEST

START_TEST(the_same_webhook_again_is_a_duplicate_however_it_is_spaced)
{
        vio_contact_id ada = given_a_finished_call(acme, 1);
        const struct held *h = held_event(&town, "call_analyzed");
        enum vio_receipt receipt = VIO_RECEIPT_IGNORED;
        struct held spaced = {.api_key = acme->api_key};

        ck_assert_int_eq(deliver(&town, h, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_STORED);
        int64_t version = version_of(acme);
        when_time_passes(&town, 1 * MINUTES);
        ck_assert_int_eq(deliver(&town, h, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_DUPLICATE);

        spaced.body = malloc(strlen(h->body) + 8);
        sprintf(spaced.body, " %s \n", h->body);
        ck_assert_int_eq(deliver(&town, &spaced, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_DUPLICATE);
        ck_assert_int_eq(version_of(acme), version);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
        free(spaced.body);
}
END_TEST

/* Every way in which a body can be no webhook of ours. */
static const char *const malformed[] = {
    "",
    "null",
    "[]",
    "\"call_ended\"",
    "{",
    "{\"event\":\"call_ended\"}",
    "{\"event\":42,\"call\":{\"call_id\":\"call_1\"}}",
    "{\"event\":\"call_ended\",\"call\":null}",
    "{\"event\":\"call_ended\",\"call\":[]}",
    "{\"event\":\"call_ended\",\"call\":{}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":7}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"\"}}",
    "{\"call\":{\"call_id\":\"call_1\"}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_\xff\"}}",
    "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_1\"}} and more",
};

START_TEST(a_malformed_webhook_writes_nothing)
{
        given_a_call(acme, 1);
        int64_t version = version_of(acme);
        int r = post_signed(&town, acme->api_key, town.now, malformed[_i]);
        ck_assert_msg(r == VIO_E_INVALID, "%s: %d", malformed[_i], r);
        ck_assert_int_eq(version_of(acme), version);
}
END_TEST

/* Fields of the wrong kind in a webhook that is otherwise ours: they count as absent. */
static const char *const odd_fields[] = {
    ",\"call_status\":7,\"transcript\":{},\"recording_url\":[1],\"duration_ms\":\"long\"",
    ",\"start_timestamp\":-5,\"end_timestamp\":1e15,\"duration_ms\":-1",
    ",\"start_timestamp\":99999999999999999,\"end_timestamp\":9223372036854775807",
    ",\"metadata\":\"none\",\"call_analysis\":[],\"disconnection_reason\":{}",
    ",\"metadata\":{\"attempt_ref\":7,\"tenant_id\":{}},\"call_analysis\":{\"in_voicemail\":3}",
    ",\"metadata\":{\"attempt_ref\":\"no uuid\",\"tenant_id\":\"-1\"}",
    ",\"metadata\":{\"tenant_id\":\"99999999999999999999999\"}",
    ",\"disconnection_reason\":\"a_reason_of_the_future\"",
};

START_TEST(odd_fields_do_no_harm)
{
        vio_contact_id ada = given_a_call(acme, 1);
        struct seen_call call = newest_call(acme, ada);
        const char *body = body_of("call_ended", "call", call.retell_id, odd_fields[_i]);

        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now, body), 0);
        ck_assert_int_eq(newest_call(acme, ada).status, VIO_CALL_COMPLETED);
        town.post = POST_DELIVERED;
        when_time_passes(&town, 2 * HOURS);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

START_TEST(a_signed_webhook_for_nobody_names_no_tenant)
{
        static const char *const fields[] = {
            ",\"metadata\":{\"tenant_id\":\"4711\"}",
            ",\"metadata\":{\"tenant_id\":\"0\"}",
            ",\"metadata\":{\"tenant_id\":\"1x\"}",
        };
        for (size_t i = 0; i < 3; i++) {
                int r = post_signed(&town, acme->api_key, town.now,
                                    body_of("call_ended", "call", "call_x", fields[i]));
                ck_assert(r == VIO_E_NOTFOUND || r == VIO_E_AUTH);
        }
}
END_TEST

START_TEST(a_call_that_somebody_else_made_with_our_key_is_kept_and_ignored)
{
        struct held h = {.api_key = acme->api_key};
        enum vio_receipt receipt = VIO_RECEIPT_STORED;
        char fields[64];

        snprintf(fields, sizeof(fields), ",\"metadata\":{\"tenant_id\":\"%lld\"}",
                 (long long)acme->id.v);
        h.body = strdup(body_of("call_ended", "call", "call_of_the_dashboard", fields));
        ck_assert_int_eq(deliver(&town, &h, &receipt), 0);
        ck_assert_int_eq(receipt, VIO_RECEIPT_IGNORED);
        free(h.body);
}
END_TEST

/* Isolation */

START_TEST(a_tenant_cannot_speak_of_anothers_call)
{
        vio_contact_id ada = given_a_call(acme, 1);
        vio_contact_id eve = given_a_call(bolt, 5);
        struct seen_call call = newest_call(acme, ada);
        int64_t version = version_of(acme);
        char fields[300];

        /* By its id; by its id with the own tenant named; by its reference. */
        snprintf(fields, sizeof(fields),
                 ",\"disconnection_reason\":\"dial_busy\",\"metadata\":{\"tenant_id\":\"%lld\"}",
                 (long long)bolt->id.v);
        ck_assert_int_eq(post_signed(&town, bolt->api_key, town.now,
                                     body_of("call_ended", "call", call.retell_id, fields)),
                         VIO_E_AUTH);
        snprintf(fields, sizeof(fields),
                 ",\"disconnection_reason\":\"dial_busy\",\"metadata\":{\"tenant_id\":\"%lld\","
                 "\"attempt_ref\":\"%s\"}",
                 (long long)bolt->id.v, newest_call_id(acme, ada).s);
        ck_assert_int_eq(post_signed(&town, bolt->api_key, town.now,
                                     body_of("call_ended", "call", "call_of_eve", fields)),
                         0);
        snprintf(fields, sizeof(fields),
                 ",\"disconnection_reason\":\"dial_busy\",\"metadata\":{\"tenant_id\":\"%lld\"}",
                 (long long)acme->id.v);
        ck_assert_int_eq(post_signed(&town, bolt->api_key, town.now,
                                     body_of("call_ended", "call", "call_of_eve_2", fields)),
                         VIO_E_AUTH);
        ck_assert_int_eq(version_of(acme), version);
        then_outcome_is(acme, ada, VIO_OUTCOME_NONE);
        then_outcome_is(bolt, eve, VIO_OUTCOME_NONE);
}
END_TEST

START_TEST(a_tenant_cannot_take_over_the_id_of_anothers_call_to_come)
{
        vio_contact_id eve = given_contact(bolt, "Eve", 5, MONDAY);
        town.next_dial = MISHAP_ANSWER_LOST;
        town.post = POST_HELD;
        ck_assert_int_eq(when_called_now(bolt, eve), 0);
        town.every_request = MISHAP_REFUSED;
        when_time_passes(&town, 40 * SECONDS);
        struct held stolen = *held_event(&town, "call_ended");
        town.every_request = MISHAP_NONE;

        /* Bolt's call got its id from a webhook; the same id then names a call of Acme. */
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        char script[200];
        snprintf(script, sizeof(script), "{\"call_id\":\"%s\"}", stolen.call_id);
        ck_assert_int_eq(deliver(&town, &stolen, NULL), 0);
        town.script = (struct script){201, NULL, NULL, script};
        town.next_dial = MISHAP_SCRIPTED;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        ck_assert_str_eq(newest_call(acme, ada).retell_id, stolen.call_id);

        const char *body =
            body_of("call_ended", "call", stolen.call_id,
                    ",\"disconnection_reason\":\"dial_busy\",\"call_status\":\"ended\"");
        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now, body), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_BUSY);
        then_outcome_is(bolt, eve, VIO_OUTCOME_NO_ANSWER);
}
END_TEST

/* Orders. The three webhooks of a call and what a poll tells at its end, in every order, some of
 * them twice: one and the same end. */

enum piece { STARTED, ENDED, ANALYZED, POLLED, PIECES };

static void take_in(enum piece piece)
{
        static const char *const events[] = {"call_started", "call_ended", "call_analyzed"};
        enum post post = town.post;

        for (size_t i = 0; piece != POLLED && i < town.n_held; i++) {
                if (strcmp(town.held[i].event, events[piece]) == 0)
                        ck_assert_int_eq(deliver(&town, &town.held[i], NULL), 0);
        }
        if (piece != POLLED)
                return;
        town.post = POST_HELD;
        town.next_step = 0;
        while (!newest_call(acme, (vio_contact_id){1}).polls &&
               !newest_call(acme, (vio_contact_id){1}).is_final)
                when_time_passes(&town, 10 * SECONDS);
        town.post = post;
}

/* The @n-th order of the four. */
static void order_of(int n, enum piece ret[PIECES])
{
        bool used[PIECES] = {false};
        int radix = 6;

        for (int i = 0; i < PIECES; i++) {
                int skip = n / radix % (PIECES - i);
                n %= radix;
                radix = i < 2 ? radix / (PIECES - 1 - i) : 1;
                int p = 0;
                for (; used[p] || skip > 0; p++)
                        skip -= !used[p];
                used[p] = true;
                ret[i] = (enum piece)p;
        }
}

/* The story told in the @n-th order; @twice: each piece comes again at the very end. */
static void tell(int person, int n, bool twice, char *ret, size_t size)
{
        enum piece order[PIECES];

        town_open(&town);
        vio_contact_id ada = given_contact(acme, "Ada", person, MONDAY);
        town.post = POST_HELD;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        town.next_step = town.now + 80 * SECONDS; /* before the first poll */
        when_time_passes(&town, 70 * SECONDS);
        order_of(n, order);
        for (int i = 0; i < PIECES; i++)
                take_in(order[i]);
        for (int i = 0; twice && i < PIECES; i++)
                take_in(order[PIECES - 1 - i]);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
        final_story(acme, acme->last_call, ret, size);
        town_close(&town);
}

static const int told_people[] = {1, 2, 3, 4, 5, 8, 9};

START_TEST(every_order_of_three_webhooks_and_a_poll_ends_the_same)
{
        static char first[8192];
        static char other[8192];
        int person = told_people[_i];

        tell(person, 0, false, first, sizeof(first));
        for (int n = 0; n < 24; n++) {
                tell(person, n, n % 2 == 0, other, sizeof(other));
                ck_assert_msg(strcmp(first, other) == 0, "order %d of %d:\n%s\n%s", n, person,
                              first, other);
        }
}
END_TEST

START_TEST(webhooks_that_come_twice_and_late_tell_one_story)
{
        vio_contact_id ada = given_contact(acme, "Ada", 1, MONDAY);
        town.post = POST_TWICE;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        when_time_passes(&town, 1 * HOURS);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        ck_assert_int_eq(contact_now(acme, ada).attempts, 1);
        ck_assert(newest_call(acme, ada).webhook_verified);
        ck_assert_str_eq(newest_call(acme, ada).source, "webhook");
}
END_TEST

START_TEST(a_later_calls_word_beats_an_earlier_ones)
{
        vio_contact_id ada = given_a_finished_call(acme, 2);
        struct held first = town.held[town.n_held - 1];
        town.held[town.n_held - 1].body = NULL;
        ck_assert_str_eq(first.event, "call_analyzed");
        struct vio_contact_fields f = VIO_CONTACT_FIELDS_INIT;
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_ended"), NULL), 0);
        forget_held(&town);

        /* The second call confirms and is told first; then the first call's wish to cancel comes.
         */
        f.phone = phone_of(1);
        ck_assert_int_eq(vio_contact_change(acme->handle, ada, &f), 0);
        town.post = POST_DELIVERED;
        ck_assert_int_eq(when_called_now(acme, ada), 0);
        town.post = POST_DELIVERED;
        when_time_passes(&town, 3 * MINUTES);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        ck_assert_int_eq(deliver(&town, &first, NULL), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_CONFIRMED);
        then_appointment_is(acme, ada, VIO_APPOINTMENT_CONFIRMED);
        free(first.body);
}
END_TEST

START_TEST(a_dial_that_rang_nobody_has_no_word)
{
        vio_contact_id ada = given_a_finished_call(acme, 8);
        town.next_dial = MISHAP_NONE;
        ck_assert_int_eq(deliver(&town, held_event(&town, "call_ended"), NULL), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_ANSWERED);

        when_time_passes(&town, 1 * SECONDS);
        town.next_dial = MISHAP_REFUSED;
        ck_assert_int_eq(when_called_now(acme, ada), VIO_E_UPSTREAM);
        then_outcome_is(acme, ada, VIO_OUTCOME_ANSWERED);

        /* The first call's outcome changes once more: the dial in between is still no call. */
        const char *body =
            body_of("call_analyzed", "call", town.held[0].call_id,
                    ",\"call_status\":\"ended\",\"call_analysis\":{\"in_voicemail\":true}");
        ck_assert_int_eq(post_signed(&town, acme->api_key, town.now, body), 0);
        then_outcome_is(acme, ada, VIO_OUTCOME_VOICEMAIL);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("webhooks");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(an_unknown_call_is_not_found);
        CASE(only_the_tenants_own_signature_counts);
        CASE(a_signature_is_over_every_byte);
        CASE(a_bare_signature_is_accepted_unless_it_is_switched_off);
        CASE(a_webhook_key_of_its_own_replaces_the_api_key);
        CASE(the_envelope_of_the_original_system_is_understood);
        CASE(a_webhook_of_another_kind_is_accepted_and_ignored);
        CASE(the_same_webhook_again_is_a_duplicate_however_it_is_spaced);
        CASE(a_signed_webhook_for_nobody_names_no_tenant);
        CASE(a_call_that_somebody_else_made_with_our_key_is_kept_and_ignored);
        CASE(a_tenant_cannot_speak_of_anothers_call);
        CASE(a_tenant_cannot_take_over_the_id_of_anothers_call_to_come);
        CASE(webhooks_that_come_twice_and_late_tell_one_story);
        CASE(a_later_calls_word_beats_an_earlier_ones);
        CASE(a_dial_that_rang_nobody_has_no_word);
#undef CASE
        TCase *rows = tcase_create("rows");
        tcase_add_checked_fixture(rows, open_town, close_town);
        tcase_add_loop_test(rows, a_malformed_webhook_writes_nothing, 0, count_of(malformed));
        tcase_add_loop_test(rows, odd_fields_do_no_harm, 0, count_of(odd_fields));
        suite_add_tcase(s, rows);
        TCase *orders = tcase_create("orders");
        tcase_add_loop_test(orders, every_order_of_three_webhooks_and_a_poll_ends_the_same, 0,
                            count_of(told_people));
        tcase_set_timeout(orders, 120);
        suite_add_tcase(s, orders);
        return s;
}
