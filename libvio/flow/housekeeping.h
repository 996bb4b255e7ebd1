/* housekeeping.h - calls that never said how they ended. */
#ifndef VIO_FLOW_HOUSEKEEPING_H
#define VIO_FLOW_HOUSEKEEPING_H

#include "flow/acting.h"
#include "store/rows.h"

/*
 * What is done about a call past its deadline, after it was asked about once more. Without an
 * outcome it is failed, with an audit row and an alert; its line stays closed to other dials until
 * no call could last that long (Retell ends every call after two hours). Later evidence still
 * improves the outcome. Changes and saves @call.
 */
int deadline_passed(const struct acting *a, struct tenant_tx *tx, struct vio_call *call);

#endif
