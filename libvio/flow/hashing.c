/* hashing.c - a few passwords are hashed at once, the others wait their turn. */
#include "flow/hashing.h"

#include <string.h>

/* Each hashing takes 19 MiB and a core for 20 ms. */
#define MOST_HASHING 2
#define MOST_WAITING 32

#define SHORTEST_PASSWORD 8
#define LONGEST_PASSWORD  128

bool hashing_enter(struct engine *e)
{
        bool entered = true;
        pthread_mutex_lock(&e->hashing);
        if (e->hashing_waiting >= MOST_WAITING) {
                entered = false;
        } else {
                e->hashing_waiting++;
                while (e->hashing_now >= MOST_HASHING)
                        pthread_cond_wait(&e->hashing_done, &e->hashing);
                e->hashing_waiting--;
                e->hashing_now++;
        }
        pthread_mutex_unlock(&e->hashing);
        return entered;
}

void hashing_leave(struct engine *e)
{
        pthread_mutex_lock(&e->hashing);
        e->hashing_now--;
        pthread_cond_signal(&e->hashing_done);
        pthread_mutex_unlock(&e->hashing);
}

int password_acceptable(const char *password, const char *field, struct fault *f)
{
        size_t len = password ? strlen(password) : 0;
        if (len >= SHORTEST_PASSWORD && len <= LONGEST_PASSWORD)
                return 0;
        return fault_set(f, VIO_E_INVALID, "%s: must be %d to %d bytes", field, SHORTEST_PASSWORD,
                         LONGEST_PASSWORD);
}

int password_keep(struct engine *e, const char *password, char ret[PASSWORD_HASH_SIZE])
{
        uint8_t salt[PASSWORD_SALT_SIZE];
        int r = random_fill(e->random.fill ? &e->random : NULL, salt, sizeof(salt));
        if (r)
                return r;
        if (!hashing_enter(e))
                return VIO_E_BUSY;
        r = password_hash(password, salt, ret);
        hashing_leave(e);
        return r;
}
