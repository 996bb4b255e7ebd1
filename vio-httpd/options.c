/* options.c - one table of options: where each comes from, what it must look like, where it goes.
 */
#include "options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define PROGRAM "vio-httpd"

/* Reads one value into @at. Returns 0, or -1 when the text is not what the row wants. */
struct row;
typedef int read_fn(const struct row *row, const char *text, void *at);

static read_fn read_text, read_database, read_listen, read_url, read_number, read_switch,
    read_format, read_secret, read_whsec, read_sender;

struct row {
        const char *name;    /* the flag without its dashes, and the key in the file */
        const char *env;     /* its variable; NULL for none, and for nothing that a file may say */
        const char *old_env; /* the original system's variable; NULL for none */
        read_fn *read;
        size_t at;        /* where the value goes in struct options */
        const char *arg;  /* what follows the flag; NULL for a switch */
        const char *def;  /* the default; NULL for none */
        const char *want; /* what would be right */
        const char *help; /* NULL: not shown */
        int min;
        int max;
        bool secret; /* no flag for it: everybody on the machine can see arguments */
        bool alone;  /* nothing else matters then */
};

#define AT(member) offsetof(struct options, member)
#define WANT_URL   "an address that begins with http:// or https://"

static const struct row rows[] = {
    {.name = "db",
     .env = "VIO_DB",
     .old_env = "DATABASE_URL",
     .read = read_database,
     .at = AT(db),
     .arg = "FILE",
     .def = "vio.db",
     .want = "the path of a SQLite file, or sqlite:PATH; PostgreSQL is not supported",
     .help = "the database, made when it is missing"},
    {.name = "listen",
     .env = "VIO_LISTEN",
     .old_env = "PORT",
     .read = read_listen,
     .at = AT(listen),
     .arg = "ADDR:PORT",
     .def = "127.0.0.1:5000",
     .want = "ADDR:PORT with an IPv4 address in figures, such as 127.0.0.1:5000, or a port alone",
     .help = "where to listen; port 0 takes any free one"},
    {.name = "metrics-listen",
     .env = "VIO_METRICS_LISTEN",
     .read = read_listen,
     .at = AT(metrics_listen),
     .arg = "ADDR:PORT",
     .want = "ADDR:PORT with an IPv4 address in figures, such as 127.0.0.1:9464, or a port alone",
     .help = "where Prometheus may ask for /metrics; nowhere without it"},
    {.name = "public-url",
     .env = "VIO_PUBLIC_URL",
     .read = read_url,
     .at = AT(public_url),
     .arg = "URL",
     .want = WANT_URL,
     .help = "how the outside reaches this server"},
    {.name = "secret-file",
     .env = "VIO_SECRET_FILE",
     .read = read_text,
     .at = AT(secret_file),
     .arg = "FILE",
     .want = "the path of a file",
     .help = "the key that seals secrets; else the database's name with .secret"},
    {.name = "retell-url",
     .env = "VIO_RETELL_URL",
     .read = read_url,
     .at = AT(retell_url),
     .arg = "URL",
     .want = WANT_URL,
     .help = "another server in place of Retell's"},
    {.name = "sandbox",
     .env = "VIO_SANDBOX",
     .read = read_switch,
     .at = AT(sandbox),
     .want = "true or false",
     .help = "call nobody: run a simulated Retell and use that"},
    {.name = "sandbox-speed",
     .env = "VIO_SANDBOX_SPEED",
     .read = read_number,
     .at = AT(sandbox_speed),
     .arg = "N",
     .def = "10",
     .want = "a whole number from 1 to 1000",
     .help = "how many times faster simulated calls pass",
     .min = 1,
     .max = 1000},
    {.name = "sandbox-port",
     .env = "VIO_SANDBOX_PORT",
     .read = read_number,
     .at = AT(sandbox_port),
     .arg = "PORT",
     .def = "0",
     .want = "a port from 0 to 65535",
     .help = "where the simulated Retell listens; 0 takes any free one",
     .max = 65535},
    {.name = "log-format",
     .env = "VIO_LOG_FORMAT",
     .read = read_format,
     .at = AT(log_format),
     .arg = "FORMAT",
     .def = "text",
     .want = "text or json",
     .help = "how lines on stderr look: text or json"},
    {.name = "threads",
     .env = "VIO_THREADS",
     .read = read_number,
     .at = AT(threads),
     .arg = "N",
     .def = "320",
     .want = "a whole number from 2 to 1024",
     .help = "how many connections are served at once",
     .min = 2,
     .max = 1024},
    {.name = "per-address",
     .env = "VIO_PER_ADDRESS",
     .read = read_number,
     .at = AT(per_address),
     .arg = "N",
     .def = "240",
     .want = "a whole number from 0 to 1024",
     .help = "requests at once of one address; 0 for no limit",
     .max = 1024},
    {.name = "config",
     .env = "VIO_CONFIG",
     .read = read_text,
     .at = AT(config),
     .arg = "FILE",
     .want = "the path of a file",
     .help = "read options from a file of lines `name = value`"},
    {.name = "jwt-secret",
     .env = "VIO_JWT_SECRET",
     .old_env = "JWT_SECRET",
     .read = read_secret,
     .at = AT(jwt_secret),
     .arg = "TEXT",
     .want = "at least 32 characters",
     .help = "signs login tokens; else derived from the secret file",
     .min = 32,
     .secret = true},
    {.name = "resend-api-key",
     .env = "VIO_RESEND_API_KEY",
     .old_env = "RESEND_API_KEY",
     .read = read_secret,
     .at = AT(resend_api_key),
     .arg = "TEXT",
     .want = "the key that Resend gave you",
     .help = "sends the daily summary",
     .min = 1,
     .secret = true},
    {.name = "resend-webhook-secret",
     .env = "VIO_RESEND_WEBHOOK_SECRET",
     .old_env = "RESEND_WEBHOOK_SECRET",
     .read = read_whsec,
     .at = AT(resend_webhook_secret),
     .arg = "TEXT",
     .want = "the signing secret of Resend's webhook, whsec_ and base64",
     .help = "proves the webhooks of Resend; else they are refused",
     .secret = true},
    {.name = "mail-from",
     .env = "VIO_MAIL_FROM",
     .read = read_sender,
     .at = AT(mail_from),
     .arg = "SENDER",
     .want = "an address, or a name with one: Name <summary@clinic.example>",
     .help = "who the daily summary is from; its domain must be verified at Resend"},
    {.name = "help",
     .read = read_switch,
     .at = AT(help),
     .want = "true or false",
     .help = "print this and end",
     .alone = true},
    {.name = "version",
     .read = read_switch,
     .at = AT(version),
     .want = "true or false",
     .help = "print the version and end",
     .alone = true},
    {.name = "routes",
     .read = read_switch,
     .at = AT(routes),
     .want = "true or false",
     .alone = true},
};

#define N_ROWS count_of(rows)

enum source { FROM_NOWHERE, FROM_FLAG, FROM_ENV, FROM_FILE, FROM_DEFAULT };

/* What was found for a row, and how to name the place to a person. */
struct found {
        enum source source;
        char *text;
        char where[256];
};

_printf_(1, 2) static int complain(const char *format, ...)
{
        va_list args;
        va_start(args, format);
        fputs(PROGRAM ": ", stderr);
        vfprintf(stderr, format, args);
        fputc('\n', stderr);
        va_end(args);
        return -1;
}

static int keep_text(const char *text, void *at)
{
        char *copy = strdup(text);
        if (!copy)
                return -1;
        free(*(char **)at);
        *(char **)at = copy;
        return 0;
}

static int read_text(const struct row *row, const char *text, void *at)
{
        (void)row;
        return *text ? keep_text(text, at) : -1;
}

static int read_secret(const struct row *row, const char *text, void *at)
{
        return strlen(text) < (size_t)row->min ? -1 : keep_text(text, at);
}

/* What can sign can verify. */
static int read_whsec(const struct row *row, const char *text, void *at)
{
        char signature[VIO_SVIX_SIGNATURE];
        (void)row;
        bool good =
            !strncmp(text, "whsec_", 6) && vio_svix_sign(text, "id", 0, "", 0, signature) == VIO_OK;
        return good ? keep_text(text, at) : -1;
}

static int read_sender(const struct row *row, const char *text, void *at)
{
        (void)row;
        const char *address = strchr(text, '@');
        bool good = address && address > text && address[1] && strlen(text) <= 320;
        for (const char *p = text; good && *p; p++)
                good = (unsigned char)*p >= ' ';
        return good ? keep_text(text, at) : -1;
}

static int read_database(const struct row *row, const char *text, void *at)
{
        (void)row;
        if (!strncmp(text, "sqlite:", 7))
                text += strncmp(text + 7, "//", 2) ? 7 : 9;
        if (!*text || strstr(text, "://"))
                return -1;
        return keep_text(text, at);
}

/* Reads a number of digits only, from @min to @max. */
static int read_digits(const char *text, int min, int max, int *ret)
{
        size_t digits = strspn(text, "0123456789");
        if (!digits || digits > 8 || text[digits])
                return -1;
        int n = (int)strtol(text, NULL, 10);
        if (n < min || n > max)
                return -1;
        *ret = n;
        return 0;
}

/* A port alone listens on this machine only: to open a server to the world takes an address. */
static int read_listen(const struct row *row, const char *text, void *at)
{
        (void)row;
        char address[64] = "127.0.0.1";
        char whole[80];
        const char *colon = strrchr(text, ':');
        int port;
        if (read_digits(colon ? colon + 1 : text, 0, 65535, &port) < 0)
                return -1;
        if (colon)
                snprintf(address, sizeof(address), "%.*s", (int)(colon - text), text);
        struct in_addr binary;
        if (inet_pton(AF_INET, address, &binary) != 1)
                return -1;
        snprintf(whole, sizeof(whole), "%s:%d", address, port);
        return keep_text(whole, at);
}

static int read_url(const struct row *row, const char *text, void *at)
{
        (void)row;
        const char *host = strstr(text, "://");
        if (!host || !host[3] ||
            (strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0))
                return -1;
        return keep_text(text, at);
}

static int read_number(const struct row *row, const char *text, void *at)
{
        return read_digits(text, row->min, row->max, at);
}

static int read_switch(const struct row *row, const char *text, void *at)
{
        (void)row;
        bool on = !strcmp(text, "true") || !strcmp(text, "1") || !strcmp(text, "yes");
        bool off = !strcmp(text, "false") || !strcmp(text, "0") || !strcmp(text, "no");
        *(bool *)at = on;
        return on || off ? 0 : -1;
}

static int read_format(const struct row *row, const char *text, void *at)
{
        (void)row;
        if (strcmp(text, "text") != 0 && strcmp(text, "json") != 0)
                return -1;
        *(enum log_format *)at = strcmp(text, "json") ? LOG_TEXT : LOG_JSON;
        return 0;
}

/* The row of a name that ends at @len, or N_ROWS. */
static size_t find_row(const char *name, size_t len)
{
        size_t i = 0;
        while (i < N_ROWS && (strlen(rows[i].name) != len || strncmp(rows[i].name, name, len) != 0))
                i++;
        return i;
}

static int note(struct found *f, enum source source, const char *text, const char *where)
{
        if (f->source != FROM_NOWHERE)
                return 0; /* somebody stronger has spoken */
        f->text = strdup(text);
        if (!f->text)
                return complain("%s", vio_strerror(VIO_E_NOMEM));
        f->source = source;
        snprintf(f->where, sizeof(f->where), "%s", where);
        return 0;
}

/* Reads the flag at argv[*i], in the form --name, --name=value or --name value. */
static int find_flag(int argc, char **argv, int *i, struct found *found)
{
        const char *arg = argv[*i];
        if (!strcmp(arg, "-h"))
                arg = "--help";
        if (strncmp(arg, "--", 2) != 0)
                return complain("%s: no such argument; see " PROGRAM " --help", arg);
        size_t len = strcspn(arg + 2, "=");
        size_t n = find_row(arg + 2, len);
        if (n == N_ROWS || rows[n].secret)
                return complain("%.*s: no such option; see " PROGRAM " --help", (int)len + 2, arg);
        char where[64];
        snprintf(where, sizeof(where), "--%s", rows[n].name);
        if (found[n].source == FROM_FLAG)
                return complain("%s: given twice", where);
        if (arg[len + 2] == '=')
                return note(&found[n], FROM_FLAG, arg + len + 3, where);
        if (!rows[n].arg)
                return note(&found[n], FROM_FLAG, "true", where);
        if (*i + 1 >= argc)
                return complain("%s: a value is missing: %s", where, rows[n].want);
        return note(&found[n], FROM_FLAG, argv[++*i], where);
}

static int find_flags(int argc, char **argv, struct found *found)
{
        for (int i = 1; i < argc; i++)
                if (find_flag(argc, argv, &i, found) < 0)
                        return -1;
        return 0;
}

static int find_environment(struct found *found)
{
        for (size_t i = 0; i < N_ROWS; i++) {
                const char *names[] = {rows[i].env, rows[i].old_env};
                for (size_t k = 0; k < count_of(names); k++) {
                        const char *text = names[k] ? getenv(names[k]) : NULL;
                        if (text && *text && note(&found[i], FROM_ENV, text, names[k]) < 0)
                                return -1;
                }
        }
        return 0;
}

/* Cuts the blanks off both ends. */
static char *trim(char *text)
{
        text += strspn(text, " \t");
        size_t len = strlen(text);
        while (len && strchr(" \t\r\n", text[len - 1]))
                text[--len] = '\0';
        return text;
}

static int find_line(char *line, const char *path, int number, struct found *found)
{
        char *key = trim(line);
        if (!*key || *key == '#')
                return 0;
        char *equals = strchr(key, '=');
        if (!equals)
                return complain("%s:%d: a line must be `name = value`", path, number);
        *equals = '\0';
        key = trim(key);
        size_t n = find_row(key, strlen(key));
        if (n == N_ROWS || !rows[n].env || !strcmp(key, "config"))
                return complain("%s:%d: %s: no such option", path, number, key);
        if (found[n].source == FROM_FILE)
                return complain("%s:%d: %s: given twice", path, number, key);
        char where[256];
        snprintf(where, sizeof(where), "%s:%d: %s", path, number, key);
        return note(&found[n], FROM_FILE, trim(equals + 1), where);
}

static void close_file(FILE **file)
{
        if (*file)
                fclose(*file);
}

static int find_file(const char *path, struct found *found)
{
        char line[4096];
        _cleanup_(close_file) FILE *file = fopen(path, "re");
        if (!file)
                return complain("cannot read %s: %s", path, strerror(errno));
        for (int number = 1; fgets(line, sizeof(line), file); number++)
                if (find_line(line, path, number, found) < 0)
                        return -1;
        return 0;
}

/* A text with "@" may be an address with a password in it; a secret is one. */
static int complain_value(const struct row *row, const struct found *f)
{
        if (row->secret || strchr(f->text, '@'))
                return complain("%s: must be %s", f->where, row->want);
        return complain("%s: \"%s\" is not %s", f->where, f->text, row->want);
}

static int convert(struct found *found, struct options *ret)
{
        for (size_t i = 0; i < N_ROWS; i++) {
                if (rows[i].def && note(&found[i], FROM_DEFAULT, rows[i].def, rows[i].name) < 0)
                        return -1;
                if (found[i].text &&
                    rows[i].read(&rows[i], found[i].text, (char *)ret + rows[i].at))
                        return complain_value(&rows[i], &found[i]);
        }
        if (ret->sandbox && ret->retell_url)
                return complain("--sandbox and --retell-url exclude each other");
        return 0;
}

/* --help must help whoever has a mistake elsewhere. */
static bool find_alone(const struct found *found, struct options *ret)
{
        bool alone = false;
        for (size_t i = 0; i < N_ROWS; i++)
                if (rows[i].alone && found[i].text)
                        alone = !rows[i].read(&rows[i], found[i].text, (char *)ret + rows[i].at);
        return alone;
}

static int read_all(int argc, char **argv, struct found *found, struct options *ret)
{
        if (find_flags(argc, argv, found) < 0)
                return -1;
        if (find_alone(found, ret))
                return 0;
        if (find_environment(found) < 0)
                return -1;
        const char *path = found[find_row("config", strlen("config"))].text;
        if (path && find_file(path, found) < 0)
                return -1;
        return convert(found, ret);
}

int options_read(int argc, char **argv, struct options *ret)
{
        struct found found[N_ROWS] = {0};
        *ret = (struct options){0};
        int result = read_all(argc, argv, found, ret);
        for (size_t i = 0; i < N_ROWS; i++)
                free(found[i].text);
        return result;
}

void options_clear(struct options *o)
{
        for (size_t i = 0; i < N_ROWS; i++) {
                char **text = (char **)((char *)o + rows[i].at);
                if (rows[i].arg && rows[i].read != read_number && rows[i].read != read_format)
                        free(*text);
        }
        *o = (struct options){0};
}

static void help_row(FILE *out, const struct row *row)
{
        char left[64];
        snprintf(left, sizeof(left), "%s%s%s%s", row->secret ? "" : "--",
                 row->secret ? row->env : row->name, row->arg ? " " : "", row->arg ? row->arg : "");
        fprintf(out, "  %-24s %s", left, row->help);
        if (row->def)
                fprintf(out, " (%s)", row->def);
        fputc('\n', out);
}

static void help_rows(FILE *out, bool secret)
{
        for (size_t i = 0; i < N_ROWS; i++)
                if (rows[i].help && rows[i].secret == secret)
                        help_row(out, &rows[i]);
}

void options_help(FILE *out)
{
        fputs("usage: " PROGRAM " [options]\n\nServes the HTTP interface of VioConcierge and does "
              "what falls due.\n\n",
              out);
        help_rows(out, false);
        fputs("\nEach option can also be set by its variable (--sandbox-port: VIO_SANDBOX_PORT) or "
              "in the file.\nSecrets come from the environment or the file only:\n\n",
              out);
        help_rows(out, true);
        fputs("\nAlso understood: DATABASE_URL, JWT_SECRET, PORT, RESEND_API_KEY. See "
              "vio-httpd(8).\n",
              out);
}
