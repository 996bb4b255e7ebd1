/* cell.h - one value as clean text: of known width, without control characters. */
#ifndef VIO_CLI_CELL_H
#define VIO_CLI_CELL_H

#include "out.h"

enum cell_place {
        IN_TABLE, /* one line; the heading names the zone of times */
        IN_RECORD /* line breaks stay; times name their zone */
};

/*
 * The value of a field as text; "-" when there is none. @zone: NULL is UTC. The caller frees the
 * text. NULL when out of memory.
 */
char *cell_text(const struct field *field, const vio_json *value, const vio_zone *zone,
                enum cell_place place);

/* How many columns of a terminal a clean text takes. */
int cell_width(const char *text);

/* What a zone is called; "UTC" for NULL. */
const char *cell_zone_name(const vio_zone *zone);

#endif
