/* rows.c - the rows in memory: their words, and the texts that they own. */
#include "store/rows.h"

#include <string.h>

#include "base/mem.h"
#include "store/row_texts.h"

static const char *const dial_states[] = {"dialing", "placed", "rejected", "unknown", "not_placed"};

const char *dial_state_name(enum vio_dial_state state)
{
        return word_name(dial_states, count_of(dial_states), (int)state);
}

int dial_state_parse(const char *name, enum vio_dial_state *ret)
{
        int i = word_find(dial_states, count_of(dial_states), name);
        if (i < 0)
                return i;
        *ret = (enum vio_dial_state)i;
        return VIO_OK;
}

bool dial_may_have_rung(enum vio_dial_state state)
{
        return state != VIO_DIAL_REJECTED && state != VIO_DIAL_NOT_PLACED;
}

const char *word_name(const char *const *words, size_t n, int index)
{
        return index >= 0 && (size_t)index < n ? words[index] : NULL;
}

int word_find(const char *const *words, size_t n, const char *name)
{
        for (size_t i = 0; name && i < n; i++)
                if (strcmp(words[i], name) == 0)
                        return (int)i;
        return VIO_E_INVALID;
}

static char **text_at(void *row, size_t offset)
{
        return (char **)((char *)row + offset);
}

int row_own(void *row, const size_t *texts, size_t n)
{
        int r = VIO_OK;
        for (size_t i = 0; i < n; i++) {
                char **text = text_at(row, texts[i]);
                const char *lent = *text;
                *text = r ? NULL : mem_text(lent);
                if (lent && !*text)
                        r = VIO_E_NOMEM;
        }
        if (r)
                row_disown(row, texts, n);
        return r;
}

void row_disown(void *row, const size_t *texts, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                char **text = text_at(row, texts[i]);
                mem_free(*text);
                *text = NULL;
        }
}
