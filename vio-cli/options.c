/* options.c - the parser: long and short options, "=", "--", nothing abbreviated. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "errors.h"

static void *field(void *base, size_t offset)
{
        return (char *)base + offset;
}

static void clear(enum value_kind kind, void *at)
{
        switch (kind) {
        case VALUE_FLAG: *(bool *)at = false; break;
        case VALUE_TEXT:
        case VALUE_PATH: *(const char **)at = NULL; break;
        case VALUE_NUMBER: *(int64_t *)at = 0; break;
        case VALUE_TIME: *(vio_time *)at = VIO_TIME_NONE; break;
        case VALUE_WORDS: *(struct words *)at = (struct words){NULL, 0}; break;
        }
}

static bool is_given(enum value_kind kind, const void *at)
{
        switch (kind) {
        case VALUE_FLAG: return *(const bool *)at;
        case VALUE_TEXT:
        case VALUE_PATH: return *(const char *const *)at != NULL;
        case VALUE_NUMBER: return *(const int64_t *)at != 0;
        case VALUE_TIME: return *(const vio_time *)at != VIO_TIME_NONE;
        case VALUE_WORDS: return ((const struct words *)at)->n > 0;
        }
        return false;
}

void options_clear(const struct opt *options, void *base)
{
        for (const struct opt *o = options; o && o->name; o++)
                clear(o->kind, field(base, o->offset));
}

void operands_clear(const struct operand *operands, void *base)
{
        for (const struct operand *o = operands; o && o->value; o++)
                clear(o->kind, field(base, o->offset));
}

static bool read_number(const char *text, int64_t *ret)
{
        int64_t value = 0;
        const char *c = text;
        for (; *c >= '0' && *c <= '9'; c++)
                if (__builtin_mul_overflow(value, 10, &value) ||
                    __builtin_add_overflow(value, *c - '0', &value))
                        return false;
        if (*c || !value)
                return false;
        *ret = value;
        return true;
}

/* Reads @text into the field. @dashes and @name say whose value it is, for the complaint. */
static int read_value(enum value_kind kind, const char *dashes, const char *name, const char *text,
                      void *at)
{
        if (kind == VALUE_NUMBER && !read_number(text, at)) {
                complain("%s%s: '%s' is not a whole number from 1 on", dashes, name, text);
                return EXIT_USAGE;
        }
        if (kind == VALUE_TIME && vio_time_parse(text, at) < 0) {
                complain("%s%s: '%s' is not a time with its offset, such as "
                         "2026-11-24T09:30:00+01:00",
                         dashes, name, text);
                return EXIT_USAGE;
        }
        if (kind == VALUE_PATH && !*text) {
                complain("%s%s: the value is empty", dashes, name);
                return EXIT_USAGE;
        }
        if (kind == VALUE_TEXT || kind == VALUE_PATH)
                *(const char **)at = text;
        return EXIT_DONE;
}

int options_from_env(const struct opt *options, void *base)
{
        for (const struct opt *o = options; o->name; o++) {
                const char *text = o->env ? getenv(o->env) : NULL;
                if (!text || !*text || is_given(o->kind, field(base, o->offset)))
                        continue;
                int code = read_value(o->kind, "", o->env, text, field(base, o->offset));
                if (code != EXIT_DONE)
                        return code;
        }
        return EXIT_DONE;
}

/* One option as it was found: its row, its field, and the value that stands in the same word. */
struct found {
        const struct opt *opt;
        void *at;
        const char *inline_value; /* NULL for none */
};

static bool find_long(const struct opt_set *sets, const char *word, struct found *ret)
{
        size_t len = strcspn(word, "=");
        for (; sets->options; sets++)
                for (const struct opt *o = sets->options; o->name; o++)
                        if (strlen(o->name) == len && !memcmp(o->name, word, len)) {
                                *ret = (struct found){o, field(sets->base, o->offset),
                                                      word[len] ? word + len + 1 : NULL};
                                return true;
                        }
        return false;
}

static bool find_short(const struct opt_set *sets, const char *word, struct found *ret)
{
        for (; sets->options; sets++)
                for (const struct opt *o = sets->options; o->name; o++)
                        if (o->letter == *word) {
                                *ret = (struct found){o, field(sets->base, o->offset),
                                                      word[1] ? word + 1 : NULL};
                                return true;
                        }
        return false;
}

/* Stores a value, which may be in the next word. *at_word is moved over the words it took. */
static int store(const struct found *f, char **words, int n, int *at_word)
{
        if (f->opt->kind != VALUE_FLAG && is_given(f->opt->kind, f->at)) {
                complain("--%s is given twice", f->opt->name);
                return EXIT_USAGE;
        }
        const char *value = f->inline_value;
        if (!value && *at_word + 1 < n)
                value = words[++*at_word];
        if (!value) {
                complain("--%s needs a value: --%s=%s", f->opt->name, f->opt->name, f->opt->value);
                return EXIT_USAGE;
        }
        return read_value(f->opt->kind, "--", f->opt->name, value, f->at);
}

static int parse_long(const struct opt_set *sets, char **words, int n, int *at_word)
{
        const char *word = words[*at_word] + 2;
        struct found f;
        if (!find_long(sets, word, &f)) {
                /* The value is not repeated: it may be a secret in the wrong place. */
                complain("there is no option --%.*s here; --help lists them",
                         (int)strcspn(word, "="), word);
                return EXIT_USAGE;
        }
        if (f.opt->kind != VALUE_FLAG)
                return store(&f, words, n, at_word);
        if (f.inline_value) {
                complain("--%s takes no value", f.opt->name);
                return EXIT_USAGE;
        }
        *(bool *)f.at = true;
        return EXIT_DONE;
}

/* One word of short options: flags may share it, and the last may have its value in it. */
static int parse_short(const struct opt_set *sets, char **words, int n, int *at_word)
{
        for (const char *letter = words[*at_word] + 1; *letter; letter++) {
                struct found f;
                if (!find_short(sets, letter, &f)) {
                        complain("there is no option -%c here; --help lists them", *letter);
                        return EXIT_USAGE;
                }
                if (f.opt->kind != VALUE_FLAG)
                        return store(&f, words, n, at_word);
                *(bool *)f.at = true;
        }
        return EXIT_DONE;
}

int options_parse(const struct opt_set *sets, char **words, int n, bool mixed, int *ret_n)
{
        int kept = 0, at = 0;
        for (; at < n; at++) {
                char *word = words[at];
                if (!strcmp(word, "--")) {
                        at++;
                        break;
                }
                if (word[0] != '-' || !word[1]) {
                        if (!mixed)
                                break;
                        words[kept++] = word;
                        continue;
                }
                int code = word[1] == '-' ? parse_long(sets, words, n, &at)
                                          : parse_short(sets, words, n, &at);
                if (code != EXIT_DONE)
                        return code;
        }
        if (mixed)
                while (at < n)
                        words[kept++] = words[at++];
        *ret_n = mixed ? kept : at;
        return EXIT_DONE;
}

/* Reads one operand from the words that are left. Returns how many it took, or -1 as a complaint.
 */
static int take_operand(const struct operand *o, char *const *words, int n, void *base)
{
        if (!n && !o->optional) {
                complain("%s is missing; --help tells what belongs here", o->value);
                return -1;
        }
        if (!n)
                return 0;
        if (o->kind == VALUE_WORDS) {
                *(struct words *)field(base, o->offset) = (struct words){words, n};
                return n;
        }
        int code = read_value(o->kind, "", o->value, words[0], field(base, o->offset));
        return code == EXIT_DONE ? 1 : -1;
}

int operands_parse(const struct operand *operands, char *const *words, int n, void *base)
{
        int at = 0;
        for (const struct operand *o = operands; o && o->value; o++) {
                int taken = take_operand(o, words + at, n - at, base);
                if (taken < 0)
                        return EXIT_USAGE;
                at += taken;
        }
        if (at < n) {
                complain("%s; --help tells what belongs here",
                         n - at == 1 ? "there is one word too many" : "there are words too many");
                return EXIT_USAGE;
        }
        return EXIT_DONE;
}

int options_check(const struct opt *options, const void *base)
{
        for (const struct opt *o = options; o && o->name; o++)
                if (o->required && !is_given(o->kind, (const char *)base + o->offset)) {
                        complain("--%s=%s is missing", o->name, o->value);
                        return EXIT_USAGE;
                }
        return EXIT_DONE;
}
