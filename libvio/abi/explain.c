/* explain.c - why a contact was called, or not, and what comes next. */
#include <vio/explain.h>
