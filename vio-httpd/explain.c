/* explain.c - why a contact was called, or not, and what comes next. */
#include "handlers.h"

/* The pieces come in order: what happened, the findings, the verdict. */
struct writing {
        struct response *r;
        bool in_findings;
};

static void begin_findings(struct writing *w)
{
        if (w->in_findings)
                return;
        w->in_findings = true;
        vio_json_end_array(w->r->body);
        vio_json_begin_array(w->r->body, "findings");
}

static int write_piece(void *data, const struct vio_explanation *e)
{
        struct writing *w = data;
        if (e->kind == VIO_EXPLAIN_FINDING || e->kind == VIO_EXPLAIN_VERDICT)
                begin_findings(w);
        if (e->kind == VIO_EXPLAIN_VERDICT)
                vio_json_end_array(w->r->body);
        vio_explanation_write(e, w->r->body, e->kind == VIO_EXPLAIN_VERDICT ? "verdict" : NULL);
        return response_pass(w->r);
}

int contacts_explain(vio_tenant *t, const struct request *q, struct response *r)
{
        struct writing w = {.r = r};
        vio_contact_id id;
        if (request_item_number(q, &id.v) < 0)
                return refuse(r, VIO_E_NOTFOUND, "Contact not found");
        vio_json_begin_object(r->body, NULL);
        vio_json_put_int(r->body, "contactId", id.v);
        vio_json_begin_array(r->body, "entries");
        int e = vio_contact_explain(t, id, write_piece, &w);
        if (e == VIO_E_NOTFOUND)
                return refuse(r, e, "Contact not found");
        vio_json_end_object(r->body);
        return e;
}
