/* phone_cell.h - a telephone number in a spreadsheet's cell, and what it has lost there. */
#ifndef VIO_RULES_PHONE_CELL_H
#define VIO_RULES_PHONE_CELL_H

#include <vio/phone.h>

/*
 * As vio_phone_normalise(), for what a spreadsheet made of a number: an apostrophe in front is
 * passed over, and a "+" that is gone is restored if the country's numbering plan leaves no doubt.
 * VIO_E_INVALID; @ret_problem gets a static sentence. A guess is never made: it would ring a
 * stranger.
 */
int phone_cell_read(const char *text, const char *country, char ret[VIO_PHONE_SIZE],
                    const char **ret_problem);

#endif
