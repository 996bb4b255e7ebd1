/* attr.h - the GNU attributes we use, as short words. */
#ifndef VIO_BASE_ATTR_H
#define VIO_BASE_ATTR_H

/* Runs @fn on the address of the variable when it goes out of scope. */
#define _cleanup_(fn)     __attribute__((cleanup(fn)))
#define _must_check_      __attribute__((warn_unused_result))
#define _printf_(fmt, at) __attribute__((format(printf, fmt, at)))

/* Hands a pointer on: gives its value and leaves NULL behind, so that cleanup does nothing. */
#define steal(p)                                                                                   \
        __extension__({                                                                            \
                __typeof__(p) stolen_ = (p);                                                       \
                (p) = NULL;                                                                        \
                stolen_;                                                                           \
        })

#define count_of(array) (sizeof(array) / sizeof((array)[0]))

#endif
