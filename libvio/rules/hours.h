/* hours.h - opening hours: read from their JSON, and said in words. */
#ifndef VIO_RULES_HOURS_H
#define VIO_RULES_HOURS_H

#include <stdbool.h>
#include <stddef.h>

/* Minutes of the local day by weekday, Monday first; closed all day when both are 0. */
struct hours {
        struct {
                int open;
                int close;
        } days[7];
};

/* Room for the words of any hours, and for the text about any mistake. */
#define HOURS_WORDS   640
#define HOURS_MISTAKE 160

/* Reads "HH:MM", 24:00 included. */
bool hours_clock(const char *text, int *ret);

/* 0 for "Mon" to 6 for "Sun"; -1 for anything else. */
int hours_weekday(const char *name);

/*
 * Reads {"Mon": {"open": "09:00", "close": "17:00"}, ...}; a day that is null or absent is closed.
 * False when it is anything else; @mistake then says what is wrong with it.
 */
bool hours_read(const char *text, struct hours *ret, char mistake[HOURS_MISTAKE]);

/* "Monday to Friday 9:00 AM to 5:00 PM, Saturday 9:00 AM to 12:00 PM, closed on Sunday". */
void hours_say(const struct hours *h, char ret[HOURS_WORDS]);

#endif
