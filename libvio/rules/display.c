/* display.c - what a contact's state is called on a screen, and whether it needs attention. */
#include "display.h"

#include <string.h>

#include "base/attr.h"
#include "base/calendar.h"
#include "names.h"

static const char *const display_names[] = {
    [VIO_DISPLAY_PENDING] = "pending",     [VIO_DISPLAY_CONFIRMED] = "confirmed",
    [VIO_DISPLAY_CANCELLED] = "cancelled", [VIO_DISPLAY_RESCHEDULED] = "rescheduled",
    [VIO_DISPLAY_VOICEMAIL] = "voicemail", [VIO_DISPLAY_NO_ANSWER] = "no_answer",
    [VIO_DISPLAY_BUSY] = "busy",           [VIO_DISPLAY_FAILED] = "failed",
};

static const char *const attention_names[] = {
    [VIO_ATTENTION_OPTED_OUT] = "opted_out",
    [VIO_ATTENTION_NO_PHONE] = "no_phone",
    [VIO_ATTENTION_WANTS_RESCHEDULE] = "wants_reschedule",
    [VIO_ATTENTION_FAILED] = "failed",
    [VIO_ATTENTION_REVIEW] = "review",
};

const char *vio_display_status_name(enum vio_display_status s)
{
        return names_at(display_names, count_of(display_names), s);
}

const char *vio_attention_name(enum vio_attention a)
{
        return names_at(attention_names, count_of(attention_names), a);
}

/* A decided appointment speaks for itself; of a pending one the last missed call is told. */
enum vio_display_status vio_display_status(enum vio_appointment_status status,
                                           enum vio_outcome last_call)
{
        switch (status) {
        case VIO_APPOINTMENT_CONFIRMED: return VIO_DISPLAY_CONFIRMED;
        case VIO_APPOINTMENT_CANCELLED: return VIO_DISPLAY_CANCELLED;
        case VIO_APPOINTMENT_RESCHEDULED: return VIO_DISPLAY_RESCHEDULED;
        case VIO_APPOINTMENT_PENDING: break;
        }
        switch (last_call) {
        case VIO_OUTCOME_VOICEMAIL: return VIO_DISPLAY_VOICEMAIL;
        case VIO_OUTCOME_NO_ANSWER: return VIO_DISPLAY_NO_ANSWER;
        case VIO_OUTCOME_BUSY: return VIO_DISPLAY_BUSY;
        case VIO_OUTCOME_FAILED: return VIO_DISPLAY_FAILED;
        default: return VIO_DISPLAY_PENDING;
        }
}

void attention_day(vio_time now, char ret[11])
{
        vio_time there = now - 12 * MS_PER_HOUR;
        calendar_format_date(there < 0 ? 0 : there / MS_PER_DAY, ret);
}

static bool is_past(const struct attention_facts *f, vio_time now)
{
        char day[11];

        if (f->appointment_time != VIO_TIME_NONE)
                return f->appointment_time <= now;
        if (!f->appointment_date)
                return false;
        attention_day(now, day);
        return strcmp(f->appointment_date, day) < 0;
}

enum vio_attention attention_of(const struct attention_facts *f, vio_time now)
{
        bool pending = f->appointment_status == VIO_APPOINTMENT_PENDING;
        bool appointed = f->appointment_time != VIO_TIME_NONE || f->appointment_date;

        if (is_past(f, now))
                return VIO_ATTENTION_NONE;
        if (pending && f->opted_out && appointed)
                return VIO_ATTENTION_OPTED_OUT;
        if (pending && !f->has_phone)
                return VIO_ATTENTION_NO_PHONE;
        if (f->appointment_status == VIO_APPOINTMENT_RESCHEDULED)
                return VIO_ATTENTION_WANTS_RESCHEDULE;
        if (pending && f->last_call_outcome == VIO_OUTCOME_FAILED && !f->has_open_task)
                return VIO_ATTENTION_FAILED;
        return f->has_note ? VIO_ATTENTION_REVIEW : VIO_ATTENTION_NONE;
}
