/* settings.c - what a tenant may set, and whether Retell answers to it. */
#include "setting_json.h"

#include "handlers.h"

/* Where Retell is to send its webhooks; the host is whatever the program is reached by. */
#define WEBHOOK_PATH "/api/retell/webhook"

static int show(vio_tenant *t, struct response *r)
{
        vio_json_begin_object(r->body, NULL);
        int e = settings_write(t, r->body);
        vio_json_put_text(r->body, "webhookPath", WEBHOOK_PATH);
        vio_json_end_object(r->body);
        return e;
}

int settings_get(vio_tenant *t, const struct request *q, struct response *r)
{
        (void)q;
        return show(t, r);
}

int settings_change(vio_tenant *t, const struct request *q, struct response *r)
{
        _cleanup_(free_json) vio_json *body = NULL;
        _cleanup_(setting_patch_clear) struct setting_patch patch = {.n = 0};
        int e = request_json(q, r, &body);
        if (e == VIO_OK)
                e = setting_patch_read(body, NULL, &patch, r);
        if (e < 0)
                return e;
        e = vio_tenant_set(t, patch.list, patch.n);
        if (e == VIO_E_INVALID)
                return setting_refuse(r, vio_tenant_error(t), body, NULL);
        return e < 0 ? e : show(t, r);
}

struct findings {
        vio_json_writer *w;
        bool ok;
};

static int write_finding(void *data, const struct vio_finding *f)
{
        struct findings *found = data;
        found->ok = found->ok && f->ok;
        vio_json_begin_object(found->w, NULL);
        vio_json_put_text(found->w, "check", f->check);
        vio_json_put_bool(found->w, "ok", f->ok);
        vio_json_put_text(found->w, "detail", f->detail);
        vio_json_put_text(found->w, "remedy", f->remedy);
        vio_json_end_object(found->w);
        return 0;
}

int settings_test_retell(vio_tenant *t, const struct request *q, struct response *r)
{
        struct findings found = {r->body, true};
        (void)q;
        vio_json_begin_object(r->body, NULL);
        vio_json_begin_array(r->body, "findings");
        int e = vio_tenant_test_retell(t, write_finding, &found);
        vio_json_end_array(r->body);
        vio_json_put_bool(r->body, "ok", found.ok);
        vio_json_end_object(r->body);
        return e;
}
