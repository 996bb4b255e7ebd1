/* check_retell.c - whether calls could be made with what a tenant has set: three questions. */
#include "flow/check_retell.h"

#include <stdio.h>

#include "flow/batch.h"
#include "store/tenants.h"

enum question { KEY, NUMBER, AGENT, QUESTIONS };

static const struct {
        const char *check;
        enum setting setting;
        const char *good;
        const char *unset;
        const char *unknown; /* Retell does not know it */
        const char *remedy;
} questions[QUESTIONS] = {
    [KEY] = {"key", SETTING_retell_api_key, "Retell knows the key", "no API key is set",
             "Retell refuses the key", "copy the API key from Retell's dashboard"},
    [NUMBER] = {"number", SETTING_retell_phone_number, "the number is in the account",
                "no number to call from is set", "the number is not in the account of this key",
                "set a number that was bought from Retell, or imported there"},
    [AGENT] = {"agent", SETTING_retell_agent_id, "the agent is in the account",
               "no agent is set, and none is bound to the number for calls out",
               "the agent is not in the account of this key",
               "set the id of an agent, or bind one to the number in Retell's dashboard"},
};

struct check {
        const struct acting *a;
        int (*cb)(void *data, const struct vio_finding *f);
        void *data;
        struct settings settings;
        struct retell_request requests[QUESTIONS];
        const struct vio_http_response *responses[QUESTIONS]; /* NULL: was not asked */
};

static void check_done(struct check *c)
{
        for (int i = 0; i < QUESTIONS; i++)
                retell_request_free(&c->requests[i]);
        settings_done(&c->settings);
}

static int tell(const struct check *c, enum question q, bool ok, const char *detail,
                const char *remedy)
{
        struct vio_finding f = {questions[q].check, ok, detail, ok ? "" : remedy};
        return c->cb(c->data, &f);
}

static const char *set(const struct check *c, enum question q)
{
        return c->settings.value[questions[q].setting];
}

static int load_in(struct tenant_tx *tx, void *arg)
{
        struct check *c = arg;
        return settings_load(tx, &c->settings);
}

static int prepare(struct check *c)
{
        struct retell_account account = {c->a->e->retell_url, set(c, KEY)};

        int r = retell_request_key_info(&c->requests[KEY], &account);
        if (!r && set(c, NUMBER))
                r = retell_request_number(&c->requests[NUMBER], &account, set(c, NUMBER));
        if (!r && set(c, AGENT))
                r = retell_request_agent(&c->requests[AGENT], &account, set(c, AGENT));
        return r;
}

/* What is wrong with an answer; @err is what it was understood as. */
static int tell_failure(const struct check *c, enum question q, int err)
{
        const struct vio_http_response *response = c->responses[q];
        const char *elsewhere = "try again; look at the network, and at Retell's status page";
        char detail[240];

        if (err == VIO_E_NOMEM)
                return err;
        if (err == VIO_E_AUTH || (err == VIO_E_NOTFOUND && q != KEY))
                return tell(c, q, false, questions[err == VIO_E_AUTH ? KEY : q].unknown,
                            questions[err == VIO_E_AUTH ? KEY : q].remedy);
        if (err == VIO_E_BUSY)
                return tell(c, q, false, "Retell is asked too often at the moment", elsewhere);
        if (vio_http_response_get_failure(response) == VIO_HTTP_ANSWERED)
                snprintf(detail, sizeof(detail), "Retell answered with status %d",
                         vio_http_response_get_status(response));
        else
                snprintf(detail, sizeof(detail), "Retell could not be reached: %s",
                         vio_http_response_get_why(response));
        return tell(c, q, false, detail, elsewhere);
}

static int judge_number(const struct check *c, int *ret_err, bool *ret_agent)
{
        *ret_err = VIO_E_NOTFOUND;
        if (!c->responses[NUMBER])
                return tell(c, NUMBER, false, questions[NUMBER].unset, questions[NUMBER].remedy);
        *ret_err = retell_understand_number(c->responses[NUMBER], ret_agent);
        return *ret_err ? tell_failure(c, NUMBER, *ret_err)
                        : tell(c, NUMBER, true, questions[NUMBER].good, "");
}

/* Without an agent of its own the one that is bound to the number calls. */
static int judge_agent(const struct check *c, bool bound)
{
        if (!c->responses[AGENT])
                return tell(c, AGENT, bound,
                            bound ? "the agent bound to the number calls" : questions[AGENT].unset,
                            questions[AGENT].remedy);
        int err = retell_understand_agent(c->responses[AGENT]);
        return err ? tell_failure(c, AGENT, err) : tell(c, AGENT, true, questions[AGENT].good, "");
}

static int judge(const struct check *c)
{
        bool bound = false;
        int err = retell_understand_key_info(c->responses[KEY]);

        if (err)
                return tell_failure(c, KEY, err);
        int r = tell(c, KEY, true, questions[KEY].good, "");
        if (!r)
                r = judge_number(c, &err, &bound);
        /* Who is bound to a number that is none cannot be known. */
        if (r || (err && !c->responses[AGENT]))
                return r;
        return judge_agent(c, bound);
}

/* All three at once. */
static int ask(struct check *c)
{
        _cleanup_batch_ struct batch batch = {0};

        int r = prepare(c);
        if (!r)
                r = batch_open(&batch, QUESTIONS);
        if (r)
                return r;
        for (int i = 0; i < QUESTIONS; i++) {
                if (c->requests[i].memory)
                        c->responses[i] = batch.responses[batch_add(&batch, &c->requests[i])];
        }
        batch_perform(c->a->e, &batch);
        return judge(c);
}

int check_retell(const struct acting *a, int (*cb)(void *data, const struct vio_finding *f),
                 void *data)
{
        _cleanup_(check_done) struct check c = {.a = a, .cb = cb, .data = data};

        int r = store_read_tenant(a->e->store, a->tenant, load_in, &c, a->fault);
        if (r)
                return r;
        if (c.settings.unreadable[SETTING_retell_api_key])
                return tell(&c, KEY, false,
                            "the key cannot be read with this installation's secret",
                            "set the API key anew");
        if (!set(&c, KEY))
                return tell(&c, KEY, false, questions[KEY].unset, questions[KEY].remedy);
        return ask(&c);
}
