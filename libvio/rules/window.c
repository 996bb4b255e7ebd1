/* window.c - when a calling window is open, minute by minute of the local day. */
#include <vio/window.h>

#include "base/attr.h"
#include "base/calendar.h"
#include "zone_span.h"

#define MINUTES_PER_DAY 1440
#define SEARCH_DAYS     15

static const struct vio_window widest = VIO_WINDOW_INIT;

static const struct vio_window *or_widest(const struct vio_window *w)
{
        return w ? w : &widest;
}

static bool has_quiet(const struct vio_window *w)
{
        return w->quiet_start_min >= 0 && w->quiet_end_min >= 0;
}

/* A rest may reach over midnight, as 20:00 to 09:00 does. */
static bool is_quiet(const struct vio_window *w, int minute)
{
        if (!has_quiet(w))
                return false;
        if (w->quiet_start_min <= w->quiet_end_min)
                return minute >= w->quiet_start_min && minute < w->quiet_end_min;
        return minute >= w->quiet_start_min || minute < w->quiet_end_min;
}

static bool minute_open(const struct vio_window *w, int minute)
{
        return minute >= w->start_min && minute < w->end_min && !is_quiet(w, minute);
}

static bool opens_at_all(const struct vio_window *w)
{
        for (int minute = w->start_min; minute < w->end_min; minute++)
                if (minute_open(w, minute))
                        return w->days & VIO_WINDOW_ALL_DAYS;
        return false;
}

int vio_window_check(const struct vio_window *w)
{
        bool quiet = has_quiet(w);
        if (w->start_min < VIO_WINDOW_EARLIEST || w->end_min > VIO_WINDOW_LATEST)
                return VIO_E_INVALID;
        if (!quiet && (w->quiet_start_min != -1 || w->quiet_end_min != -1))
                return VIO_E_INVALID;
        if (w->quiet_start_min > MINUTES_PER_DAY || w->quiet_end_min > MINUTES_PER_DAY)
                return VIO_E_INVALID;
        if (w->days & ~VIO_WINDOW_ALL_DAYS)
                return VIO_E_INVALID;
        return opens_at_all(w) ? 0 : VIO_E_INVALID;
}

/*
 * Below, "wall" is local time in milliseconds on a scale without jumps: UTC plus one offset. It is
 * the truth within a stretch of constant offset, and every search goes from stretch to stretch.
 */

static int64_t floor_to(int64_t wall, int64_t unit)
{
        int64_t rest = wall % unit;
        return wall - rest - (rest < 0 ? unit : 0);
}

static bool wall_open(const struct vio_window *w, int64_t wall)
{
        int64_t midnight = floor_to(wall, MS_PER_DAY);
        int weekday = calendar_weekday(midnight / MS_PER_DAY);
        return (w->days >> weekday & 1) && minute_open(w, (int)((wall - midnight) / MS_PER_MINUTE));
}

/* The first open moment at or after @wall: nothing opens but at the start or after the rest. */
static bool wall_next(const struct vio_window *w, int64_t wall, int64_t *ret)
{
        if (wall_open(w, wall)) {
                *ret = wall;
                return true;
        }
        const int opens[] = {w->start_min, has_quiet(w) ? w->quiet_end_min : w->start_min};
        int64_t midnight = floor_to(wall, MS_PER_DAY), best = INT64_MAX;
        for (int day = 0; day <= SEARCH_DAYS && best == INT64_MAX; day++) {
                for (size_t i = 0; i < count_of(opens); i++) {
                        int64_t at = midnight + day * MS_PER_DAY + opens[i] * MS_PER_MINUTE;
                        if (at > wall && at < best && wall_open(w, at))
                                best = at;
                }
        }
        *ret = best;
        return best != INT64_MAX;
}

/* The beginning of the last open minute at or before @wall: before the end or before the rest. */
static bool wall_last(const struct vio_window *w, int64_t wall, int64_t *ret)
{
        if (wall_open(w, wall)) {
                *ret = floor_to(wall, MS_PER_MINUTE);
                return true;
        }
        const int last[] = {w->end_min - 1, has_quiet(w) ? w->quiet_start_min - 1 : w->end_min - 1};
        int64_t midnight = floor_to(wall, MS_PER_DAY), best = INT64_MIN;
        for (int day = 0; day <= SEARCH_DAYS && best == INT64_MIN; day++) {
                for (size_t i = 0; i < count_of(last); i++) {
                        int64_t at = midnight - day * MS_PER_DAY + last[i] * MS_PER_MINUTE;
                        if (at <= wall && at > best && wall_open(w, at))
                                best = at;
                }
        }
        *ret = best;
        return best != INT64_MIN;
}

static struct zone_span span_ms(const vio_zone *zone, vio_time t)
{
        struct zone_span s = zone_span_at(zone, floor_to(t, MS_PER_SECOND) / MS_PER_SECOND);
        const int64_t most = INT64_MAX / MS_PER_SECOND;
        s.from = s.from < -most ? INT64_MIN : s.from * MS_PER_SECOND;
        s.until = s.until > most ? INT64_MAX : s.until * MS_PER_SECOND;
        return s;
}

bool vio_window_open_at(const struct vio_window *w, const vio_zone *zone, vio_time t)
{
        return zone && wall_open(or_widest(w), t + vio_zone_offset(zone, t) * MS_PER_SECOND);
}

vio_time vio_window_next_open(const struct vio_window *w, const vio_zone *zone, vio_time t)
{
        vio_time limit = t + SEARCH_DAYS * MS_PER_DAY;
        while (zone && t <= limit) {
                struct zone_span s = span_ms(zone, t);
                int64_t offset = s.offset_s * MS_PER_SECOND, wall;
                if (wall_next(or_widest(w), t + offset, &wall) && wall - offset < s.until)
                        return wall - offset;
                t = s.until;
        }
        return VIO_TIME_NONE;
}

vio_time vio_window_last_open(const struct vio_window *w, const vio_zone *zone, vio_time not_after)
{
        if (vio_window_open_at(w, zone, not_after))
                return not_after;
        vio_time t = not_after, limit = t - SEARCH_DAYS * MS_PER_DAY;
        while (zone && t >= limit) {
                struct zone_span s = span_ms(zone, t);
                int64_t offset = s.offset_s * MS_PER_SECOND, wall;
                if (wall_last(or_widest(w), t + offset, &wall)) {
                        /* A minute that began before the stretch is open from where that begins. */
                        vio_time at = wall - offset;
                        if (at >= s.from)
                                return at;
                        if (at + MS_PER_MINUTE > s.from)
                                return s.from;
                }
                if (s.from == INT64_MIN)
                        break;
                t = s.from - 1;
        }
        return VIO_TIME_NONE;
}
