/* variables.h - what the agent is told about a call: Retell's dynamic variables, texts only. */
#ifndef VIO_FLOW_VARIABLES_H
#define VIO_FLOW_VARIABLES_H

#include "flow/profile.h"
#include "remote/retell.h"
#include "rules/hours.h"

#define VARIABLES_MAX 12

struct variables {
        struct retell_variable
            list[VARIABLES_MAX]; /* values belong to the profile, the contact or .room */
        size_t n;
        char name[101];
        char time[80];
        char hours[HOURS_WORDS];
};

void variables_fill(struct variables *v, const struct profile *p, const struct vio_contact *c,
                    const vio_zone *zone);

/* "Tuesday, November 24 at 9:30 AM" in the zone; "" for VIO_TIME_NONE. */
void variables_spoken_time(const vio_zone *zone, vio_time t, char *ret, size_t size);

#endif
