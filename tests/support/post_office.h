/*
 * post_office.h - a Resend for the town: it takes mails, keeps them by their idempotency key, and
 * fails as it is told.
 */
#ifndef TESTS_POST_OFFICE_H
#define TESTS_POST_OFFICE_H

#include "clinic.h"

struct letter {
        char key[80];
        char *body;
        char id[40];
        vio_time at;
};

#define MOST_LETTERS 64

/* What goes wrong at the counter. */
enum counter {
        COUNTER_OPEN,
        COUNTER_SCRIPTED,     /* answers office.script and takes nothing */
        COUNTER_ANSWER_LOST,  /* takes the mail, its answer never comes */
        COUNTER_NEVER_REACHED /* nothing arrives */
};

struct office {
        enum counter counter;
        struct script script;
        /* Runs once, before a mail is looked at, or after it was taken. */
        void (*before)(struct town *t);
        void (*after)(struct town *t);
        int requests;                        /* that came, whatever became of them */
        struct letter letters[MOST_LETTERS]; /* taken, each once */
        size_t n;
        char *last_body; /* of the latest request, and its key */
        char last_key[80];
};
extern struct office office;

/* Opens the office for the town; closing forgets all letters. */
void office_open(struct town *t);
void office_close(void);
void office_forget(void); /* all letters, as if they had never come */

/* The only letter that was taken to this address; fails the test when there are none or more. */
const struct letter *only_letter_to(const char *address);
size_t letters_to(const char *address);
/* A member of a letter: "subject", "html", "text". Freed by the next call but three. */
const char *letter_part(const struct letter *l, const char *name);

/* Keeps the files as they are now; the town is then opened on them, as after a crash. */
void snapshot(struct town *t);
void crash_back(struct town *t);

/* A signed webhook of Resend; returns the result of vio_resend_webhook(). */
int resend_says(struct town *t, const char *id, const char *body);

#endif
