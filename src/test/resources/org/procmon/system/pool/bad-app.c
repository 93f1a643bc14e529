/* A FastCGI application with many faults. The first argument is the fault that it always has; the query of a request
   is a fault of that request. */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void rest(long ms) {
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0) {}
}

static int query(const char *text, const char *name, long *value) {
    size_t length = strlen(name);
    if (text == NULL || strncmp(text, name, length) != 0) return 0;
    *value = text[length] == '=' ? atol(text + length + 1) : 0;
    return 1;
}

static void serve(int listener, int most) {
    FCGX_Request r;
    char body[65536];
    FCGX_InitRequest(&r, listener, 0);
    for (int served = 0; served != most && FCGX_Accept_r(&r) == 0; served++) {
        const char *text = FCGX_GetParam("QUERY_STRING", r.envp);
        long n, total = 0;
        int got;
        if (query(text, "abort", &n)) abort();
        if (query(text, "sleep", &n)) {
            fprintf(stderr, "it sleeps\nfor %ld ms\n", n);
            rest(n);
        }
        if (query(text, "hold", &n)) while (access(text + 5, F_OK) != 0) rest(5);
        if (query(text, "spin", &n)) for (;;) {}
        if (query(text, "grow", &n)) memset(malloc(n << 20), 1, n << 20);
        if (query(text, "exit", &n)) most = served + 1;
        while ((got = FCGX_GetStr(body, sizeof body, r.in)) > 0) total += got;
        FCGX_FPrintF(r.out, "Content-Type: text/plain\r\n\r\n%d %ld", getpid(), total);
        FCGX_Finish_r(&r);
    }
}

static int own(const char *path) {
    struct sockaddr_un address = {AF_UNIX};
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    unlink(path);
    strcpy(address.sun_path, path);
    bind(s, (struct sockaddr *) &address, sizeof address);
    listen(s, 5);
    return s;
}

int main(int count, char **arguments) {
    const char *fault = arguments[1];
    if (strcmp(fault, "exit") == 0) return atoi(arguments[2]);
    FCGX_Init();
    if (strcmp(fault, "stubborn") == 0) signal(SIGTERM, SIG_IGN);
    if (strcmp(fault, "closes") == 0) close(0);
    if (strcmp(fault, "never") == 0 || strcmp(fault, "closes") == 0) for (;;) pause();
    if (strcmp(fault, "leaks") == 0 && fork() == 0) for (;;) pause();
    if (strcmp(fault, "binds") == 0) serve(own(arguments[2]), -1);
    serve(0, strcmp(fault, "once") == 0 ? 1 : -1);
    return 0;
}
