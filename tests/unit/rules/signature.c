/* signature.c - tests: Retell's webhook signature, with vectors made by Retell's own program. */
#include <vio/retell.h>

#include <string.h>

#include "data.h"
#include "loop.h"
#include "run.h"

#define T1 INT64_C(1760000000000)
static const char key1[] = "key_test_0123456789abcdef";
static const char body1[] = "{\"event\":\"call_started\",\"call\":{\"call_id\":\"call_a1b2c3\"}}";
static const char good[] =
    "v=1760000000000,d=53f3f36436f1dd8c1edb537524540e0f3227b215825684bf8580f767fe09d8da";
static const char digits[] = "53f3f36436f1dd8c1edb537524540e0f3227b215825684bf8580f767fe09d8da";

static const struct {
        const char *key;
        vio_time time;
        const char *body, *header;
} vectors[] = {
    {key1, T1, body1, good},
    {"key_9f3c7d21e8b04a56", INT64_C(1763800000123),
     "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"call_0042\",\"transcript\":\"Agent: Hola "
     "Jos\u00e9\\nUser: s\u00ed \u2714\",\"duration_ms\":18250}}",
     "v=1763800000123,d=42f629c65422165c72eb47c28df00996a8f16f61a799c0e46a87478b4715abd7"},
    {key1, T1, "",
     "v=1760000000000,d=a44287b22400d6db08c51d1407cc886ec9ab1febc8dd57436381e10bb612a664"},
    {key1, T1,
     "{\n  \"event\": \"call_started\",\n  \"call\": {\n    \"call_id\": \"call_a1b2c3\"\n  "
     "}\n}\n",
     "v=1760000000000,d=adb73c404c6054d89fac68fbf3e956dc90543025f4f9e15e7de65c0185c82f80"},
    {"test-api-key", INT64_C(1700000000000), "{\"event\":\"call_ended\"}",
     "v=1700000000000,d=07024cabe7dd8f6d1c6e4a8324ca92c812e6ad4a7ee506c04f7e462e3321823e"},
};

static int verify(const char *header, vio_time now)
{
        return vio_retell_verify(key1, false, body1, strlen(body1), header, now);
}

START_TEST(each_vector_is_signed_and_verified)
{
        char header[VIO_RETELL_SIGNATURE];
        size_t len = strlen(vectors[_i].body);
        ck_assert_int_eq(
            vio_retell_sign(vectors[_i].key, vectors[_i].body, len, vectors[_i].time, header), 0);
        ck_assert_str_eq(header, vectors[_i].header);
        ck_assert_int_eq(vio_retell_verify(vectors[_i].key, false, vectors[_i].body, len, header,
                                           vectors[_i].time),
                         0);
}
END_TEST

static const struct {
        const char *file, *header;
        vio_time time;
} deliveries[] = {
    {"started.json",
     "v=1763800012700,d=f883c3098583f2d7642e9d0c6c65bb5e3af6dcc8ef0aa9ce80b6e57313b086ad",
     INT64_C(1763800012700)},
    {"ended.json",
     "v=1763800031001,d=9bfd1243c719bf5e3788b502c335d26c25db892a5ca0d341dd188aa77830412e",
     INT64_C(1763800031001)},
    {"analyzed.json",
     "v=1763800044002,d=1f49134b49b833751154f6075cbd75d80a0d2c57b3ec5337aef98d8bf6a681a3",
     INT64_C(1763800044002)},
    {"unanswered.json",
     "v=1763800042900,d=c0802d4bf10aab5a462b3ac920782c164eb4d75652c316eb8edae04ffbc02a87",
     INT64_C(1763800042900)},
};

START_TEST(each_whole_delivery_is_verified)
{
        struct body b;
        read_body(deliveries[_i].file, &b);
        const char *key = "key_9f3c7d21e8b04a56", *header = deliveries[_i].header;
        vio_time t = deliveries[_i].time;
        ck_assert_int_eq(vio_retell_verify(key, false, b.bytes, b.len, header, t), 0);
        b.bytes[b.len / 2] ^= 1;
        ck_assert_int_eq(vio_retell_verify(key, false, b.bytes, b.len, header, t), VIO_E_AUTH);
}
END_TEST

START_TEST(five_minutes_apart_are_accepted_and_a_millisecond_more_is_not)
{
        ck_assert_int_eq(verify(good, T1 + 300000), 0);
        ck_assert_int_eq(verify(good, T1 - 300000), 0);
        ck_assert_int_eq(verify(good, T1 + 300001), VIO_E_AUTH);
        ck_assert_int_eq(verify(good, T1 - 300001), VIO_E_AUTH);
        ck_assert_int_eq(verify(good, VIO_TIME_NONE), VIO_E_AUTH);
        ck_assert_int_eq(verify(good, 0), VIO_E_AUTH);
}
END_TEST

START_TEST(hex_digits_may_be_capitals)
{
        ck_assert_int_eq(verify("v=1760000000000,d="
                                "53F3F36436F1DD8C1EDB537524540E0F3227B215825684BF8580F767FE09D8DA",
                                T1),
                         0);
}
END_TEST

static const char *const crooked[] = {
#define D "53f3f36436f1dd8c1edb537524540e0f3227b215825684bf8580f767fe09d8da"
    NULL,
    "",
    " v=1760000000000,d=" D,
    "v=1760000000000,d=" D " ",
    "v=1760000000000,d=" D "\n",
    "v=1760000000000, d=" D,
    "d=" D ",v=1760000000000",
    "v=1760000000000,d=" D ",x=1",
    "v=1760000000000,d=53f3f36436f1dd8c1edb537524540e0f3227b215825684bf8580f767fe09d8",
    "v=1760000000000,d=" D "da",
    "v=1760000000000,d=53f3f36436f1dd8c1edb537524540e0f3227b215825684bf8580f767fe09d8dg",
    D,
    "sha256=" D,
    "d=" D,
    "v=,d=" D,
    "v=-1760000000000,d=" D,
    "v=+1760000000000,d=" D,
    "v=176000000000000000000000,d=" D,
    "v=001760000000000,d=" D,
    /* rightly signed, but a time has only one spelling */
    "v=01760000000000,d=eee790b82da86a4dcb9f1f42380693706f74dbfe071adc007f67ff1c8e35ea05",
    "v=1760000000000",
    "v=1760000000000,d=",
    "v=1760000000000,d=0000000000000000000000000000000000000000000000000000000000000000",
#undef D
};

START_TEST(every_other_form_of_the_header_is_refused)
{
        ck_assert_int_eq(verify(crooked[_i], T1), VIO_E_AUTH);
}
END_TEST

START_TEST(a_time_in_seconds_is_outside_the_window)
{
        char header[VIO_RETELL_SIGNATURE];
        ck_assert_int_eq(vio_retell_sign(key1, body1, strlen(body1), T1 / 1000, header), 0);
        ck_assert_int_eq(verify(header, T1), VIO_E_AUTH);
}
END_TEST

START_TEST(another_body_or_key_is_refused)
{
        ck_assert_int_eq(vio_retell_verify(
                             key1, false,
                             "{\"event\":\"call_started\",\"call\":{\"call_id\":\"call_a1b2c3\"}} ",
                             strlen(body1) + 1, good, T1),
                         VIO_E_AUTH);
        ck_assert_int_eq(
            vio_retell_verify(key1, false, vectors[3].body, strlen(vectors[3].body), good, T1),
            VIO_E_AUTH);
        ck_assert_int_eq(vio_retell_verify("key_other", false, body1, strlen(body1), good, T1),
                         VIO_E_AUTH);
}
END_TEST

START_TEST(an_empty_key_is_our_own_mistake)
{
        char header[VIO_RETELL_SIGNATURE] = "untouched";
        ck_assert_int_eq(vio_retell_verify("", true, body1, strlen(body1), good, T1),
                         VIO_E_INVALID);
        ck_assert_int_eq(vio_retell_verify(NULL, true, body1, strlen(body1), good, T1),
                         VIO_E_INVALID);
        ck_assert_int_eq(vio_retell_sign("", body1, strlen(body1), T1, header), VIO_E_INVALID);
        ck_assert_int_eq(vio_retell_sign(key1, body1, strlen(body1), -1, header), VIO_E_INVALID);
        ck_assert_str_eq(header, "untouched");
}
END_TEST

START_TEST(the_bare_form_counts_only_where_it_is_allowed)
{
        /* printf '{"event":"call_ended"}' | openssl dgst -sha256 -hmac test-api-key */
        const char *bare = "a44cb321541f5b298f6119e32d299962e8b720c47cbbd7f344146efb9d9d8144";
        const char *body = vectors[4].body;
        size_t len = strlen(body);
        ck_assert_int_eq(vio_retell_verify("test-api-key", true, body, len, bare, T1), 0);
        ck_assert_int_eq(vio_retell_verify("test-api-key", false, body, len, bare, T1), VIO_E_AUTH);
        ck_assert_int_eq(vio_retell_verify("other", true, body, len, bare, T1), VIO_E_AUTH);
        ck_assert_int_eq(vio_retell_verify("test-api-key", true, body, len - 1, bare, T1),
                         VIO_E_AUTH);
        ck_assert_int_eq(vio_retell_verify("test-api-key", true, body, len, bare + 1, T1),
                         VIO_E_AUTH);
        ck_assert_int_eq(vio_retell_verify(key1, true, body1, strlen(body1), digits, T1),
                         VIO_E_AUTH);
}
END_TEST

START_TEST(the_timed_form_is_verified_where_the_bare_one_is_allowed)
{
        ck_assert_int_eq(vio_retell_verify(key1, true, body1, strlen(body1), good, T1), 0);
        ck_assert_int_eq(vio_retell_verify(key1, true, body1, strlen(body1), good, T1 + 300001),
                         VIO_E_AUTH);
}
END_TEST

START_TEST(a_body_may_be_no_bytes_at_all)
{
        ck_assert_int_eq(vio_retell_verify(key1, false, NULL, 0, vectors[2].header, T1), 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("signature");
        add_loop_case(s, each_vector_is_signed_and_verified, vectors);
        add_loop_case(s, each_whole_delivery_is_verified, deliveries);
        add_case(s, five_minutes_apart_are_accepted_and_a_millisecond_more_is_not);
        add_case(s, hex_digits_may_be_capitals);
        add_loop_case(s, every_other_form_of_the_header_is_refused, crooked);
        add_case(s, a_time_in_seconds_is_outside_the_window);
        add_case(s, another_body_or_key_is_refused);
        add_case(s, an_empty_key_is_our_own_mistake);
        add_case(s, the_bare_form_counts_only_where_it_is_allowed);
        add_case(s, the_timed_form_is_verified_where_the_bare_one_is_allowed);
        add_case(s, a_body_may_be_no_bytes_at_all);
        return s;
}
