#include "run.h"
Suite *suite(void)
{
        return suite_create("x");
}
