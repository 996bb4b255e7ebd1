/* vio/system.h - opening the system, its hooks, and the step that does what is due. */
#ifndef VIO_SYSTEM_H
#define VIO_SYSTEM_H

#include <vio/core.h>
#include <vio/http.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where the time comes from. @now is called from every thread that uses the library. */
struct vio_clock {
        vio_time (*now)(void *data);
        void *data;
};

/** Where randomness comes from: fills @buf, returns 0 or a negative enum vio_err. Any thread. */
struct vio_random {
        int (*fill)(void *data, void *buf, size_t len);
        void *data;
};

enum vio_log_level { VIO_LOG_DEBUG, VIO_LOG_INFO, VIO_LOG_WARNING, VIO_LOG_ERROR };

/** Where messages go. They hold no secret, no phone number and no name of a person. Any thread. */
struct vio_log {
        void (*write)(void *data, enum vio_log_level level, const char *message);
        void *data;
};

/**
 * How to open the system. Set it to VIO_OPTIONS_INIT first; everything but the database path and
 * the secret has a default. What it points to need live only until vio_open() returns, but for the
 * hooks' data, which must live until vio_close().
 */
struct vio_options {
        size_t size;
        const char *database;   /* path of the SQLite file; made when it is not there */
        const void *secret;     /* 32 random bytes that seal the tenants' secrets and sign tokens */
        size_t secret_len;      /* must be 32 */
        const char *jwt_secret; /* signs login tokens; NULL: derived from .secret */
        const char *retell_url; /* NULL: https://api.retellai.com */
        unsigned readers;       /* connections that read; 0: 6 */
        unsigned dial_batch;    /* most calls placed at once by one step; 0: 16 */
        bool create;            /* make the database when it is missing */
        bool sandbox;           /* a simulated Retell is at .retell_url; shown to people */
        struct vio_clock clock; /* NULL function: the system's real-time clock */
        struct vio_random random; /* NULL function: getrandom(2) */
        struct vio_log log;       /* NULL function: silence */
        struct vio_alloc
            alloc; /* NULL function: malloc(3); process-wide, fixed by the first open */
        struct vio_http_transport http; /* NULL function: vio_http_default() */
        /*
         * Called after a commit that made something due at @at, on the thread that wrote. Wakes
         * the program's stepping thread; must not call the library.
         */
        void (*on_due)(void *data, vio_time at);
        void *on_due_data;
        char *error;       /* gets a sentence when vio_open() fails; may be NULL */
        size_t error_size; /* bytes at .error */
        /* Since 0.2 */
        const char *resend_url;            /* NULL: https://api.resend.com */
        const char *resend_api_key;        /* NULL: no mail is sent */
        const char *resend_webhook_secret; /* "whsec_..."; NULL: webhooks of Resend are refused */
        const char *mail_from;             /* NULL: VioConcierge <noreply@vioconcierge.com> */
        const char *cal_com_url;           /* NULL: https://api.cal.com */
        const char *calendly_url;          /* NULL: https://api.calendly.com */
};

#define VIO_OPTIONS_INIT                                                                           \
        {                                                                                          \
                .size = sizeof(struct vio_options), .create = true                                 \
        }

/** The size of the secret, in bytes. */
#define VIO_SECRET_SIZE 32

/**
 * Reads the secret from a file of 64 hex digits; makes it, with mode 0600, when it is not there.
 *
 * @path: the file; one that other users may read is refused. @create: whether it may be made.
 * @ret: gets the secret; the caller should wipe it after vio_open(). Untouched on failure.
 * Errors: VIO_E_NOTFOUND, VIO_E_FORBIDDEN (cannot be read, or others can read it), VIO_E_INVALID
 * (not 64 hex digits), VIO_E_STORAGE (cannot be made). Since: 0.1
 */
VIO_API int vio_secret_load(const char *path, bool create, uint8_t ret[VIO_SECRET_SIZE]);

/**
 * Opens the system: the database is made or migrated, nothing else happens.
 *
 * @ret: gets the handle, which the caller frees with vio_close(); untouched on failure. It may be
 *   used by any number of threads at once.
 * Errors: VIO_E_INVALID (an option), VIO_E_NOTFOUND (no database and .create is false),
 *   VIO_E_SCHEMA (the file is newer than the library), VIO_E_CONFLICT (another allocator is in
 * use), VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_open(const struct vio_options *options, vio **ret);

/**
 * Closes the system. Every handle opened from it must be free already and no call may be under way.
 * Dials that are on their way are left as they are on disk and settled by the next opener.
 *
 * Takes NULL; returns NULL. Since: 0.1
 */
VIO_API vio *vio_close(vio *v);

/**
 * Does what is due: reminders, dialling, settling dials whose answer was lost, polling,
 * housekeeping; in bounded batches. One thread at a time; a second gets VIO_E_BUSY.
 *
 * @ret_next: gets the time when the next call makes sense, at most five minutes ahead; now or
 *   earlier when the batch was full. Untouched on failure. May be NULL.
 * Errors: VIO_E_BUSY, VIO_E_STORAGE, VIO_E_NOMEM. What other servers do wrong is no error here.
 * Since: 0.1
 */
VIO_API int vio_step(vio *v, vio_time *ret_next);

/**
 * Ends the leases that this process still holds on tasks which have not been dialled, so that the
 * next process can take them at once. Call it when stopping, after the last vio_step().
 *
 * Errors: VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_release(vio *v);

/**
 * Whether the system can do its work: the database answers and can be written.
 *
 * Errors: VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_ready(vio *v);

/** The time by the clock of @v, in milliseconds since 1970. Errors: none. Since: 0.1 */
VIO_API vio_time vio_now(vio *v);

/** Whether the system was opened with .sandbox. Errors: none. Since: 0.1 */
VIO_API bool vio_is_sandbox(const vio *v);

/** One finding of vio_examine(). The texts are valid during the callback. */
struct vio_finding {
        const char *check; /* short name: "database", "schema", "zones", "secrets", "retell" */
        bool ok;
        const char *detail; /* what was seen */
        const char *remedy; /* what to do about it; "" when ok */
};

/**
 * Examines the installation: integrity of the database, schema version, zone data, whether the
 * tenants' secrets can be opened, and, when @network is true, whether Retell answers each tenant.
 *
 * @cb: called for each finding on the calling thread; a non-zero result ends the examination and is
 * returned. Returns 0 when it ran to its end, whatever it found. Errors: VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_examine(vio *v, bool network, int (*cb)(void *data, const struct vio_finding *f),
                        void *data);

#ifdef __cplusplus
}
#endif

#endif
