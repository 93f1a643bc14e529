package org.procmon.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** The descriptors 0 to 2 of this process. Any thread. Source: dup(2), fcntl(2). */
public final class StandardStreams {
    private static final int DUP_CLOEXEC = 1030;
    private static final int FIRST_OTHER = 3;

    private static final MemorySegment DUP2 = Native.function("dup2");
    private static final MemorySegment FCNTL = Native.function("fcntl");

    private StandardStreams() {}

    /** An action that may fail. */
    @FunctionalInterface
    public interface Action {
        void run() throws IOException;
    }

    /**
     * Makes the standard input a second name of an open descriptor, which programs that this
     * process executes inherit.
     */
    public static void setInput(Descriptor descriptor) {
        if (Native.call(DUP2, descriptor.number(), 0) < 0) {
            throw new IllegalStateException(
                    "cannot replace the standard input: " + Native.describe(Native.errno()));
        }
    }

    /** A further descriptor of the standard input; closed on exec. */
    public static Descriptor copyOfInput() {
        int copy = Native.call(FCNTL, 0, DUP_CLOEXEC, FIRST_OTHER);
        if (copy < 0) {
            throw new IllegalStateException(
                    "cannot copy the standard input: " + Native.describe(Native.errno()));
        }
        return new Descriptor(copy);
    }

    /**
     * Runs an action and then restores the standard output and error. The JDK makes them {@code
     * /dev/null} when it closes a channel that it inherited.
     */
    public static void keepOutputs(Action action) throws IOException {
        int output = Native.call(FCNTL, 1, DUP_CLOEXEC, FIRST_OTHER);
        int error = Native.call(FCNTL, 2, DUP_CLOEXEC, FIRST_OTHER);
        try {
            action.run();
        } finally {
            putBack(output, 1);
            putBack(error, 2);
        }
    }

    private static void putBack(int copy, int number) {
        if (copy >= 0) {
            Native.call(DUP2, copy, number);
            new Descriptor(copy).close();
        }
    }
}
