/* vault.h - secrets at rest: sealed with a key of the installation, bound to tenant and column. */
#ifndef VIO_STORE_VAULT_H
#define VIO_STORE_VAULT_H

#include "base/random.h"
#include "base/text.h"
#include "store/store.h"

/* The size of a digest's text, with its NUL. */
#define VAULT_DIGEST_SIZE 65

struct vault {
        uint8_t key[32];
        uint8_t digest_key[32];
        struct random_source random;
};

/* @secret: the installation's, 32 bytes. */
int vault_init(struct vault *v, const uint8_t *secret, const struct random_source *random);
void vault_done(struct vault *v);

/* A secret of a tenant, for one column of its row. */
int tx_seal(const struct tenant_tx *tx, const char *column, const char *plain, struct text *ret);
/* VIO_E_AUTH when it was sealed with another key, for another tenant or another column. */
int tx_unseal(const struct tenant_tx *tx, const char *column, const char *sealed, struct text *ret);

/* A keyed hash of a value, in hex: equal only within this installation, tenant and purpose. */
int tx_digest(const struct tenant_tx *tx, const char *purpose, const char *value,
              char ret[VAULT_DIGEST_SIZE]);

/* A constant of the installation, sealed; and whether it opens. */
int vault_make_check(const struct vault *v, struct text *ret);
int vault_check(const struct vault *v, const char *sealed);

#endif
