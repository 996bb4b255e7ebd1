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

/** In a change: takes the appointment's time away. Since: 0.2 */
#define VIO_TIME_CLEAR ((vio_time)-2)

/** The most bytes a note for the staff may have. Since: 0.2 */
#define VIO_ATTENTION_NOTE_MAX 500

/**
 * A new contact, or a change of one. Set it to VIO_CONTACT_FIELDS_INIT first. In a change, NULL
 * (VIO_TIME_NONE for the time, -1 for a number) leaves a field as it is and "" (VIO_TIME_CLEAR)
 * clears it.
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
        /* Since 0.2 */
        const char *attention_note; /* why the staff should look; at most 500 bytes */
        int appointment_status;     /* an enum vio_appointment_status: what the staff knows of it */
        int no_show;                /* 1: did not come to an appointment that is past; 0 */
};

#define VIO_CONTACT_FIELDS_INIT                                                                    \
        {                                                                                          \
                .size = sizeof(struct vio_contact_fields), .appointment_time = VIO_TIME_NONE,      \
                .appointment_status = -1, .no_show = -1                                            \
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
 * planned for the old one and plans the reminder of the new one. A status decides the appointment
 * by the staff's word: planned calls are cancelled, or planned again when it is pending, and what
 * earlier calls still tell does not change it any more.
 *
 * Errors: VIO_E_NOTFOUND, VIO_E_INVALID (the text names the field), VIO_E_STORAGE. Since: 0.1
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
 * Removes a contact: it is in no list and no count any more, and planned calls are cancelled. Its
 * calls stay. Erasing also takes away everything that tells who it was: name, phone, mail,
 * instructions and notes, the calls' transcripts and recordings, the payloads of Retell's messages;
 * what comes in later about its calls is kept without them. The number of a person who asked never
 * to be called is remembered as a keyed hash: a contact with that number is opted out at once.
 *
 * @erase: a removed contact may still be erased by its id; erasing again does nothing.
 * Errors: VIO_E_NOTFOUND, VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_contact_remove(vio_tenant *t, vio_contact_id id, bool erase);

/**
 * Reads one contact.
 *
 * @ret: gets the contact, which the caller frees with vio_contact_free(); untouched on failure.
 * Errors: VIO_E_NOTFOUND (also when it is another tenant's), VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.1
 */
VIO_API int vio_contact_get(vio_tenant *t, vio_contact_id id, vio_contact **ret);

/** What a list of contacts is in order of. Equal keys stand in order of id. Since: 0.2 */
enum vio_contact_sort {
        VIO_CONTACT_BY_ID = 0,
        VIO_CONTACT_BY_NAME = 1,        /* A to Z, either case */
        VIO_CONTACT_BY_APPOINTMENT = 2, /* those without a time come last in both directions */
        VIO_CONTACT_BY_UPDATE = 3       /* when it was changed last */
};

/** The most bytes that may be searched for. Since: 0.2 */
#define VIO_CONTACT_SEARCH_MAX 100

/** The most contacts of one page. Since: 0.2 */
#define VIO_CONTACT_PAGE_MAX 500

/** The size of a buffer for a cursor. Since: 0.2 */
#define VIO_CONTACT_CURSOR 320

/** Which contacts, and how many. Set it to VIO_CONTACT_FILTER_INIT first. */
struct vio_contact_filter {
        size_t size;
        int status;           /* an enum vio_appointment_status, or -1 for all */
        vio_contact_id after; /* only ids above this one; for lists in ascending order of id */
        size_t limit;         /* 0: all */
        /* Since 0.2 */
        bool needs_attention; /* only those of whom vio_contact_get_attention() says so */
        const char *search;   /* only those with this in their name, mail address or number */
        enum vio_contact_sort sort;
        bool descending;
        const char *cursor; /* where vio_contact_page() stopped; NULL or "": from the start */
};

#define VIO_CONTACT_FILTER_INIT                                                                    \
        {                                                                                          \
                .size = sizeof(struct vio_contact_filter), .status = -1                            \
        }

/**
 * Calls @cb for each contact in the filter's order; rows are read one by one, never gathered.
 *
 * @cb: its contact is valid during the call and must not be freed; a non-zero result ends the loop
 * and is returned. It must not call the library with @t. Errors: VIO_E_INVALID, VIO_E_STORAGE.
 * Since: 0.1
 */
VIO_API int vio_contact_each(vio_tenant *t, const struct vio_contact_filter *filter,
                             int (*cb)(void *data, const vio_contact *c), void *data);

/**
 * The same for one page of at most .limit contacts: 1 to VIO_CONTACT_PAGE_MAX, 0 for 100. Whoever
 * follows the cursor meets each contact once, as long as it does not change its place.
 *
 * @filter: .cursor continues a list of the same order; what else it filters may differ.
 * @cb: as in vio_contact_each(). @ret_cursor: gets where the next page begins, or "" after the
 * last; untouched on failure and when @cb ends the loop.
 * Errors: VIO_E_INVALID (the text names the field), VIO_E_STORAGE. Since: 0.2
 */
VIO_API int vio_contact_page(vio_tenant *t, const struct vio_contact_filter *filter,
                             int (*cb)(void *data, const vio_contact *c), void *data,
                             char ret_cursor[VIO_CONTACT_CURSOR]);

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

/** What a screen shows as the contact's status; see vio_display_status(). Since: 0.2 */
VIO_API enum vio_display_status vio_contact_get_display_status(const vio_contact *c);

/** Why somebody of the staff should look at a contact; the first that holds. Since: 0.2 */
enum vio_attention {
        VIO_ATTENTION_NONE = 0,
        VIO_ATTENTION_OPTED_OUT = 1,        /* must not be called about a pending appointment */
        VIO_ATTENTION_NO_PHONE = 2,         /* cannot be called about it */
        VIO_ATTENTION_WANTS_RESCHEDULE = 3, /* wants another time */
        VIO_ATTENTION_FAILED = 4,           /* the last call failed, and none is planned */
        VIO_ATTENTION_REVIEW = 5            /* there is a note that says why */
};

/** "opted_out" and the like; NULL for VIO_ATTENTION_NONE and for no attention at all. Since: 0.2 */
VIO_API const char *vio_attention_name(enum vio_attention a);

/**
 * Whether the contact needed attention when it was read, and why. An appointment that is past needs
 * none. Since: 0.2
 */
VIO_API enum vio_attention vio_contact_get_attention(const vio_contact *c);

/**
 * Writes a contact as a JSON object with the names of the HTTP API (id, tenantId, name, phone,
 * email, timeZone, appointmentDate, appointmentTime, appointmentStatus, appointmentType,
 * lastCallOutcome, callAttempts, specialInstructions, displayStatus, attention, attentionNote,
 * noShow, optedOut, optOutReason, optedOutAt, createdAt, updatedAt). Since: 0.1
 */
VIO_API void vio_contact_write(const vio_contact *c, vio_json_writer *w, const char *key);

#ifdef __cplusplus
}
#endif

#endif
