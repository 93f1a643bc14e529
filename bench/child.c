/* A supervised child that says when it began to run: child FIFO NAME writes the line "NAME PID NANOSECONDS"
 * (CLOCK_MONOTONIC) to the FIFO, then waits for a signal. One write, less than PIPE_BUF, so lines never mix. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (argc != 3)
        return 2;
    char line[200];
    int length = snprintf(line, sizeof line, "%s %d %lld\n", argv[2], (int)getpid(),
                          now.tv_sec * 1000000000LL + now.tv_nsec);
    int fifo = open(argv[1], O_WRONLY | O_CLOEXEC);
    if (fifo < 0 || write(fifo, line, length) != length) {
        perror(argv[1]);
        return 1;
    }
    close(fifo);
    for (;;)
        pause();
}
