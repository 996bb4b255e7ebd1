/* life.c - the library opened over the simulated disk, and opened again after each power cut. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim.h"

static const uint8_t secret[VIO_SECRET_SIZE] = "a secret for tests, never a real";

static vio_time on_now(void *data)
{
        const struct sim *s = data;
        return s->now + s->skew;
}

static int on_random(void *data, void *buf, size_t len)
{
        struct sim *s = data;
        struct chance own = {s->random};
        for (size_t i = 0; i < len; i++)
                ((uint8_t *)buf)[i] = (uint8_t)chance_next(&own);
        s->random = own.state;
        return 0;
}

/* Seven digits in a row are taken for a number of somebody. */
static bool tells_number(const char *message)
{
        int run = 0;
        for (const char *p = message; *p && run < 7; p++)
                run = *p >= '0' && *p <= '9' ? run + 1 : 0;
        return run >= 7;
}

static void on_log(void *data, enum vio_log_level level, const char *message)
{
        struct sim *s = data;
        (void)level;
        tell(s, "", "log: %s", message);
        if (strstr(message, "key_") || tells_number(message))
                broken(s, "", "the log tells a secret or a number: %s", message);
}

static void on_due(void *data, vio_time at)
{
        struct sim *s = data;
        if (at - s->skew < s->next_step)
                s->next_step = at - s->skew;
}

static void open_system(struct sim *s)
{
        char why[200] = "";
        struct vio_options o = VIO_OPTIONS_INIT;
        o.database = s->database;
        o.secret = secret;
        o.secret_len = sizeof(secret);
        o.retell_url = "http://retell.test";
        o.readers = 2;
        o.clock = (struct vio_clock){on_now, s};
        o.random = (struct vio_random){on_random, s};
        o.log = (struct vio_log){on_log, s};
        o.http = (struct vio_http_transport){network_perform, s};
        o.on_due = on_due;
        o.on_due_data = s;
        o.error = why;
        o.error_size = sizeof(why);
        int r = vio_open(&o, &s->v);
        if (r != VIO_OK)
                broken(s, "", "the database cannot be opened again: %s (%s)", vio_err_name(r), why);
}

static void open_handles(struct sim *s)
{
        for (int i = 0; i < CLINICS; i++) {
                struct clinic *c = &s->clinics[i];
                int r = vio_tenant_open(s->v, c->id, NULL, &c->handle);
                if (r != VIO_OK)
                        broken(s, "", "a clinic that was acknowledged is gone: %s",
                               vio_err_name(r));
        }
}

static void close_system(struct sim *s)
{
        for (int i = 0; i < CLINICS; i++)
                s->clinics[i].handle = vio_tenant_free(s->clinics[i].handle);
        s->v = vio_close(s->v);
}

static void found_clinics(struct sim *s)
{
        static const char *const zones[CLINICS] = {"America/New_York", "Europe/London",
                                                   "Asia/Kolkata"};
        vio_operator *op = NULL;
        if (vio_operator_open(s->v, NULL, &op) != VIO_OK)
                broken(s, "", "no operator");
        for (int i = 0; i < CLINICS; i++) {
                struct clinic *c = &s->clinics[i];
                *c = (struct clinic){.zone_name = zones[i], .number = "+12125550000"};
                snprintf(c->key, sizeof(c->key), "key_of_clinic_%d", i);
                const struct vio_setting settings[] = {{"retell_api_key", c->key},
                                                       {"retell_phone_number", c->number},
                                                       {"time_zone", c->zone_name},
                                                       {"accept_bare_signature", "false"}};
                if (vio_tenant_add(op, "Clinic", settings, 4, &c->id) != VIO_OK ||
                    vio_zone_open(c->zone_name, &c->zone) != VIO_OK)
                        broken(s, "", "a clinic cannot be founded: %s", vio_operator_error(op));
        }
        vio_operator_free(op);
}

static int64_t draw_list_lag(struct sim *s)
{
        return strikes(s, FAULT_list_lag) ? chance_between(&s->chance, 1, 8) * MINUTES
                                          : chance_below(&s->chance, 3) * 20 * SECONDS;
}

void life_begin(struct sim *s)
{
        struct world_options wo = {
            .seed = s->seed, .max_calls = MOST_CALLS, .list_lag_ms = draw_list_lag(s)};
        snprintf(s->folder, sizeof(s->folder), "/tmp/vio-sim-XXXXXX");
        if (!mkdtemp(s->folder))
                broken(s, "", "there is no room in /tmp");
        snprintf(s->database, sizeof(s->database), "%s/vio.db", s->folder);
        s->disk = disk_mount(chance_next(&s->chance));
        disk_touch(s->disk, s->database);
        s->world = world_new(&wo);
        if (!s->world)
                broken(s, "", "the world has no memory left");
        open_system(s);
        found_clinics(s);
        open_handles(s);
}

void life_end(struct sim *s)
{
        close_system(s);
        for (int i = 0; i < CLINICS; i++)
                s->clinics[i].zone = vio_zone_free(s->clinics[i].zone);
        s->world = world_free(s->world);
        if (s->disk)
                disk_unmount(s->disk);
        unlink(s->database);
        rmdir(s->folder);
}

bool life_goes_on(struct sim *s)
{
        if (!disk_is_cut(s->disk))
                return false;
        tell(s, "", "the power is out");
        s->crashes++;
        close_system(s);
        disk_restore(s->disk);
        disk_occupy(s->disk, false);
        s->busy_until = VIO_TIME_NONE;
        open_system(s);
        open_handles(s);
        s->next_step = s->now;
        return true;
}
