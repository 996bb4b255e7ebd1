/* secrets.c - settings, and that those which are secrets never reach the disk in the clear. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run.h"
#include "store/tenants.h"
#include "two_tenants.h"

static struct two_tenants w;

static void setup(void)
{
        two_tenants_open(&w);
}

static void teardown(void)
{
        two_tenants_close(&w);
}

static int load(struct tenant_tx *tx, void *arg)
{
        return settings_load(tx, arg);
}

static int save(struct tenant_tx *tx, void *arg)
{
        return settings_save(tx, arg);
}

static struct settings settings_of(vio_tenant_id tenant)
{
        struct settings s = {0};
        struct fault f;
        ck_assert_msg(store_read_tenant(w.store, tenant, load, &s, &f) == 0, "%s", f.text);
        return s;
}

/* A value that fits the column and can be told from every other. */
static char *value_for(int i, bool changed)
{
        char text[64];
        switch (i) {
        case SETTING_accept_bare_signature: return mem_text(changed ? "0" : "1");
        case SETTING_daily_summary_enabled:
        case SETTING_daily_summary_counts_only: return mem_text(changed ? "1" : "0");
        case SETTING_calendar_type: return mem_text(changed ? "calendly" : "cal_com");
        case SETTING_daily_call_limit:
        case SETTING_weekly_call_limit:
        case SETTING_follow_up_delay_minutes:
        case SETTING_reminder_lead_minutes:
                snprintf(text, sizeof(text), "%d", 2 * i + changed);
                return mem_text(text);
        default:
                snprintf(text, sizeof(text), "plaintext of setting %02d%s", i, changed ? "!" : "");
                return mem_text(text);
        }
}

static void fill(vio_tenant_id tenant, bool changed)
{
        _cleanup_settings_ struct settings s = {0};
        struct fault f;
        for (int i = 0; i < SETTING_COUNT; i++)
                s.value[i] = value_for(i, changed);
        ck_assert_msg(store_write_tenant(w.store, tenant, save, &s, &f) == 0, "%s", f.text);
}

static void assert_filled(vio_tenant_id tenant, bool changed)
{
        _cleanup_settings_ struct settings s = settings_of(tenant);
        for (int i = 0; i < SETTING_COUNT; i++) {
                _cleanup_mem_ char *want = value_for(i, changed);
                ck_assert_msg(s.value[i] && strcmp(s.value[i], want) == 0, "setting %d is %s", i,
                              s.value[i] ? s.value[i] : "not set");
                ck_assert(!s.unreadable[i]);
        }
}

START_TEST(every_setting_comes_back_as_it_was_set)
{
        fill(w.acme, false);
        assert_filled(w.acme, false);
        fill(w.acme, true);
        assert_filled(w.acme, true);
        fill(w.bolt, false);
        assert_filled(w.acme, true);
}
END_TEST

START_TEST(an_unset_setting_goes_back_to_its_default)
{
        fill(w.acme, true);
        struct settings none = {0};
        none.value[SETTING_name] = (char *)"Acme";
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, save, &none, NULL), 0);
        _cleanup_settings_ struct settings s = settings_of(w.acme);
        for (int i = 0; i < SETTING_COUNT; i++)
                switch (i) {
                case SETTING_name: ck_assert_str_eq(s.value[i], "Acme"); break;
                case SETTING_time_zone: ck_assert_str_eq(s.value[i], "UTC"); break;
                case SETTING_accept_bare_signature: ck_assert_str_eq(s.value[i], "1"); break;
                case SETTING_daily_summary_enabled:
                case SETTING_daily_summary_counts_only: ck_assert_str_eq(s.value[i], "0"); break;
                default: ck_assert_ptr_null(s.value[i]);
                }
}
END_TEST

START_TEST(a_setting_that_the_schema_refuses_is_invalid)
{
        _cleanup_settings_ struct settings s = settings_of(w.acme);
        s.value[SETTING_calendar_type] = mem_text("outlook");
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, save, &s, NULL), VIO_E_INVALID);
        mem_free(s.value[SETTING_calendar_type]);
        s.value[SETTING_calendar_type] = NULL;
        s.value[SETTING_daily_call_limit] = mem_text("many");
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, save, &s, NULL), VIO_E_INVALID);
}
END_TEST

/* How many files of the folder (the database, its log) hold the text. */
static int files_with(const char *text)
{
        int n = 0;
        DIR *dir = opendir(w.dir);
        for (struct dirent *e; (e = readdir(dir));) {
                char path[400];
                snprintf(path, sizeof(path), "%s/%s", w.dir, e->d_name);
                FILE *f = e->d_name[0] == '.' ? NULL : fopen(path, "rb");
                if (!f)
                        continue;
                size_t room = 4 << 20;
                char *bytes = malloc(room);
                size_t len = fread(bytes, 1, room, f);
                ck_assert_uint_lt(len, room);
                n += memmem(bytes, len, text, strlen(text)) != NULL;
                free(bytes);
                fclose(f);
        }
        closedir(dir);
        return n;
}

static const int secrets[] = {SETTING_retell_api_key, SETTING_retell_webhook_secret,
                              SETTING_cal_com_api_key, SETTING_calendly_token};

START_TEST(no_secret_is_ever_on_disk_in_the_clear)
{
        fill(w.acme, false);
        fill(w.acme, true);
        for (int closed = 0; closed < 2; closed++) {
                for (size_t i = 0; i < count_of(secrets); i++) {
                        _cleanup_mem_ char *secret = value_for(secrets[i], false);
                        ck_assert_int_eq(files_with(secret), 0);
                }
                /* The search itself finds what is not a secret. */
                _cleanup_mem_ char *open = value_for(SETTING_retell_agent_id, true);
                ck_assert_int_gt(files_with(open), 0);
                w.store = store_close(w.store);
        }
}
END_TEST

START_TEST(a_sealed_value_does_not_open_for_another_tenant)
{
        fill(w.acme, false);
        fill(w.bolt, false);
        tamper(w.path, "UPDATE tenants SET retell_api_key ="
                       " (SELECT retell_api_key FROM tenants WHERE id = 1) WHERE id = 2");
        _cleanup_settings_ struct settings s = settings_of(w.bolt);
        ck_assert(s.unreadable[SETTING_retell_api_key]);
        ck_assert_ptr_null(s.value[SETTING_retell_api_key]);
        ck_assert(!s.unreadable[SETTING_cal_com_api_key]);
        ck_assert_ptr_nonnull(s.value[SETTING_cal_com_api_key]);
}
END_TEST

START_TEST(a_sealed_value_does_not_open_in_another_column)
{
        fill(w.acme, false);
        tamper(w.path, "UPDATE tenants SET retell_api_key = calendly_token");
        _cleanup_settings_ struct settings s = settings_of(w.acme);
        ck_assert(s.unreadable[SETTING_retell_api_key]);
        ck_assert(!s.unreadable[SETTING_calendly_token]);
}
END_TEST

START_TEST(an_unreadable_secret_is_left_alone_until_a_new_one_is_set)
{
        fill(w.acme, false);
        tamper(w.path, "UPDATE tenants SET retell_api_key = 'v1.AAAA' WHERE id = 1");
        _cleanup_settings_ struct settings s = settings_of(w.acme);
        ck_assert(s.unreadable[SETTING_retell_api_key]);
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, save, &s, NULL), 0);
        ck_assert_int_eq(number_of(w.path, "SELECT retell_api_key = 'v1.AAAA' FROM tenants"
                                           " WHERE id = 1"),
                         1);
        s.value[SETTING_retell_api_key] = mem_text("a new key");
        ck_assert_int_eq(store_write_tenant(w.store, w.acme, save, &s, NULL), 0);
        _cleanup_settings_ struct settings after = settings_of(w.acme);
        ck_assert_str_eq(after.value[SETTING_retell_api_key], "a new key");
}
END_TEST

START_TEST(the_same_secret_is_never_sealed_to_the_same_text)
{
        fill(w.acme, false);
        fill(w.bolt, false);
        ck_assert_int_eq(number_of(w.path, "SELECT count(DISTINCT retell_api_key) FROM tenants"),
                         2);
        ck_assert_int_eq(number_of(w.path, "SELECT count(*) FROM tenants"
                                           " WHERE retell_api_key LIKE 'v1.%'"),
                         2);
}
END_TEST

START_TEST(a_database_does_not_open_with_another_secret)
{
        struct store_options o = two_tenants_options(&w);
        struct store *s = NULL;
        struct fault f;
        uint8_t wrong[32] = "somebody else's";
        o.secret = wrong;
        ck_assert_int_eq(store_open(&o, &s, &f), VIO_E_INVALID);
        ck_assert_str_eq(f.text, "the secret does not belong to this database");
        ck_assert_ptr_null(s);
        o.secret = w.secret;
        ck_assert_int_eq(store_open(&o, &s, &f), 0);
        store_close(s);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("secrets");
        add_fixture_case(s, every_setting_comes_back_as_it_was_set, setup, teardown);
        add_fixture_case(s, an_unset_setting_goes_back_to_its_default, setup, teardown);
        add_fixture_case(s, a_setting_that_the_schema_refuses_is_invalid, setup, teardown);
        add_fixture_case(s, no_secret_is_ever_on_disk_in_the_clear, setup, teardown);
        add_fixture_case(s, a_sealed_value_does_not_open_for_another_tenant, setup, teardown);
        add_fixture_case(s, a_sealed_value_does_not_open_in_another_column, setup, teardown);
        add_fixture_case(s, an_unreadable_secret_is_left_alone_until_a_new_one_is_set, setup,
                         teardown);
        add_fixture_case(s, the_same_secret_is_never_sealed_to_the_same_text, setup, teardown);
        add_fixture_case(s, a_database_does_not_open_with_another_secret, setup, teardown);
        return s;
}
