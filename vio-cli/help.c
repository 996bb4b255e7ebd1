/* help.c - what --help prints, made from the same tables that the parser reads. */
#include "help.h"

#include <string.h>

/* Where summaries begin. */
#define INDENT 26

/* Where a synopsis ends, and where its next lines begin. */
#define WIDTH           80
#define SYNOPSIS_INDENT 15

static void print_row(FILE *file, const char *left, const char *summary)
{
        int width = (int)strlen(left);
        fprintf(file, "  %s", left);
        if (width + 4 > INDENT)
                fprintf(file, "\n%*s%s\n", INDENT, "", summary);
        else
                fprintf(file, "%*s%s\n", INDENT - 2 - width, "", summary);
}

static void print_option(FILE *file, const struct opt *o)
{
        char letter[8] = "    ", left[64], summary[160];
        if (o->letter)
                snprintf(letter, sizeof(letter), "-%c, ", o->letter);
        snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name, o->value ? "=" : "",
                 o->value ? o->value : "");
        snprintf(summary, sizeof(summary), "%s%s%s%s", o->summary, o->env ? " [" : "",
                 o->env ? o->env : "", o->env ? "]" : "");
        print_row(file, left, summary);
}

static void print_options(FILE *file, const char *title, const struct opt *options)
{
        if (!options)
                return;
        fprintf(file, "\n%s\n", title);
        for (const struct opt *o = options; o->name; o++)
                print_option(file, o);
}

static void print_operands(FILE *file, const struct operand *operands)
{
        if (!operands)
                return;
        fputc('\n', file);
        for (const struct operand *o = operands; o->value; o++)
                print_row(file, o->value, o->summary);
}

/* Puts one part of the synopsis after the others, on a new line when this one is full. */
static void print_part(FILE *file, int *column, const char *part)
{
        int width = (int)strlen(part);
        if (*column + 1 + width > WIDTH) {
                fprintf(file, "\n%*s", SYNOPSIS_INDENT - 1, "");
                *column = SYNOPSIS_INDENT - 1;
        }
        *column += fprintf(file, " %s", part);
}

static void print_synopsis(FILE *file, const struct cmd *cmd)
{
        char part[64];
        int column = fprintf(file, "Usage: vio-cli %s", cmd->name);
        for (const struct opt *o = cmd->options; o && o->name; o++) {
                snprintf(part, sizeof(part), o->required ? "--%s%s%s" : "[--%s%s%s]", o->name,
                         o->value ? "=" : "", o->value ? o->value : "");
                print_part(file, &column, part);
        }
        for (const struct operand *o = cmd->operands; o && o->value; o++) {
                const char *more = o->kind == VALUE_WORDS ? "..." : "";
                snprintf(part, sizeof(part), o->optional ? "[%s%s]" : "%s%s", o->value, more);
                print_part(file, &column, part);
        }
        fputc('\n', file);
}

void help_command(FILE *file, const struct cmd *cmd)
{
        print_synopsis(file, cmd);
        fprintf(file, "\n%s.\n", cmd->summary);
        print_operands(file, cmd->operands);
        print_options(file, "Options:", cmd->options);
        print_options(file, "Options of every command:", global_options);
}

void help_overview(FILE *file)
{
        fputs("Usage: vio-cli COMMAND [OPTION...] [OPERAND...]\n\n"
              "Administers a VioConcierge installation: tenants, users, contacts, calls.\n\n"
              "Commands:\n",
              file);
        for (const struct cmd *const *c = commands; *c; c++)
                print_row(file, (*c)->name, (*c)->summary);
        print_options(file, "Options of every command:", global_options);
        fputs("\n'vio-cli help COMMAND' shows the manual page of a command.\n", file);
}
