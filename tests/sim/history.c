/* history.c - what happened, in order; and the end of a simulation that broke a promise. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim.h"

const char *const fault_names[FAULT_COUNT] = {
#define FAULT_X(name, permille, text) #name,
    FAULTS(FAULT_X)
#undef FAULT_X
};

bool strikes(struct sim *s, enum fault_kind kind)
{
        if (s->calm || !chance_permille(&s->chance, s->permille[kind]))
                return false;
        s->injected[kind]++;
        return true;
}

/* The oldest half goes when there is no more room: a failure is explained by what came last. */
static struct history_line *new_line(struct sim *s)
{
        if (s->n_history == MOST_HISTORY) {
                s->n_history = MOST_HISTORY / 2;
                memmove(s->history, s->history + MOST_HISTORY - s->n_history,
                        s->n_history * sizeof(s->history[0]));
        }
        return &s->history[s->n_history++];
}

/* FNV-1a */
static void hash_bytes(struct sim *s, const void *bytes, size_t len)
{
        for (size_t i = 0; i < len; i++)
                s->hash = (s->hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
}

void tell(struct sim *s, const char *about, const char *format, ...)
{
        struct history_line *line = new_line(s);
        va_list args;
        line->at = s->now;
        snprintf(line->call, sizeof(line->call), "%s", about);
        va_start(args, format);
        vsnprintf(line->text, sizeof(line->text), format, args);
        va_end(args);
        hash_bytes(s, &line->at, sizeof(line->at));
        hash_bytes(s, line->call, strlen(line->call) + 1);
        hash_bytes(s, line->text, strlen(line->text) + 1);
}

void broken(struct sim *s, const char *about, const char *format, ...)
{
        size_t n = (size_t)snprintf(s->what, sizeof(s->what), "%s: ", about);
        va_list args;
        va_start(args, format);
        vsnprintf(s->what + n, sizeof(s->what) - n, format, args);
        va_end(args);
        tell(s, about, "BROKEN: %s", s->what);
        s->failed = true;
        longjmp(s->broken, 1);
}

/* The lines of whom the failure is about, and of the world; the last of them. */
void history_print(const struct sim *s)
{
        const char *about = s->n_history ? s->history[s->n_history - 1].call : "";
        char when[VIO_TIME_TEXT];
        size_t first = s->n_history > 400 ? s->n_history - 400 : 0;

        for (size_t i = first; i < s->n_history; i++) {
                const struct history_line *line = &s->history[i];
                if (line->call[0] && strcmp(line->call, about) != 0)
                        continue;
                printf("  %s %-38s %s\n", vio_time_format(line->at, when), line->call, line->text);
        }
}
