/* batch.c - several requests to Retell at once, with a response for each. */
#include "flow/batch.h"

#include "base/mem.h"

int batch_open(struct batch *b, size_t room)
{
        *b = (struct batch){0};
        b->http = mem_new((room + 1) * sizeof(*b->http));
        b->responses = mem_new((room + 1) * sizeof(*b->responses));
        if (!b->http || !b->responses)
                return VIO_E_NOMEM;
        for (; b->room < room; b->room++) {
                b->responses[b->room] = vio_http_response_new();
                if (!b->responses[b->room])
                        return VIO_E_NOMEM;
        }
        return 0;
}

void batch_close(struct batch *b)
{
        for (size_t i = 0; i < b->room; i++)
                vio_http_response_free(b->responses[i]);
        mem_free(b->responses);
        mem_free(b->http);
        *b = (struct batch){0};
}

size_t batch_add(struct batch *b, const struct retell_request *r)
{
        b->http[b->n] = r->http;
        return b->n++;
}

void batch_perform(struct engine *e, struct batch *b)
{
        if (b->n)
                e->http.perform(e->http.data, b->http, b->responses, b->n);
}
