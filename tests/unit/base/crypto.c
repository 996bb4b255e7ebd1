/* crypto.c - tests of digests, MACs and sealing, with the vectors of their standards. */
#include "base/crypto.h"

#include <string.h>
#include <vio/core.h>

#include "base/mem.h"
#include "run.h"

static void assert_hex(const uint8_t digest[SHA256_SIZE], const char *hex)
{
        char text[2 * SHA256_SIZE + 1];
        hex_encode(digest, SHA256_SIZE, text);
        ck_assert_str_eq(text, hex);
}

START_TEST(sha256_gives_the_vectors_of_fips_180)
{
        static const struct {
                const char *text, *digest;
        } rows[] = {
            {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
            {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
            {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        };
        uint8_t digest[SHA256_SIZE];
        for (size_t i = 0; i < count_of(rows); i++) {
                ck_assert_int_eq(crypto_sha256(rows[i].text, strlen(rows[i].text), digest), 0);
                assert_hex(digest, rows[i].digest);
        }
        _cleanup_mem_ char *million = mem_new(1000000);
        memset(million, 'a', 1000000);
        ck_assert_int_eq(crypto_sha256(million, 1000000, digest), 0);
        assert_hex(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

START_TEST(hmac_gives_the_vectors_of_rfc_4231)
{
        char b0[20], aa[131], dd[50], cd[50], count[25];
        memset(b0, 0x0B, sizeof(b0));
        memset(aa, 0xAA, sizeof(aa));
        memset(dd, 0xDD, sizeof(dd));
        memset(cd, 0xCD, sizeof(cd));
        for (size_t i = 0; i < sizeof(count); i++)
                count[i] = (char)(i + 1);
#define TEXT(s)                                                                                    \
        {                                                                                          \
                s, sizeof(s) - 1                                                                   \
        }
        const struct {
                struct bytes key, data;
                const char *mac;
        } rows[] = {
            {{b0, 20},
             TEXT("Hi There"),
             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
            {TEXT("Jefe"), TEXT("what do ya want for nothing?"),
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
            {{aa, 20},
             {dd, 50},
             "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
            {{count, 25},
             {cd, 50},
             "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
            {{aa, 131},
             TEXT("Test Using Larger Than Block-Size Key - Hash Key First"),
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
            {{aa, 131},
             TEXT("This is a test using a larger than block-size key and a larger than block-size "
                  "data. The key needs to be hashed before being used by the HMAC algorithm."),
             "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
        };
#undef TEXT
        uint8_t mac[SHA256_SIZE];
        for (size_t i = 0; i < count_of(rows); i++) {
                ck_assert_int_eq(crypto_hmac(rows[i].key, &rows[i].data, 1, mac), 0);
                assert_hex(mac, rows[i].mac);
        }
}
END_TEST

START_TEST(a_mac_over_parts_is_the_mac_over_the_whole)
{
        const char *text = "what do ya want for nothing?";
        struct bytes key = {"Jefe", 4};
        for (size_t a = 0; a <= strlen(text); a++) {
                uint8_t mac[SHA256_SIZE];
                struct bytes parts[] = {{text, a}, {NULL, 0}, {text + a, strlen(text) - a}};
                ck_assert_int_eq(crypto_hmac(key, parts, 3, mac), 0);
                assert_hex(mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        }
}
END_TEST

START_TEST(keys_are_derived_as_in_rfc_5869_and_differ_by_purpose)
{
        char ikm[22];
        memset(ikm, 0x0B, sizeof(ikm));
        struct bytes master = {ikm, sizeof(ikm)};
        uint8_t key[SHA256_SIZE];
        ck_assert_int_eq(crypto_derive(master, "", key), 0); /* case 3, the first 32 bytes */
        assert_hex(key, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
        ck_assert_int_eq(crypto_derive(master, "vio webhook", key), 0);
        assert_hex(key, "9592b6bf448558066f6ef9341235010625c6d3aa4149f896c62609a2c0285700");
}
END_TEST

static void unhex(const char *hex, void *ret)
{
        ck_assert(hex_decode(hex, strlen(hex), ret));
}

/* Test case 16 of the GCM specification (McGrew and Viega): no byte of its texts is zero. */
START_TEST(sealing_gives_the_vector_of_the_gcm_specification)
{
        uint8_t key[32], nonce[12], expected[88];
        char plain[61] = "", context[21] = "";
        unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", key);
        unhex("cafebabefacedbaddecaf888", nonce);
        unhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c959568095"
              "32fcf0e2449a6b525b16aedf5aa0de657ba637b39",
              plain);
        unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2", context);
        unhex("cafebabefacedbaddecaf888"
              "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3"
              "da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
              expected);
        _cleanup_text_ struct text sealed = TEXT_INIT, wanted = TEXT_INIT, opened = TEXT_INIT;
        ck_assert_int_eq(crypto_seal(key, nonce, context, plain, &sealed), 0);
        text_add(&wanted, "v1.");
        base64url_encode(expected, sizeof(expected), &wanted);
        ck_assert_str_eq(text_str(&sealed), text_str(&wanted));
        ck_assert_int_eq(crypto_open(key, context, text_str(&sealed), &opened), 0);
        ck_assert_str_eq(text_str(&opened), plain);
}
END_TEST

static const uint8_t key[32] = "the quick brown fox jumps over..", nonce[12] = "once and on.";
static const char context[] = "tenant 7 retell_api_key";

static int opens(const char *sealed)
{
        _cleanup_text_ struct text t = TEXT_INIT;
        int err = crypto_open(key, context, sealed, &t);
        ck_assert(err == 0 || t.len == 0);
        return err;
}

START_TEST(a_sealed_value_opens_only_where_it_belongs)
{
        _cleanup_text_ struct text sealed = TEXT_INIT, t = TEXT_INIT;
        uint8_t other[32] = "the quick brown fox jumps over.!";
        ck_assert_int_eq(crypto_seal(key, nonce, context, "key_123", &sealed), 0);
        ck_assert_int_eq(opens(text_str(&sealed)), 0);
        ck_assert_int_eq(crypto_open(key, "tenant 8 retell_api_key", text_str(&sealed), &t),
                         VIO_E_AUTH);
        ck_assert_int_eq(crypto_open(key, "", text_str(&sealed), &t), VIO_E_AUTH);
        ck_assert_int_eq(crypto_open(other, context, text_str(&sealed), &t), VIO_E_AUTH);
}
END_TEST

START_TEST(the_empty_secret_is_a_secret_too)
{
        _cleanup_text_ struct text sealed = TEXT_INIT, t = TEXT_INIT;
        ck_assert_int_eq(crypto_seal(key, nonce, "", "", &sealed), 0);
        text_add(&t, "before ");
        ck_assert_int_eq(crypto_open(key, "", text_str(&sealed), &t), 0);
        ck_assert_str_eq(text_str(&t), "before ");
}
END_TEST

START_TEST(no_byte_of_a_sealed_value_can_be_changed_or_cut)
{
        _cleanup_text_ struct text sealed = TEXT_INIT;
        ck_assert_int_eq(crypto_seal(key, nonce, context, "key_123", &sealed), 0);
        for (size_t i = 0; i < sealed.len; i++) {
                char kept = sealed.p[i];
                for (int c = 0; c < 256; c++) {
                        sealed.p[i] = (char)c;
                        ck_assert_int_eq(opens(sealed.p), (char)c == kept ? 0 : VIO_E_AUTH);
                }
                sealed.p[i] = kept;
        }
        text_add_char(&sealed, 'A');
        ck_assert_int_eq(opens(sealed.p), VIO_E_AUTH);
        for (size_t len = sealed.len - 1; len-- > 0;) {
                sealed.p[len] = '\0';
                ck_assert_int_eq(opens(sealed.p), VIO_E_AUTH);
        }
        ck_assert_int_eq(opens(NULL), VIO_E_AUTH);
}
END_TEST

START_TEST(comparing_finds_every_difference)
{
        uint8_t a[32] = {0}, b[32] = {0};
        ck_assert(crypto_equal(a, b, 32));
        for (int bit = 0; bit < 256; bit++) {
                b[bit / 8] ^= (uint8_t)(1 << bit % 8);
                ck_assert(!crypto_equal(a, b, 32));
                b[bit / 8] = 0;
        }
        b[3] = b[17] = 0x55; /* differences must not cancel each other out */
        ck_assert(!crypto_equal(a, b, 32));
        ck_assert(crypto_equal(a, b, 0));
}
END_TEST

START_TEST(wiping_leaves_zeros)
{
        char secret[] = "key_123";
        crypto_wipe(secret, sizeof(secret));
        for (size_t i = 0; i < sizeof(secret); i++)
                ck_assert_int_eq(secret[i], 0);
        crypto_wipe(NULL, 0);
}
END_TEST

Suite *suite(void)
{
        Suite *s = suite_create("crypto");
        add_case(s, sha256_gives_the_vectors_of_fips_180);
        add_case(s, hmac_gives_the_vectors_of_rfc_4231);
        add_case(s, a_mac_over_parts_is_the_mac_over_the_whole);
        add_case(s, keys_are_derived_as_in_rfc_5869_and_differ_by_purpose);
        add_case(s, sealing_gives_the_vector_of_the_gcm_specification);
        add_case(s, a_sealed_value_opens_only_where_it_belongs);
        add_case(s, the_empty_secret_is_a_secret_too);
        add_case(s, no_byte_of_a_sealed_value_can_be_changed_or_cut);
        add_case(s, comparing_finds_every_difference);
        add_case(s, wiping_leaves_zeros);
        return s;
}
