/* place_call.h - a person asks for a call now. */
#ifndef VIO_FLOW_PLACE_CALL_H
#define VIO_FLOW_PLACE_CALL_H

#include "flow/acting.h"

/*
 * Calls the contact if the rules allow it and waits for Retell's answer. @ret_call: the session,
 * also when no clear answer came. VIO_E_REFUSED with the rule's reason; VIO_E_UPSTREAM when Retell
 * refused or could not be reached.
 */
int call_now(const struct acting *a, vio_contact_id contact, vio_call_id *ret_call);

#endif
