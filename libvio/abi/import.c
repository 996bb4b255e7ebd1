/* import.c - contacts in and out as CSV. */
#include <vio/import.h>
