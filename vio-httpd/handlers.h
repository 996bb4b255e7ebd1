/* handlers.h - every handler, by the authority it is given. */
#ifndef HTTPD_HANDLERS_H
#define HTTPD_HANDLERS_H

#include "message.h"

/*
 * A handler writes its answer into @r (status 0 becomes 200) and returns 0, or a negative enum
 * vio_err, with words for the client by refuse() where it knows better ones than the library.
 */
typedef int system_fn(vio *v, const struct request *q, struct response *r);
typedef int operator_fn(vio_operator *op, const struct request *q, struct response *r);
typedef int tenant_fn(vio_tenant *t, const struct request *q, struct response *r);

/* auth.c */
system_fn auth_login;
system_fn auth_logout;
system_fn auth_me;
system_fn auth_password;

/* impersonation.c */
operator_fn tenants_impersonate;
system_fn auth_impersonation_end;

/* tenants.c */
operator_fn tenants_list;
operator_fn tenants_add;
operator_fn tenants_get;
operator_fn tenants_change;
operator_fn tenants_suspend;
operator_fn tenants_resume;

/* admin.c */
operator_fn admin_stuck_calls;
operator_fn admin_health;

/* audit.c */
operator_fn audit_list_all;
tenant_fn audit_list;

/* users.c */
tenant_fn users_list;
tenant_fn users_add;
tenant_fn users_change;
tenant_fn users_password;

/* settings.c */
tenant_fn settings_get;
tenant_fn settings_change;
tenant_fn settings_test_retell;

/* calendars.c */
tenant_fn calendars_list;
tenant_fn calendars_renew;
tenant_fn calendars_remove;

/* contacts.c */
tenant_fn contacts_list;
tenant_fn contacts_add;
tenant_fn contacts_stats;
tenant_fn contacts_get;
tenant_fn contacts_change;
tenant_fn contacts_remove;
tenant_fn contacts_opt_out;

/* contacts_csv.c */
tenant_fn contacts_export;
tenant_fn contacts_import;

/* explain.c */
tenant_fn contacts_explain;

/* calls.c */
tenant_fn calls_list;
tenant_fn calls_now;
tenant_fn calls_get;

/* events.c */
tenant_fn calls_events;
tenant_fn events_replay;

/* tasks.c */
tenant_fn tasks_list;
tenant_fn tasks_move;
tenant_fn tasks_cancel;
tenant_fn tasks_retry;

/* analytics.c */
tenant_fn analytics_calls;
tenant_fn analytics_performance;

/* summary.c */
tenant_fn summary_settings;
tenant_fn summary_settings_put;
tenant_fn summary_preview;
tenant_fn summary_test;

/* webhooks.c */
system_fn webhooks_retell;
system_fn webhooks_cal_com_named;
system_fn webhooks_cal_com;
system_fn webhooks_calendly;
system_fn webhooks_resend;

/* health.c */
system_fn health_live;
system_fn health_ready;

#endif
