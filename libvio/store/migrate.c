/* migrate.c - brings a database file to the schema that this library knows. */
#include "store/migrate.h"

#include <inttypes.h>

#include "base/text.h"
#include "store/installation.h"

/* Reads the head of the file; VIO_E_SCHEMA when it is not one that we may write to. */
static int recognise(struct system_tx *tx, const struct migrations *m, int64_t *ret_version)
{
        struct db_stamp stamp;
        int r = db_stamp_get(tx->db, &stamp, tx->fault);
        if (r)
                return r;
        bool blank = stamp.empty && stamp.application == 0 && stamp.version == 0;
        if (!blank && stamp.application != STORE_APPLICATION_ID)
                return fault_set(tx->fault, VIO_E_SCHEMA,
                                 "the file is not a VioConcierge database");
        if (stamp.version > (int64_t)m->count)
                return fault_set(tx->fault, VIO_E_SCHEMA,
                                 "the database has schema version %" PRId64
                                 ", this program knows versions up to %zu",
                                 stamp.version, m->count);
        *ret_version = stamp.version;
        return VIO_OK;
}

static int copy_aside(struct system_tx *tx, const char *path, size_t version)
{
        _cleanup_text_ struct text copy = TEXT_INIT;
        text_addf(&copy, "%s.before-%zu", path, version);
        return copy.failed ? VIO_E_NOMEM : db_copy(tx->db, text_str(&copy), tx->fault);
}

static int apply(struct system_tx *tx, const char *path, const struct migrations *m)
{
        int64_t version = 0;
        int r = recognise(tx, m, &version);
        if (r || version == (int64_t)m->count)
                return r; /* another opener was faster */
        if (version > 0 && ((r = installation_check(tx)) || (r = copy_aside(tx, path, m->count))))
                return r;
        for (size_t i = (size_t)version; i < m->count && !r; i++)
                r = db_script(tx->db, m->scripts[i], tx->fault);
        if (!r && version == 0)
                r = installation_add(tx);
        if (!r)
                r = db_teach(tx->db, tx->fault);
        if (r)
                return r;
        struct db_stamp stamp = {STORE_APPLICATION_ID, (int64_t)m->count, false};
        r = db_stamp_set(tx->db, &stamp, tx->fault);
        if (!r)
                log_write(tx->log, LOG_INFO, "schema brought from version %" PRId64 " to %zu",
                          version, m->count);
        return r;
}

int migrate(struct system_tx *tx, const char *path, const struct migrations *m)
{
        int64_t version = 0;
        int r = recognise(tx, m, &version);
        if (!r && version < (int64_t)m->count) {
                r = db_do(tx->db, DB_BEGIN_WRITE, tx->fault);
                if (!r)
                        r = apply(tx, path, m);
                if (!r)
                        r = db_do(tx->db, DB_COMMIT, tx->fault);
                if (r && db_in_transaction(tx->db))
                        db_do(tx->db, DB_ROLLBACK, NULL);
        }
        return r ? r : installation_check(tx);
}
