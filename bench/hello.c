/* A FastCGI responder in C with libfcgi, as the measure for fcgi_proc: hello SOCKET FILE answers every request with
 * what the file holds, up to 4 KiB of JSON. */
#include <fcgiapp.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    static char body[4096];
    char head[200];
    FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: hello SOCKET FILE\n");
        return 2;
    }
    int body_length = (int)fread(body, 1, sizeof body, file);
    int head_length = snprintf(head, sizeof head,
                               "Status: 200 OK\r\n"
                               "Content-Type: application/json; charset=utf-8\r\n"
                               "Content-Length: %d\r\n"
                               "Cache-Control: no-store\r\n\r\n",
                               body_length);
    int listener = FCGX_Init() == 0 ? FCGX_OpenSocket(argv[1], 128) : -1;
    if (listener < 0) {
        perror(argv[1]);
        return 1;
    }
    FCGX_Request request;
    FCGX_InitRequest(&request, listener, 0);
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_PutStr(head, head_length, request.out);
        FCGX_PutStr(body, body_length, request.out);
        FCGX_Finish_r(&request);
    }
    return 0;
}
