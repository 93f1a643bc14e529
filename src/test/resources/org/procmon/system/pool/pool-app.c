/* A FastCGI application in three roles. By its query string it answers with the number that it was asked with and its
   pid (n=5), after some time (wait=MS), in pieces (stream=MS), with a file (sendfile=PATH), or kills its process group
   (kill). Otherwise it answers with all parameters, sorted, and what it has read. THREADS is the number of threads. */
#include <fcgiapp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void copy(FCGX_Stream *from, FCGX_Stream *to) {
    char piece[8192];
    int count;
    while ((count = FCGX_GetStr(piece, sizeof piece, from)) > 0) FCGX_PutStr(piece, count, to);
}

/* An authorizer gets no body: it would wait for one in vain. */
static void record(FCGX_Request *r, int has_body) {
    size_t count = 0;
    while (r->envp[count]) count++;
    char **sorted = malloc((count + 1) * sizeof *sorted);
    memcpy(sorted, r->envp, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_text);
    for (size_t i = 0; i < count; i++) FCGX_FPrintF(r->out, "%s\n", sorted[i]);
    FCGX_FPrintF(r->out, "--\n");
    if (has_body) copy(r->in, r->out);
    free(sorted);
}

static void wait_ms(const char *text) {
    usleep(1000 * (useconds_t)atoi(text));
}

static void stream(FCGX_Request *r, int ms) {
    for (int passed = 0; passed < ms; passed += 100) {
        FCGX_FPrintF(r->out, ".");
        FCGX_FFlush(r->out);
        usleep(100000);
    }
    FCGX_FPrintF(r->out, "end");
}

static void serve(FCGX_Request *r) {
    const char *role = FCGX_GetParam("FCGI_ROLE", r->envp);
    const char *query = FCGX_GetParam("QUERY_STRING", r->envp);
    if (!query) query = "";
    if (role && !strcmp(role, "AUTHORIZER") && !strstr(query, "deny")) {
        FCGX_FPrintF(r->out, "Status: 200 OK\r\nVariable-AUTH: eve\r\n\r\n");
        return;
    }
    if (role && !strcmp(role, "AUTHORIZER")) FCGX_FPrintF(r->out, "Status: 403 Forbidden\r\n");
    if (!strncmp(query, "sendfile=", 9)) FCGX_FPrintF(r->out, "X-Sendfile: %s\r\n", query + 9);
    if (!strncmp(query, "oldsend=", 8)) FCGX_FPrintF(r->out, "X-LIGHTTPD-send-file: %s\r\n", query + 8);
    if (!strncmp(query, "sendfile2=", 10)) FCGX_FPrintF(r->out, "X-Sendfile2: %s 4-7,%s 0-2\r\n", query + 10, query + 10);
    FCGX_FPrintF(r->out, "Content-Type: text/plain\r\n\r\n");
    if (!strncmp(query, "wait=", 5)) wait_ms(query + 5);
    if (!strcmp(query, "kill")) kill(0, SIGKILL);
    if (!strncmp(query, "n=", 2) || !strncmp(query, "wait=", 5)) {
        FCGX_FPrintF(r->out, "%s %d", query, (int)getpid());
    } else if (!strncmp(query, "stream=", 7)) {
        stream(r, atoi(query + 7));
    } else {
        record(r, !role || strcmp(role, "AUTHORIZER"));
        if (role && !strcmp(role, "FILTER")) {
            FCGX_FPrintF(r->out, "\n--\n");
            if (FCGX_StartFilterData(r->in) == 0) copy(r->in, r->out);
        }
    }
}

static void *serve_all(void *unused) {
    FCGX_Request r;
    FCGX_InitRequest(&r, 0, 0);
    while (FCGX_Accept_r(&r) == 0) {
        serve(&r);
        FCGX_Finish_r(&r);
    }
    return unused;
}

int main(void) {
    const char *number = getenv("THREADS");
    int threads = number ? atoi(number) : 1;
    pthread_t other;
    FCGX_Init();
    for (int i = 1; i < threads; i++) pthread_create(&other, NULL, serve_all, NULL);
    serve_all(NULL);
    return 0;
}
