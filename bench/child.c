/* A supervised child that says when it began to run: child FIFO NAME writes the line "NAME PID NANOSECONDS NANOSECONDS"
 * to the FIFO, then waits for a signal. One write, less than PIPE_BUF, so lines never mix. The times are of
 * CLOCK_MONOTONIC: that of its first instruction, and that of the first statement of main. In between the C library
 * begins, which asks the processor what it can do (cpuid); on a virtual machine the hypervisor answers that, question by
 * question, and takes longer for it than a supervisor for all of a restart. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct timespec executed;

/* The entry point: clock_gettime(CLOCK_MONOTONIC, &executed), then the C library's own. */
#if defined __x86_64__
__asm__(".globl first\n"
        "first:\n"
        "mov $228, %eax\n"
        "mov $1, %edi\n"
        "lea executed(%rip), %rsi\n"
        "syscall\n"
        "jmp _start\n");
#elif defined __aarch64__
__asm__(".globl first\n"
        "first:\n"
        "mov x8, #113\n"
        "mov x0, #1\n"
        "adrp x1, executed\n"
        "add x1, x1, :lo12:executed\n"
        "svc #0\n"
        "mov x0, #0\n"
        "b _start\n");
#else
#error "no entry point for this processor"
#endif

static long long nanos(struct timespec time)
{
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (argc != 3)
        return 2;
    char line[200];
    int length = snprintf(line, sizeof line, "%s %d %lld %lld\n", argv[2], (int)getpid(), nanos(executed), nanos(now));
    int fifo = open(argv[1], O_WRONLY | O_CLOEXEC);
    if (fifo < 0 || write(fifo, line, length) != length) {
        perror(argv[1]);
        return 1;
    }
    close(fifo);
    for (;;)
        pause();
}
