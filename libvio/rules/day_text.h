/* day_text.h - dates and clock times as people and spreadsheets write them. */
#ifndef VIO_RULES_DAY_TEXT_H
#define VIO_RULES_DAY_TEXT_H

#include <vio/import.h>

/* What a text says of a day, a time of day, or both; or of a time with its offset. */
struct day_text {
        bool has_day;
        bool has_clock;
        int64_t day;       /* days from 1970-01-01 */
        int32_t second;    /* of the day */
        vio_time absolute; /* VIO_TIME_NONE unless there was an offset: the rest is then unset */
};

/*
 * Reads "2026-11-24", "2026/11/24", "11/24/2026", "24.11.2026", a clock time of 24 or 12 hours, a
 * date and a clock time, or RFC 3339. VIO_E_INVALID; @ret_problem gets a static sentence.
 */
int day_text_read(const char *text, enum vio_date_order order, struct day_text *ret,
                  const char **ret_problem);

/* What the dates of a file show together. */
struct day_orders {
        bool month_first;
        bool day_first;
};
/* Notes whether the text holds a date that can be read in one order only. */
void day_orders_see(struct day_orders *o, const char *text);
/* VIO_DATES_BY_FILE when they show nothing, or contradict each other. */
enum vio_date_order day_orders_tell(const struct day_orders *o);

#endif
