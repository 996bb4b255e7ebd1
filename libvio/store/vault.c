/* vault.c - secrets at rest. */
#include "store/vault.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "store/tx.h"

#define CHECK_CONTEXT "installation.secret_check"
#define CHECK_PLAIN   "the secret of this installation"

int vault_init(struct vault *v, const uint8_t *secret, const struct random_source *random)
{
        v->random = *random;
        int r = crypto_derive((struct bytes){secret, 32}, "vio secrets at rest", v->key);
        if (!r)
                r = crypto_derive((struct bytes){secret, 32}, "vio keyed hashes", v->digest_key);
        return r;
}

void vault_done(struct vault *v)
{
        crypto_wipe(v->key, sizeof(v->key));
        crypto_wipe(v->digest_key, sizeof(v->digest_key));
}

static int seal(const struct vault *v, const char *context, const char *plain, struct text *ret)
{
        uint8_t nonce[12];
        int r = random_fill(&v->random, nonce, sizeof(nonce));
        return r ? r : crypto_seal(v->key, nonce, context, plain, ret);
}

/* Long enough for any column name and number. */
static const char *context(const struct tenant_tx *tx, const char *column, char ret[96])
{
        snprintf(ret, 96, "tenants.%s.%" PRId64, column, tx->tenant.v);
        return ret;
}

int tx_seal(const struct tenant_tx *tx, const char *column, const char *plain, struct text *ret)
{
        char where[96];
        return seal(tx->system->vault, context(tx, column, where), plain, ret);
}

int tx_unseal(const struct tenant_tx *tx, const char *column, const char *sealed, struct text *ret)
{
        char where[96];
        return crypto_open(tx->system->vault->key, context(tx, column, where), sealed, ret);
}

int tx_digest(const struct tenant_tx *tx, const char *purpose, const char *value,
              char ret[VAULT_DIGEST_SIZE])
{
        char where[96];
        uint8_t digest[SHA256_SIZE];
        snprintf(where, sizeof(where), "%s.%" PRId64, purpose, tx->tenant.v);
        const struct bytes parts[] = {{where, strlen(where) + 1}, {value, strlen(value)}};
        int r = crypto_hmac((struct bytes){tx->system->vault->digest_key, 32}, parts,
                            count_of(parts), digest);
        if (!r)
                hex_encode(digest, sizeof(digest), ret);
        return r;
}

int vault_make_check(const struct vault *v, struct text *ret)
{
        return seal(v, CHECK_CONTEXT, CHECK_PLAIN, ret);
}

int vault_check(const struct vault *v, const char *sealed)
{
        _cleanup_text_ struct text plain = TEXT_INIT;
        int r = crypto_open(v->key, CHECK_CONTEXT, sealed, &plain);
        return r ? r : strcmp(text_str(&plain), CHECK_PLAIN) == 0 ? VIO_OK : VIO_E_AUTH;
}
