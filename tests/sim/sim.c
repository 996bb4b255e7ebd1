/* sim.c - the course of a simulation: whatever is due next happens, and what must hold is checked.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/* A Wednesday before the clocks go back in Europe and, a week later, in America. */
#define OPENING INT64_C(1761120000000) /* 2025-10-22T08:00:00Z */

#define CHECK_WHOLE_EVERY 400
/* With a crowd each check has much to look at. */
#define CHECK_CROWD_EVERY 40000

static const int worst[FAULT_COUNT] = {
#define FAULT_X(name, permille, text) permille,
    FAULTS(FAULT_X)
#undef FAULT_X
};

static const enum fault_kind hold_up[] = {FAULT_power_cut, FAULT_cut_in_call, FAULT_slow,
                                          FAULT_throttled, FAULT_outage,      FAULT_suspended};

/* Every seed has a weather of its own: most faults are rare or absent in it, some frequent. */
static void draw_weather(struct sim *s)
{
        for (int i = 0; i < FAULT_COUNT; i++) {
                int64_t mood = chance_below(&s->chance, 4);
                s->permille[i] = mood == 0 ? 0 : (int)(worst[i] * mood * mood / 9);
        }
        /* A crowd takes all the time there is: nothing may hold everybody up. */
        for (size_t i = 0; s->crowd && i < sizeof(hold_up) / sizeof(hold_up[0]); i++)
                s->permille[hold_up[i]] = 0;
}

static void step(struct sim *s)
{
        vio_time next = s->now + 5 * MINUTES;
        int r = vio_step(s->v, &next);
        bool excused = r == VIO_E_STORAGE || r == VIO_E_NOMEM || r == VIO_E_BUSY;
        ledger_end_step(s, r == VIO_OK);
        if (r != VIO_OK && !excused)
                broken(s, "", "the step failed: %s", vio_err_name(r));
        s->next_step = r == VIO_OK ? next - s->skew : s->now + 5 * SECONDS;
        if (s->next_step <= s->now)
                s->next_step = s->now + 1;
}

static vio_time earliest(vio_time a, vio_time b)
{
        if (a == VIO_TIME_NONE || b == VIO_TIME_NONE)
                return a == VIO_TIME_NONE ? b : a;
        return a < b ? a : b;
}

static void pass_time(struct sim *s)
{
        vio_time next = earliest(s->next_step, s->next_action);
        next = earliest(next, world_next_due(s->world));
        next = earliest(next, post_next(s));
        if (next > s->now)
                s->now = next;
        if (s->full_until != VIO_TIME_NONE && s->now >= s->full_until) {
                disk_fill(s->disk, false);
                s->full_until = VIO_TIME_NONE;
        }
        if (s->busy_until != VIO_TIME_NONE && s->now >= s->busy_until) {
                disk_occupy(s->disk, false);
                s->busy_until = VIO_TIME_NONE;
        }
}

static void act(struct sim *s)
{
        if (s->now < s->next_action)
                return;
        people_act(s);
        s->next_action = s->now + chance_between(&s->chance, 1, 15 * 60) * SECONDS;
}

/* One round: time passes to the next event, and everybody who is due does something. */
static void live(struct sim *s)
{
        pass_time(s);
        post_collect(s);
        post_deliver(s);
        bool crashed = life_goes_on(s);
        if (!s->calm)
                act(s);
        staff_resume(s);
        crashed |= life_goes_on(s);
        if (s->now >= s->next_step)
                step(s);
        crashed |= life_goes_on(s);
        s->steps++;
        checks_often(s);
        if (crashed)
                post_again(s);
        if (crashed || s->steps % (s->crowd ? CHECK_CROWD_EVERY : CHECK_WHOLE_EVERY) == 0)
                checks_whole(s);
}

static void calm_down(struct sim *s)
{
        s->calm = true;
        s->calm_since = s->now;
        s->outage_until = 0;
        s->next_action = VIO_TIME_NONE;
        disk_fill(s->disk, false);
        s->full_until = VIO_TIME_NONE;
        disk_occupy(s->disk, false);
        s->busy_until = VIO_TIME_NONE;
        disk_fail_at(s->disk, 0);
        disk_cut_at(s->disk, 0);
        tell(s, "", "calm comes back");
}

static void run(struct sim *s, int days)
{
        life_begin(s);
        people_arrive(s);
        if (s->crowd)
                crowd_arrive(s);
        s->next_action = s->now;
        s->next_step = s->now;
        s->end = s->now + days * DAYS;
        while (s->now < s->end)
                live(s);
        calm_down(s);
        s->end = s->now + 1 * DAYS;
        while (s->now < s->end)
                live(s);
        checks_whole(s);
        checks_at_end(s);
        crowd_check(s);
}

bool sim_run(struct sim *s, uint64_t seed, int days, int crowd)
{
        memset(s, 0, sizeof(*s));
        s->seed = seed;
        s->crowd = crowd;
        s->chance.state = seed * UINT64_C(0xd1342543de82ef95);
        s->random = seed;
        s->full_until = s->busy_until = VIO_TIME_NONE;
        s->hash = HASH_OF_NOTHING;
        /* Anywhere in three weeks around the change of the clocks. */
        s->now = OPENING + chance_below(&s->chance, 21) * DAYS + chance_below(&s->chance, DAYS);
        draw_weather(s);
        if (!setjmp(s->broken))
                run(s, days);
        if (s->failed)
                return false;
        post_end(s);
        ledger_end(s);
        life_end(s);
        return true;
}
