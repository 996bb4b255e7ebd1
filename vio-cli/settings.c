/* settings.c - settings as words: NAME=VALUE, NAME@FILE, NAME@- and NAME= . */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "input.h"

/* A setting as the library knows it; its name is static. */
struct known {
        const char *name; /* NULL: there is none of that name */
        bool is_secret;
};

struct search {
        const char *text;
        size_t len;
        struct known found;
};

static int compare_name(void *data, const struct vio_setting_info *info)
{
        struct search *s = data;
        if (strlen(info->name) != s->len || memcmp(info->name, s->text, s->len) != 0)
                return 0;
        s->found = (struct known){info->name, info->is_secret};
        return 1;
}

/* Finds the name in front. An unknown one is not printed: it may be a secret gone astray. */
static int find_known(const char *word, struct known *ret)
{
        struct search search = {word, strcspn(word, "=@"), {NULL, false}};
        if (!word[search.len]) {
                complain("a setting is NAME=VALUE, NAME@FILE or NAME@- (standard input)");
                return EXIT_USAGE;
        }
        vio_setting_each(compare_name, &search);
        if (!search.found.name) {
                complain("there is no setting of that name; 'vio-cli tenant show' lists them");
                return EXIT_USAGE;
        }
        *ret = search.found;
        return EXIT_DONE;
}

/* The value after "=", in the caller's words; NULL, which clears, when it is empty. */
static int value_in_word(const struct known *k, const char *text, char **ret)
{
        if (*text && k->is_secret) {
                complain("%s is a secret and must not stand on a command line; say %s@FILE, or "
                         "%s@- for standard input",
                         k->name, k->name, k->name);
                return EXIT_USAGE;
        }
        *ret = *text ? strdup(text) : NULL;
        if (*text && !*ret) {
                complain("%s", vio_strerror(VIO_E_NOMEM));
                return EXIT_FAILED;
        }
        return EXIT_DONE;
}

/* An empty file is a mistake, not a wish to clear the setting. */
static int value_in_file(const struct known *k, const char *path, char **ret)
{
        if (!*path) {
                complain("%s@ wants the name of a file, or - for standard input", k->name);
                return EXIT_USAGE;
        }
        int code = input_file(path, ret);
        if (code != EXIT_DONE)
                return code;
        if (!**ret) {
                complain("the value for %s is empty; to clear it say %s=", k->name, k->name);
                return EXIT_USAGE;
        }
        return EXIT_DONE;
}

static bool is_taken(const struct settings *s, const char *name)
{
        for (size_t i = 0; i < s->n; i++)
                if (!strcmp(s->v[i].name, name))
                        return true;
        return false;
}

static int parse_one(const char *word, struct settings *s)
{
        struct known known;
        int code = find_known(word, &known);
        if (code != EXIT_DONE)
                return code;
        if (is_taken(s, known.name)) {
                complain("%s is given twice", known.name);
                return EXIT_USAGE;
        }
        char *value = NULL;
        const char *rest = word + strlen(known.name);
        code = *rest == '=' ? value_in_word(&known, rest + 1, &value)
                            : value_in_file(&known, rest + 1, &value);
        s->v[s->n++] = (struct vio_setting){known.name, value};
        return code;
}

int settings_parse(const struct words *words, struct settings *ret)
{
        ret->n = 0;
        ret->v = calloc((size_t)words->n + 1, sizeof(*ret->v));
        if (!ret->v) {
                complain("%s", vio_strerror(VIO_E_NOMEM));
                return EXIT_FAILED;
        }
        for (int i = 0; i < words->n; i++) {
                int code = parse_one(words->v[i], ret);
                if (code != EXIT_DONE)
                        return code;
        }
        return EXIT_DONE;
}

void settings_free(struct settings *s)
{
        for (size_t i = 0; i < s->n; i++)
                input_free((char *)s->v[i].value);
        free(s->v);
}
