/* The least that a supervisor can do: bare FILE starts the command of each line, words between spaces, and starts it
 * again when it ends. No state, no output, no policy. On SIGTERM it kills all and ends. What this takes is what the
 * kernel and the machine take. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 4096
#define WORDS 16

extern char **environ;
static pid_t pids[MOST];
static char *commands[MOST][WORDS];
static int count;

static void end(int signal)
{
    (void)signal;
    for (int i = 0; i < count; i++)
        kill(pids[i], SIGKILL);
    _exit(0);
}

static void start(int i)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all;
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawnp(&pids[i], commands[i][0], &actions, &attributes, commands[i], environ);
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", commands[i][0], strerror(error));
        exit(1);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "re") : NULL;
    if (file == NULL)
        return 2;
    char line[1000];
    while (count < MOST && fgets(line, sizeof line, file) != NULL) {
        int words = 0;
        for (char *word = strtok(line, " \n"); word != NULL && words < WORDS - 1; word = strtok(NULL, " \n"))
            commands[count][words++] = strdup(word);
        count++;
    }
    fclose(file);
    signal(SIGTERM, end);
    for (int i = 0; i < count; i++)
        start(i);
    for (;;) {
        pid_t ended = wait(NULL);
        for (int i = 0; i < count; i++)
            if (pids[i] == ended) {
                start(i);
                break;
            }
    }
}
