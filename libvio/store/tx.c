/* tx.c - the authority of a transaction, and which tenants it has written to. */
#include "store/tx.h"

#include "base/mem.h"

struct tenant_tx tx_narrow(struct system_tx *tx, vio_tenant_id tenant)
{
        return (struct tenant_tx){tx, tenant};
}

struct fault *tx_fault(const struct tenant_tx *tx)
{
        return tx->system->fault;
}

struct fault *system_tx_fault(const struct system_tx *tx)
{
        return tx->fault;
}

int tenant_set_add(struct tenant_set *set, vio_tenant_id id)
{
        for (size_t i = 0; i < set->count; i++)
                if (set->ids[i].v == id.v)
                        return VIO_OK;
        if (set->count == set->room) {
                size_t room = set->room ? 2 * set->room : 4;
                vio_tenant_id *ids = mem_resize(set->ids, room * sizeof(*ids));
                if (!ids)
                        return VIO_E_NOMEM;
                set->ids = ids;
                set->room = room;
        }
        set->ids[set->count++] = id;
        return VIO_OK;
}

void tenant_set_done(struct tenant_set *set)
{
        mem_free(set->ids);
        *set = (struct tenant_set){0};
}

void tx_wipe(struct tenant_tx *tx)
{
        tx->system->wipes = true;
}
