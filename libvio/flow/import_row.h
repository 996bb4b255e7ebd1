/* import_row.h - a row of a CSV file becomes a contact, checked but not written yet. */
#ifndef VIO_FLOW_IMPORT_ROW_H
#define VIO_FLOW_IMPORT_ROW_H

#include <vio/import.h>

#include "base/csv.h"
#include "flow/acting.h"
#include "flow/profile.h"
#include "rules/columns.h"
#include "rules/day_text.h"

/* Where the columns are, by the header of the file. */
struct import_columns {
        int at[COLUMN_COUNT]; /* -1: the file has none */
        size_t width;
        bool known[CSV_COLUMNS]; /* which cells of a row are read */
};

/* VIO_E_INVALID when no column holds a name. */
int import_columns_read(const struct csv_row *header, struct import_columns *ret, struct fault *f);

/* What the text of rows means. */
struct import_reader {
        const struct acting *acting;
        const struct profile *profile;
        struct import_columns columns;
        enum vio_date_order dates;
};

/* Whether all its cells are empty, as in the rows that spreadsheets write behind the last one. */
bool import_row_empty(const struct csv_row *row);

/* Notes what the row's dates tell about their order. */
void import_row_see(const struct import_columns *columns, const struct csv_row *row,
                    struct day_orders *orders);

/*
 * Makes the contact, which has no id yet. VIO_E_INVALID; the text begins with the column's name
 * and ": " where one column is at fault.
 */
int import_row_read(const struct import_reader *reader, struct csv_row *row,
                    struct vio_contact *ret, struct fault *f);

#endif
