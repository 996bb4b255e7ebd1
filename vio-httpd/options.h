/* options.h - what the program is told by flags, environment and file. */
#ifndef HTTPD_OPTIONS_H
#define HTTPD_OPTIONS_H

#include <stdio.h>

#include "log.h"

/* Texts are owned; NULL means not given. */
struct options {
        char *db;
        char *listen;
        char *retell_url;
        char *metrics_listen;
        char *public_url;
        char *secret_file;
        char *jwt_secret;
        char *resend_api_key;
        char *resend_webhook_secret;
        char *mail_from;
        char *config;
        enum log_format log_format;
        bool sandbox;
        bool help;
        bool version;
        bool routes;
        int sandbox_speed;
        int sandbox_port;
        int threads;
        int per_address;
};

/*
 * Reads them all: a flag is stronger than the environment, that than the file, that than the
 * default. Returns 0, or -1 after one line on stderr that names the wrong option and what would be
 * right. Free @ret with options_clear() either way.
 */
_must_check_ int options_read(int argc, char **argv, struct options *ret);

void options_clear(struct options *o);

/* Prints what --help prints. */
void options_help(FILE *out);

#endif
