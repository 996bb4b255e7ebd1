/* zone.c - time zones: opening them, and going from UTC to the wall and back. */
#include <vio/zone.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/calendar.h"
#include "base/mem.h"
#include "tzif.h"
#include "zone_span.h"

#define FILE_MOST (64 * 1024)
#define NAME_MOST 64
#define DAY_S     86400

/* Seconds beyond these cannot be told in milliseconds. */
#define SECONDS_MOST (INT64_C(1) << 53)

struct vio_zone {
        char *name;
        bool has_rule;
        struct zone_rule rule; /* from the last step on */
        int32_t first_s;       /* the offset before the first step */
        size_t n;
        struct tzif_step steps[]; /* ascending */
};

vio_zone *vio_zone_free(vio_zone *z)
{
        if (z) {
                mem_free(z->name);
                mem_free(z);
        }
        return NULL;
}

static void zone_freep(vio_zone **z)
{
        vio_zone_free(*z);
}

/* Steps that leave the offset alone (only the name of the time changes) are left out. */
static void copy_steps(vio_zone *z, const struct tzif *f)
{
        int32_t offset = z->first_s;
        for (uint32_t i = 0; i < f->n_times; i++) {
                struct tzif_step step = tzif_step_at(f, i);
                if (step.offset_s != offset || i + 1 == f->n_times)
                        z->steps[z->n++] = step;
                offset = step.offset_s;
        }
}

int vio_zone_parse(const char *name, const void *bytes, size_t len, vio_zone **ret)
{
        struct tzif f;
        if (len > FILE_MOST)
                return VIO_E_INVALID;
        int r = tzif_read(bytes, len, &f);
        if (r < 0)
                return r;
        _cleanup_(zone_freep) vio_zone *z = mem_new(sizeof *z + f.n_times * sizeof z->steps[0]);
        if (!z)
                return VIO_E_NOMEM;
        z->name = mem_text(name ? name : "");
        if (!z->name)
                return VIO_E_NOMEM;
        z->has_rule = f.has_rule;
        z->rule = f.rule;
        z->first_s = tzif_first_offset(&f);
        copy_steps(z, &f);
        *ret = steal(z);
        return 0;
}

/* Letters, digits and "_+-" in parts between single slashes; no dot at the beginning of a part. */
static bool name_sound(const char *name)
{
        static const char permitted[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-";
        if (strlen(name) > NAME_MOST)
                return false;
        for (const char *part = name;; part++) {
                size_t n = strspn(part, permitted);
                if (n == 0)
                        return false;
                part += n;
                if (*part == '\0')
                        return true;
                if (*part != '/')
                        return false;
        }
}

static void close_fd(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}

/* Reads a regular file whole; its length, or a negative error. */
static ssize_t read_file(const char *path, uint8_t *buf, size_t size)
{
        /* Non-blocking, so that a pipe under that name cannot hold us up. */
        _cleanup_(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        struct stat st;
        if (fd < 0)
                return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? VIO_E_NOMEM
                                                                             : VIO_E_NOTFOUND;
        if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
                return VIO_E_NOTFOUND;
        size_t len = 0;
        while (len < size) {
                ssize_t n = read(fd, buf + len, size - len);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return VIO_E_INVALID;
                if (n == 0)
                        return (ssize_t)len;
                len += (size_t)n;
        }
        return VIO_E_INVALID;
}

int vio_zone_open_in(const char *directory, const char *name, vio_zone **ret)
{
        char path[4096];
        if (!directory || directory[0] != '/' || !name || !name_sound(name))
                return VIO_E_INVALID;
        int n = snprintf(path, sizeof path, "%s/%s", directory, name);
        if (n < 0 || (size_t)n >= sizeof path)
                return VIO_E_INVALID;
        _cleanup_mem_ uint8_t *bytes = mem_new(FILE_MOST + 1);
        if (!bytes)
                return VIO_E_NOMEM;
        ssize_t len = read_file(path, bytes, FILE_MOST + 1);
        return len < 0 ? (int)len : vio_zone_parse(name, bytes, (size_t)len, ret);
}

int vio_zone_open(const char *name, vio_zone **ret)
{
        return vio_zone_open_in(VIO_ZONE_DIRECTORY, name, ret);
}

const char *vio_zone_name(const vio_zone *z)
{
        return z->name;
}

/* How many steps were taken at or before @t. */
static size_t steps_taken(const vio_zone *z, int64_t t)
{
        size_t low = 0, high = z->n;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (z->steps[middle].at <= t)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

struct zone_span zone_span_at(const vio_zone *z, int64_t t)
{
        size_t i = steps_taken(z, t);
        struct zone_span s = {INT64_MIN, INT64_MAX, z->first_s};
        if (i == z->n && z->has_rule) {
                s = zone_rule_span(&z->rule, t);
                if (i > 0 && s.from < z->steps[i - 1].at)
                        s.from = z->steps[i - 1].at;
                return s;
        }
        if (i > 0) {
                s.from = z->steps[i - 1].at;
                s.offset_s = z->steps[i - 1].offset_s;
        }
        if (i < z->n)
                s.until = z->steps[i].at;
        return s;
}

static int64_t seconds_of(vio_time t)
{
        return t / 1000 - (t % 1000 < 0);
}

int32_t vio_zone_offset(const vio_zone *z, vio_time t)
{
        return zone_span_at(z, seconds_of(t)).offset_s;
}

void vio_zone_local(const vio_zone *z, vio_time t, struct vio_local *ret)
{
        int32_t offset = vio_zone_offset(z, t);
        int64_t s = seconds_of(t) + offset;
        int64_t days = s / DAY_S - (s % DAY_S < 0), year;
        int second = (int)(s - days * DAY_S), month, day;
        calendar_date(days, &year, &month, &day);
        *ret = (struct vio_local){
            .year = (int32_t)year,
            .month = month,
            .day = day,
            .hour = second / 3600,
            .minute = second / 60 % 60,
            .second = second % 60,
            .weekday = calendar_weekday(days),
            .offset_s = offset,
            .day_number = days,
        };
}

/* Seconds from 1970 to what the wall shows, as if it stood in Greenwich. */
static int64_t wall_seconds(const struct vio_local *l)
{
        int64_t months = (int64_t)l->month - 1;
        int64_t carry = months / 12 - (months % 12 < 0);
        int64_t days = calendar_days(l->year + carry, (int)(months - carry * 12) + 1, 1);
        int64_t s = (days + l->day - 1) * DAY_S + (int64_t)l->hour * 3600 +
                    (int64_t)l->minute * 60 + l->second;
        if (s > SECONDS_MOST)
                return SECONDS_MOST;
        return s < -SECONDS_MOST ? -SECONDS_MOST : s;
}

vio_time vio_zone_utc(const vio_zone *z, const struct vio_local *local)
{
        int64_t wall = wall_seconds(local);
        /* No clock is further from UTC than 26 hours, and no skip longer than a day. */
        int64_t last = wall + 2 * DAY_S;
        int64_t skipped = wall;
        for (int64_t t = wall - 2 * DAY_S; t <= last;) {
                struct zone_span s = zone_span_at(z, t);
                int64_t here = wall - s.offset_s;
                if (here < s.until) {
                        if (here >= s.from)
                                return here * 1000;
                        return skipped * 1000;
                }
                skipped = here;
                t = s.until;
        }
        return skipped * 1000;
}
