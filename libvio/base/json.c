/* json.c - the one door to cJSON: reading JSON that others wrote. */
#include "json.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "mem.h"

#define LARGEST_INT 9007199254740992.0 /* 2^53: up to here every whole number is a double */

/* Up to here comparing every key with every other is cheaper than sorting. */
#define FEW_MEMBERS 16

static const cJSON *inner(const vio_json *j)
{
        return (const cJSON *)j;
}

static const vio_json *outer(const cJSON *c)
{
        return (const vio_json *)c;
}

static void hook_allocator(void)
{
        cJSON_InitHooks(&(cJSON_Hooks){mem_new, mem_free});
}

/* cJSON's hooks belong to the whole process: leave them alone unless the program chose ours. */
static void use_our_allocator(void)
{
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        if (mem_is_custom())
                pthread_once(&once, hook_allocator);
}

static int compare_keys(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int check_few_keys(const cJSON *object)
{
        for (const cJSON *a = object->child; a; a = a->next)
                for (const cJSON *b = a->next; b; b = b->next)
                        if (strcmp(a->string, b->string) == 0)
                                return VIO_E_INVALID;
        return VIO_OK;
}

static int check_many_keys(const cJSON *object, size_t n)
{
        _cleanup_mem_ const char **keys = mem_new(n * sizeof(*keys));
        if (!keys)
                return VIO_E_NOMEM;
        size_t at = 0;
        for (const cJSON *member = object->child; member; member = member->next)
                keys[at++] = member->string;
        qsort(keys, n, sizeof(*keys), compare_keys);
        for (size_t i = 1; i < n; i++)
                if (strcmp(keys[i - 1], keys[i]) == 0)
                        return VIO_E_INVALID;
        return VIO_OK;
}

/* Recurses no deeper than JSON_DEPTH. */
static int check_keys(const cJSON *c)
{
        size_t n = vio_json_count(outer(c));
        int err = VIO_OK;
        if (cJSON_IsObject(c))
                err = n <= FEW_MEMBERS ? check_few_keys(c) : check_many_keys(c, n);
        for (const cJSON *child = c->child; child && !err; child = child->next)
                err = check_keys(child);
        return err;
}

int vio_json_parse(const char *text, size_t len, vio_json **ret)
{
        if (!text || !json_valid(text, len))
                return VIO_E_INVALID;
        use_our_allocator();
        cJSON *root = cJSON_ParseWithLength(text, len);
        if (!root)
                return VIO_E_NOMEM; /* the grammar was right */
        int err = check_keys(root);
        if (err) {
                cJSON_Delete(root);
                return err;
        }
        *ret = (vio_json *)root;
        return VIO_OK;
}

vio_json *vio_json_free(vio_json *root)
{
        cJSON_Delete((cJSON *)root);
        return NULL;
}

enum vio_json_type vio_json_type(const vio_json *j)
{
        if (!j)
                return VIO_JSON_MISSING;
        switch (inner(j)->type & 0xFF) {
        case cJSON_NULL: return VIO_JSON_NULL;
        case cJSON_False:
        case cJSON_True: return VIO_JSON_BOOL;
        case cJSON_Number: return VIO_JSON_NUMBER;
        case cJSON_String: return VIO_JSON_TEXT;
        case cJSON_Array: return VIO_JSON_ARRAY;
        case cJSON_Object: return VIO_JSON_OBJECT;
        }
        return VIO_JSON_MISSING;
}

const vio_json *vio_json_get(const vio_json *j, const char *key)
{
        if (vio_json_type(j) != VIO_JSON_OBJECT || !key)
                return NULL;
        return outer(cJSON_GetObjectItemCaseSensitive(inner(j), key));
}

size_t vio_json_count(const vio_json *j)
{
        size_t n = 0;
        for (const vio_json *child = vio_json_first(j); child; child = vio_json_next(child))
                n++;
        return n;
}

const vio_json *vio_json_first(const vio_json *j)
{
        return j ? outer(inner(j)->child) : NULL;
}

const vio_json *vio_json_next(const vio_json *j)
{
        return j ? outer(inner(j)->next) : NULL;
}

const char *vio_json_key(const vio_json *j)
{
        return j ? inner(j)->string : NULL;
}

const char *vio_json_text(const vio_json *j)
{
        return vio_json_type(j) == VIO_JSON_TEXT ? inner(j)->valuestring : NULL;
}

double json_double(const vio_json *j)
{
        return vio_json_type(j) == VIO_JSON_NUMBER ? inner(j)->valuedouble : 0;
}

int vio_json_int(const vio_json *j, int64_t *ret)
{
        double value = json_double(j);
        if (vio_json_type(j) != VIO_JSON_NUMBER || value < -LARGEST_INT || value > LARGEST_INT)
                return VIO_E_INVALID;
        int64_t whole = (int64_t)value;
        if ((double)whole != value)
                return VIO_E_INVALID;
        *ret = whole;
        return VIO_OK;
}

int vio_json_bool(const vio_json *j, bool *ret)
{
        if (vio_json_type(j) != VIO_JSON_BOOL)
                return VIO_E_INVALID;
        *ret = cJSON_IsTrue(inner(j));
        return VIO_OK;
}
