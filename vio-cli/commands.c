/* commands.c - the table of all commands, and finding one by its words. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define CMD(name) extern const struct cmd cmd_##name;
#include "commands.inc"
#undef CMD

const struct cmd *const commands[] = {
#define CMD(name) &cmd_##name,
#include "commands.inc"
#undef CMD
    NULL,
};

/* How many of @words the name @name consists of; 0 when they do not begin with it. */
static int words_matched(const char *name, char *const *words, int n)
{
        for (int used = 0; used < n; used++) {
                size_t len = strcspn(name, " ");
                if (strlen(words[used]) != len || memcmp(name, words[used], len) != 0)
                        return 0;
                if (!name[len])
                        return used + 1;
                name += len + 1;
        }
        return 0;
}

const struct cmd *command_find(char *const *words, int n, int *ret_used)
{
        for (const struct cmd *const *c = commands; *c; c++) {
                int used = words_matched((*c)->name, words, n);
                if (used) {
                        *ret_used = used;
                        return *c;
                }
        }
        return NULL;
}
