/* httpd.h - the real vio-httpd as a child, and the plainest client for it. */
#ifndef TESTS_BENCH_HTTPD_H
#define TESTS_BENCH_HTTPD_H

#include <sys/types.h>

#include "world.h"

struct httpd {
        pid_t pid;
        int port;
};

/* Starts $VIO_HTTPD over the world's database and waits until it listens. */
void httpd_start(struct httpd *h, const struct world *w);
void httpd_stop(struct httpd *h);

/* Opens a kept-alive connection. Posts one webhook and returns the status of the answer. */
int httpd_connect(const struct httpd *h);
int httpd_post(int fd, const struct message *m);

#endif
