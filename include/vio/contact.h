/* vio/contact.h - the people a tenant has appointments with. */
#ifndef VIO_CONTACT_H
#define VIO_CONTACT_H

#include <vio/core.h>
#include <vio/json.h>
#include <vio/outcome.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vio_contact vio_contact;

/**
 * A new contact, or a change of one. Set it to VIO_CONTACT_FIELDS_INIT first. In a change, NULL
 * (VIO_TIME_NONE for the time) leaves a field as it is and "" clears it.
 */
struct vio_contact_fields {
        size_t size;
        const char *name;  /* required in a new contact; 1 to 200 bytes */
        const char *phone; /* any usual way of writing; kept as E.164 */
        const char *email;
        const char *time_zone;        /* IANA name, if it is not the tenant's */
        const char *appointment_date; /* "YYYY-MM-DD"; must be the local day of the time if both are
                                         given */
        vio_time appointment_time;
        const char *appointment_type;
        const char *special_instructions; /* handed to the agent; at most 2000 bytes */
};

#define VIO_CONTACT_FIELDS_INIT                                                                    \
        {                                                                                          \
                .size = sizeof(struct vio_contact_fields), .appointment_time = VIO_TIME_NONE       \
        }

/**
 * Adds a contact; with a time ahead and a phone its reminder call is scheduled in the same
 * transaction.
 *
 * @ret: gets its id; untouched on failure.
 * Errors: VIO_E_INVALID (the text names the field), VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_contact_add(vio_tenant *t, const struct vio_contact_fields *fields,
                            vio_contact_id *ret);

/**
 * Changes a contact. A new appointment time makes the appointment pending again, cancels the calls
 * planned for the old one and plans the reminder of the new one.
 *
 * Errors: VIO_E_NOTFOUND, VIO_E_INVALID, VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_contact_change(vio_tenant *t, vio_contact_id id,
                               const struct vio_contact_fields *fields);

/**
 * Notes that a contact must not be called any more, or may be again; pending calls are cancelled.
 *
 * @reason: for the staff; NULL for none.
 * Errors: VIO_E_NOTFOUND, VIO_E_STORAGE. Since: 0.1
 */
VIO_API int vio_contact_opt_out(vio_tenant *t, vio_contact_id id, bool opted_out,
                                const char *reason);

/**
 * Reads one contact.
 *
 * @ret: gets the contact, which the caller frees with vio_contact_free(); untouched on failure.
 * Errors: VIO_E_NOTFOUND (also when it is another tenant's), VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_contact_get(vio_tenant *t, vio_contact_id id, vio_contact **ret);

/** Which contacts, and how many. Set it to VIO_CONTACT_FILTER_INIT first. */
struct vio_contact_filter {
        size_t size;
        int status;           /* an enum vio_appointment_status, or -1 for all */
        vio_contact_id after; /* only ids above this one */
        size_t limit;         /* 0: all */
};

#define VIO_CONTACT_FILTER_INIT                                                                    \
        {                                                                                          \
                .size = sizeof(struct vio_contact_filter), .status = -1                            \
        }

/**
 * Calls @cb for each contact in order of id; rows are read one by one, never gathered.
 *
 * @cb: its contact is valid during the call and must not be freed; a non-zero result ends the loop
 * and is returned. It must not call the library with @t. Errors: VIO_E_INVALID, VIO_E_STORAGE.
 * Since: 0.1
 */
VIO_API int vio_contact_each(vio_tenant *t, const struct vio_contact_filter *filter,
                             int (*cb)(void *data, const vio_contact *c), void *data);

/** How many contacts stand where; kept, not counted. */
struct vio_contact_stats {
        int64_t total;
        int64_t pending;
        int64_t confirmed;
        int64_t cancelled;
        int64_t rescheduled;
};

/** Reads the counts. @ret: untouched on failure. Errors: VIO_E_STORAGE. Since: 0.1 */
VIO_API int vio_contact_stats(vio_tenant *t, struct vio_contact_stats *ret);

/** Frees a contact. Takes NULL; returns NULL. Since: 0.1 */
VIO_API vio_contact *vio_contact_free(vio_contact *c);

/** The contact's id. Since: 0.1 */
VIO_API vio_contact_id vio_contact_get_id(const vio_contact *c);

/** The contact's name. Belongs to @c and dies with it. Since: 0.1 */
VIO_API const char *vio_contact_get_name(const vio_contact *c);

/** The phone number in E.164 form, or NULL. Belongs to @c and dies with it. Since: 0.1 */
VIO_API const char *vio_contact_get_phone(const vio_contact *c);

/** The mail address, or NULL. Belongs to @c and dies with it. Since: 0.1 */
VIO_API const char *vio_contact_get_email(const vio_contact *c);

/** The time of the appointment, or VIO_TIME_NONE. Since: 0.1 */
VIO_API vio_time vio_contact_get_appointment_time(const vio_contact *c);

/** Where the appointment stands. Since: 0.1 */
VIO_API enum vio_appointment_status vio_contact_get_appointment_status(const vio_contact *c);

/** The outcome of the latest call that had one, or VIO_OUTCOME_NONE. Since: 0.1 */
VIO_API enum vio_outcome vio_contact_get_last_call_outcome(const vio_contact *c);

/** How many calls were made. Since: 0.1 */
VIO_API int64_t vio_contact_get_call_attempts(const vio_contact *c);

/** Whether the contact must not be called. Since: 0.1 */
VIO_API bool vio_contact_get_opted_out(const vio_contact *c);

/**
 * Writes a contact as a JSON object with the names of the HTTP API (id, tenantId, name, phone,
 * email, timeZone, appointmentDate, appointmentTime, appointmentStatus, appointmentType,
 * lastCallOutcome, callAttempts, specialInstructions, optedOut, createdAt, updatedAt). Since: 0.1
 */
VIO_API void vio_contact_write(const vio_contact *c, vio_json_writer *w, const char *key);

#ifdef __cplusplus
}
#endif

#endif
