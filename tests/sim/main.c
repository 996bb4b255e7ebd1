/*
 * main.c - vio-sim: runs seeds, and prints what happened.
 *
 *     vio-sim --seed N [--days D]        replays one seed; prints its history when it fails
 *     vio-sim --seeds N [--from N]       runs so many, and stops at the first that fails
 *     vio-sim --seconds N                runs for so long
 *
 * With --crowd N a clinic has N (at most 10000) more contacts, whose calls are due at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim.h"

struct plan {
        uint64_t from;
        uint64_t seeds;
        int days;
        int crowd;
        long seconds;
};

struct totals {
        uint64_t seeds, crashes, calls, steps, checks, failures;
        uint64_t hash; /* of all histories: the sum of theirs */
        uint64_t injected[FAULT_COUNT];
};

static struct sim sim;

static void add_up(struct totals *t)
{
        t->seeds++;
        t->crashes += sim.crashes;
        t->calls += sim.calls;
        t->steps += sim.steps;
        t->checks += sim.checks;
        t->hash += sim.hash;
        for (int i = 0; i < FAULT_COUNT; i++)
                t->injected[i] += sim.injected[i];
}

static void print_totals(const struct totals *t, const struct plan *p)
{
        printf(
            "seeds %llu, virtual days %llu, calls %llu, power cuts %llu, steps %llu, checks %llu, "
            "failures %llu\n",
            (unsigned long long)t->seeds, (unsigned long long)t->seeds * (unsigned)(p->days + 1),
            (unsigned long long)t->calls, (unsigned long long)t->crashes,
            (unsigned long long)t->steps, (unsigned long long)t->checks,
            (unsigned long long)t->failures);
        printf("history %016llx\n", (unsigned long long)t->hash);
        for (int i = 0; i < FAULT_COUNT; i++)
                printf("  %-20s %llu\n", fault_names[i], (unsigned long long)t->injected[i]);
}

static bool run_one(uint64_t seed, const struct plan *p, struct totals *t)
{
        bool held = sim_run(&sim, seed, p->days, p->crowd);
        add_up(t);
        if (held)
                return true;
        t->failures++;
        printf("seed %llu fails at step %llu: %s\n", (unsigned long long)seed,
               (unsigned long long)sim.steps, sim.what);
        history_print(&sim);
        return false;
}

static bool parse(int argc, char **argv, struct plan *p)
{
        for (int i = 1; i + 1 < argc; i += 2) {
                unsigned long long n = strtoull(argv[i + 1], NULL, 10);
                if (!strcmp(argv[i], "--seed"))
                        p->from = n, p->seeds = 1;
                else if (!strcmp(argv[i], "--seeds"))
                        p->seeds = n;
                else if (!strcmp(argv[i], "--from"))
                        p->from = n;
                else if (!strcmp(argv[i], "--days"))
                        p->days = (int)n;
                else if (!strcmp(argv[i], "--crowd"))
                        p->crowd = n < MOST_CROWD ? (int)n : MOST_CROWD;
                else if (!strcmp(argv[i], "--seconds"))
                        p->seconds = (long)n, p->seeds = UINT64_MAX;
                else
                        return false;
        }
        return argc % 2;
}

int main(int argc, char **argv)
{
        struct plan p = {.from = 1, .seeds = 1, .days = 2};
        struct totals t = {0};
        if (!parse(argc, argv, &p)) {
                fprintf(stderr, "usage: vio-sim [--seed N] [--seeds N] [--from N] [--days D] "
                                "[--seconds S] [--crowd N]\n");
                return 2;
        }
        time_t begun = time(NULL);
        for (uint64_t i = 0; i < p.seeds && (!p.seconds || time(NULL) - begun < p.seconds); i++)
                if (!run_one(p.from + i, &p, &t))
                        break;
        print_totals(&t, &p);
        return t.failures ? 1 : 0;
}
