/* A FastCGI application for tests, with libfcgi: see ApplicationContract.java. */
#include <fcgiapp.h>
#include <string.h>

static char buffer[65536];

static void copy(FCGX_Request *request) {
    int count;
    while ((count = FCGX_GetStr(buffer, sizeof buffer, request->in)) > 0) {
        if (FCGX_PutStr(buffer, count, request->out) < 0) return;
    }
}

/* Writes so many pieces, all for -1, as long as they are taken. */
static void fill(FCGX_Request *request, int pieces) {
    memset(buffer, 'x', sizeof buffer);
    while (pieces-- != 0 && FCGX_PutStr(buffer, sizeof buffer, request->out) >= 0) {
    }
}

static void answer(FCGX_Request *request) {
    const char *role = FCGX_GetParam("FCGI_ROLE", request->envp);
    const char *query = FCGX_GetParam("QUERY_STRING", request->envp);
    const char *method = FCGX_GetParam("REQUEST_METHOD", request->envp);
    if (role != NULL && strcmp(role, "AUTHORIZER") == 0) {
        FCGX_PutS("Status: 200 OK\r\nVariable-AUTH: eve\r\n\r\n", request->out);
        return;
    }
    FCGX_PutS("Content-Type: text/plain\r\nX-Peer: yes\r\n\r\n", request->out);
    if (role != NULL && strcmp(role, "FILTER") == 0) {
        copy(request);
        FCGX_PutS("|", request->out);
        FCGX_StartFilterData(request->in);
        copy(request);
    } else if (strcmp(query, "echo") == 0) {
        copy(request);
    } else if (strcmp(query, "big") == 0) {
        fill(request, 128);
    } else if (strcmp(query, "endless") == 0) {
        fill(request, -1);
    } else if (strcmp(query, "stderr") == 0) {
        FCGX_PutS("oops\n", request->err);
        FCGX_PutS("done", request->out);
    } else {
        FCGX_FPrintF(request->out, "%s %s", method, query);
    }
}

int main(void) {
    FCGX_Request request;
    FCGX_Init();
    FCGX_InitRequest(&request, 0, 0);
    while (FCGX_Accept_r(&request) >= 0) {
        answer(&request);
        FCGX_Finish_r(&request);
    }
    return 0;
}
