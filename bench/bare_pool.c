/* What a pool on demand cannot beat: bare_pool SOCKET COUNT PROGRAM [ARGUMENT...] waits until a client is at the Unix
 * socket, starts COUNT workers at once with the socket as their standard input, waits until all have ended, and begins
 * again. It looks after nothing else. With - instead of SOCKET it waits for no client: it prints the nanoseconds from
 * just before the first start until all workers wait in accept, ends them and itself. */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1000 };

extern char **environ;
static volatile pid_t workers[MOST];
static int count;

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void end(int signal)
{
    (void)signal;
    for (int i = 0; i < count; i++)
        if (workers[i] > 0)
            kill(workers[i], SIGKILL);
    _exit(0);
}

/* A path, or the abstract name that the kernel chooses. */
static int listener_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length = sizeof(sa_family_t);
    if (strcmp(path, "-") != 0) {
        strncpy(address.sun_path, path, sizeof address.sun_path - 1);
        length = sizeof address;
    }
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 511) < 0)
        die(path);
    return listener;
}

/* Each in a session of its own, as supervisors do; the kernel may share the processors among sessions. */
static void start(char **command)
{
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    for (int i = 0; i < count; i++) {
        pid_t pid;
        if (posix_spawnp(&pid, command[0], NULL, &attributes, command, environ) != 0)
            die(command[0]);
        workers[i] = pid;
    }
    posix_spawnattr_destroy(&attributes);
}

static void await_all(void)
{
    for (int i = 0; i < count; i++) {
        while (waitpid(workers[i], NULL, 0) < 0)
            ;
        workers[i] = 0;
    }
}

/* Whether the process is in accept, by /proc/PID/syscall. */
static int accepts(pid_t pid)
{
    char path[64], call[64] = "";
    snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(call, sizeof call, file) == NULL)
        die(path);
    fclose(file);
    if (call[0] < '0' || call[0] > '9')
        return 0;
    int number = atoi(call);
    return number == SYS_accept || number == SYS_accept4;
}

static void time_start(char **command)
{
    struct timespec pause = {.tv_nsec = 50000};
    prctl(PR_SET_TIMERSLACK, 1);
    long long begun = now();
    start(command);
    for (int i = 0; i < count; i++)
        while (!accepts(workers[i]))
            nanosleep(&pause, NULL);
    printf("%lld\n", now() - begun);
    fflush(stdout);
    for (int i = 0; i < count; i++)
        kill(workers[i], SIGKILL);
    await_all();
}

int main(int argc, char **argv)
{
    if (argc < 4 || (count = atoi(argv[2])) < 1 || count > MOST) {
        fprintf(stderr, "usage: bare_pool SOCKET|- COUNT PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    signal(SIGTERM, end);
    int listener = listener_at(argv[1]);
    if (listener != 0 && dup2(listener, 0) < 0)
        die("dup2");
    if (listener != 0)
        close(listener);
    if (strcmp(argv[1], "-") == 0) {
        time_start(argv + 3);
        return 0;
    }
    struct pollfd client = {.fd = 0, .events = POLLIN};
    for (;;) {
        if (poll(&client, 1, -1) == 1) {
            start(argv + 3);
            await_all();
        }
    }
}
