/* names.c - looking through a table of names. */
#include "names.h"

#include <string.h>

const char *names_at(const char *const *names, size_t n, unsigned value)
{
        return value < n ? names[value] : NULL;
}

int names_find(const char *const *names, size_t n, const char *name)
{
        for (size_t i = 0; name && i < n; i++)
                if (names[i] && strcmp(names[i], name) == 0)
                        return (int)i;
        return -1;
}
