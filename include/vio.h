/* vio.h - the whole API of libvio. What is not declared here is not API. */
#ifndef VIO_H
#define VIO_H

#include <vio/core.h>
#include <vio/http.h>
#include <vio/json.h>

#endif
