/* phone_cell.c - a telephone number in a spreadsheet's cell, and what it has lost there. */
#include "rules/phone_cell.h"

#include <string.h>

#include "base/attr.h"

/*
 * How many digits the numbers of people have behind the country code, where that is short and sure
 * (ITU-T national numbering plans). Other countries have numbers of many lengths.
 */
static const struct plan {
        const char *country;
        size_t least, most;
} plans[] = {
    {"1", 10, 10},  {"27", 9, 9},  {"30", 10, 10}, {"31", 9, 9},  {"32", 8, 9},
    {"33", 9, 9},   {"34", 9, 9},  {"41", 9, 9},   {"44", 9, 10}, {"45", 8, 8},
    {"47", 8, 8},   {"48", 9, 9},  {"52", 10, 10}, {"61", 9, 9},  {"65", 8, 8},
    {"91", 10, 10}, {"351", 9, 9}, {"353", 7, 9},  {"420", 9, 9},
};

static const struct plan *plan_of(const char *country)
{
        for (size_t i = 0; country && i < count_of(plans); i++)
                if (!strcmp(plans[i].country, country))
                        return &plans[i];
        return NULL;
}

static bool fits(const struct plan *p, size_t digits)
{
        return digits >= p->least && digits <= p->most;
}

/* What a number without a country code can be. */
enum bare_number { NATIONAL, LOST_PLUS, DOUBTFUL };

static enum bare_number judge(const char *digits, const char *country)
{
        size_t n = strlen(digits), code = strlen(country);
        const struct plan *plan = plan_of(country);
        bool coded = !strncmp(digits, country, code);

        if (!plan)
                return coded ? DOUBTFUL : NATIONAL;
        if (fits(plan, n))
                return NATIONAL;
        return coded && n > code && fits(plan, n - code) ? LOST_PLUS : DOUBTFUL;
}

/* A 0 in front is for calls within the country: nobody writes it behind a "+" that got lost. */
static bool has_trunk_zero(const char *text)
{
        return text[strcspn(text, "0123456789")] == '0';
}

static const char *sentence(enum vio_phone_problem p, const char *text)
{
        if (p == VIO_PHONE_SPREADSHEET && strpbrk(text, "eE"))
                return "the spreadsheet has rounded it; format the column as text and export again";
        return vio_phone_problem_text(p);
}

static int fail(const char *problem, const char **ret_problem)
{
        *ret_problem = problem;
        return VIO_E_INVALID;
}

int phone_cell_read(const char *text, const char *country, char ret[VIO_PHONE_SIZE],
                    const char **ret_problem)
{
        char number[VIO_PHONE_SIZE];

        text += *text == '\'';
        if (vio_phone_normalise(text, country, number) < 0)
                return fail(sentence(vio_phone_check(text, country), text), ret_problem);
        if (vio_phone_check(text, NULL) == VIO_PHONE_NO_COUNTRY && !has_trunk_zero(text)) {
                const char *digits = number + 1 + strlen(country);
                enum bare_number is = judge(digits, country);
                if (is == DOUBTFUL)
                        return fail(
                            "it may have lost its \"+\"; begin it with \"+\" and the country "
                            "code, in a column formatted as text",
                            ret_problem);
                if (is == LOST_PLUS)
                        memmove(number + 1, digits, strlen(digits) + 1);
        }
        memcpy(ret, number, sizeof number);
        return 0;
}
