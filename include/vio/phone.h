/* vio/phone.h - telephone numbers as people type them, into E.164 (ITU-T). */
#ifndef VIO_PHONE_H
#define VIO_PHONE_H

#include <vio/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The size of a buffer for a number: "+", at most 15 digits, and a NUL. */
#define VIO_PHONE_SIZE 17

/* What can be wrong with a number. A value keeps its meaning for ever. X(name, value, sentence) */
#define VIO_PHONE_PROBLEMS(X)                                                                      \
        X(NONE, 0, "The number is valid.")                                                         \
        X(EMPTY, 1, "There is no number.")                                                         \
        X(LETTERS, 2, "The number contains letters.")                                              \
        X(EXTENSION, 3, "An extension cannot be dialled; give the direct number.")                 \
        X(SPREADSHEET, 4,                                                                          \
          "A spreadsheet took this number for a quantity; export the column again, as text.")      \
        X(CHARACTER, 5, "The number contains a character that does not belong in one.")            \
        X(NO_COUNTRY, 6, "The number has no country code; begin it with \"+\".")                   \
        X(COUNTRY, 7, "The country code is not valid.")                                            \
        X(SHORT, 8, "The number is too short.")                                                    \
        X(LONG, 9, "The number is too long.")

enum vio_phone_problem {
#define VIO_X(name, value, sentence) VIO_PHONE_##name = value,
        VIO_PHONE_PROBLEMS(VIO_X)
#undef VIO_X
};

/** One sentence about a problem, for whoever typed the number. Static, never NULL. Since: 0.1 */
VIO_API const char *vio_phone_problem_text(enum vio_phone_problem p);

/**
 * Brings a number into E.164: "+" and 8 to 15 digits, the first of them not 0.
 *
 * Blanks, dots, dashes, slashes and parentheses are dropped, and "tel:" (RFC 3966) in front; wide
 * digits, as of Japanese keyboards, are taken for plain ones. "00"
 * stands for "+", and "011" where @country is 1. A "(0)" after the country code is dropped. A
 * number without a country code gets @country and loses one leading 0, or in North America (1) the
 * 1 of 11 digits; in Italy (39) the 0 belongs to the number and stays.
 *
 * @text: what was typed; may be NULL.
 * @country: digits of the country code, such as "1" or "44"; NULL when there is none to assume.
 * @ret: gets the number; untouched on failure. May be @text.
 * Errors: VIO_E_INVALID; vio_phone_check() says why. Since: 0.1
 */
VIO_API int vio_phone_normalise(const char *text, const char *country, char ret[VIO_PHONE_SIZE]);

/**
 * What vio_phone_normalise() would find wrong with the same two texts; VIO_PHONE_NONE for nothing.
 *
 * Errors: none. Since: 0.1
 */
VIO_API enum vio_phone_problem vio_phone_check(const char *text, const char *country);

#ifdef __cplusplus
}
#endif

#endif
