/* vio.h - the whole API of libvio. What is not declared here is not API. */
#ifndef VIO_H
#define VIO_H

#include <vio/core.h>

#include <vio/analytics.h>
#include <vio/audit.h>
#include <vio/calendar.h>
#include <vio/call.h>
#include <vio/contact.h>
#include <vio/event.h>
#include <vio/explain.h>
#include <vio/health.h>
#include <vio/http.h>
#include <vio/import.h>
#include <vio/json.h>
#include <vio/ladder.h>
#include <vio/outcome.h>
#include <vio/phone.h>
#include <vio/retell.h>
#include <vio/summary.h>
#include <vio/system.h>
#include <vio/task.h>
#include <vio/task_rules.h>
#include <vio/tenant.h>
#include <vio/user.h>
#include <vio/webhook.h>
#include <vio/window.h>
#include <vio/zone.h>

#endif
