package org.procmon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Replaces this process by another program, which keeps its pid, its parent and its children. The
 * program starts with the default handlers, except for signals that this process was started to
 * ignore, and as child subreaper if this process is one. Source: execve(2), close_range(2),
 * pthread_sigmask(3).
 */
public final class ProgramReplacement {
    private static final int FIRST_OTHER_DESCRIPTOR = 3;
    private static final long LAST_DESCRIPTOR = 0xffff_ffffL;
    private static final int RANGE_CLOEXEC = 4;
    private static final int SET_DESCRIPTOR_FLAGS = 2;
    private static final int CLOSE_ON_EXEC = 1;
    private static final int SETMASK = 2;
    private static final long SIGSET_SIZE = 128;

    private static final MemorySegment FCNTL = Native.function("fcntl");

    private ProgramReplacement() {}

    /**
     * Executes a program; does not return on success. Other threads run until then, and die with
     * it.
     *
     * @param argv the program's path, and its arguments
     * @param more variables in addition to those of the environment, which replace those of the
     *     same name
     * @param blocked the numbers of the signals that are blocked when it starts; pending ones stay
     * @param kept what stays open in addition to the descriptors 0 to 2, under its number
     * @return the reason for a failure; this process then continues, but with all other descriptors
     *     marked to be closed on exec
     */
    public static Errno replace(
            List<String> argv,
            Environment environment,
            Map<String, String> more,
            Collection<Integer> blocked,
            List<Descriptor> kept) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = Native.strings(arena, argv);
            MemorySegment variables = environment.with(more, arena);
            closeOthersOnExec();
            for (Descriptor descriptor : kept) {
                Native.call(FCNTL, descriptor.number(), SET_DESCRIPTOR_FLAGS, 0);
            }
            MemorySegment before = arena.allocate(SIGSET_SIZE, 8);
            MemorySegment mask = arena.allocate(SIGSET_SIZE, 8);
            blocked.forEach(
                    number -> Native.call(Native.function("sigaddset"), mask.address(), number));
            MemorySegment setMask = Native.function("pthread_sigmask");
            Native.call(setMask, SETMASK, mask.address(), before.address());
            Umask.giveBack();
            Errno errno = execute(arguments, variables);
            Umask.restore();
            Native.call(setMask, SETMASK, before.address(), 0);
            return errno;
        }
    }

    /** The program starts with the original limit of descriptors of this process. */
    private static Errno execute(MemorySegment arguments, MemorySegment variables) {
        boolean lowers = DescriptorLimit.isRaised();
        if (lowers) {
            DescriptorLimit.lower();
        }
        Native.call(
                Native.function("execve"),
                arguments.get(ADDRESS, 0).address(),
                arguments.address(),
                variables.address());
        Errno errno = new Errno(Native.errno());
        if (lowers) {
            DescriptorLimit.restore();
        }
        return errno;
    }

    /** Linux before 5.11 cannot mark a range. */
    private static void closeOthersOnExec() {
        MemorySegment closeRange = Native.function("close_range");
        if (Native.call(closeRange, FIRST_OTHER_DESCRIPTOR, LAST_DESCRIPTOR, RANGE_CLOEXEC) == 0) {
            return;
        }
        for (int descriptor : Processes.numbers("/proc/self/fd")) {
            if (descriptor >= FIRST_OTHER_DESCRIPTOR) {
                Native.call(FCNTL, descriptor, SET_DESCRIPTOR_FLAGS, CLOSE_ON_EXEC);
            }
        }
    }
}
