/*
 * json.c - what JSON costs in processor time: the list of contacts, and a webhook read.
 *
 * Run it with `meson test -C build --benchmark -v`, in a build with -Dbuildtype=release; or by hand
 * as `build/tests/bench/json [ROUNDS [NAME]]`, with the name of the only row to run. Each figure is
 * the best of the rounds, so that what else the machine does stays out of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "remote/retell.h"
#include "store/rows.h"
#include "world.h"

#define SLICE_US 20000.0 /* a round runs its work over and over for this long */

struct row {
        const char *name;
        size_t (*work)(void *arg); /* returns the bytes that went through */
        void *arg;
};

static double cpu_us(void)
{
        struct timespec t;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The list of contacts, each answer in a writer of its own as vio-httpd does it */

static void put_contact(vio_json_writer *w, int64_t id)
{
        static char names[][20] = {"Ada Byron", "J\u00fcrgen M\u00fcller", "Zo\u00eb O'Neill"};
        char phone[] = "+14155550100", email[] = "someone@clinic.example", zone[] = "Europe/Berlin";
        char date[] = "2026-11-24", type[] = "Check-up", note[] = "Rings twice; \"speak slowly\".";
        const struct vio_contact c = {
            .id = {id},
            .tenant = {1},
            .name = names[id % 3],
            .phone = phone,
            .email = email,
            .time_zone = zone,
            .appointment_date = date,
            .appointment_time = 1795512600000 + id * 60000,
            .appointment_type = type,
            .special_instructions = id % 4 ? NULL : note,
            .created_at = 1790000000123 + id,
            .updated_at = 1790000900123 + id,
        };
        vio_contact_write(&c, w, NULL);
}

static size_t write_list(void *arg)
{
        int64_t contacts = *(int64_t *)arg;
        const char *text = NULL;
        size_t len = 0;
        vio_json_writer *w = vio_json_writer_new();
        need(w, "out of memory");
        vio_json_begin_array(w, NULL);
        for (int64_t id = 1; id <= contacts; id++)
                put_contact(w, id);
        vio_json_end_array(w);
        need(vio_json_writer_text(w, &text, &len) == 0, "a list could not be written");
        vio_json_writer_free(w);
        return len;
}

/* A webhook: the grammar alone, and all of its reading with the digest */

static size_t check_grammar(void *arg)
{
        const struct message *m = arg;
        need(json_valid(m->body, m->len), "a webhook is no JSON");
        return m->len;
}

static size_t read_webhook(void *arg)
{
        const struct message *m = arg;
        struct retell_webhook w;
        need(retell_webhook_parse(m->body, m->len, &w) == 0, "a webhook was refused");
        retell_webhook_free(&w);
        return m->len;
}

static size_t write_tree(void *arg)
{
        const char *text = NULL;
        size_t len = 0;
        vio_json_writer *w = vio_json_writer_new();
        need(w, "out of memory");
        vio_json_put_value(w, NULL, arg);
        need(vio_json_writer_text(w, &text, &len) == 0, "a tree could not be written");
        vio_json_writer_free(w);
        return len;
}

/* Measuring */

static double once(const struct row *r, size_t *ret_bytes)
{
        double begun = cpu_us(), spent = 0;
        unsigned n = 0;
        while (spent < SLICE_US) {
                *ret_bytes = r->work(r->arg);
                spent = cpu_us() - begun;
                n++;
        }
        return spent / n;
}

static void run_row(const struct row *r, unsigned long rounds)
{
        size_t bytes = 0;
        double best = once(r, &bytes); /* also warms up */
        for (unsigned long i = 0; i < rounds; i++) {
                double us = once(r, &bytes);
                best = us < best ? us : best;
        }
        printf("%-22s %10.2f %10zu %10.0f\n", r->name, best, bytes, (double)bytes / best);
}

int main(int argc, char **argv)
{
        int64_t few = 150, many = 5000;
        unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 50;
        const char *only = argc > 2 ? argv[2] : NULL;
        struct message *messages = messages_make(0, 1);
        struct message *analyzed = &messages[MESSAGES_PER_CALL - 1];
        vio_json *tree = NULL;
        need(vio_json_parse(analyzed->body, analyzed->len, &tree) == 0, "a webhook is no JSON");
        const struct row rows[] = {
            {"150 contacts", write_list, &few},
            {"5000 contacts", write_list, &many},
            {"webhook: grammar", check_grammar, analyzed},
            {"webhook: written", write_tree, tree},
            {"webhook: read, digest", read_webhook, analyzed},
        };
        printf("%-22s %10s %10s %10s\n", "", "cpu us", "bytes", "MB/s");
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
                if (!only || strcmp(only, rows[i].name) == 0)
                        run_row(&rows[i], rounds);
        vio_json_free(tree);
        messages_free(messages, 1);
        return EXIT_SUCCESS;
}
