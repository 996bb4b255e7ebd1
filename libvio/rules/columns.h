/* columns.h - the columns of contacts in a CSV file, and what else people call them. */
#ifndef VIO_RULES_COLUMNS_H
#define VIO_RULES_COLUMNS_H

#include <vio/core.h>

/* In the order of an export, which ends with COLUMN_OPTED_OUT. */
enum column {
        COLUMN_NAME,
        COLUMN_PHONE,
        COLUMN_EMAIL,
        COLUMN_TIME_ZONE,
        COLUMN_DATE,
        COLUMN_TIME,
        COLUMN_TYPE,
        COLUMN_INSTRUCTIONS,
        COLUMN_STATUS,
        COLUMN_OPTED_OUT,
        COLUMN_FIRST_NAME, /* the two parts of a name, where no column has it whole */
        COLUMN_LAST_NAME,
        COLUMN_COUNT
};

/* The name of the column, which is that of the field in the API. */
const char *column_name(enum column column);

/* Which column a header means; VIO_E_NOTFOUND for one we do not know. */
int column_find(const char *header, enum column *ret);

/* "yes" or "no" in their usual forms; VIO_E_INVALID. */
int column_flag(const char *text, bool *ret);

#endif
