/* A FastCGI application that listens itself, at the path that is its last argument. It answers with that path, its pid
   and its user, then with the body of the request. Its first argument is for how many milliseconds it waits before it
   listens; a request for ?N is answered over so many milliseconds. */
#include <fcgiapp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **words) {
    const char *path = words[count - 1];
    if (count > 2) usleep(1000 * (useconds_t)atoi(words[1]));
    FCGX_Init();
    int listener = FCGX_OpenSocket(path, 64);
    if (listener < 0) return 1;
    FCGX_Request request;
    FCGX_InitRequest(&request, listener, 0);
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_FPrintF(request.out, "Content-Type: text/plain\r\n\r\n%s %d %d", path, getpid(), getuid());
        const char *pause = FCGX_GetParam("QUERY_STRING", request.envp);
        if (pause && atoi(pause) > 0) {
            FCGX_FFlush(request.out);
            usleep(1000 * (useconds_t)atoi(pause));
            FCGX_FPrintF(request.out, " end");
        }
        char body[4096];
        int length;
        while ((length = FCGX_GetStr(body, sizeof body, request.in)) > 0) FCGX_PutStr(body, length, request.out);
        FCGX_Finish_r(&request);
    }
    return 0;
}
