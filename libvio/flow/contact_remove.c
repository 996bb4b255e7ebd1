/* contact_remove.c - a contact is removed, or erased as if it had never had a name. */
#include "flow/contact_remove.h"

#include <vio/window.h>

#include "base/mem.h"
#include "store/contacts.h"
#include "store/do_not_call.h"
#include "store/erasure.h"
#include "store/tasks.h"

#define NO_NAME "(erased)"

struct removal {
        const struct acting *a;
        vio_contact_id id;
        bool erase;
};

static int blank(struct vio_contact *c)
{
        char **const texts[] = {&c->phone, &c->email, &c->special_instructions, &c->opt_out_reason,
                                &c->attention_note};
        char *name = mem_text(NO_NAME);

        if (!name)
                return VIO_E_NOMEM;
        mem_free(c->name);
        c->name = name;
        for (size_t i = 0; i < count_of(texts); i++) {
                mem_free(*texts[i]);
                *texts[i] = NULL;
        }
        return 0;
}

static int erase(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c)
{
        c->erased_at = a->now;
        int r = blank(c);
        if (!r)
                r = erase_calls(tx, c->id);
        tx_wipe(tx);
        return r;
}

/* Removing somebody and entering them again must not lose that they want no calls. */
static int keep_refusal(const struct acting *a, struct tenant_tx *tx, const struct vio_contact *c)
{
        return c->opted_out && c->phone ? do_not_call_add(tx, c->phone, a->now) : 0;
}

static int take_away(const struct acting *a, struct tenant_tx *tx, struct vio_contact *c)
{
        c->deleted_at = a->now;
        int r = keep_refusal(a, tx, c);
        return r ? r : tasks_cancel(tx, c->id, -1, VIO_REASON_CONTACT_GONE, a->now);
}

static int remove_in(struct tenant_tx *tx, void *arg)
{
        const struct removal *m = arg;
        const struct acting *a = m->a;
        _cleanup_contact_ struct vio_contact c = {0};

        int r = contact_load_any(tx, m->id, &c);
        if (r || (c.deleted_at && !m->erase))
                return r ? r : VIO_E_NOTFOUND;
        if (c.erased_at)
                return 0;
        if (!c.deleted_at)
                r = take_away(a, tx, &c);
        if (!r && m->erase)
                r = erase(a, tx, &c);
        c.updated_at = a->now;
        if (!r)
                r = contact_save(tx, &c);
        if (!r)
                r = acting_note(a, tx, m->erase ? "contact.erase" : "contact.remove", c.id, NULL,
                                "");
        return r;
}

int contact_remove(const struct acting *a, vio_contact_id id, bool erased)
{
        struct removal m = {a, id, erased};

        int r = store_write_tenant(a->e->store, a->tenant, remove_in, &m, a->fault);
        return r == VIO_E_NOTFOUND ? fault_set(a->fault, r, "Contact not found") : r;
}
