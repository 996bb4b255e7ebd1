/*
 * vio/import.h - contacts in and out as CSV (RFC 4180), in the dialects of spreadsheets.
 *
 * Both directions use the same columns: name, phone, email, timeZone, appointmentDate,
 * appointmentTime, appointmentType, specialInstructions, appointmentStatus, optedOut. What is
 * exported can be imported, here or by another tenant, and is the same contact there.
 */
#ifndef VIO_IMPORT_H
#define VIO_IMPORT_H

#include <vio/contact.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How many contacts a file may have. */
#define VIO_IMPORT_ROWS 50000

/** What dates such as 3/4/2026 mean. */
enum vio_date_order {
        VIO_DATES_BY_FILE,     /* as the file's own dates show; refused when none of them does */
        VIO_DATES_MONTH_FIRST, /* 3/4/2026 is the 4th of March */
        VIO_DATES_DAY_FIRST    /* 3/4/2026 is the 3rd of April */
};

/** A file to import. Set it to VIO_IMPORT_INIT first. */
struct vio_import {
        size_t size;
        const char *text; /* UTF-8, with or without a byte order mark; need not end in a NUL */
        size_t len;
        bool dry_run;  /* write nothing, but report what would be written */
        bool skip_bad; /* add the good rows; without it one bad row keeps all of them out */
        enum vio_date_order dates;
};

#define VIO_IMPORT_INIT                                                                            \
        {                                                                                          \
                .size = sizeof(struct vio_import)                                                  \
        }

/** What became of a row, or of a column. */
enum vio_import_verdict {
        VIO_IMPORT_ADDED,         /* or would be, in a dry run */
        VIO_IMPORT_DUPLICATE,     /* the same as a contact that is there, or as an earlier row */
        VIO_IMPORT_BAD,           /* .field and .message say why */
        VIO_IMPORT_UNKNOWN_COLUMN /* .field is its name; it is not read */
};

/** One row of a file; texts are valid during the callback. */
struct vio_import_row {
        int64_t line; /* of the file, from 1: where the row begins */
        enum vio_import_verdict verdict;
        const char *field;      /* by its name above; "" when the whole row is meant */
        const char *message;    /* for a person; "" for a row that was added */
        vio_contact_id contact; /* the contact added, or the one that was there; 0: none */
};

/** What became of a file. Set it to VIO_IMPORT_REPORT_INIT first. */
struct vio_import_report {
        size_t size;
        int64_t rows; /* with something in them, without the header */
        int64_t added;
        int64_t duplicates;
        int64_t bad;
        bool refused; /* a row is bad, so nothing is added */
};

#define VIO_IMPORT_REPORT_INIT                                                                     \
        {                                                                                          \
                .size = sizeof(struct vio_import_report)                                           \
        }

/**
 * Adds the contacts of a CSV file, all in one transaction, and plans the reminder call of each as
 * vio_contact_add() does: for the first 1000 rows in the same transaction, for more of them right
 * after it in steps. Should the program end in between, vio_step() plans what is missing.
 *
 * The first row names the columns, without regard to case, blanks, "_" and "-"; usual other names
 * are understood (full name, patient, mobile, date, service, notes). A name is needed: as one
 * column or as first name and last name. The separator is a comma, a semicolon or a tab, as the
 * first row shows. At most VIO_IMPORT_ROWS rows of 64 cells of 8192 bytes.
 *
 * A time is RFC 3339, or a date and a clock time by the row's time zone or else the tenant's: in
 * one column, or in two. A phone number may have lost its "+" to a spreadsheet when the tenant's
 * country leaves no doubt. A row is a duplicate when phone and appointment are those of a contact
 * of the tenant or of an earlier row; without a phone, when name and appointment are.
 *
 * @in: the file; not needed afterwards.
 * @cb: called when all is done: for each unknown column, then for each row in the order of the
 *   file; in a refused file not for rows that are good. It must not call the library with @t. NULL
 *   for none.
 * @ret: gets the counts, also when .refused; untouched on failure.
 * Returns 0 when every row was looked at, even if the file is then refused: see @ret.
 * Errors: VIO_E_INVALID (not a CSV file in UTF-8, no column with a name, too many rows),
 * VIO_E_STORAGE, VIO_E_NOMEM; then nothing was written. Since: 0.2
 */
VIO_API int vio_contact_import(vio_tenant *t, const struct vio_import *in,
                               void (*cb)(void *data, const struct vio_import_row *row), void *data,
                               struct vio_import_report *ret);

/** Begin with a byte order mark, by which Excel knows UTF-8. */
#define VIO_EXPORT_BOM 1U

/**
 * Writes contacts as CSV: a header, then a line for each, ended by CR LF, in UTF-8.
 *
 * A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line's
 * end; so does every phone number) gets an apostrophe in front; vio_contact_import() takes it
 * away again. The appointment's time is RFC 3339 with the offset of the contact's zone.
 *
 * @filter: which contacts. @flags: 0 or VIO_EXPORT_BOM.
 * @write: takes the next bytes, one or more whole lines; between two calls the database is not
 *   held. A non-zero result ends the export and is returned. It must not call the library with @t.
 * Errors: VIO_E_INVALID, VIO_E_STORAGE, VIO_E_NOMEM. Since: 0.2
 */
VIO_API int vio_contact_export(vio_tenant *t, const struct vio_contact_filter *filter,
                               unsigned flags,
                               int (*write)(void *data, const char *bytes, size_t len), void *data);

#ifdef __cplusplus
}
#endif

#endif
