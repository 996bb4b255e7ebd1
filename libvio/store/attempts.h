/* attempts.h - table attempts: the dial of a call session, its lease and its fence. */
#ifndef VIO_STORE_ATTEMPTS_H
#define VIO_STORE_ATTEMPTS_H

#include "store/rows.h"
#include "store/store.h"

/* VIO_E_CONFLICT when another dial to the number is open. */
int attempt_insert(struct tenant_tx *tx, const struct attempt *a);
int attempt_load(struct tenant_tx *tx, vio_call_id call, struct attempt *ret);

/* Whether a dial to this number is open. */
int attempt_open_for(struct tenant_tx *tx, const char *phone, bool *ret);

/*
 * The day's counters follow when it turns out that nothing rang, or that it did after all.
 * Writes state, is_open, lease_owner, due_at, looks, unknown_since, http_status, detail and
 * finished_at if the row still has @generation, and raises the generation to a->lease_generation.
 * VIO_E_CONFLICT when the lease was lost: nothing is written.
 */
int attempt_save(struct tenant_tx *tx, const struct attempt *a, int64_t generation);

/* Ids of dials with due_at at or before @now, earliest first; at most @n. */
int attempts_due(struct tenant_tx *tx, vio_time now, vio_call_id *ret, size_t n, size_t *ret_count);
/* Ids of dials whose lease @owner holds; a lease has a due_at, its end. */
int attempts_owned(struct tenant_tx *tx, const char *owner, vio_call_id *ret, size_t n,
                   size_t *ret_count);

/* The call has ended: the line is free again. */
int attempt_close(struct tenant_tx *tx, vio_call_id call);

/* In SQL, what stands for the number of an erased person: nobody's, and no two dials' the same. */
#define ATTEMPT_NOBODY "'-' || substr(call_id, 22)"
/* Takes the number, and what Retell said of it, from a dial that is not open. */
int attempt_forget(struct tenant_tx *tx, vio_call_id call);

#endif
