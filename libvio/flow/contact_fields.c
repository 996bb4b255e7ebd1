/* contact_fields.c - what people enter about a contact, checked field by field. */
#include "flow/contact_fields.h"

#include <string.h>
#include <vio/phone.h>

#include "base/calendar.h"
#include "base/mem.h"
#include "base/text.h"

/* An appointment must lie in these years: anything else is a slip of the keyboard. */
#define EARLIEST INT64_C(946684800000)  /* 2000-01-01 */
#define LATEST   INT64_C(4102444800000) /* 2100-01-01 */

/* Replaces a text; NULL leaves it as it is, "" clears it. */
static int take_text(char **field, const char *value, struct fault *f)
{
        if (!value)
                return 0;
        char *copy = *value ? mem_text(value) : NULL;
        if (*value && !copy)
                return fault_plain(f, VIO_E_NOMEM);
        mem_free(*field);
        *field = copy;
        return 0;
}

static int check_text(const char *name, const char *value, size_t most, bool lines, struct fault *f)
{
        if (!value)
                return 0;
        size_t len = strlen(value);
        if (len > most)
                return fault_set(f, VIO_E_INVALID, "%s: must be at most %zu bytes", name, most);
        if (!utf8_valid(value, len) || (!lines && !text_is_line(value, most)))
                return fault_set(f, VIO_E_INVALID, "%s: must be UTF-8%s", name,
                                 lines ? "" : " without control characters");
        return 0;
}

static int take_phone(const struct profile *p, const char *value, struct vio_contact *c,
                      struct fault *f)
{
        char number[VIO_PHONE_SIZE];

        if (!value || !*value)
                return take_text(&c->phone, value, f);
        if (vio_phone_normalise(value, p->country, number) < 0)
                return fault_set(f, VIO_E_INVALID, "phone: %s",
                                 vio_phone_problem_text(vio_phone_check(value, p->country)));
        return take_text(&c->phone, number, f);
}

static int take_email(const char *value, struct vio_contact *c, struct fault *f)
{
        if (value && *value && !mail_address_valid(value))
                return fault_set(f, VIO_E_INVALID, "email: is not a mail address");
        return take_text(&c->email, value, f);
}

static int take_zone(struct engine *e, const char *value, struct vio_contact *c, struct fault *f)
{
        const vio_zone *zone;
        int r = value && *value ? engine_zone(e, value, &zone) : 0;
        if (r == VIO_E_NOTFOUND)
                return fault_set(f, VIO_E_INVALID,
                                 "timeZone: must be an IANA time zone such as America/New_York");
        if (r)
                return fault_plain(f, r);
        return take_text(&c->time_zone, value, f);
}

/* The local day of the appointment's time, by the contact's zone. */
static int local_day(struct engine *e, const struct profile *p, const struct vio_contact *c,
                     char ret[11])
{
        struct vio_local local;
        const vio_zone *zone;
        int r = profile_zone_of(e, p, c, &zone);
        if (r)
                return r;
        vio_zone_local(zone, c->appointment_time, &local);
        calendar_format_date(local.day_number, ret);
        return 0;
}

/* Takes the time itself. @ret_moved: whether the appointment is another one now. */
static int take_time(const struct vio_contact_fields *in, struct vio_contact *c, bool *ret_moved,
                     struct fault *f)
{
        vio_time time =
            in->appointment_time == VIO_TIME_CLEAR ? VIO_TIME_NONE : in->appointment_time;
        bool given = in->appointment_time != VIO_TIME_NONE;

        if (time != VIO_TIME_NONE && (time < EARLIEST || time > LATEST))
                return fault_set(f, VIO_E_INVALID, "appointmentTime: must be in 2000 to 2099");
        *ret_moved = given && time != c->appointment_time;
        if (given)
                c->appointment_time = time;
        return 0;
}

/* A date that stands alone: nothing is planned for it. */
static int take_date(const char *date, struct vio_contact *c, bool *ret_moved, struct fault *f)
{
        *ret_moved =
            *ret_moved || (date && c->appointment_date && strcmp(date, c->appointment_date) != 0);
        return take_text(&c->appointment_date, date, f);
}

/* The date is the local day of the time. */
static int take_appointment(struct engine *e, const struct profile *p,
                            const struct vio_contact_fields *in, struct vio_contact *c,
                            bool *ret_moved, struct fault *f)
{
        char day[11] = "";
        int64_t days;
        bool date = in->appointment_date && *in->appointment_date;

        if (date && calendar_parse_date(in->appointment_date, &days) < 0)
                return fault_set(f, VIO_E_INVALID, "appointmentDate: must be a date, YYYY-MM-DD");
        int r = take_time(in, c, ret_moved, f);
        if (r)
                return r;
        if (c->appointment_time == VIO_TIME_NONE)
                return take_date(in->appointment_date, c, ret_moved, f);

        r = local_day(e, p, c, day);
        if (r)
                return fault_plain(f, r);
        if (date && strcmp(in->appointment_date, day) != 0)
                return fault_set(f, VIO_E_INVALID,
                                 "appointmentDate: is not the local day of appointmentTime (%s)",
                                 day);
        return take_text(&c->appointment_date, day, f);
}

/* Nobody has failed to come to an appointment that is still ahead; a moved one begins anew. */
static int take_no_show(struct engine *e, const struct profile *p, int no_show, bool moved,
                        struct vio_contact *c, struct fault *f)
{
        char today[11];
        vio_time now = engine_now(e);

        if (moved)
                c->no_show = false;
        if (no_show < 0)
                return 0;
        profile_day(p, now, today);
        bool ahead = c->appointment_time != VIO_TIME_NONE
                         ? c->appointment_time > now
                         : !c->appointment_date || strcmp(c->appointment_date, today) > 0;
        if (no_show && ahead)
                return fault_set(f, VIO_E_INVALID,
                                 "noShow: there is no appointment whose time has come");
        c->no_show = no_show != 0;
        return 0;
}

int contact_fields_take(struct engine *e, const struct profile *p,
                        const struct vio_contact_fields *in, struct vio_contact *c, bool *ret_moved,
                        struct fault *f)
{
        int r = check_text("name", in->name, 200, false, f);
        if (!r)
                r = check_text("appointmentType", in->appointment_type, 200, false, f);
        if (!r)
                r = check_text("specialInstructions", in->special_instructions, 2000, true, f);
        if (!r)
                r = check_text("attentionNote", in->attention_note, VIO_ATTENTION_NOTE_MAX, true,
                               f);
        if (!r && in->appointment_status > (int)VIO_APPOINTMENT_RESCHEDULED)
                r = fault_set(f, VIO_E_INVALID, "appointmentStatus: there is no such status");
        if (!r && in->name && !in->name[strspn(in->name, " ")])
                r = fault_set(f, VIO_E_INVALID, "name: must not be empty");
        if (!r)
                r = take_text(&c->name, in->name, f);
        if (!r)
                r = take_phone(p, in->phone, c, f);
        if (!r)
                r = take_email(in->email, c, f);
        if (!r)
                r = take_zone(e, in->time_zone, c, f);
        if (!r)
                r = take_text(&c->appointment_type, in->appointment_type, f);
        if (!r)
                r = take_text(&c->special_instructions, in->special_instructions, f);
        if (!r)
                r = take_text(&c->attention_note, in->attention_note, f);
        if (!r)
                r = take_appointment(e, p, in, c, ret_moved, f);
        if (!r)
                r = take_no_show(e, p, in->no_show, *ret_moved, c, f);
        if (!r && !c->name)
                r = fault_set(f, VIO_E_INVALID, "name: is required");
        return r;
}
