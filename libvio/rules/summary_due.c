/* summary_due.c - when the daily summary is due, and when one that was not taken is tried again. */
#include "summary_rules.h"

#include "base/attr.h"
#include "base/calendar.h"

#define MINUTES_A_DAY (24 * 60)
/* Two weeks and a day: a weekday can be missing once, where a zone crossed the date line. */
#define DAYS_AHEAD 15

static vio_time wall_minute(const vio_zone *zone, int64_t day, int minute)
{
        /* vio_zone_utc() takes the 20,000th of January for what it is. */
        struct vio_local local = {.year = 1970, .month = 1, .minute = minute};
        local.day = (int32_t)day + 1;
        return vio_zone_utc(zone, &local);
}

/* Whether that moment is still on that day. */
static bool is_on(const vio_zone *zone, vio_time t, int64_t day)
{
        struct vio_local local;
        vio_zone_local(zone, t, &local);
        return local.day_number == day;
}

/* The moment of a day; VIO_TIME_NONE when the zone left out the whole day. */
static vio_time moment_of(const vio_zone *zone, int64_t day, int minute)
{
        vio_time t = wall_minute(zone, day, minute);
        while (!is_on(zone, t, day) && minute > 0)
                t = wall_minute(zone, day, --minute);
        return is_on(zone, t, day) ? t : VIO_TIME_NONE;
}

vio_time vio_summary_next(const vio_zone *zone, int minute, uint8_t days, vio_time after)
{
        struct vio_local local;

        if (minute < 0 || minute >= MINUTES_A_DAY)
                return VIO_TIME_NONE;
        vio_zone_local(zone, after, &local);
        for (int64_t day = local.day_number; day < local.day_number + DAYS_AHEAD; day++) {
                if (!(days & 1U << calendar_weekday(day)))
                        continue;
                vio_time t = moment_of(zone, day, minute);
                if (t != VIO_TIME_NONE && t > after)
                        return t;
        }
        return VIO_TIME_NONE;
}

/* 13 hours and 21 minutes in all. */
static const int64_t backoff[MAIL_MOST_ATTEMPTS - 1] = {
    1 * MS_PER_MINUTE, 5 * MS_PER_MINUTE, 15 * MS_PER_MINUTE, 1 * MS_PER_HOUR,
    2 * MS_PER_HOUR,   4 * MS_PER_HOUR,   6 * MS_PER_HOUR,
};

static vio_time next_month(vio_time now)
{
        int64_t year;
        int month, day;
        calendar_date(now / MS_PER_DAY, &year, &month, &day);
        return calendar_days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) *
               MS_PER_DAY;
}

static vio_time after_pause(int64_t attempts, int wait_s, vio_time now)
{
        int64_t pause = backoff[attempts < 1 ? 0 : attempts - 1];
        int64_t asked = wait_s * MS_PER_SECOND;
        return now + (asked > pause ? asked : pause);
}

vio_time mail_retry_at(enum mail_fate fate, int64_t attempts, int wait_s, vio_time begun,
                       vio_time now)
{
        vio_time at = VIO_TIME_NONE;

        if (attempts >= MAIL_MOST_ATTEMPTS)
                return VIO_TIME_NONE;
        if (fate == MAIL_LATER)
                at = after_pause(attempts, wait_s, now);
        else if (fate == MAIL_NEXT_DAY)
                at = (now / MS_PER_DAY + 1) * MS_PER_DAY;
        else if (fate == MAIL_NEXT_MONTH)
                at = next_month(now);
        return at <= begun + MAIL_REPEAT_MS ? at : VIO_TIME_NONE;
}
