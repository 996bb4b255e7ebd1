/* lines.c - what a log line may hold: the filter of the last resort, and shortened addresses. */
#include "../../vio-httpd/log.h"

#include <check.h>
#include <run.h>
#include <stdio.h>
#include <string.h>

static void cleaned(const char *from, const char *expected)
{
        char text[1024];
        snprintf(text, sizeof(text), "%s", from);
        log_clean(text);
        ck_assert_str_eq(text, expected);
}

START_TEST(a_phone_number_is_masked_however_it_is_written)
{
        cleaned("called +14155550101 twice", "called +*********01 twice");
        cleaned("4155550101", "********01");
        cleaned("+1 (415) 555-0101", "+* (***) ***-**01");
        cleaned("415.555.0101", "***.***.**01");
        cleaned("+49 30 / 90 18 20", "+** ** / ** ** 20");
        cleaned("tel:+14155550101;ext=2", "tel:+*********01;ext=2");
        cleaned("phone4155550101x", "phone********01x");
        cleaned("call_4155550101", "call_********01");
        cleaned("\"to\":\"14155550101\"", "\"to\":\"*********01\"");
        cleaned("415_555_0101 and 415 555 0102", "***_***_**01 and *** *** **02");
        cleaned("4155550101,4155550102", "********01,********02");
        cleaned("01.23.45.67.89", "**.**.**.**.89");
}
END_TEST

START_TEST(a_number_hidden_in_what_looks_like_an_id_or_a_date_is_masked)
{
        cleaned("2026-11-24555", "****-**-***55");
        cleaned("4155-55-01", "****-**-01");
        cleaned("2015-55-50", "****-**-50");
        cleaned("1234567890123456", "**************56");   /* no letter */
        cleaned("12345678901234ab7", "************34ab7"); /* too long */
        cleaned("12345678-1234-1234-1234-123456789012", "********-****-****-****-**********12");
        cleaned("203.0.113.200", "***.*.***.*00"); /* no port */
}
END_TEST

START_TEST(what_an_administrator_needs_stays)
{
        static const char *const lines[] = {
            "request 9ece2b9aca3230e6 failed: STORAGE",
            "request 1234567890abcdef failed",
            "call 01932d0f-7b1e-7c3a-9a51-0f4f5e0c9b11 is stuck",
            "due at 2026-11-24T09:30:00.123Z, not on 2026-11-25",
            "cannot listen on 192.168.100.100:5000",
            "tenant 123456 has 999999 contacts",
            "schema brought from version 0 to 2",
        };
        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
                cleaned(lines[i], lines[i]);
}
END_TEST

START_TEST(a_line_stays_one_line_and_orders_no_terminal_about)
{
        cleaned("a\r\nlevel=error msg=\"forged\"", "a  level=error msg=\"forged\"");
        cleaned("a\nb\tc\vd\fe\bf\x7fg", "a b c d e f g");
        cleaned("\x1b[2J\x1b]0;x\x07", " [2J ]0;x ");
        cleaned("\xc2\x9b"
                "31m",
                "  31m");
        cleaned("\xe2\x80\xa8", "   ");
        cleaned("", "");
}
END_TEST

START_TEST(digits_are_masked_at_every_length_and_place)
{
        for (size_t digits = 1; digits < 900; digits++)
                for (size_t at = 0; at < 3; at++) {
                        char text[1024] = "..";
                        size_t kept = 0;
                        memset(text + at, '7', digits);
                        text[at + digits] = '\0';
                        log_clean(text);
                        for (const char *p = text; *p; p++)
                                kept += *p == '7';
                        ck_assert_uint_eq(kept, digits < 7 ? digits : 2);
                }
}
END_TEST

START_TEST(an_address_loses_what_tells_a_machine_from_its_neighbours)
{
        static const struct {
                const char *from;
                const char *expected;
        } rows[] = {
            {"203.0.113.77", "203.0.113.x"},
            {"127.0.0.1", "127.0.0.x"},
            {"::ffff:203.0.113.77", "203.0.113.x"},
            {"2001:db8:7:1:2:3:4:5", "2001:db8:7::x"},
            {"::1", "0:0:0::x"},
            {"", "-"},
            {"x\r\ny", "-"},
        };
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                char text[64];
                log_mask_address(rows[i].from, text, sizeof(text));
                ck_assert_str_eq(text, rows[i].expected);
        }
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("lines");
        TCase *tc = tcase_create("lines");
        tcase_add_test(tc, a_phone_number_is_masked_however_it_is_written);
        tcase_add_test(tc, a_number_hidden_in_what_looks_like_an_id_or_a_date_is_masked);
        tcase_add_test(tc, what_an_administrator_needs_stays);
        tcase_add_test(tc, a_line_stays_one_line_and_orders_no_terminal_about);
        tcase_add_test(tc, digits_are_masked_at_every_length_and_place);
        tcase_add_test(tc, an_address_loses_what_tells_a_machine_from_its_neighbours);
        suite_add_tcase(s, tc);
        return s;
}
