/* tiny.c - a clinic, a contact, and the reminder call that follows from them. */
#include <stdio.h>
#include <vio.h>

int main(void)
{
        struct vio_options options = VIO_OPTIONS_INIT;
        struct vio_contact_fields ada = VIO_CONTACT_FIELDS_INIT;
        unsigned char secret[VIO_SECRET_SIZE];
        vio *v = NULL;
        vio_operator *op = NULL;
        vio_tenant *clinic = NULL;
        vio_tenant_id id;
        vio_contact_id contact;
        vio_time next = VIO_TIME_NONE;
        char text[VIO_TIME_TEXT];

        int e = vio_secret_load("clinic.secret", true, secret);
        options.database = "clinic.db", options.secret = secret,
        options.secret_len = sizeof(secret);
        ada.name = "Ada", ada.phone = "+14155550101";
        e = e ? e : vio_time_parse("2030-05-02T10:30:00+02:00", &ada.appointment_time);
        e = e ? e : vio_open(&options, &v);
        e = e ? e : vio_operator_open(v, NULL, &op);
        e = e ? e : vio_tenant_add(op, "Northside Dental", NULL, 0, &id);
        e = e ? e : vio_tenant_open(v, id, NULL, &clinic);
        e = e ? e : vio_contact_add(clinic, &ada, &contact); /* plans her reminder call */
        e = e ? e : vio_step(v, &next); /* does what is due, says when to come again */
        printf("%s; next at %s\n", vio_strerror(e), vio_time_format(next, text));

        vio_tenant_free(clinic);
        vio_operator_free(op);
        vio_close(v);
        return e != 0;
}
