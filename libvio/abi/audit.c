/* audit.c - who did what: the audit log and its proof. */
#include <vio/audit.h>
