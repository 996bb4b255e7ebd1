/*
 * strict.h - whether a request body is what Retell's API reference allows.
 *
 * Retell refuses what it does not know: a field of another name, null where a string belongs. The
 * sandbox must too, or a mistake shows first with a real account.
 */
#ifndef SANDBOX_STRICT_H
#define SANDBOX_STRICT_H

#include <stdbool.h>
#include <stddef.h>

#include <vio/json.h>

/* Why a body was refused, as the message of the error answer. */
struct strict_fault {
        char message[200];
};

/* The body of POST /v2/create-phone-call. On false, @ret says why. */
bool strict_create_call(const vio_json *body, struct strict_fault *ret);

/* The body of POST /v3/list-calls, its filter_criteria left to criteria_check(). */
bool strict_list_calls(const vio_json *body, struct strict_fault *ret);

/*
 * Records a fault: the sentence of Retell's reference, then which field and what is wrong with it
 * in our own words. Always false, so that a check can return it.
 */
bool strict_refuse(struct strict_fault *ret, const char *field, const char *what);

/* Whether a number is in E.164 form: "+", then 7 to 15 digits, the first not 0. */
bool strict_is_e164(const char *number);

#endif
