/* settings.h - settings as words: NAME=VALUE, NAME@FILE, NAME@- and NAME= . */
#ifndef VIO_CLI_SETTINGS_H
#define VIO_CLI_SETTINGS_H

#include "cli.h"

struct settings {
        struct vio_setting *v;
        size_t n;
};

/*
 * Reads the words as settings, their files included.
 *
 * @ret: gets them; the caller frees them with settings_free(), also after a failure.
 * Returns an enum exit_code, after complaining.
 */
int settings_parse(const struct words *words, struct settings *ret);

/* Wipes and frees what settings_parse() made. */
void settings_free(struct settings *s);

#endif
