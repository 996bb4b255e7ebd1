/* summary.c - the daily summary of a tenant, by mail. */
#include <vio/summary.h>
