/* routes.h - the one table of what can be asked, and the dispatcher over it. */
#ifndef HTTPD_ROUTES_H
#define HTTPD_ROUTES_H

#include <stdio.h>

#include "log.h"
#include "message.h"

/* What a request is answered with. */
struct app {
        vio *v;
        const struct log *log;
};

/* Fills @r with the answer to @q. */
void routes_answer(const struct app *app, struct request *q, struct response *r);

/* How many bytes of body the route of this method and path takes. */
size_t routes_body_limit(const char *method, const char *path);

/* One row of the table, from 1: its method and the pattern of its path. */
struct route_name {
        const char *method;
        const char *path;
};

size_t routes_count(void);
struct route_name routes_name(size_t row);
bool routes_is_webhook(size_t row);

/* Prints the table, one row a line: method, path, scope, roles. */
void routes_print(FILE *out);

#endif
