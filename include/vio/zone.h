/*
 * vio/zone.h - time zones of the IANA database: from UTC to a clock on the wall, and back.
 *
 * The zones are read from TZif files (RFC 9636), with the rule in their footer for the years after
 * their last entry. Files that count leap seconds ("right/...") are refused: our times have none,
 * and such files know nothing of the years to come. A zone never changes once it is opened and may
 * be shared between threads.
 */
#ifndef VIO_ZONE_H
#define VIO_ZONE_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A time zone. Owned by whoever opened it; freed with vio_zone_free(). */
typedef struct vio_zone vio_zone;

/** What a clock and a calendar on the wall show. */
struct vio_local {
        int32_t year;       /* such as 2026 */
        int32_t month;      /* 1 to 12 */
        int32_t day;        /* 1 to 31 */
        int32_t hour;       /* 0 to 23 */
        int32_t minute;     /* 0 to 59 */
        int32_t second;     /* 0 to 59 */
        int32_t weekday;    /* 0 is Monday, 6 is Sunday */
        int32_t offset_s;   /* seconds east of UTC */
        int64_t day_number; /* days from 1970-01-01 to the local date */
};

/** Where zones are looked for unless the caller says otherwise. */
#define VIO_ZONE_DIRECTORY "/usr/share/zoneinfo"

/**
 * Opens a zone of the system by its name.
 *
 * @name: such as "Europe/Dublin"; at most 64 letters, digits and "_+-/", no part of it empty or
 *   beginning with a dot.
 * @ret: gets the zone; the caller frees it with vio_zone_free(); untouched on failure.
 * Errors: VIO_E_INVALID for a name that cannot be one and for a file that is not sound;
 * VIO_E_NOTFOUND; VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_zone_open(const char *name, vio_zone **ret);

/**
 * Opens a zone of another directory; otherwise as vio_zone_open().
 *
 * @directory: an absolute path, with the files of the database below it. Since: 0.1
 */
VIO_API int vio_zone_open_in(const char *directory, const char *name, vio_zone **ret);

/**
 * Makes a zone from the bytes of a TZif file of version 2 or later.
 *
 * @name: what vio_zone_name() will say; copied; NULL for "".
 * @bytes, @len: the file, at most 64 KiB; not needed afterwards. Nothing in it is trusted.
 * @ret: gets the zone; the caller frees it with vio_zone_free(); untouched on failure.
 * Errors: VIO_E_INVALID, VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_zone_parse(const char *name, const void *bytes, size_t len, vio_zone **ret);

/** Frees a zone. Takes NULL; returns NULL. Since: 0.1 */
VIO_API vio_zone *vio_zone_free(vio_zone *z);

/** The name under which a zone was opened. Belongs to @z and dies with it. Since: 0.1 */
VIO_API const char *vio_zone_name(const vio_zone *z);

/** The offset at a time, in seconds east of UTC. Errors: none. Since: 0.1 */
VIO_API int32_t vio_zone_offset(const vio_zone *z, vio_time t);

/**
 * What the wall shows at a time; milliseconds are dropped.
 *
 * @t: a time from the years 0 to 9999. @ret: gets it. Errors: none. Since: 0.1
 */
VIO_API void vio_zone_local(const vio_zone *z, vio_time t, struct vio_local *ret);

/**
 * The time at which the wall shows a date and clock time.
 *
 * A time that the clocks skip is moved forward by as much as they skip; of a time that they show
 * twice, the first is meant.
 *
 * @local: year to second count, and may be out of their ranges: the 32nd of January is the 1st of
 *   February, minute 90 is half past one. The other fields are not looked at.
 * Returns the time. Errors: none. Since: 0.1
 */
VIO_API vio_time vio_zone_utc(const vio_zone *z, const struct vio_local *local);

#ifdef __cplusplus
}
#endif

#endif
