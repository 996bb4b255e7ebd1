/* columns.c - the columns of contacts in a CSV file, and what else people call them. */
#include "rules/columns.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/attr.h"

/* In lower case, without blanks, "_", "-" and "."; the first name is the one exported. */
static const struct {
        const char *name;
        const char *others[12];
} columns[] = {
    [COLUMN_NAME] = {"name",
                     {"fullname", "patient", "patientname", "client", "clientname", "contact",
                      "contactname", "customer", "customername"}},
    [COLUMN_PHONE] = {"phone",
                      {"mobile", "telephone", "phonenumber", "mobilephone", "mobilenumber",
                       "telephonenumber", "cell", "cellphone", "tel"}},
    [COLUMN_EMAIL] = {"email", {"emailaddress", "mail"}},
    [COLUMN_TIME_ZONE] = {"timeZone", {"tz", "zone"}},
    [COLUMN_DATE] = {"appointmentDate", {"date", "day"}},
    [COLUMN_TIME] = {"appointmentTime",
                     {"time", "appointment", "datetime", "appointmentdatetime", "start",
                      "starttime"}},
    [COLUMN_TYPE] = {"appointmentType", {"type", "service"}},
    [COLUMN_INSTRUCTIONS] = {"specialInstructions", {"instructions", "notes", "note"}},
    [COLUMN_STATUS] = {"appointmentStatus", {NULL}},
    [COLUMN_OPTED_OUT] = {"optedOut", {"optout", "donotcall"}},
    [COLUMN_FIRST_NAME] = {"firstName", {"givenname", "forename"}},
    [COLUMN_LAST_NAME] = {"lastName", {"surname", "familyname"}},
};

const char *column_name(enum column column)
{
        return columns[column].name;
}

/* Brings a header into the form of the table; what does not fit is no name of ours. */
static void plain(const char *header, char *ret, size_t size)
{
        size_t n = 0;
        for (; *header && n + 1 < size; header++)
                if (!strchr(" \t_-.", *header))
                        ret[n++] = (char)tolower((unsigned char)*header);
        ret[*header ? 0 : n] = '\0';
}

static bool is_called(enum column column, const char *name)
{
        if (!strcasecmp(columns[column].name, name))
                return true;
        for (const char *const *other = columns[column].others; *other; other++)
                if (!strcmp(*other, name))
                        return true;
        return false;
}

int column_find(const char *header, enum column *ret)
{
        char name[32];
        plain(header, name, sizeof name);
        for (size_t i = 0; i < count_of(columns); i++)
                if (is_called((enum column)i, name)) {
                        *ret = (enum column)i;
                        return 0;
                }
        return VIO_E_NOTFOUND;
}

int column_flag(const char *text, bool *ret)
{
        static const struct {
                const char *word;
                bool flag;
        } words[] = {{"yes", true}, {"true", true},   {"1", true},  {"y", true}, {"x", true},
                     {"no", false}, {"false", false}, {"0", false}, {"n", false}};
        for (size_t i = 0; i < count_of(words); i++)
                if (!strcasecmp(words[i].word, text)) {
                        *ret = words[i].flag;
                        return 0;
                }
        return VIO_E_INVALID;
}
