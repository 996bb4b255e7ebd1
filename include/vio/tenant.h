/* vio/tenant.h - who acts, on which tenant; tenants and their settings. */
#ifndef VIO_TENANT_H
#define VIO_TENANT_H

#include <vio/core.h>
#include <vio/system.h>
#include <vio/user.h>

#ifdef __cplusplus
extern "C" {
#endif

enum vio_actor_kind {
        VIO_ACTOR_SYSTEM,      /* the library itself, or the program around it */
        VIO_ACTOR_USER,        /* a person who logged in */
        VIO_ACTOR_COMMAND,     /* an administrator at the command line */
        VIO_ACTOR_IMPERSONATOR /* a super_admin who acts as the tenant's client_admin */
};

/** On whose behalf a handle acts: it is written into every audit row. Copied when a handle is
 * opened. */
struct vio_actor {
        enum vio_actor_kind kind;
        vio_user_id user;       /* 0 when no account is concerned */
        const char *ip_address; /* NULL when there is none */
};

#define VIO_ACTOR_INIT                                                                             \
        {                                                                                          \
                VIO_ACTOR_SYSTEM, {0}, NULL                                                        \
        }

/**
 * Opens the authority over all tenants. Cheap; one thread at a time.
 *
 * @actor: who acts; NULL means the system.
 * @ret: gets the handle, which the caller frees with vio_operator_free(); untouched on failure.
 * Errors: VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_operator_open(vio *v, const struct vio_actor *actor, vio_operator **ret);

/** Frees an operator handle. Takes NULL; returns NULL. Since: 0.1 */
VIO_API vio_operator *vio_operator_free(vio_operator *op);

/** What went wrong last on this handle, for a person; "" if nothing. Valid until the next call on
 * it. Since: 0.1 */
VIO_API const char *vio_operator_error(const vio_operator *op);

/**
 * Opens the authority over one tenant. Cheap; one thread at a time.
 *
 * @actor: who acts; NULL means the system.
 * @ret: gets the handle, which the caller frees with vio_tenant_free(); untouched on failure.
 * Errors: VIO_E_NOTFOUND, VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_tenant_open(vio *v, vio_tenant_id id, const struct vio_actor *actor,
                            vio_tenant **ret);

/**
 * The same for whoever acts on all tenants: what is done is noted as done by the operator's actor.
 *
 * @ret: gets the handle, which the caller frees with vio_tenant_free(); untouched on failure.
 * Errors: VIO_E_NOTFOUND, VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.2
 */
VIO_API int vio_operator_tenant_open(vio_operator *op, vio_tenant_id id, vio_tenant **ret);

/** Frees a tenant handle. Takes NULL; returns NULL. Since: 0.1 */
VIO_API vio_tenant *vio_tenant_free(vio_tenant *t);

/** What went wrong last on this handle, for a person; "" if nothing. Valid until the next call on
 * it. Since: 0.1 */
VIO_API const char *vio_tenant_error(const vio_tenant *t);

/**
 * Which calling rule refused last on this handle: an enum vio_reason (vio/window.h) after
 * VIO_E_REFUSED, else 0. Valid until the next call on it. Since: 0.1
 */
VIO_API int vio_tenant_refusal(const vio_tenant *t);

/** The tenant of a handle. Since: 0.1 */
VIO_API vio_tenant_id vio_tenant_get_id(const vio_tenant *t);

/**
 * A setting by name, its value as text. NULL clears it, back to its default.
 *
 * Names (vio_setting_each() tells them all): name, time_zone, country, business_template,
 * retell_api_key, retell_agent_id, retell_phone_number, retell_webhook_secret,
 * accept_bare_signature, calendar_type, cal_com_api_key, calendly_token, daily_summary_enabled,
 * daily_summary_recipient_email, daily_summary_recipient_name, daily_summary_time,
 * daily_summary_timezone, daily_summary_days, daily_summary_counts_only,
 * cal_com_phone_field, calendly_phone_question, business_hours, public_transport_instructions,
 * parking_instructions, arrival_notes, voice_agent_prompt, features, call_window_start,
 * call_window_end, call_days, daily_call_limit, weekly_call_limit, follow_up_delay_minutes,
 * reminder_lead_minutes.
 */
struct vio_setting {
        const char *name;
        const char *value;
};

/** What the text of a setting stands for. */
enum vio_setting_kind {
        VIO_SETTING_TEXT,
        VIO_SETTING_BOOL,   /* "true" or "false" */
        VIO_SETTING_NUMBER, /* a whole number */
        VIO_SETTING_JSON    /* an object or an array */
};

/** What is known of a setting; texts are static, or valid during the callback for .value. */
struct vio_setting_info {
        const char *name;
        const char *summary; /* what it means and what is allowed, in one sentence */
        bool is_secret;      /* .value is then "" or "set, ends in ...wxyz" */
        bool is_set;
        const char *value; /* the value in force, default included; NULL when none */
        /* Since 0.2 */
        enum vio_setting_kind kind;
        const char *wanted; /* what would be right, such as "15 to 1440 minutes" */
        const char *last4;  /* of a secret: its end, to tell it by; "" when shorter than 12 bytes;
                             * valid during the callback */
};

/**
 * Adds a tenant.
 *
 * @name: what the clinic is called; 1 to 200 bytes.
 * @settings, @n: its first settings; may be NULL and 0. All or none are taken.
 * @ret: gets its id; untouched on failure.
 * Errors: VIO_E_INVALID (the text names the setting), VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_tenant_add(vio_operator *op, const char *name, const struct vio_setting *settings,
                           size_t n, vio_tenant_id *ret);

/**
 * Adds a tenant together with its first account; both or neither.
 *
 * @name, @settings, @n: as for vio_tenant_add().
 * @admin: the account; .role must be client_admin. Its password is hashed before anything is
 * written.
 * @ret_tenant, @ret_user: get the ids; untouched on failure.
 * Errors: VIO_E_INVALID (the text names the setting, or the member of @admin: email, password,
 * fullName, role), VIO_E_BUSY (too many passwords are hashed at once), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_tenant_add_with_admin(vio_operator *op, const char *name,
                                      const struct vio_setting *settings, size_t n,
                                      const struct vio_user_fields *admin,
                                      vio_tenant_id *ret_tenant, vio_user_id *ret_user);

/**
 * Suspends a tenant, or lifts that: while suspended nobody is called for it, planned calls wait,
 * and its people can still read everything. What is so already stays so without a trace; a new
 * reason replaces the old one.
 *
 * @reason: for people, at most 200 bytes in one line; NULL or "" for none. Ignored when the
 * suspension is lifted. The audit log says that it happened, not why.
 * Errors: VIO_E_NOTFOUND, VIO_E_INVALID (reason), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_tenant_suspend(vio_operator *op, vio_tenant_id id, bool suspended,
                               const char *reason);

/** What a list of tenants shows; texts are valid during the callback. */
struct vio_tenant_info {
        vio_tenant_id id;
        const char *name;
        const char *time_zone;
        bool suspended;
        bool configured; /* has a Retell key and a number to call from */
        vio_time created_at;
        /* Since 0.2 */
        const char *suspended_reason; /* NULL when none was given, or it is not suspended */
        int64_t contacts;             /* how many it has */
        vio_time last_activity; /* of the latest entry of its audit log; VIO_TIME_NONE: none yet */
};

/**
 * Calls @cb for each tenant in order of id.
 *
 * A non-zero result of @cb ends the loop and is returned. @cb must not call the library with @op.
 * Errors: VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_tenant_each(vio_operator *op,
                            int (*cb)(void *data, const struct vio_tenant_info *i), void *data);

/** The tenant's own row, as vio_tenant_each() shows it, by one call of @cb. Errors: VIO_E_STORAGE.
 * Since: 0.1 */
VIO_API int vio_tenant_show(vio_tenant *t, int (*cb)(void *data, const struct vio_tenant_info *i),
                            void *data);

/**
 * Changes settings; all of them or none.
 *
 * Errors: VIO_E_INVALID (the text names the setting and what would be right), VIO_E_STORAGE.
 * Since: 0.1
 */
VIO_API int vio_tenant_set(vio_tenant *t, const struct vio_setting *settings, size_t n);

/**
 * Calls @cb for each setting in the order of the list above; secrets are only hinted at.
 *
 * A non-zero result of @cb ends the loop and is returned. Errors: VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_tenant_settings(vio_tenant *t,
                                int (*cb)(void *data, const struct vio_setting_info *i),
                                void *data);

/**
 * Asks Retell, with the tenant's own key, whether calls could be made: whether Retell answers and
 * knows the key, whether the number to call from is in its account, and the agent too.
 *
 * @cb: called for each finding on the calling thread: "key", "number", "agent"; a non-zero result
 * ends it and is returned. What cannot be asked because of an earlier finding is left out.
 * Returns 0 when it ran to its end, whatever it found. Errors: VIO_E_STORAGE, VIO_E_NOMEM.
 * Since: 0.2
 */
VIO_API int vio_tenant_test_retell(vio_tenant *t,
                                   int (*cb)(void *data, const struct vio_finding *f), void *data);

/** Calls @cb for each setting that exists, without values. No error but a non-zero result of @cb.
 * Since: 0.1 */
VIO_API int vio_setting_each(int (*cb)(void *data, const struct vio_setting_info *i), void *data);

/**
 * The number that every change of the tenant's data raises: a change of it is a change of any
 * answer about the tenant that does not depend on the time.
 *
 * @ret: gets it; untouched on failure. Errors: VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_tenant_version(vio_tenant *t, int64_t *ret);

#ifdef __cplusplus
}
#endif

#endif
