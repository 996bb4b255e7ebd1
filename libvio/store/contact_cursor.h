/* contact_cursor.h - where a page of contacts ended, as a text that says nothing to anybody. */
#ifndef VIO_STORE_CONTACT_CURSOR_H
#define VIO_STORE_CONTACT_CURSOR_H

#include <vio/contact.h>

/* A name has at most 200 bytes; a time fewer. */
#define CONTACT_KEY_SIZE 208

/* The last contact of a page in the order of the list. */
struct contact_position {
        bool untimed; /* in order of appointments: among those without a time */
        int64_t id;
        char key[CONTACT_KEY_SIZE]; /* "" in order of id */
};

int contact_cursor_write(const struct vio_contact_filter *f, const struct contact_position *p,
                         char ret[VIO_CONTACT_CURSOR]);
/* VIO_E_INVALID when it is no cursor of a list in the filter's order. */
int contact_cursor_read(const struct vio_contact_filter *f, const char *cursor,
                        struct contact_position *ret);

#endif
