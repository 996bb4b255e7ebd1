/* appointment_days.c - table appointment_days: kept counters of a local day's appointments. */
#include "store/appointment_days.h"

#include "base/text.h"
#include "store/q.h"

TENANT_SQL(sql_move, "INSERT INTO appointment_days (tenant_id, day, appointments, no_shows)"
                     " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant_id, day) DO UPDATE SET"
                     " appointments = appointment_days.appointments + excluded.appointments,"
                     " no_shows = appointment_days.no_shows + excluded.no_shows");
static int add(struct tenant_tx *tx, const char *day, int64_t appointments, int64_t no_shows)
{
        if (!*day || (!appointments && !no_shows))
                return VIO_OK;
        _cleanup_q_ struct q *q = q_open(tx, &sql_move);
        q_text(q, day);
        q_int(q, appointments);
        q_int(q, no_shows);
        return q_done(q);
}

int appointment_days_move(struct tenant_tx *tx, const struct appointment_weight *before,
                          const struct appointment_weight *after)
{
        if (strcmp(before->day, after->day) == 0)
                return add(tx, after->day, after->appointments - before->appointments,
                           after->no_shows - before->no_shows);
        int r = add(tx, before->day, -before->appointments, -before->no_shows);
        return r ? r : add(tx, after->day, after->appointments, after->no_shows);
}

TENANT_SQL(sql_load, "SELECT appointments, no_shows FROM appointment_days"
                     " WHERE tenant_id = ?1 AND day = ?2");
int appointment_day_load(struct tenant_tx *tx, const char *day, struct appointment_weight *ret)
{
        struct appointment_weight w = {0};
        text_copy(w.day, sizeof(w.day), day);
        _cleanup_q_ struct q *q = q_open(tx, &sql_load);
        q_text(q, day);
        if (q_row(q)) {
                w.appointments = q_col_int(q, 0);
                w.no_shows = q_col_int(q, 1);
        }
        if (q_err(q))
                return q_err(q);
        *ret = w;
        return VIO_OK;
}
