/* variables.c - what the agent is told about a call: Retell's dynamic variables, texts only. */
#include "flow/variables.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void variables_spoken_time(const vio_zone *zone, vio_time t, char *ret, size_t size)
{
        static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};
        static const char *const months[] = {"January",   "February", "March",    "April",
                                             "May",       "June",     "July",     "August",
                                             "September", "October",  "November", "December"};
        struct vio_local l;

        if (t == VIO_TIME_NONE) {
                text_copy(ret, size, "");
                return;
        }
        vio_zone_local(zone, t, &l);
        snprintf(ret, size, "%s, %s %d at %d:%02d %s", days[l.weekday], months[l.month - 1], l.day,
                 l.hour % 12 ? l.hour % 12 : 12, l.minute, l.hour < 12 ? "AM" : "PM");
}

/* An unset variable would be spoken as its own name in braces; the empty text is spoken as nothing.
 */
static void add(struct variables *v, const char *name, const char *value)
{
        if (v->n < VARIABLES_MAX)
                v->list[v->n++] = (struct retell_variable){name, value ? value : ""};
}

static void first_word(const char *name, char *ret, size_t size)
{
        text_copy(ret, size, name);
        ret[strcspn(ret, " ")] = '\0';
}

static void say_hours(const char *setting, char ret[HOURS_WORDS])
{
        struct hours hours;
        char mistake[HOURS_MISTAKE];

        ret[0] = '\0';
        if (setting && hours_read(setting, &hours, mistake))
                hours_say(&hours, ret);
}

void variables_fill(struct variables *v, const struct profile *p, const struct vio_contact *c,
                    const vio_zone *zone)
{
        const struct settings *s = &p->settings;

        v->n = 0;
        first_word(c->name, v->name, sizeof(v->name));
        variables_spoken_time(zone, c->appointment_time, v->time, sizeof(v->time));
        say_hours(s->value[SETTING_business_hours], v->hours);
        add(v, "name", v->name);
        add(v, "appointment_time", v->time);
        add(v, "company_name", p->name);
        add(v, "appointment_type", c->appointment_type);
        add(v, "special_instructions", c->special_instructions);
        add(v, "business_hours", v->hours);
        add(v, "public_transport", s->value[SETTING_public_transport_instructions]);
        add(v, "parking", s->value[SETTING_parking_instructions]);
        add(v, "arrival_notes", s->value[SETTING_arrival_notes]);
        add(v, "instructions", s->value[SETTING_voice_agent_prompt]);
}
