/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs as children: files for their streams, so that none can block. */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

static char *read_back(FILE *file)
{
    char *text;
    long size;

    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    assert_true(size >= 0);
    text = malloc((size_t)size + 1);
    assert_non_null(text);
    rewind(file);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    text[size] = '\0';
    fclose(file);
    return text;
}

static FILE *input_file(const char *input)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    if (input)
        assert_true(fputs(input, file) >= 0);
    assert_int_equal(fflush(file), 0);
    rewind(file);
    return file;
}

static int exit_code(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void command_run(command *c, const char *const *argv, const char *input)
{
    FILE *in = input_file(input), *out = tmpfile(), *err = tmpfile();
    int status;
    pid_t pid;

    assert_non_null(out);
    assert_non_null(err);
    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(fileno(in), STDIN_FILENO);
        dup2(fileno(out), STDOUT_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    fclose(in);
    c->code = exit_code(status);
    c->out = read_back(out);
    c->err = read_back(err);
}

void command_free(command *c)
{
    free(c->out);
    free(c->err);
}

const char *command_fwsim(void)
{
    return FWSIM_TEST_BINARY_DIR "/../ports/cli/fwsim";
}

bool command_have_fwsim(void)
{
    if (access(command_fwsim(), X_OK) == 0)
        return true;
    printf("SKIPPED: %s was not built (FWSIM_CLI)\n", command_fwsim());
    return false;
}
