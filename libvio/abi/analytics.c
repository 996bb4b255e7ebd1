/* analytics.c - what came of the calls, from counters that are kept. */
#include <vio/analytics.h>
