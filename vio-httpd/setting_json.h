/* setting_json.h - settings as members of a JSON object: camelCase names, values as what they are.
 */
#ifndef HTTPD_SETTING_JSON_H
#define HTTPD_SETTING_JSON_H

#include "message.h"

/* More than there are settings. */
#define MOST_SETTINGS 64

/* The settings that a body asks to change, as the library takes them. */
struct setting_patch {
        struct vio_setting list[MOST_SETTINGS];
        char *values[MOST_SETTINGS]; /* what .list points to; NULL where it is to be cleared */
        size_t n;
};

void setting_patch_clear(struct setting_patch *p);

/*
 * Reads the settings out of @body; members named in @others (NULL at its end) are left to the
 * caller. A member that is none of both, or of another type than its setting, is refused by its
 * name. Errors: VIO_E_INVALID, VIO_E_NOMEM.
 */
_must_check_ int setting_patch_read(const vio_json *body, const char *const *others,
                                    struct setting_patch *ret, struct response *r);

/*
 * Tells the client what the library said against a change, which begins with the library's name of
 * a setting, or of several. What is no setting stands below @parent in the body. Returns
 * VIO_E_INVALID.
 */
int setting_refuse(struct response *r, const char *detail, const vio_json *body,
                   const char *parent);

/* Writes all settings as members of the object that is open; of secrets only their end. */
_must_check_ int settings_write(vio_tenant *t, vio_json_writer *w);

#endif
