/* crypto.c - the one door to mbedTLS: digests, MACs and sealing. */
#include "crypto.h"

#include <pthread.h>
#include <string.h>

#include <mbedtls/aes.h>
#include <mbedtls/gcm.h>
#include <mbedtls/hkdf.h>
#include <mbedtls/md.h>
#include <mbedtls/sha256.h>
#include <vio/core.h>

#include "mem.h"

#define SEALED_FORM "v1."
#define NONCE_SIZE  12
#define TAG_SIZE    16

/* Beyond bad memory nothing can go wrong below: the arguments are ours. */
static int from_mbedtls(int err)
{
        if (err == MBEDTLS_ERR_MD_ALLOC_FAILED || err == MBEDTLS_ERR_CIPHER_ALLOC_FAILED)
                return VIO_E_NOMEM;
        return err ? VIO_E_INTERNAL : VIO_OK;
}

static const mbedtls_md_info_t *sha256(void)
{
        return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
}

int crypto_sha256(const void *p, size_t len, uint8_t ret[SHA256_SIZE])
{
        return from_mbedtls(mbedtls_md(sha256(), p, len, ret));
}

int crypto_hmac(struct bytes key, const struct bytes *parts, size_t n, uint8_t ret[SHA256_SIZE])
{
        _cleanup_(mbedtls_md_free) mbedtls_md_context_t md;
        uint8_t mac[SHA256_SIZE];
        mbedtls_md_init(&md);
        int err = mbedtls_md_setup(&md, sha256(), 1);
        if (!err)
                err = mbedtls_md_hmac_starts(&md, key.p, key.len);
        for (size_t i = 0; i < n && !err; i++)
                err = mbedtls_md_hmac_update(&md, parts[i].p, parts[i].len);
        if (!err)
                err = mbedtls_md_hmac_finish(&md, mac);
        if (!err)
                memcpy(ret, mac, sizeof(mac));
        return from_mbedtls(err);
}

int crypto_derive(struct bytes master, const char *purpose, uint8_t ret[SHA256_SIZE])
{
        return from_mbedtls(mbedtls_hkdf(sha256(), NULL, 0, master.p, master.len,
                                         (const uint8_t *)purpose, strlen(purpose), ret,
                                         SHA256_SIZE));
}

static void make_aes_tables(void)
{
        static const uint8_t any_key[32];
        _cleanup_(mbedtls_aes_free) mbedtls_aes_context aes;
        mbedtls_aes_init(&aes);
        mbedtls_aes_setkey_enc(&aes, any_key, 256);
}

/* mbedTLS makes its tables at the first key, without a lock: two first keys at once would race. */
static int set_key(mbedtls_gcm_context *gcm, const uint8_t key[32])
{
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        pthread_once(&once, make_aes_tables);
        return mbedtls_gcm_setkey(gcm, MBEDTLS_CIPHER_ID_AES, key, 256);
}

int crypto_seal(const uint8_t key[32], const uint8_t nonce[12], const char *context,
                const char *plain, struct text *ret)
{
        size_t len = strlen(plain), size = NONCE_SIZE + len + TAG_SIZE;
        _cleanup_mem_ uint8_t *box = mem_new(size);
        if (!box)
                return VIO_E_NOMEM;
        memcpy(box, nonce, NONCE_SIZE);

        _cleanup_(mbedtls_gcm_free) mbedtls_gcm_context gcm;
        mbedtls_gcm_init(&gcm);
        int err = set_key(&gcm, key);
        if (!err)
                err = mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, len, nonce, NONCE_SIZE,
                                                (const uint8_t *)context, strlen(context),
                                                (const uint8_t *)plain, box + NONCE_SIZE, TAG_SIZE,
                                                box + NONCE_SIZE + len);
        if (err)
                return from_mbedtls(err);

        _cleanup_text_ struct text sealed = TEXT_INIT;
        text_add(&sealed, SEALED_FORM);
        base64url_encode(box, size, &sealed);
        return text_join(ret, &sealed);
}

/* Opens the box in place, so that the secret is in one spot only. */
static int open_box(const uint8_t key[32], const char *context, struct text *box)
{
        uint8_t *nonce = (uint8_t *)box->p, *body = nonce + NONCE_SIZE;
        size_t len = box->len - NONCE_SIZE - TAG_SIZE;
        _cleanup_(mbedtls_gcm_free) mbedtls_gcm_context gcm;
        mbedtls_gcm_init(&gcm);
        int err = set_key(&gcm, key);
        if (!err)
                err =
                    mbedtls_gcm_auth_decrypt(&gcm, len, nonce, NONCE_SIZE, (const uint8_t *)context,
                                             strlen(context), body + len, TAG_SIZE, body, body);
        return err == MBEDTLS_ERR_GCM_AUTH_FAILED ? VIO_E_AUTH : from_mbedtls(err);
}

int crypto_open(const uint8_t key[32], const char *context, const char *sealed, struct text *ret)
{
        size_t form = strlen(SEALED_FORM);
        if (!sealed || strncmp(sealed, SEALED_FORM, form) != 0)
                return VIO_E_AUTH;

        _cleanup_text_ struct text box = TEXT_INIT;
        int err = base64url_decode(sealed + form, strlen(sealed + form), &box);
        if (err)
                return err == VIO_E_NOMEM ? err : VIO_E_AUTH;
        if (box.len < NONCE_SIZE + TAG_SIZE)
                return VIO_E_AUTH;

        err = open_box(key, context, &box);
        if (!err) {
                struct text plain = {.p = box.p + NONCE_SIZE,
                                     .len = box.len - NONCE_SIZE - TAG_SIZE};
                err = text_join(ret, &plain);
        }
        crypto_wipe(box.p, box.len);
        return err;
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
        const volatile uint8_t *x = a, *y = b;
        uint8_t difference = 0;
        for (size_t i = 0; i < len; i++)
                difference |= x[i] ^ y[i];
        return difference == 0;
}

void crypto_wipe(void *p, size_t len)
{
        if (p)
                explicit_bzero(p, len);
}
