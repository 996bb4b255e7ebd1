-- The foundation: every table of the first release.
--
-- Times are milliseconds since 1970 UTC, booleans 0 or 1, days 'YYYY-MM-DD' in the tenant's zone.
-- A tenant table's primary key and every index of it start with tenant_id; the foreign keys
-- between tenant tables are pairs, so no row can point into another tenant.
--
-- A CHECK over three or more words spells out its ORs: for a longer IN, SQLite builds a table of
-- the words anew with every row that is written.

CREATE TABLE tenants (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (length(name) > 0),
    time_zone TEXT NOT NULL DEFAULT 'UTC',
    country TEXT,                          -- calling code for numbers written the national way
    suspended INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
    retell_api_key TEXT,                   -- sealed
    retell_agent_id TEXT,
    retell_phone_number TEXT,              -- the number the clinic calls from
    retell_webhook_secret TEXT,            -- sealed; the key that signs webhooks, if not the API key
    accept_bare_signature INTEGER NOT NULL DEFAULT 1 CHECK (accept_bare_signature IN (0, 1)),
    calendar_type TEXT CHECK (calendar_type IN ('cal_com', 'calendly')),
    cal_com_api_key TEXT,                  -- sealed
    calendly_token TEXT,                   -- sealed
    business_template TEXT,
    daily_summary_enabled INTEGER NOT NULL DEFAULT 0 CHECK (daily_summary_enabled IN (0, 1)),
    daily_summary_recipient_email TEXT,
    daily_summary_recipient_name TEXT,
    daily_summary_time TEXT,
    daily_summary_timezone TEXT,
    daily_summary_days TEXT,               -- JSON array of 'Mon' ... 'Sun'
    last_daily_summary_sent_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tenant_config (
    tenant_id INTEGER PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    id INTEGER GENERATED ALWAYS AS (tenant_id) VIRTUAL,
    business_type TEXT,
    business_hours TEXT,                   -- JSON
    public_transport_instructions TEXT,
    parking_instructions TEXT,
    arrival_notes TEXT,
    voice_agent_prompt TEXT,
    features TEXT,                         -- JSON
    call_window_start TEXT,                -- 'HH:MM' local
    call_window_end TEXT,
    call_days TEXT,                        -- JSON array of 'Mon' ... 'Sun'
    daily_call_limit INTEGER,
    weekly_call_limit INTEGER,
    follow_up_delay_minutes INTEGER,
    reminder_lead_minutes INTEGER
) STRICT;

-- What the engine keeps about a tenant, apart from what people set.
CREATE TABLE tenant_state (
    tenant_id INTEGER PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    version INTEGER NOT NULL DEFAULT 1,    -- raised by every write to the tenant's data
    next_contact_id INTEGER NOT NULL DEFAULT 1,
    next_due_at INTEGER,                   -- the earliest time at which vio_step has work here
    swept_at INTEGER NOT NULL DEFAULT 0,   -- when missing reminders were looked for last
    blocked_until INTEGER,                 -- no dials before this
    blocked_reason INTEGER NOT NULL DEFAULT 0,
    alerts INTEGER NOT NULL DEFAULT 0,     -- calls that had to be given up; for the operator
    audit_seq INTEGER NOT NULL DEFAULT 0,
    audit_head TEXT NOT NULL DEFAULT '',
    contacts_total INTEGER NOT NULL DEFAULT 0,
    contacts_pending INTEGER NOT NULL DEFAULT 0,
    contacts_confirmed INTEGER NOT NULL DEFAULT 0,
    contacts_cancelled INTEGER NOT NULL DEFAULT 0,
    contacts_rescheduled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tenant_state_due ON tenant_state (next_due_at) WHERE next_due_at IS NOT NULL;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER REFERENCES tenants (id) ON DELETE CASCADE,   -- NULL: over all tenants
    email TEXT NOT NULL,                   -- lower case
    password TEXT NOT NULL,                -- argon2id, encoded
    full_name TEXT NOT NULL,
    role TEXT NOT NULL
        CHECK (role = 'super_admin' OR role = 'client_admin' OR role = 'client_user'),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    token_version INTEGER NOT NULL DEFAULT 1,  -- tokens of an older version are void
    created_at INTEGER NOT NULL,
    CHECK ((role = 'super_admin') = (tenant_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX users_login ON users (email, tenant_id);
CREATE UNIQUE INDEX users_operator ON users (email) WHERE tenant_id IS NULL;
CREATE INDEX users_tenant ON users (tenant_id, id);

CREATE TABLE contacts (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    phone TEXT,                            -- E.164
    email TEXT,
    time_zone TEXT,
    appointment_date TEXT,                 -- 'YYYY-MM-DD', local
    appointment_time INTEGER,
    appointment_status TEXT NOT NULL DEFAULT 'pending'
        CHECK (appointment_status = 'pending' OR appointment_status = 'confirmed'
               OR appointment_status = 'cancelled' OR appointment_status = 'rescheduled'),
    appointment_type TEXT,
    appointment_revision INTEGER NOT NULL DEFAULT 1,  -- raised when the appointment moves
    last_call_outcome TEXT,
    call_attempts INTEGER NOT NULL DEFAULT 0,
    special_instructions TEXT,
    opted_out INTEGER NOT NULL DEFAULT 0 CHECK (opted_out IN (0, 1)),
    opted_out_at INTEGER,
    opt_out_reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_appointment ON contacts (tenant_id, appointment_time) WHERE appointment_status = 'pending';
CREATE INDEX contacts_email ON contacts (tenant_id, email) WHERE email IS NOT NULL;

-- The hot row of a call session: no transcript, no payload. A payload is kept once, in its event;
-- payload_webhook_last and payload_poll_last are ids of retell_events.
CREATE TABLE call_sessions (
    tenant_id INTEGER NOT NULL,
    id TEXT NOT NULL,                      -- UUID v7; also the attempt_ref in Retell's metadata
    contact_id INTEGER NOT NULL,
    retell_call_id TEXT,
    status TEXT NOT NULL
        CHECK (status = 'queued' OR status = 'ongoing' OR status = 'failed'
               OR status = 'completed'),
    outcome TEXT,
    call_type TEXT NOT NULL
        CHECK (call_type = 'manual' OR call_type = 'scheduled' OR call_type = 'follow_up'),
    task_id TEXT,
    appointment_revision INTEGER NOT NULL, -- the appointment that the call is about
    day TEXT NOT NULL,                     -- the tenant's local day on which it was made
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    duration INTEGER,                      -- seconds
    recording_url TEXT,
    disconnection_reason TEXT,
    evidence_flags INTEGER NOT NULL DEFAULT 0,  -- VIO_EVIDENCE_...
    is_final INTEGER NOT NULL DEFAULT 0 CHECK (is_final IN (0, 1)),
    is_counted INTEGER NOT NULL DEFAULT 0 CHECK (is_counted IN (0, 1)),  -- in contacts.call_attempts
    poll_attempts INTEGER NOT NULL DEFAULT 0,
    next_poll_at INTEGER,
    deadline_at INTEGER,                   -- when housekeeping looks at it; NULL: never
    webhook_verified INTEGER NOT NULL DEFAULT 0 CHECK (webhook_verified IN (0, 1)),
    source_of_truth TEXT
        CHECK (source_of_truth = 'webhook' OR source_of_truth = 'poll'
               OR source_of_truth = 'engine'),
    payload_webhook_last INTEGER,
    payload_poll_last INTEGER,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX call_sessions_contact ON call_sessions (tenant_id, contact_id, created_at);
CREATE UNIQUE INDEX call_sessions_retell ON call_sessions (tenant_id, retell_call_id) WHERE retell_call_id IS NOT NULL;
CREATE INDEX call_sessions_poll ON call_sessions (tenant_id, next_poll_at) WHERE next_poll_at IS NOT NULL;
CREATE INDEX call_sessions_deadline ON call_sessions (tenant_id, deadline_at) WHERE deadline_at IS NOT NULL;

CREATE TABLE call_transcripts (
    tenant_id INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    transcript TEXT NOT NULL,
    PRIMARY KEY (tenant_id, call_id),
    FOREIGN KEY (tenant_id, call_id) REFERENCES call_sessions (tenant_id, id) ON DELETE CASCADE
) STRICT;

-- The dial of a call session: written before the request is sent, finished when it is certain what
-- became of it. is_open: the line may be in use, or may be about to be.
CREATE TABLE attempts (
    tenant_id INTEGER NOT NULL,
    call_id TEXT NOT NULL,                 -- the call session; its attempt_ref
    phone TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state = 'dialing' OR state = 'placed' OR state = 'rejected' OR state = 'unknown'
               OR state = 'not_placed'),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    lease_owner TEXT,
    lease_generation INTEGER NOT NULL DEFAULT 1,
    due_at INTEGER,                        -- dialing: end of the lease; unknown: the next look
    looks INTEGER NOT NULL DEFAULT 0,
    unknown_since INTEGER,
    http_status INTEGER,
    detail TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (tenant_id, call_id),
    FOREIGN KEY (tenant_id, call_id) REFERENCES call_sessions (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX attempts_one_dial ON attempts (tenant_id, phone) WHERE is_open = 1;
CREATE INDEX attempts_due ON attempts (tenant_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE call_tasks (
    tenant_id INTEGER NOT NULL,
    id TEXT NOT NULL,                      -- UUID v7
    contact_id INTEGER NOT NULL,
    task_type TEXT NOT NULL CHECK (task_type IN ('initial_reminder', 'follow_up')),
    status TEXT NOT NULL
        CHECK (status = 'pending' OR status = 'processing' OR status = 'completed'
               OR status = 'failed' OR status = 'cancelled'),
    scheduled_for INTEGER NOT NULL,
    appointment_revision INTEGER NOT NULL, -- the appointment that the call would be about
    call_id TEXT,                          -- the call session of the latest try
    retell_call_id TEXT,
    reason INTEGER NOT NULL DEFAULT 0,     -- enum vio_reason: why put off, skipped or failed
    attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX call_tasks_one_open ON call_tasks (tenant_id, contact_id, task_type) WHERE status IN ('pending', 'processing');
CREATE INDEX call_tasks_due ON call_tasks (tenant_id, scheduled_for) WHERE status = 'pending';
CREATE INDEX call_tasks_contact ON call_tasks (tenant_id, contact_id, scheduled_for);
CREATE INDEX call_tasks_scheduled ON call_tasks (tenant_id, scheduled_for);

-- Everything that Retell told us, each thing once, in order of arrival: webhooks and polls that
-- brought something new ('poll'). id is the order; every look-up goes by tenant.
CREATE TABLE retell_events (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    call_id TEXT NOT NULL,                 -- Retell's id
    event_type TEXT NOT NULL,
    digest TEXT NOT NULL,                  -- SHA-256 of the canonical call object, hex
    payload TEXT NOT NULL,
    processed_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_id, call_id, event_type, digest)
) STRICT;

-- Which tenant a call id of Retell belongs to, before anything else is known of a webhook.
CREATE TABLE call_routes (
    retell_call_id TEXT NOT NULL,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    PRIMARY KEY (retell_call_id, tenant_id)
) STRICT, WITHOUT ROWID;

-- Kept counters: a tenant's local day, over the calls that may have rung. Moved by the difference in
-- the transaction of each change.
CREATE TABLE day_stats (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    calls INTEGER NOT NULL DEFAULT 0,      -- that may have rung
    completed INTEGER NOT NULL DEFAULT 0,  -- whose status is completed or failed
    confirmed INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    rescheduled INTEGER NOT NULL DEFAULT 0,
    voicemail INTEGER NOT NULL DEFAULT 0,
    no_answer INTEGER NOT NULL DEFAULT 0,
    busy INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    unknown INTEGER NOT NULL DEFAULT 0,
    duration INTEGER NOT NULL DEFAULT 0,   -- seconds, summed
    timed_calls INTEGER NOT NULL DEFAULT 0, -- calls with a known duration
    PRIMARY KEY (tenant_id, day)
) STRICT, WITHOUT ROWID;

-- Who did what. A chain per tenant (0: the installation): each row's hash covers the one before.
CREATE TABLE audit_logs (
    tenant_id INTEGER NOT NULL,            -- no foreign key: the log outlives its tenant
    id INTEGER NOT NULL,
    user_id INTEGER,
    actor TEXT NOT NULL CHECK (actor = 'system' OR actor = 'user' OR actor = 'command'),
    action TEXT NOT NULL,
    contact_id INTEGER,
    call_id TEXT,
    detail TEXT NOT NULL DEFAULT '',
    ip_address TEXT,
    created_at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_logs_call ON audit_logs (tenant_id, call_id, id) WHERE call_id IS NOT NULL;

CREATE TABLE installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    audit_seq INTEGER NOT NULL DEFAULT 0,
    audit_head TEXT NOT NULL DEFAULT '',
    secret_check TEXT NOT NULL             -- sealed; tells at open whether the secret is the right one
) STRICT;

-- The call session with everything that is kept apart from its hot row, under the names that
-- people query.
CREATE VIEW call_sessions_full AS
    SELECT s.*, t.transcript, w.payload AS webhook_payload, p.payload AS poll_payload,
           a.state AS dial_state, a.is_open
    FROM call_sessions s
    LEFT JOIN call_transcripts t ON t.tenant_id = s.tenant_id AND t.call_id = s.id
    LEFT JOIN attempts a ON a.tenant_id = s.tenant_id AND a.call_id = s.id
    LEFT JOIN retell_events w ON w.tenant_id = s.tenant_id AND w.id = s.payload_webhook_last
    LEFT JOIN retell_events p ON p.tenant_id = s.tenant_id AND p.id = s.payload_poll_last;
