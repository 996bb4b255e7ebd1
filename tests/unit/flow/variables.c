/* variables.c - what the agent is told: names that are free to use, and texts only. */
#include "flow/variables.h"

#include <string.h>

#include "abi/handle.h"
#include "clinic.h"
#include "run.h"

static struct town town;
static struct business *const acme = &town.acme;

static void open_town(void)
{
        town_open(&town);
}

static void close_town(void)
{
        town_close(&town);
}

/* The variables of a call to @c; they live as long as the profile. */
struct filled {
        struct profile profile;
        struct variables variables;
};

static void filled_done(struct filled *f)
{
        profile_done(&f->profile);
}

#define _filled_ _cleanup_(filled_done) struct filled

static int load_in(struct tenant_tx *tx, void *arg)
{
        return profile_load(&town.v->engine, tx, arg);
}

static void fill(struct filled *f, const struct vio_contact *c)
{
        ck_assert_int_eq(
            store_read_tenant(town.v->engine.store, acme->id, load_in, &f->profile, NULL), 0);
        variables_fill(&f->variables, &f->profile, c, f->profile.zone);
}

static const struct vio_contact ada = {.name = (char *)"Ada Byron",
                                       .appointment_time = INT64_C(1795446000000)};

static const char *value_of(const struct filled *f, const char *name)
{
        for (size_t i = 0; i < f->variables.n; i++)
                if (strcmp(f->variables.list[i].name, name) == 0)
                        return f->variables.list[i].value;
        return NULL;
}

/* Retell's own: those that begin with one of the first list, and the whole ones of the second. */
static bool is_reserved(const char *name)
{
        static const char *const starts[] = {"current_time", "current_hour", "current_calendar",
                                             "session_"};
        static const char *const whole[] = {
            "current_node", "previous_node", "current_agent_state", "previous_agent_state",
            "direction",    "user_number",   "agent_number",        "call_id",
            "call_type",    "chat_id",       "first_name",          "last_name",
            "do_not_call"};
        for (size_t i = 0; i < count_of(starts); i++)
                if (strncmp(name, starts[i], strlen(starts[i])) == 0)
                        return true;
        for (size_t i = 0; i < count_of(whole); i++)
                if (strcmp(name, whole[i]) == 0)
                        return true;
        return false;
}

START_TEST(no_variable_has_a_name_that_retell_keeps_for_itself)
{
        _filled_ f = {0};
        fill(&f, &ada);
        ck_assert_uint_ge(f.variables.n, 10);
        ck_assert_uint_lt(f.variables.n, VARIABLES_MAX);
        for (size_t i = 0; i < f.variables.n; i++) {
                const char *name = f.variables.list[i].name;
                ck_assert_msg(!is_reserved(name), "%s is Retell's", name);
                ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
                for (size_t k = 0; k < i; k++)
                        ck_assert_str_ne(f.variables.list[k].name, name);
        }
        ck_assert(is_reserved("first_name") && is_reserved("current_time_America/New_York"));
}
END_TEST

START_TEST(what_is_not_known_is_an_empty_text_and_never_missing)
{
        _filled_ f = {0};
        fill(&f, &(struct vio_contact){.name = (char *)"Ada", .appointment_time = VIO_TIME_NONE});
        for (size_t i = 0; i < f.variables.n; i++)
                ck_assert_ptr_nonnull(f.variables.list[i].value);
        ck_assert_str_eq(value_of(&f, "parking"), "");
        ck_assert_str_eq(value_of(&f, "business_hours"), "");
        ck_assert_str_eq(value_of(&f, "appointment_time"), "");
}
END_TEST

START_TEST(the_clinics_texts_and_hours_reach_the_agent_in_words)
{
        _filled_ f = {0};
        given_setting(acme, "public_transport_instructions", "Bus 7");
        given_setting(acme, "parking_instructions", "Behind the house");
        given_setting(acme, "arrival_notes", "Ring twice");
        given_setting(acme, "voice_agent_prompt", "Be kind");
        given_setting(acme, "business_hours", "{\"Mon\":{\"open\":\"09:00\",\"close\":\"17:00\"}}");
        fill(&f, &ada);
        ck_assert_str_eq(value_of(&f, "name"), "Ada");
        ck_assert_str_eq(value_of(&f, "public_transport"), "Bus 7");
        ck_assert_str_eq(value_of(&f, "parking"), "Behind the house");
        ck_assert_str_eq(value_of(&f, "arrival_notes"), "Ring twice");
        ck_assert_str_eq(value_of(&f, "instructions"), "Be kind");
        ck_assert_str_eq(value_of(&f, "business_hours"),
                         "Monday 9:00 AM to 5:00 PM, closed on Tuesday to Sunday");
}
END_TEST

/* Everything that is sent to the simulated Retell goes through its strict reader, which refuses a
 * variable that is no text. */
START_TEST(retell_takes_them_as_they_are_sent)
{
        given_setting(acme, "business_hours", "{}");
        vio_contact_id id = given_contact(acme, "Ada", 1, MONDAY);
        ck_assert_int_eq(when_called_now(acme, id), 0);
        then_rings_are(acme, phone_of(1), 1);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("variables");
#define CASE(test) add_fixture_case(s, test, open_town, close_town)
        CASE(no_variable_has_a_name_that_retell_keeps_for_itself);
        CASE(what_is_not_known_is_an_empty_text_and_never_missing);
        CASE(the_clinics_texts_and_hours_reach_the_agent_in_words);
        CASE(retell_takes_them_as_they_are_sent);
        return s;
}
