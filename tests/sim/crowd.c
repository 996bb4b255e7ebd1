/* crowd.c - a clinic with thousands of calls that are due at once, beside the others' few. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people.h"
#include "sim.h"

#define ROW_SIZE 64

static void number_of(int i, char ret[20])
{
        snprintf(ret, 20, "+1416555%04d", i);
}

/* All of them in one file, for one appointment: the reminders fall due at the same time. */
void crowd_arrive(struct sim *s)
{
        struct vio_import in = VIO_IMPORT_INIT;
        struct vio_import_report report = VIO_IMPORT_REPORT_INIT;
        char *text = malloc((size_t)(s->crowd + 1) * ROW_SIZE);
        char when[VIO_TIME_TEXT];
        if (!text)
                broken(s, "", "there is no memory for a crowd");
        vio_time_format((s->now + 44 * HOURS) / SECONDS * SECONDS, when);
        in.text = text;
        in.len = (size_t)sprintf(text, "name,phone,appointmentTime\r\n");
        for (int i = 0; i < s->crowd; i++) {
                char phone[20];
                number_of(i, phone);
                in.len += (size_t)sprintf(text + in.len, "Patient,%s,%s\r\n", phone, when);
        }
        int r = vio_contact_import(s->clinics[0].handle, &in, NULL, NULL, &report);
        if (r != VIO_OK || report.added != s->crowd)
                broken(s, "", "a crowd cannot be imported: %s, %lld of %d", vio_err_name(r),
                       (long long)report.added, s->crowd);
        free(text);
}

static int note_reason(void *data, const vio_task *t)
{
        *(enum vio_reason *)data = (enum vio_reason)vio_task_get_reason(t);
        return 0;
}

static int note_id(void *data, const vio_contact *c)
{
        *(vio_contact_id *)data = vio_contact_get_id(c);
        return 0;
}

/* The reason on record why there was no call. */
static enum vio_reason reason_of(struct sim *s, const char *phone)
{
        struct vio_contact_filter who = VIO_CONTACT_FILTER_INIT;
        struct vio_task_filter tasks = VIO_TASK_FILTER_INIT;
        enum vio_reason reason = VIO_REASON_NONE;
        who.search = phone;
        (void)vio_contact_each(s->clinics[0].handle, &who, note_id, &tasks.contact);
        if (tasks.contact.v)
                (void)vio_task_each(s->clinics[0].handle, &tasks, note_reason, &reason);
        return reason;
}

/* Only a dial that failed again and again ends without a call. */
static int check_missed(struct sim *s, const char *phone)
{
        enum vio_reason reason = reason_of(s, phone);
        if (reason != VIO_REASON_RETRIES_SPENT && reason != VIO_REASON_UNSETTLED)
                broken(s, phone, "one of the crowd was never called: %s", vio_reason_name(reason));
        return 1;
}

/* Returns 1 for one who was never called. */
static int check_one(struct sim *s, const char *phone)
{
        struct world_ring rings[32];
        const struct person *p = person_of(phone);
        size_t n = world_rings(s->world, phone, rings, 32);
        if (!n)
                return check_missed(s, phone);
        if (n > 32)
                broken(s, phone, "one of the crowd was called %zu times", n);
        for (size_t i = 1; i < n; i++)
                if (rings[i].at < rings[i - 1].at + p->ring_ms + p->talk_ms)
                        broken(s, phone, "one of the crowd was called twice at once");
        for (size_t i = 3; i < n; i++)
                if (rings[i].at < rings[i - 3].at + 11 * HOURS)
                        broken(s, phone, "one of the crowd was called four times in one day");
        return 0;
}

void crowd_check(struct sim *s)
{
        int missed = 0;
        for (int i = 0; i < s->crowd; i++) {
                char phone[20];
                number_of(i, phone);
                missed += check_one(s, phone);
        }
        if (missed > s->crowd / 100)
                broken(s, "", "%d of a crowd of %d were never called", missed, s->crowd);
}
