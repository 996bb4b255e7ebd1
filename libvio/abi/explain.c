/* explain.c - why a contact was called, or was not: public functions, and their JSON. */
#include <vio/explain.h>

#include "abi/handle.h"
#include "flow/explain.h"

static const char *const kinds[] = {
    [VIO_EXPLAIN_PLANNED] = "planned", [VIO_EXPLAIN_PLACED] = "placed",
    [VIO_EXPLAIN_SKIPPED] = "skipped", [VIO_EXPLAIN_PUT_OFF] = "put_off",
    [VIO_EXPLAIN_FINDING] = "finding", [VIO_EXPLAIN_VERDICT] = "verdict",
};

const char *vio_explain_kind_name(enum vio_explain_kind kind)
{
        return (unsigned)kind < count_of(kinds) ? kinds[kind] : NULL;
}

int vio_contact_explain(vio_tenant *t, vio_contact_id contact,
                        int (*cb)(void *data, const struct vio_explanation *e), void *data)
{
        struct acting a = tenant_acts(t);
        int r = contact_explain(&a, contact, cb, data);
        return r == VIO_E_NOTFOUND ? fault_set(a.fault, r, "Contact not found") : r;
}

static const char *filled(const char *text)
{
        return *text ? text : NULL;
}

void vio_explanation_write(const struct vio_explanation *e, vio_json_writer *w, const char *key)
{
        bool has_reason = e->reason != VIO_REASON_NONE;

        vio_json_begin_object(w, key);
        vio_json_put_time(w, "at", e->at);
        vio_json_put_text(w, "kind", vio_explain_kind_name(e->kind));
        vio_json_put_text(w, "code", e->code);
        vio_json_put_text(w, "taskId", filled(e->task.s));
        vio_json_put_text(w, "callId", filled(e->call.s));
        vio_json_put_text(w, "outcome", vio_outcome_name(e->outcome));
        vio_json_put_text(w, "reason", has_reason ? vio_reason_name(e->reason) : NULL);
        vio_json_put_text(w, "reasonText", has_reason ? vio_reason_text(e->reason) : NULL);
        vio_json_put_text(w, "text", e->text);
        vio_json_put_text(w, "remedy", e->remedy);
        vio_json_put_time(w, "nextAt", e->next_at);
        vio_json_end_object(w);
}
