/* appointment_days.h - table appointment_days: kept counters of a local day's appointments. */
#ifndef VIO_STORE_APPOINTMENT_DAYS_H
#define VIO_STORE_APPOINTMENT_DAYS_H

#include "store/store.h"

/* What one contact stands for in the counters. */
struct appointment_weight {
        char day[11]; /* 'YYYY-MM-DD'; "" when it stands for nothing */
        int64_t appointments;
        int64_t no_shows;
};

/* Moves the counters by the difference. */
int appointment_days_move(struct tenant_tx *tx, const struct appointment_weight *before,
                          const struct appointment_weight *after);
/* 0 for a day without appointments. */
int appointment_day_load(struct tenant_tx *tx, const char *day, struct appointment_weight *ret);

#endif
