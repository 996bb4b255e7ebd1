/* options.h - options and operands as rows of a table, and the one parser that reads them. */
#ifndef VIO_CLI_OPTIONS_H
#define VIO_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value is read as, and what stands in its field when it was not given. */
enum value_kind {
        VALUE_FLAG,   /* bool: no value; false */
        VALUE_TEXT,   /* const char *: any text; NULL */
        VALUE_PATH,   /* const char *: not empty; NULL */
        VALUE_NUMBER, /* int64_t: a whole number from 1 on; 0 */
        VALUE_TIME,   /* vio_time: RFC 3339; VIO_TIME_NONE */
        VALUE_WORDS   /* struct words: all that are left; operands only */
};

struct words {
        char *const *v;
        int n;
};

/* One option. Its value goes to @offset in the struct that its table fills. */
struct opt {
        char letter; /* 0 for none */
        const char *name;
        enum value_kind kind;
        size_t offset;
        const char *value; /* what the value is called in help: "NUMBER"; NULL for a flag */
        const char *summary;
        bool required;
        const char *env; /* the environment variable that stands in for it; NULL for none */
};

/* One operand; all are required, but VALUE_WORDS may be none. */
struct operand {
        const char *value; /* what it is called in help: "NAME" */
        enum value_kind kind;
        size_t offset;
        const char *summary;
        bool optional;
};

/* clang-format off */
#define OPT_END { 0, NULL, VALUE_FLAG, 0, NULL, NULL, false, NULL }
#define OPERAND_END { NULL, VALUE_FLAG, 0, NULL, false }
/* clang-format on */

/* A table of options and the struct that it fills; an array of them ends with .options NULL. */
struct opt_set {
        const struct opt *options;
        void *base;
};

/* Puts into each field what it holds when its option is not given. */
void options_clear(const struct opt *options, void *base);
void operands_clear(const struct operand *operands, void *base);

/* Fills what was not given from the environment. Returns an enum exit_code, after complaining. */
int options_from_env(const struct opt *options, void *base);

/*
 * Reads options from the front of the words. Operands in between are moved to the front of @words
 * when @mixed, else the first one ends the reading; "--" ends it too. Values are kept as pointers
 * into the words.
 *
 * @ret_n: gets the number of operands (when @mixed) or of words that were options (when not).
 * Returns an enum exit_code, after complaining.
 */
int options_parse(const struct opt_set *sets, char **words, int n, bool mixed, int *ret_n);

/* Hands the operands out to their fields. Returns an enum exit_code, after complaining. */
int operands_parse(const struct operand *operands, char *const *words, int n, void *base);

/* Checks that each required option was given. Returns an enum exit_code, after complaining. */
int options_check(const struct opt *options, const void *base);

#endif
