/* views.c - which members of which object are shown as text, and under which label. */
#include "views.h"

/* A list of fields, with the end that the printer looks for. */
#define FIELDS(...) ((const struct field[]){__VA_ARGS__, {NULL, NULL, FIELD_PLAIN}})

/* clang-format off */
#define LAST_SECTION { NULL, NULL, NULL, NULL }
/* clang-format on */

const struct section view_tenant[] = {
    {"tenant", NULL,
     FIELDS({"id", "Tenant", FIELD_PLAIN}, {"name", "Name", FIELD_PLAIN},
            {"timeZone", "Time zone", FIELD_PLAIN}, {"configured", "Can call", FIELD_PLAIN},
            {"suspended", "Suspended", FIELD_PLAIN}, {"createdAt", "Added", FIELD_TIME}),
     "id"},
    {"settings", "Settings",
     FIELDS({"name", "Name", FIELD_PLAIN}, {"isSet", "Set", FIELD_PLAIN},
            {"value", "Value", FIELD_PLAIN}),
     NULL},
    LAST_SECTION,
};

const struct section view_tenant_added[] = {
    {"tenant", NULL, FIELDS({"id", "Tenant", FIELD_PLAIN}, {"name", "Name", FIELD_PLAIN}), "id"},
    LAST_SECTION,
};

const struct section view_tenant_row = {
    "tenant", NULL,
    FIELDS({"id", "Id", FIELD_PLAIN}, {"name", "Name", FIELD_PLAIN},
           {"timeZone", "Time zone", FIELD_PLAIN}, {"configured", "Can call", FIELD_PLAIN},
           {"suspended", "Suspended", FIELD_PLAIN}, {"createdAt", "Added", FIELD_TIME}),
    "id"};

const struct section view_user[] = {
    {"user", NULL,
     FIELDS({"id", "User", FIELD_PLAIN}, {"email", "Email", FIELD_PLAIN},
            {"fullName", "Name", FIELD_PLAIN}, {"role", "Role", FIELD_PLAIN},
            {"tenantId", "Tenant", FIELD_PLAIN}),
     "id"},
    LAST_SECTION,
};

const struct section view_contact[] = {
    {"contact", NULL,
     FIELDS({"id", "Contact", FIELD_PLAIN}, {"name", "Name", FIELD_PLAIN},
            {"phone", "Phone", FIELD_PLAIN}, {"email", "Email", FIELD_PLAIN},
            {"timeZone", "Time zone", FIELD_PLAIN}, {"appointmentDate", "Date", FIELD_PLAIN},
            {"appointmentTime", "Appointment", FIELD_TIME},
            {"appointmentType", "Type", FIELD_PLAIN}, {"appointmentStatus", "Status", FIELD_PLAIN},
            {"lastCallOutcome", "Last outcome", FIELD_PLAIN},
            {"callAttempts", "Calls made", FIELD_PLAIN}, {"optedOut", "Opted out", FIELD_PLAIN},
            {"specialInstructions", "Note", FIELD_PLAIN}, {"createdAt", "Added", FIELD_TIME},
            {"updatedAt", "Changed", FIELD_TIME}),
     "id"},
    {"calls", "Calls",
     FIELDS({"id", "Id", FIELD_PLAIN}, {"createdAt", "Begun", FIELD_MOMENT},
            {"callType", "Type", FIELD_PLAIN}, {"status", "Status", FIELD_PLAIN},
            {"outcome", "Outcome", FIELD_PLAIN}, {"duration", "Seconds", FIELD_PLAIN}),
     NULL},
    {"tasks", "Planned calls",
     FIELDS({"id", "Id", FIELD_PLAIN}, {"scheduledFor", "Due", FIELD_TIME},
            {"taskType", "Type", FIELD_PLAIN}, {"status", "Status", FIELD_PLAIN},
            {"attempts", "Attempts", FIELD_PLAIN}, {"reason", "Reason", FIELD_PLAIN}),
     NULL},
    LAST_SECTION,
};

const struct section view_contact_row = {
    "contact", NULL,
    FIELDS({"id", "Id", FIELD_PLAIN}, {"name", "Name", FIELD_PLAIN},
           {"phone", "Phone", FIELD_PLAIN}, {"appointmentTime", "Appointment", FIELD_TIME},
           {"appointmentStatus", "Status", FIELD_PLAIN},
           {"lastCallOutcome", "Last outcome", FIELD_PLAIN},
           {"callAttempts", "Calls", FIELD_PLAIN}),
    "id"};

const struct section view_call[] = {
    {"call", NULL,
     FIELDS({"id", "Call", FIELD_PLAIN}, {"contactId", "Contact", FIELD_PLAIN},
            {"retellCallId", "Retell's id", FIELD_PLAIN}, {"callType", "Type", FIELD_PLAIN},
            {"dialState", "Dial", FIELD_PLAIN}, {"status", "Status", FIELD_PLAIN},
            {"outcome", "Outcome", FIELD_PLAIN}, {"final", "Final", FIELD_PLAIN},
            {"createdAt", "Begun", FIELD_MOMENT}, {"startedAt", "Started", FIELD_MOMENT},
            {"endedAt", "Ended", FIELD_MOMENT}, {"duration", "Seconds", FIELD_PLAIN},
            {"disconnectionReason", "Ended because", FIELD_PLAIN},
            {"recordingUrl", "Recording", FIELD_PLAIN}, {"transcript", "Transcript", FIELD_PLAIN}),
     "id"},
    {"timeline", "Timeline",
     FIELDS({"at", "At", FIELD_MOMENT}, {"kind", "What", FIELD_PLAIN},
            {"detail", "Detail", FIELD_PLAIN}),
     NULL},
    LAST_SECTION,
};

const struct section view_step[] = {
    {"step", NULL, FIELDS({"rounds", "Rounds", FIELD_PLAIN}, {"next", "Next due", FIELD_MOMENT}),
     NULL},
    LAST_SECTION,
};

const struct section view_finding_row = {
    "finding", NULL,
    FIELDS({"ok", "Result", FIELD_VERDICT}, {"check", "Check", FIELD_PLAIN},
           {"detail", "Seen", FIELD_PLAIN}, {"remedy", "Remedy", FIELD_PLAIN}),
    NULL};

const struct section view_version[] = {
    {"program", NULL,
     FIELDS({"vio-cli", "vio-cli", FIELD_PLAIN}, {"libvio", "libvio", FIELD_PLAIN}), "vio-cli"},
    LAST_SECTION,
};
