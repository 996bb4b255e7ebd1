-- The service: accounts that are managed, people who are erased, summaries, calendars.

-- An impersonator is a super_admin (user_id) who acts as the tenant's client_admin.
CREATE TABLE audit_logs_2 (
    tenant_id INTEGER NOT NULL,            -- no foreign key: the log outlives its tenant
    id INTEGER NOT NULL,
    user_id INTEGER,
    actor TEXT NOT NULL
        CHECK (actor = 'system' OR actor = 'user' OR actor = 'command' OR actor = 'impersonator'),
    action TEXT NOT NULL,
    contact_id INTEGER,
    call_id TEXT,
    detail TEXT NOT NULL DEFAULT '',
    ip_address TEXT,
    created_at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_logs_2
    SELECT tenant_id, id, user_id, actor, action, contact_id, call_id, detail, ip_address, created_at, hash
    FROM audit_logs;
DROP TABLE audit_logs;
ALTER TABLE audit_logs_2 RENAME TO audit_logs;
CREATE INDEX audit_logs_call ON audit_logs (tenant_id, call_id, id) WHERE call_id IS NOT NULL;
CREATE INDEX audit_logs_user ON audit_logs (tenant_id, user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX audit_logs_contact ON audit_logs (tenant_id, contact_id, id) WHERE contact_id IS NOT NULL;

ALTER TABLE users ADD COLUMN last_login_at INTEGER;

-- A token of an impersonation names its row; ending the row voids the token.
CREATE TABLE impersonations (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id TEXT NOT NULL,                      -- UUID v7, in the token
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

ALTER TABLE tenants ADD COLUMN suspended_reason TEXT;
ALTER TABLE tenants ADD COLUMN daily_summary_counts_only INTEGER NOT NULL DEFAULT 0
    CHECK (daily_summary_counts_only IN (0, 1));
ALTER TABLE tenants ADD COLUMN cal_com_phone_field TEXT;      -- slug of a custom question
ALTER TABLE tenants ADD COLUMN calendly_phone_question TEXT;  -- text of a custom question

ALTER TABLE tenant_state ADD COLUMN summary_next_at INTEGER;  -- when the next summary falls due
ALTER TABLE tenant_state ADD COLUMN summary_tested_at INTEGER; -- when the last test mail was asked for
ALTER TABLE tenant_state ADD COLUMN backfill_next_at INTEGER; -- when the calendar is re-read next

-- A removed contact is in no list; its calls stay. An erased one has no name, number or address.
ALTER TABLE contacts ADD COLUMN deleted_at INTEGER;
ALTER TABLE contacts ADD COLUMN erased_at INTEGER;
ALTER TABLE contacts ADD COLUMN no_show INTEGER NOT NULL DEFAULT 0 CHECK (no_show IN (0, 1));
ALTER TABLE contacts ADD COLUMN attention_note TEXT;          -- why the staff should look, in words
-- The orders in which contacts are listed. The status and updated_at are in no index: they change
-- with most calls.
DROP INDEX contacts_appointment;
CREATE INDEX contacts_appointment ON contacts (tenant_id, appointment_time, id);
CREATE INDEX contacts_name ON contacts (tenant_id, lower(name), id);
CREATE INDEX contacts_phone ON contacts (tenant_id, phone) WHERE phone IS NOT NULL;

-- Of a call with an erased person no transcript, recording or payload is kept.
ALTER TABLE call_sessions ADD COLUMN is_erased INTEGER NOT NULL DEFAULT 0 CHECK (is_erased IN (0, 1));

-- What is left of a removed person who asked never to be called: a keyed hash of the number.
CREATE TABLE do_not_call (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    phone_digest TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, phone_digest)
) STRICT, WITHOUT ROWID;

-- Kept counters: the appointments of a local day (without cancelled ones), and who did not come.
CREATE TABLE appointment_days (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    appointments INTEGER NOT NULL DEFAULT 0,
    no_shows INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, day)
) STRICT, WITHOUT ROWID;
INSERT INTO appointment_days (tenant_id, day, appointments)
    SELECT tenant_id, appointment_date, count(*) FROM contacts
    WHERE appointment_date IS NOT NULL AND appointment_status <> 'cancelled'
    GROUP BY tenant_id, appointment_date;

-- Kept counters: as day_stats, by the part of the tenant's local day in which the call was made. The
-- calls of the first release have no part, and are in none of them.
ALTER TABLE call_sessions ADD COLUMN part TEXT
    CHECK (part = 'morning' OR part = 'afternoon' OR part = 'evening');
CREATE TABLE day_parts (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part = 'morning' OR part = 'afternoon' OR part = 'evening'),
    calls INTEGER NOT NULL DEFAULT 0,
    reached INTEGER NOT NULL DEFAULT 0,    -- confirmed, cancelled, rescheduled or answered
    confirmed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, day, part)
) STRICT, WITHOUT ROWID;

-- One daily summary of a tenant and local day: rendered once, sent at most once. What it says is
-- forgotten as soon as it will not be sent any more.
CREATE TABLE summary_runs (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    day TEXT NOT NULL,                     -- on which it is sent, in the summary's zone
    state TEXT NOT NULL
        CHECK (state = 'pending' OR state = 'sent' OR state = 'failed' OR state = 'skipped'),
    request TEXT NOT NULL,                 -- the body for Resend, byte by byte as it is sent each time
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,                       -- of the next attempt
    resend_id TEXT,
    error TEXT,                            -- why it failed or was skipped
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    PRIMARY KEY (tenant_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX summary_runs_due ON summary_runs (tenant_id, next_at) WHERE next_at IS NOT NULL;

-- Addresses to which mail must not go any more: they bounced or complained.
CREATE TABLE mail_blocks (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email TEXT NOT NULL,                   -- lower case
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, email)
) STRICT, WITHOUT ROWID;

-- Which tenant a mail of Resend belongs to; and what Resend told us already.
CREATE TABLE mail_routes (
    resend_id TEXT NOT NULL,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    PRIMARY KEY (resend_id, tenant_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE mail_events (
    id TEXT PRIMARY KEY,                   -- svix-id
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_events_age ON mail_events (created_at);

-- The address and the secret under which a calendar's webhooks come in. Of the token only a hash is
-- kept. The previous secret and token stay good for a while after a change.
CREATE TABLE calendar_hooks (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    provider TEXT NOT NULL CHECK (provider IN ('cal_com', 'calendly')),
    token_hint TEXT NOT NULL,              -- its last characters, to tell it by
    secret TEXT NOT NULL,                  -- sealed
    previous_secret TEXT,                  -- sealed
    previous_until INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, provider)
) STRICT, WITHOUT ROWID;
CREATE TABLE hook_routes (
    token_digest TEXT PRIMARY KEY,         -- SHA-256, hex
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    provider TEXT NOT NULL CHECK (provider IN ('cal_com', 'calendly')),
    expires_at INTEGER                     -- NULL: the one in force
) STRICT, WITHOUT ROWID;
CREATE INDEX hook_routes_tenant ON hook_routes (tenant_id, provider);

-- What is known of a booking in somebody's calendar, and the contact it became.
CREATE TABLE bookings (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    provider TEXT NOT NULL CHECK (provider IN ('cal_com', 'calendly')),
    uid TEXT NOT NULL,
    contact_id INTEGER,
    appointment_revision INTEGER,          -- of the contact, as the booking left it
    state TEXT NOT NULL
        CHECK (state = 'requested' OR state = 'booked' OR state = 'cancelled' OR state = 'rejected'
               OR state = 'moved'),
    start_at INTEGER,
    previous_uid TEXT,                     -- the booking it was moved from
    next_uid TEXT,                         -- the booking it was moved to
    changed_at INTEGER NOT NULL,           -- by the calendar's clock
    attended_at INTEGER,                   -- when it was said last who came, by the same clock
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, provider, uid),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX bookings_contact ON bookings (tenant_id, contact_id, start_at);

-- Each webhook of a calendar once, without its body: that is full of what nobody needs to keep.
CREATE TABLE calendar_events (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    provider TEXT NOT NULL CHECK (provider IN ('cal_com', 'calendly')),
    digest TEXT NOT NULL,                  -- SHA-256 of the body, hex
    event_type TEXT NOT NULL,
    uid TEXT,
    result TEXT NOT NULL,                  -- what was done, in one word
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, provider, digest)
) STRICT, WITHOUT ROWID;

-- How far the re-reading of a calendar through its API has come.
CREATE TABLE calendar_syncs (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    provider TEXT NOT NULL CHECK (provider IN ('cal_com', 'calendly')),
    changed_until INTEGER,                 -- changes up to here are known, by the calendar's clock
    account TEXT,                          -- who we are there, where that must be said
    round_from INTEGER,                    -- of the round that is under way; NULL: none is
    round_reached INTEGER,                 -- its latest change so far
    page TEXT,                             -- where it goes on; NULL: at its beginning
    synced_at INTEGER,                     -- when the last round ended
    next_at INTEGER NOT NULL,              -- when it is read next
    failures INTEGER NOT NULL DEFAULT 0,   -- in a row
    error TEXT,
    PRIMARY KEY (tenant_id, provider)
) STRICT, WITHOUT ROWID;
