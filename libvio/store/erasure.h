/* erasure.h - what the calls of an erased person give up: words, recordings, numbers. */
#ifndef VIO_STORE_ERASURE_H
#define VIO_STORE_ERASURE_H

#include "store/store.h"

/*
 * Marks the contact's calls, and takes transcripts, recordings and payloads from them; the digests
 * of the payloads stay, so that a message that comes again is still known. Numbers leave the dials
 * that are over; call_save() takes those of the others when their call is final.
 */
int erase_calls(struct tenant_tx *tx, vio_contact_id contact);

#endif
