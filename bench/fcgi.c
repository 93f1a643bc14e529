/* A FastCGI worker in C with libfcgi, at the listener that is its standard input. fcgi answers each request with a line.
 * fcgi STARTS GATE holds each request: it writes the line "worker PID NANOSECONDS NANOSECONDS" to the FIFO STARTS, waits
 * until no process has the FIFO GATE open for writing, and answers then. The times are of CLOCK_MONOTONIC: that of the
 * first statement of main, and that when the request was there. One write, less than PIPE_BUF, so lines never mix. */
#include <fcgiapp.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int hold(const char *starts, const char *gate, long long begun)
{
    char line[200];
    int length = snprintf(line, sizeof line, "worker %d %lld %lld\n", (int)getpid(), begun, now());
    int fifo = open(starts, O_WRONLY | O_CLOEXEC);
    if (fifo < 0 || write(fifo, line, length) != length) {
        perror(starts);
        return -1;
    }
    close(fifo);
    int closed = open(gate, O_RDONLY | O_CLOEXEC);
    if (closed < 0 || read(closed, line, 1) != 0) {
        perror(gate);
        return -1;
    }
    close(closed);
    return 0;
}

int main(int argc, char **argv)
{
    long long begun = now();
    FCGX_Request request;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
        return 1;
    while (FCGX_Accept_r(&request) == 0) {
        if (argc == 3 && hold(argv[1], argv[2], begun) < 0)
            return 1;
        FCGX_PutS("Content-Type: text/plain\r\n\r\nok\n", request.out);
        FCGX_Finish_r(&request);
    }
    return 0;
}
