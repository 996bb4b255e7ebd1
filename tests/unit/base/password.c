/* password.c - tests of argon2id. */
#include "base/password.h"

#include <string.h>
#include <vio/core.h>

#include "base/attr.h"
#include "run.h"

static const uint8_t salt[PASSWORD_SALT_SIZE] = "0123456789abcdef";

START_TEST(a_password_fits_its_own_hash_only)
{
        char hash[PASSWORD_HASH_SIZE];
        ck_assert_int_eq(password_hash("correct horse", salt, hash), 0);
        ck_assert_int_eq(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31), 0);
        ck_assert_int_eq(password_check("correct horse", hash), 0);
        ck_assert_int_eq(password_check("correct horsf", hash), VIO_E_AUTH);
        ck_assert_int_eq(password_check("correct hors", hash), VIO_E_AUTH);
        ck_assert_int_eq(password_check("", hash), VIO_E_AUTH);
}
END_TEST

START_TEST(the_salt_makes_equal_passwords_differ)
{
        char one[PASSWORD_HASH_SIZE], two[PASSWORD_HASH_SIZE];
        ck_assert_int_eq(password_hash("same", salt, one), 0);
        ck_assert_int_eq(password_hash("same", (const uint8_t *)"fedcba9876543210", two), 0);
        ck_assert_str_ne(one, two);
}
END_TEST

START_TEST(an_unknown_login_and_a_broken_hash_are_refused)
{
        static const char *const rows[] = {NULL, "", "$", "plain",
                                           "$argon2id$v=19$m=19456,t=2,p=1$"};
        for (size_t i = 0; i < count_of(rows); i++)
                ck_assert_int_eq(password_check("any", rows[i]), VIO_E_AUTH);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("password");
        add_case(s, a_password_fits_its_own_hash_only);
        add_case(s, the_salt_makes_equal_passwords_differ);
        add_case(s, an_unknown_login_and_a_broken_hash_are_refused);
        return s;
}
