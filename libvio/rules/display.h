/* display.h - whether somebody of the staff should look at a contact, and why. */
#ifndef VIO_RULES_DISPLAY_H
#define VIO_RULES_DISPLAY_H

#include <vio/contact.h>

/* What the decision goes by. The needs_attention filter of the store says the same in SQL. */
struct attention_facts {
        enum vio_appointment_status appointment_status;
        enum vio_outcome last_call_outcome;
        vio_time appointment_time;    /* VIO_TIME_NONE: none */
        const char *appointment_date; /* 'YYYY-MM-DD' or NULL; looked at when there is no time */
        bool has_phone;
        bool opted_out;
        bool has_open_task; /* a call is planned or under way */
        bool has_note;
};

enum vio_attention attention_of(const struct attention_facts *f, vio_time now);

/* A date before this one is in the past everywhere on earth: the local day at UTC-12. */
void attention_day(vio_time now, char ret[11]);

#endif
