/* notice.c - what the readers of both calendars share: filling a notice field by field. */
#include "notice.h"

#include <stdio.h>
#include <string.h>

#include "../base/crypto.h"
#include "../base/mem.h"
#include "../base/text.h"
#include "call_object.h"

void booking_notices_free(struct booking_notices *n)
{
        mem_free(n->list);
        *n = (struct booking_notices){0};
}

struct booking_notice *notice_add(struct booking_notices *to)
{
        if (to->n == to->room) {
                size_t room = to->room ? 2 * to->room : 1;
                struct booking_notice *list = mem_resize(to->list, room * sizeof(*list));
                if (!list)
                        return NULL;
                to->list = list;
                to->room = room;
        }
        to->list[to->n] = (struct booking_notice){.facts = BOOKING_FACTS_INIT};
        return &to->list[to->n++];
}

bool notice_uid(const vio_json *j, char ret[BOOKING_UID_SIZE])
{
        const char *uid = plain_text(j, BOOKING_UID_MAX);
        text_copy(ret, BOOKING_UID_SIZE, uid ? uid : "");
        return uid != NULL;
}

void notice_seat(char uid[BOOKING_UID_SIZE], const char *email)
{
        uint8_t hash[SHA256_SIZE];
        char hex[2 * SHA256_SIZE + 1];
        size_t len = strlen(uid);

        if (!len || len > BOOKING_UID_MAX || crypto_sha256(email, strlen(email), hash) < 0)
                return;
        hex_encode(hash, sizeof(hash), hex);
        uid[len] = '#';
        text_copy(uid + len + 1, 17, hex);
}

void notice_line(const char *text, char *ret, size_t size)
{
        text_copy(ret, size, text ? text : "");
        for (char *p = ret; *p; p++) {
                if ((unsigned char)*p < ' ' || *p == '\x7f')
                        *p = ' ';
        }
        if (!ret[strspn(ret, " ")])
                ret[0] = '\0';
}

void notice_name(const vio_json *first, const vio_json *last, char ret[BOOKING_NAME_SIZE])
{
        char parts[2][BOOKING_NAME_SIZE];
        char whole[2 * BOOKING_NAME_SIZE];

        notice_line(vio_json_text(first), parts[0], BOOKING_NAME_SIZE);
        notice_line(vio_json_text(last), parts[1], BOOKING_NAME_SIZE);
        snprintf(whole, sizeof(whole), "%s%s%s", parts[0], *parts[0] && *parts[1] ? " " : "",
                 parts[1]);
        text_copy(ret, BOOKING_NAME_SIZE, whole);
}

/* Cal.com makes one up for whoever gave only a number. */
static bool is_made_up(const char *email)
{
        static const char domain[] = "@sms.cal.com";
        size_t len = strlen(email);
        return len >= sizeof(domain) - 1 && !strcmp(email + len - (sizeof(domain) - 1), domain);
}

void notice_email(const vio_json *j, char ret[BOOKING_EMAIL_SIZE])
{
        const char *text = vio_json_text(j);
        ret[0] = '\0';
        if (!text || !mail_address_valid(text))
                return;
        text_copy(ret, BOOKING_EMAIL_SIZE, text);
        for (char *p = ret; *p; p++) {
                if (*p >= 'A' && *p <= 'Z')
                        *p = (char)(*p - 'A' + 'a');
        }
        if (is_made_up(ret))
                ret[0] = '\0';
}

void notice_phone(struct booking_notice *n, const vio_json *j)
{
        const char *text = plain_text(j, BOOKING_PHONE_SIZE - 1);
        if (text && n->n_phones < BOOKING_PHONES)
                text_copy(n->phones[n->n_phones++], BOOKING_PHONE_SIZE, text);
}

vio_time notice_time(const vio_json *j)
{
        vio_time t = VIO_TIME_NONE;
        if (vio_time_parse(vio_json_text(j), &t) < 0)
                return VIO_TIME_NONE;
        return t;
}
