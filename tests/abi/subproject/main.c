/* main.c - asks the library for its version. */
#include <string.h>
#include <vio.h>

int main(void)
{
        return strncmp(vio_version(), "0.", 2) != 0;
}
