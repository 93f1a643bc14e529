package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * A process held by a descriptor: whatever becomes of its pid, this never means another process. It
 * also works for processes that are not children of this one. Any thread; close it once. Source:
 * pidfd_open(2), pidfd_send_signal(2), ioctl_pidfd(2).
 *
 * @param number the descriptor
 */
public record Pidfd(int number) implements AutoCloseable {
    /**
     * By number, since glibc has these functions only from 2.36 on; the numbers are the same on all
     * supported machines. Source: syscall(2).
     */
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;

    private static final long SYS_PIDFD_OPEN = 434;
    private static final MemorySegment SYSCALL = Native.function("syscall");

    /** Linux 6.9. */
    private static final long SIGNAL_PROCESS_GROUP = 4;

    /**
     * {@code _IOWR(0xFF, 11, struct pidfd_info)}, with the 64 bytes of the first version of the
     * struct.
     */
    private static final long GET_INFO = 0xC040FF0BL;

    private static final long INFO_SIZE = 64;
    private static final long INFO_MASK = 0;
    private static final long INFO_STATUS = 60;

    /** Linux 6.15. */
    private static final long INFO_EXIT = 1 << 3;

    private static final MemorySegment IOCTL = Native.function("ioctl");
    private static final MemorySegment CLOSE = Native.function("close");

    /** Whether a process is held. */
    public sealed interface Result {
        record Opened(Pidfd pidfd) implements Result {}

        /** There is no such process. */
        record Gone() implements Result {}

        record NotOpened(Errno errno) implements Result {}
    }

    /** Asks the kernel once, at the first use. */
    private static final class Groups {
        static final boolean SIGNALLED = probe();

        /** Whether this process leads a group or not, an old kernel gives another answer. */
        private static boolean probe() {
            if (!(open(CurrentProcess.pid()) instanceof Result.Opened opened)) {
                return false;
            }
            try (Pidfd self = opened.pidfd()) {
                return self.signal(0, SIGNAL_PROCESS_GROUP) || Native.errno() == Errno.ESRCH;
            }
        }
    }

    /** Holds a process, zombies included. The descriptor is closed on exec. */
    public static Result open(int pid) {
        return ProcFile.sparingTheReserve(() -> {
            int fd = (int) Native.call(SYSCALL, SYS_PIDFD_OPEN, pid, 0, 0, 0, 0);
            if (fd >= 0) {
                return new Result.Opened(new Pidfd(fd));
            }
            int errno = Native.errno();
            return errno == Errno.ESRCH
                    ? new Result.Gone()
                    : new Result.NotOpened(new Errno(errno));
        });
    }

    /**
     * The same process, held by a descriptor with a high number: see {@link DescriptorLimit}. This
     * one is closed, if it is another.
     */
    public Pidfd aside() {
        return new Pidfd(DescriptorLimit.aside(new Descriptor(number)).number());
    }

    /** Whether this kernel, Linux 6.9 or later, can signal a group by its leader's pidfd. */
    public static boolean canSignalGroups() {
        return Groups.SIGNALLED;
    }

    /** Sends a signal; false if the process was reaped or may not be signalled. */
    public boolean send(int signal) {
        return signal(signal, 0);
    }

    /**
     * Sends a signal to every process of the group that this process started, even if it has left
     * that; false if there is none or none may be signalled. Only where groups can be signalled.
     */
    public boolean sendToGroup(int signal) {
        return signal(signal, SIGNAL_PROCESS_GROUP);
    }

    /**
     * Whether any process, zombies included, is in the group that this process started. Only where
     * groups can be signalled.
     */
    public boolean groupExists() {
        return signal(0, SIGNAL_PROCESS_GROUP) || Native.errno() != Errno.ESRCH;
    }

    /**
     * How the process ended, see wait(2), once its parent has reaped it; empty if it was not
     * reaped, or if the kernel is older than Linux 6.15.
     */
    public OptionalInt reapedStatus() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_SIZE, 8);
            info.set(JAVA_LONG, INFO_MASK, INFO_EXIT);
            boolean isKnown =
                    Native.call(IOCTL, number, GET_INFO, info.address()) == 0
                            && (info.get(JAVA_LONG, INFO_MASK) & INFO_EXIT) != 0;
            return isKnown ? OptionalInt.of(info.get(JAVA_INT, INFO_STATUS)) : OptionalInt.empty();
        }
    }

    @Override
    public void close() {
        Native.call(CLOSE, number);
    }

    private boolean signal(int signal, long flags) {
        return Native.call(SYSCALL, SYS_PIDFD_SEND_SIGNAL, number, signal, 0, flags, 0) == 0;
    }
}
