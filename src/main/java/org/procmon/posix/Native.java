package org.procmon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.procmon.bytes.ByteText;

/**
 * Calls of the C library, for this package and {@code posix.socket} only.
 *
 * <p>Every function used here takes at most six integers or pointers and returns an integer.
 * Linking one shape costs about as much as linking all functions of that shape, and a dozen shapes
 * would cost tens of milliseconds at each start, so all calls share one: six words, of which a
 * function reads those it knows, and a word back, of which callers keep the lower half where the
 * function returns an {@code int}. Both the System V ABI for x86-64 and the AAPCS64 pass the first
 * six such arguments in registers.
 */
@SuppressWarnings("restricted") // this is where the program leaves Java
public final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();
    private static final MemoryLayout ERRNO = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            ERRNO.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle CALL =
            LINKER.downcallHandle(
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG),
                    Linker.Option.captureCallState("errno"));

    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ERRNO));

    private static final MemorySegment STRERROR = function("strerror");

    private Native() {}

    /** The function of this name; it is a bug if the C library has none. */
    public static MemorySegment function(String name) {
        return LIBC.find(name)
                .orElseThrow(() ->
                        new IllegalStateException("cannot find function " + name + " in libc"));
    }

    public static int call(MemorySegment function) {
        return (int) call(function, 0, 0, 0, 0, 0, 0);
    }

    public static int call(MemorySegment function, long a) {
        return (int) call(function, a, 0, 0, 0, 0, 0);
    }

    public static int call(MemorySegment function, long a, long b) {
        return (int) call(function, a, b, 0, 0, 0, 0);
    }

    public static int call(MemorySegment function, long a, long b, long c) {
        return (int) call(function, a, b, c, 0, 0, 0);
    }

    public static int call(MemorySegment function, long a, long b, long c, long d) {
        return (int) call(function, a, b, c, d, 0, 0);
    }

    /** Returns all 64 bits, for functions that return a pointer or a {@code long}. */
    public static long call(
            MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function, CALL_STATE.get(), a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new IllegalStateException("cannot call the C library: " + t.getMessage(), t);
        }
    }

    /** What the latest call of this thread left in {@code errno}. */
    public static int errno() {
        return CALL_STATE.get().get(JAVA_INT, ERRNO_OFFSET);
    }

    /** The words for an error number; source: strerror(3). */
    static String describe(int errno) {
        return string(call(STRERROR, errno, 0, 0, 0, 0, 0));
    }

    /** The C string at an address that the C library gave. */
    static String string(long address) {
        return memory(address, Long.MAX_VALUE).getString(0);
    }

    /** The memory at an address that the C library gave. */
    static MemorySegment memory(long address, long size) {
        return MemorySegment.ofAddress(address).reinterpret(size);
    }

    /** A C string of the bytes that a text stands for. */
    public static MemorySegment text(Arena arena, String text) {
        return ByteText.hasStray(text)
                ? terminated(arena, ByteText.encode(text))
                : arena.allocateFrom(text);
    }

    /** The C string in a memory segment, as far as it is there. */
    static String text(MemorySegment string) {
        byte[] bytes = string.toArray(JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return ByteText.decode(bytes, 0, length);
    }

    private static MemorySegment terminated(Arena arena, byte[] bytes) {
        MemorySegment string = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, string, JAVA_BYTE, 0, bytes.length);
        return string;
    }

    /** A NULL-terminated array of C strings. */
    static MemorySegment strings(Arena arena, List<String> strings) {
        long size = (strings.size() + 1L) * ADDRESS.byteSize();
        MemorySegment array = arena.allocate(size, ADDRESS.byteAlignment());
        long i = 0;
        for (String s : strings) {
            array.setAtIndex(ADDRESS, i++, text(arena, s));
        }
        array.setAtIndex(ADDRESS, i, MemorySegment.NULL);
        return array;
    }
}
