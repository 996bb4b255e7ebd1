/* input.c - what must not stand on a command line: passwords and keys, from files or a terminal. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "errors.h"

/* More than the longest setting; a wrong file is noticed before it is read whole. */
#define INPUT_MOST 65536

/* In a terminal without signals this ends a line, so that Ctrl-C still means "stop". */
#define CTRL_C '\003'

void input_free(char *text)
{
        if (text)
                explicit_bzero(text, strlen(text));
        free(text);
}

static void free_text(char **text)
{
        input_free(*text);
}

/* Reads to the end. Returns 0 or an errno. */
static int read_all(int fd, char buffer[INPUT_MOST + 1], size_t *ret_len)
{
        size_t len = 0;
        while (len <= INPUT_MOST) {
                ssize_t n = read(fd, buffer + len, INPUT_MOST + 1 - len);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return errno;
                if (n == 0) {
                        *ret_len = len;
                        return 0;
                }
                len += (size_t)n;
        }
        return EFBIG;
}

static size_t without_line_end(const char *text, size_t len)
{
        if (len && text[len - 1] == '\n')
                len--;
        return len && text[len - 1] == '\r' ? len - 1 : len;
}

int input_file(const char *path, char **ret)
{
        bool from_stdin = !strcmp(path, "-");
        const char *name = from_stdin ? "standard input" : path;
        _cleanup_(free_text) char *buffer = calloc(1, INPUT_MOST + 2);
        if (!buffer) {
                complain("%s", vio_strerror(VIO_E_NOMEM));
                return EXIT_FAILED;
        }
        int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
        size_t len = 0;
        int error = fd < 0 ? errno : read_all(fd, buffer, &len);
        if (fd > STDIN_FILENO)
                close(fd);
        if (error) {
                complain("cannot read %s: %s", name, strerror(error));
                return error == ENOENT ? EXIT_NOTFOUND : EXIT_FAILED;
        }
        if (memchr(buffer, 0, len)) {
                complain("%s is not a text: it holds a zero byte", name);
                return EXIT_USAGE;
        }
        buffer[without_line_end(buffer, len)] = '\0';
        *ret = buffer;
        buffer = NULL;
        return EXIT_DONE;
}

/* Reads a line without echo. Signals are off meanwhile, or Ctrl-C would leave the echo off. */
static int ask(const char *prompt, char line[256])
{
        struct termios old;
        if (tcgetattr(STDIN_FILENO, &old) < 0)
                return -1;
        struct termios quiet = old;
        quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
        quiet.c_cc[VEOL] = CTRL_C;
        if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) < 0)
                return -1;
        fputs(prompt, stderr);
        ssize_t n = read(STDIN_FILENO, line, 255);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
        fputc('\n', stderr);
        if (n <= 0 || line[n - 1] == CTRL_C)
                return -1;
        line[without_line_end(line, (size_t)n)] = '\0';
        return 0;
}

static int ask_twice(char first[256], char second[256], char **ret)
{
        if (ask("Password: ", first) < 0 || ask("Once more: ", second) < 0) {
                complain("no password was given");
                return EXIT_FAILED;
        }
        if (strcmp(first, second) != 0) {
                complain("the two passwords differ; run it again");
                return EXIT_USAGE;
        }
        char *copy = strdup(first);
        if (!copy) {
                complain("%s", vio_strerror(VIO_E_NOMEM));
                return EXIT_FAILED;
        }
        *ret = copy;
        return EXIT_DONE;
}

int input_new_password(char **ret)
{
        if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
                complain("there is no terminal to ask for the password; say --password-file=FILE "
                         "or --password-stdin");
                return EXIT_USAGE;
        }
        char first[256] = "", second[256] = "";
        int code = ask_twice(first, second, ret);
        explicit_bzero(first, sizeof(first));
        explicit_bzero(second, sizeof(second));
        return code;
}
