package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A pipe of this process itself, neither end of which blocks. Source: pipe2(2).
 *
 * @param source the end to read from
 * @param sink the end to write to
 */
public record Pipe(Descriptor source, Descriptor sink) implements AutoCloseable {
    private static final int NON_BLOCK_CLOEXEC = 04000 | 02000000;

    private static final MemorySegment PIPE2 = Native.function("pipe2");

    /**
     * Opens a pipe.
     *
     * @throws IllegalStateException if this process may not open that many descriptors
     */
    public static Pipe open() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            if (Native.call(PIPE2, ends.address(), NON_BLOCK_CLOEXEC) != 0) {
                throw new IllegalStateException(
                        "cannot open a pipe: " + Native.describe(Native.errno()));
            }
            return new Pipe(
                    new Descriptor(ends.getAtIndex(JAVA_INT, 0)),
                    new Descriptor(ends.getAtIndex(JAVA_INT, 1)));
        }
    }

    @Override
    public void close() {
        source.close();
        sink.close();
    }
}
