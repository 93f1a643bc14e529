package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The size of a terminal, in characters. Source: ioctl_tty(2), TIOCGWINSZ.
 *
 * @param rows at least 1
 * @param columns at least 1
 */
public record TerminalSize(int rows, int columns) {
    private static final long GET_WINDOW_SIZE = 0x5413;
    private static final long WINDOW_SIZE_BYTES = 8;
    private static final int UNSIGNED_SHORT = 0xffff;

    /** The present size; empty if the descriptor is no terminal, or one that has no size. */
    public static Optional<TerminalSize> of(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINDOW_SIZE_BYTES, Short.BYTES);
            int result =
                    Native.call(
                            Native.function("ioctl"),
                            descriptor.number(),
                            GET_WINDOW_SIZE,
                            size.address());
            int rows = size.get(JAVA_SHORT, 0) & UNSIGNED_SHORT;
            int columns = size.get(JAVA_SHORT, Short.BYTES) & UNSIGNED_SHORT;
            return result == 0 && rows > 0 && columns > 0
                    ? Optional.of(new TerminalSize(rows, columns))
                    : Optional.empty();
        }
    }
}
