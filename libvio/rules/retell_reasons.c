/* retell_reasons.c - one row for each reason for which Retell says that a call ended. */
#include <vio/retell.h>

#include <string.h>

#include "base/attr.h"

#define DECIDES VIO_RETELL_DECIDES
#define SILENT  (VIO_RETELL_DECIDES | VIO_RETELL_RANG_NOBODY)
#define RETRY   VIO_RETELL_RETRYABLE
#define STOP    (SILENT | VIO_RETELL_STOP_DIALLING)
#define BROKE   (VIO_RETELL_ERROR | VIO_RETELL_RETRYABLE)

/* X(name, outcome, flags, meaning) */
#define REASONS(X)                                                                                 \
        X(user_hangup, ANSWERED, 0, "The contact hung up.")                                        \
        X(agent_hangup, ANSWERED, 0, "The agent ended the call.")                                  \
        X(call_transfer, ANSWERED, 0, "The agent transferred the call.")                           \
        X(voicemail_reached, VOICEMAIL, DECIDES, "A voicemail greeting was heard.")                \
        X(ivr_reached, VOICEMAIL, DECIDES, "A telephone menu answered.")                           \
        X(inactivity, ANSWERED, VIO_RETELL_NEEDS_SPEECH, "Nobody spoke for too long.")             \
        X(max_duration_reached, ANSWERED, 0, "The call reached its longest permitted duration.")   \
        X(no_concurrency_fallback, FAILED, DECIDES, "No line was free; it went to the fallback.")  \
        X(transfer_bridged, ANSWERED, 0, "The transferred call was connected.")                    \
        X(transfer_cancelled, ANSWERED, 0, "The transfer did not come about.")                     \
        X(call_take_over, ANSWERED, 0, "A person took the call over.")                             \
        X(manual_stopped, ANSWERED, 0, "The call was stopped by hand.")                            \
        X(dial_busy, BUSY, DECIDES, "The line was busy.")                                          \
        X(dial_no_answer, NO_ANSWER, DECIDES, "Nobody answered before it rang out.")               \
        X(user_declined, BUSY, DECIDES, "The contact declined the call.")                          \
        X(dial_failed, FAILED, SILENT | RETRY, "The call could not be put through.")               \
        X(invalid_destination, FAILED, SILENT | VIO_RETELL_NUMBER_BAD,                             \
          "The carrier does not accept the number.")                                               \
        X(telephony_provider_permission_denied, FAILED, SILENT,                                    \
          "The carrier refused permission for the call.")                                          \
        X(telephony_provider_unavailable, FAILED, SILENT | RETRY, "The carrier is down.")          \
        X(sip_routing_error, FAILED, SILENT, "The carrier could not find a route to the number.")  \
        X(marked_as_spam, FAILED, SILENT, "The carrier blocked the call as spam.")                 \
        X(concurrency_limit_reached, FAILED, SILENT | RETRY,                                       \
          "All lines of the account were busy.")                                                   \
        X(no_valid_payment, FAILED, STOP, "The account has no valid means of payment.")            \
        X(scam_detected, FAILED, STOP, "The agent was flagged as fraudulent.")                     \
        X(error_llm_websocket_open, FAILED, BROKE, "The language model could not be reached.")     \
        X(error_llm_websocket_lost_connection, FAILED, BROKE, "The language model was cut off.")   \
        X(error_llm_websocket_runtime, FAILED, BROKE, "The language model failed.")                \
        X(error_llm_websocket_corrupt_payload, FAILED, BROKE, "The language model sent garbage.")  \
        X(error_no_audio_received, FAILED, BROKE, "No sound arrived after the call connected.")    \
        X(error_asr, FAILED, BROKE, "The speech recognition failed.")                              \
        X(error_retell, FAILED, BROKE, "Retell had a fault.")                                      \
        X(error_unknown, FAILED, BROKE, "Something failed that Retell does not name.")             \
        X(error_user_not_joined, FAILED, SILENT, "Nobody joined the call in the browser.")         \
        X(registered_call_timeout, FAILED, SILENT | RETRY, "The call was registered, never made.") \
        X(user_requested_dnc, ANSWERED, VIO_RETELL_OPTS_OUT,                                       \
          "The contact asked never to be called again.")                                           \
        X(user_requested_callback, ANSWERED, 0, "The contact asked to be called back.")            \
        X(network_blocked, FAILED, SILENT, "The contact's network blocked the call.")              \
        X(credit_exhausted, FAILED, STOP, "The account has no credit left.")                       \
        X(budget_reached, FAILED, STOP, "The account has spent its budget.")

static const struct vio_retell_reason reasons[] = {
#define ROW(name, outcome, flags, meaning) {#name, meaning, VIO_OUTCOME_##outcome, flags},
    REASONS(ROW)
#undef ROW
};

const struct vio_retell_reason *vio_retell_reason_find(const char *name)
{
        for (size_t i = 0; name && i < count_of(reasons); i++)
                if (strcmp(reasons[i].name, name) == 0)
                        return &reasons[i];
        return NULL;
}

const struct vio_retell_reason *vio_retell_reason_next(const struct vio_retell_reason *r)
{
        const struct vio_retell_reason *next = r ? r + 1 : reasons;
        return next < reasons + count_of(reasons) ? next : NULL;
}
