/* A supervised child that writes: writer FIFO BYTES BLOCK waits until somebody opens the FIFO for writing, writes so many
 * bytes to its standard output in blocks of that size, each the end of a line, and then waits for a signal. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    long long left = atoll(argv[2]);
    size_t block = (size_t)atoll(argv[3]);
    char *text = malloc(block);
    if (text == NULL || left <= 0 || block == 0)
        return 2;
    for (size_t i = 0; i < block; i++)
        text[i] = i % 80 == 79 ? '\n' : (char)('a' + i % 26);
    text[block - 1] = '\n';
    int fifo = open(argv[1], O_RDONLY | O_CLOEXEC);
    if (fifo < 0) {
        perror(argv[1]);
        return 1;
    }
    close(fifo);
    while (left > 0) {
        size_t wanted = left < (long long)block ? (size_t)left : block;
        ssize_t done = write(STDOUT_FILENO, text, wanted);
        if (done < 0) {
            perror("write");
            return 1;
        }
        left -= done;
    }
    for (;;)
        pause();
}
