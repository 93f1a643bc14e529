package org.procmon.posix.socket;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The names of the usual system calls. Any thread. Source: the kernel's {@code syscall_64.tbl} for
 * x86-64 and {@code unistd.h} for aarch64.
 */
final class SystemCalls {
    private static final String X86_64 = "amd64";
    private static final String AARCH64 = "aarch64";

    /** Name, number on x86-64, number on aarch64. */
    private static final String TABLE =
            """
            read 0 63, write 1 64, open 2 -, close 3 57, stat 4 -, fstat 5 80, lstat 6 -, poll 7 -,
            lseek 8 62, mmap 9 222, mprotect 10 226, munmap 11 215, brk 12 214,
            rt_sigaction 13 134, rt_sigprocmask 14 135, ioctl 16 29, pread64 17 67,
            pwrite64 18 68, readv 19 65, writev 20 66, access 21 -, select 23 -,
            sched_yield 24 124, mremap 25 216, msync 26 227, madvise 28 233, pause 34 -,
            nanosleep 35 101, getpid 39 172, sendfile 40 71, socket 41 198, connect 42 203,
            accept 43 202, sendto 44 206, recvfrom 45 207, sendmsg 46 211, recvmsg 47 212,
            shutdown 48 210, clone 56 220, fork 57 -, vfork 58 -, execve 59 221, exit 60 93,
            wait4 61 260, kill 62 129, semop 65 193, msgrcv 70 188, fcntl 72 25, flock 73 32,
            fsync 74 82, fdatasync 75 83, ftruncate 77 46, rename 82 -, mkdir 83 -, unlink 87 -,
            rt_sigtimedwait 128 137, rt_sigsuspend 130 133, futex 202 98, io_getevents 208 4,
            getdents64 217 61, restart_syscall 219 128, semtimedop 220 192,
            clock_nanosleep 230 115, exit_group 231 94, epoll_wait 232 -, tgkill 234 131,
            waitid 247 95, openat 257 56, mkdirat 258 34, newfstatat 262 79, unlinkat 263 35,
            renameat 264 38, readlinkat 267 78, faccessat 269 48, pselect6 270 72, ppoll 271 73,
            splice 275 76, epoll_pwait 281 22, fallocate 285 47, accept4 288 242, preadv 295 69,
            pwritev 296 70, recvmmsg 299 243, sendmmsg 307 269, renameat2 316 276,
            getrandom 318 278, execveat 322 281, copy_file_range 326 285, statx 332 291,
            io_uring_enter 426 426, clone3 435 435, epoll_pwait2 441 441, futex_waitv 449 449
            """;

    private static final Map<Integer, String> NAMES = names(System.getProperty("os.arch"));

    private SystemCalls() {}

    /** The name of a system call of this machine; its number as text if it is not a usual one. */
    static String name(int number) {
        return NAMES.getOrDefault(number, Integer.toString(number));
    }

    /**
     * The names by number; none for another architecture.
     *
     * @param architecture as in the property {@code os.arch}
     */
    static Map<Integer, String> names(String architecture) {
        int column =
                switch (architecture) {
                    case X86_64 -> 1;
                    case AARCH64 -> 2;
                    default -> 0;
                };
        return column == 0
                ? Map.of()
                : Arrays.stream(TABLE.split(",", -1))
                        .map(row -> row.strip().split(" ", -1))
                        .filter(row -> !row[column].equals("-"))
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        row -> Integer.valueOf(row[column]), row -> row[0]));
    }
}
