/* webhook.c - a webhook of Retell, or of the system before this one, read. */
#include <string.h>

#include "../base/crypto.h"
#include "call_object.h"
#include "retell.h"

/* What a webhook holds, before it is known to be usable. */
struct envelope {
        const char *event;
        const vio_json *object; /* the call, or NULL */
};

static bool is_object(const vio_json *j)
{
        return vio_json_type(j) == VIO_JSON_OBJECT;
}

static int open_envelope(const vio_json *root, struct envelope *ret)
{
        const vio_json *call = vio_json_get(root, "call");
        const vio_json *data = vio_json_get(root, "data");
        const char *event = plain_text(vio_json_get(root, "event"), 64);
        if (!event)
                return VIO_E_INVALID;
        if (!call && !data && vio_retell_event_parse(event) == VIO_RETELL_OTHER) {
                *ret = (struct envelope){event, NULL};
                return VIO_OK;
        }
        if (!is_object(call) && !is_object(data))
                return VIO_E_INVALID;
        *ret = (struct envelope){event, is_object(call) ? call : data};
        return VIO_OK;
}

/* The digest is of the values and their order, not of the white space between them. */
static int digest(const vio_json *j, char ret[65])
{
        uint8_t hash[SHA256_SIZE];
        const char *text;
        size_t len;
        vio_json_writer *w = vio_json_writer_new();
        if (!w)
                return VIO_E_NOMEM;
        vio_json_put_value(w, NULL, j);
        int r = vio_json_writer_text(w, &text, &len);
        if (r == 0)
                r = crypto_sha256(text, len, hash);
        if (r == 0)
                hex_encode(hash, sizeof(hash), ret);
        vio_json_writer_free(w);
        return r;
}

int retell_webhook_parse(const void *body, size_t len, struct retell_webhook *ret)
{
        struct envelope e;
        struct retell_webhook w = {0};
        _cleanup_retell_memory_ struct retell_memory *m = retell_memory_new(1);
        if (!m)
                return VIO_E_NOMEM;
        int r = vio_json_parse(body, len, &m->root);
        if (r < 0)
                return r;
        r = open_envelope(m->root, &e);
        if (r < 0)
                return r;
        call_object_read(e.object, vio_json_get(m->root, "metadata"), &m->numbers[0], &w.call);
        if (e.object && !w.call.call_id)
                return VIO_E_INVALID;
        r = digest(e.object ? e.object : m->root, w.digest);
        if (r < 0)
                return r;
        w.call.event = vio_retell_event_parse(e.event);
        w.event_name = e.event;
        w.memory = steal(m);
        *ret = w;
        return VIO_OK;
}

void retell_webhook_free(struct retell_webhook *w)
{
        retell_memory_free(w->memory);
        *w = (struct retell_webhook){0};
}
