/* data.h - the webhook bodies in data/, byte for byte. */
#ifndef TESTS_RULES_DATA_H
#define TESTS_RULES_DATA_H

#include <stdio.h>

#include <check.h>

struct body {
        char bytes[8192];
        size_t len;
};

static inline void read_body(const char *name, struct body *ret)
{
        char path[512];
        snprintf(path, sizeof path, "%s/%s", DATA_DIR, name);
        FILE *f = fopen(path, "rb");
        ck_assert_msg(f != NULL, "%s cannot be read", path);
        ret->len = fread(ret->bytes, 1, sizeof ret->bytes, f);
        fclose(f);
        ck_assert_uint_gt(ret->len, 0);
        ck_assert_uint_lt(ret->len, sizeof ret->bytes);
}

#endif
