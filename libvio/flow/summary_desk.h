/* summary_desk.h - what people do with the summary: settings, status, preview, a test mail. */
#ifndef VIO_FLOW_SUMMARY_DESK_H
#define VIO_FLOW_SUMMARY_DESK_H

#include <vio/summary.h>

#include "flow/acting.h"

/* As the public functions of these names, on behalf of somebody. */
int summary_configure(const struct acting *a, const struct vio_summary_settings *settings);
int summary_status(const struct acting *a,
                   int (*cb)(void *data, const struct vio_summary_status *s), void *data);
int summary_preview(const struct acting *a, int (*cb)(void *data, const struct vio_summary_mail *m),
                    void *data);
int summary_send_test(struct acting *a, char ret[VIO_MAIL_ID]);

#endif
