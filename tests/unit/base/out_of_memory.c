/* out_of_memory.c - each allocation of each scenario fails once; none may crash, leak or lie. */
#include <stdlib.h>
#include <string.h>
#include <vio/json.h>

#include "base/crypto.h"
#include "base/csv.h"
#include "base/jwt.h"
#include "base/mem.h"
#include "base/text.h"
#include "exhaust.h"
#include "run.h"

static int grow_a_text(void)
{
        _cleanup_text_ struct text t = TEXT_INIT;
        for (int i = 0; i < 1000; i++)
                text_addf(&t, "%d,", i);
        _cleanup_mem_ char *taken = text_take(&t);
        return taken ? VIO_OK : VIO_E_NOMEM;
}

static const char document[] =
    "{\"event\":\"call_analyzed\",\"call\":{\"call_id\":\"x\",\"list\":[1,2.5,\"three\",true,null]}"
    ","
    "\"many\":{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,"
    "\"k\":1,\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"q\":1,\"r\":1}}";

static int read_json(void)
{
        vio_json *j = NULL;
        int err = vio_json_parse(document, strlen(document), &j);
        ck_assert((err == 0) == (j != NULL));
        vio_json_free(j);
        return err;
}

static int write_json(void)
{
        const char *text = NULL;
        vio_json_writer *w = vio_json_writer_new();
        if (!w)
                return VIO_E_NOMEM;
        vio_json_begin_array(w, NULL);
        for (int i = 0; i < 200; i++)
                vio_json_put_text(w, NULL, "some text that is not short");
        vio_json_end_array(w);
        int err = vio_json_writer_text(w, &text, NULL);
        ck_assert((err == 0) == (text != NULL));
        vio_json_writer_free(w);
        return err;
}

static int read_csv(void)
{
        static const char file[] = "name,notes\nAda,a note that is not short at all, so that it "
                                   "grows\nBo,\"and one that is longer still, with \"\"quotes\"\" "
                                   "in it and more than a hundred bytes before it ends\"\n";
        _cleanup_csv_ struct csv csv = {0};
        struct csv_row row;
        int rows = 0;
        int err = csv_open(&csv, file, strlen(file), NULL);
        while (!err && (err = csv_next(&csv, &row, NULL)) > 0) {
                rows++;
                err = 0;
        }
        ck_assert(err || rows == 3);
        return err;
}

static int seal_and_open(void)
{
        static const uint8_t key[32], nonce[12];
        _cleanup_text_ struct text sealed = TEXT_INIT, opened = TEXT_INIT;
        int err = crypto_seal(key, nonce, "context", "a secret of some length, not short", &sealed);
        ck_assert(!err || sealed.len == 0);
        if (!err)
                err = crypto_open(key, "context", text_str(&sealed), &opened);
        ck_assert(!err || opened.len == 0);
        return err;
}

static int sign_and_verify(void)
{
        struct bytes key = {"0123456789abcdef0123456789abcdef", 32};
        _cleanup_text_ struct text token = TEXT_INIT, payload = TEXT_INIT;
        int err = jwt_sign(key, "{\"exp\":2000000000,\"sub\":\"somebody\"}", &token);
        ck_assert(!err || token.len == 0);
        if (!err)
                err = jwt_verify(key, text_str(&token), 1795512600000, &payload);
        ck_assert(!err || payload.len == 0);
        return err;
}

START_TEST(a_text_reports_every_lack_of_memory)
{
        exhaust(grow_a_text, 5);
}
END_TEST

START_TEST(the_json_reader_reports_every_lack_of_memory)
{
        exhaust(read_json, 40);
}
END_TEST

START_TEST(the_json_writer_reports_every_lack_of_memory)
{
        exhaust(write_json, 5);
}
END_TEST

START_TEST(the_csv_reader_reports_every_lack_of_memory)
{
        exhaust(read_csv, 2);
}
END_TEST

START_TEST(sealing_and_opening_report_every_lack_of_memory)
{
        exhaust(seal_and_open, 4);
}
END_TEST

START_TEST(signing_and_verifying_report_every_lack_of_memory)
{
        exhaust(sign_and_verify, 10);
}
END_TEST

START_TEST(one_failure_in_the_middle_is_not_forgotten)
{
        struct meter m = {.until_failure = 1};
        meter_install(&m);
        _cleanup_text_ struct text t = TEXT_INIT;
        text_addf(&t, "%060d", 1);
        text_addf(&t, "%060d", 2); /* does not fit; no memory */
        m.until_failure = -1;
        text_add(&t, "there is memory again, but the middle is missing");
        ck_assert(t.failed);
        ck_assert_uint_eq(t.len, 60);
        ck_assert_int_eq(text_join(&t, &TEXT_INIT), VIO_E_NOMEM);
        text_free(&t);
        ck_assert_int_eq(m.alive, 0);
        meter_install(NULL);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("out_of_memory");
        add_case(s, a_text_reports_every_lack_of_memory);
        add_case(s, the_json_reader_reports_every_lack_of_memory);
        add_case(s, the_json_writer_reports_every_lack_of_memory);
        add_case(s, the_csv_reader_reports_every_lack_of_memory);
        add_case(s, sealing_and_opening_report_every_lack_of_memory);
        add_case(s, signing_and_verifying_report_every_lack_of_memory);
        add_case(s, one_failure_in_the_middle_is_not_forgotten);
        return s;
}
