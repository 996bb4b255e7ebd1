/* contact_fields.h - what people enter about a contact, checked field by field. */
#ifndef VIO_FLOW_CONTACT_FIELDS_H
#define VIO_FLOW_CONTACT_FIELDS_H

#include "flow/profile.h"

/*
 * Takes the fields that are given into @c. VIO_E_INVALID with a text that names the field.
 * @ret_moved: whether the time of the appointment changed.
 */
int contact_fields_take(struct engine *e, const struct profile *p,
                        const struct vio_contact_fields *in, struct vio_contact *c, bool *ret_moved,
                        struct fault *f);

#endif
