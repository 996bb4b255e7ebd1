/* input.h - what must not stand on a command line: passwords and keys, from files or a terminal. */
#ifndef VIO_CLI_INPUT_H
#define VIO_CLI_INPUT_H

/*
 * Reads a file, or standard input for "-", as one text; one line end at its end is dropped.
 *
 * @ret: gets the text; the caller frees it with input_free(); untouched on failure.
 * Returns an enum exit_code, after complaining.
 */
int input_file(const char *path, char **ret);

/* Asks twice for a new password without showing it. Refused when there is no terminal. */
int input_new_password(char **ret);

/* Wipes and frees. Takes NULL. */
void input_free(char *text);

#endif
