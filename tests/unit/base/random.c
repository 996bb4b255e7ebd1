/* random.c - tests of randomness and UUIDs. */
#include "base/random.h"

#include <string.h>

#include "run.h"

static int fill_from(void *data, void *buf, size_t len)
{
        memcpy(buf, data, len);
        return 0;
}

static int fill_nothing(void *data, void *buf, size_t len)
{
        (void)data;
        (void)buf;
        (void)len;
        return VIO_E_BUSY;
}

START_TEST(a_uuid_of_version_7_is_the_example_of_rfc_9562)
{
        char fixed[] = "\x0C\xC3\x18\xC4\xDC\x0C\x0C\x07\x39\x8F";
        struct random_source r = {fill_from, fixed};
        char id[37];
        ck_assert_int_eq(random_uuid(&r, 0x017F22E279B0, id), 0);
        ck_assert_str_eq(id, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}
END_TEST

START_TEST(version_and_variant_stand_whatever_the_randomness)
{
        char fixed[] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
        struct random_source r = {fill_from, fixed};
        char id[37];
        ck_assert_int_eq(random_uuid(&r, 0, id), 0);
        ck_assert_str_eq(id, "00000000-0000-7fff-bfff-ffffffffffff");
}
END_TEST

START_TEST(ids_sort_by_their_time_and_differ_within_it)
{
        char before[37] = "", id[37];
        for (vio_time now = 1795512600000; now < 1795512601000; now++) {
                char twin[37];
                ck_assert_int_eq(random_uuid(NULL, now, id), 0);
                ck_assert_int_eq(random_uuid(NULL, now, twin), 0);
                ck_assert_str_gt(id, before);
                ck_assert_str_ne(id, twin);
                ck_assert_int_eq(strncmp(id, twin, 13), 0);
                memcpy(before, strcmp(id, twin) > 0 ? id : twin, 37);
        }
}
END_TEST

START_TEST(no_randomness_is_an_error_and_changes_nothing)
{
        struct random_source r = {fill_nothing, NULL};
        char id[37] = "untouched", b[4] = "abc";
        ck_assert_int_eq(random_uuid(&r, 1, id), VIO_E_BUSY);
        ck_assert_int_eq(random_uuid(NULL, VIO_TIME_NONE, id), VIO_E_INVALID);
        ck_assert_int_eq(random_fill(&r, b, sizeof(b)), VIO_E_BUSY);
        ck_assert_str_eq(id, "untouched");
}
END_TEST

START_TEST(the_system_fills_the_whole_buffer)
{
        uint8_t b[4096] = {0};
        ck_assert_int_eq(random_fill(NULL, b, sizeof(b)), 0);
        for (size_t at = 0; at < sizeof(b); at += 32) {
                int sum = 0;
                for (size_t i = 0; i < 32; i++)
                        sum |= b[at + i];
                ck_assert_int_ne(sum, 0);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("random");
        add_case(s, a_uuid_of_version_7_is_the_example_of_rfc_9562);
        add_case(s, version_and_variant_stand_whatever_the_randomness);
        add_case(s, ids_sort_by_their_time_and_differ_within_it);
        add_case(s, no_randomness_is_an_error_and_changes_nothing);
        add_case(s, the_system_fills_the_whole_buffer);
        return s;
}
