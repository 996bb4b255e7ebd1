/* settings.h - what people may set for a tenant: names, kinds, limits; and reading the values. */
#ifndef VIO_FLOW_SETTINGS_H
#define VIO_FLOW_SETTINGS_H

#include <vio/window.h>

#include "flow/engine.h"
#include "store/tenants.h"

#define SETTING_LEAD_MIN      1440 /* reminder 24 hours before the appointment */
#define SETTING_FOLLOW_UP_MIN 90

/* What a setting is called, means and is when nobody set it (NULL: nothing). */
struct setting_info {
        const char *name;
        const char *summary;
        const char *standard;
        const char *wanted; /* what would be right */
        enum vio_setting_kind kind;
        bool secret;
};
struct setting_info setting_info(enum setting s);

/*
 * Takes changes into @s; all or none. A NULL or empty value clears. VIO_E_INVALID with a text that
 * names the setting and says what would be right.
 */
int settings_change(struct engine *e, struct settings *s, const struct vio_setting *changes,
                    size_t n, struct fault *f);

/* The value as people see it: booleans as words, secrets only hinted at. @room: 64 bytes. */
const char *setting_shown(const struct settings *s, enum setting which, char room[64]);

/* The last characters of a secret, to tell it by; "" when there is none, or it is too short. */
const char *setting_tail(const struct settings *s, enum setting which);

/* The calling window of the settings; VIO_E_INVALID when it is none that is allowed. */
int settings_window(const struct settings *s, struct vio_window *ret);

/* Reads "HH:MM" (24:00 included), and a JSON array of "Mon" ... "Sun"; false when it is neither. */
bool setting_minutes(const char *text, int *ret);
bool setting_days(const char *text, uint8_t *ret);

#endif
