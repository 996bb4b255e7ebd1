/* event.c - what Retell told us, kept as it came, and telling it to ourselves again. */
#include <vio/event.h>
