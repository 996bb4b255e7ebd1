/* criteria.h - filter_criteria of POST /v3/list-calls: which calls a reader asks for. */
#ifndef SANDBOX_CRITERIA_H
#define SANDBOX_CRITERIA_H

#include <stdbool.h>

#include <vio/json.h>

#include "phone_call.h"
#include "strict.h"

/*
 * Whether filter_criteria is well formed and within what the sandbox can search by. On false, @ret
 * says why. NULL (no criteria) is fine. Numbers in filters must be whole.
 */
bool criteria_check(const vio_json *criteria, struct strict_fault *ret);

/* Whether a call meets all criteria at @now. @criteria passed criteria_check(). */
bool criteria_match(const vio_json *criteria, const struct phone_call *c, vio_time now);

#endif
