package org.procmon.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.procmon.bytes.ByteText;

/**
 * Addresses of sockets as the kernel has them, and as text: {@code /path}, {@code @name}, {@code
 * 127.0.0.1:9000}, {@code [::1]:9000}. Any thread. Source: unix(7), ip(7), ipv6(7).
 */
final class SocketAddresses {
    /** Of struct sockaddr_un: the family, then the path; an abstract name follows a NUL. */
    private static final int PATH = 2;

    /** The longest path or name, in bytes. */
    static final int LONGEST_NAME = 107;

    /** Of struct sockaddr_in and sockaddr_in6. */
    private static final int PORT = 2;

    private static final int HOST_4 = 4;
    private static final int SIZE_OF_HOST_4 = 4;
    private static final int SIZE_4 = 16;
    private static final int HOST_6 = 8;
    private static final int SIZE_OF_HOST_6 = 16;
    private static final int GROUPS_6 = 8;
    private static final int SCOPE_6 = 24;
    private static final int SIZE_6 = 28;

    /** Room for any of them. */
    static final int LARGEST = 128;

    private SocketAddresses() {}

    static MemorySegment path(Arena arena, byte[] path) {
        MemorySegment address = unix(arena, PATH + path.length + 1);
        MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH, path.length);
        return address;
    }

    static MemorySegment abstractName(Arena arena, byte[] name) {
        MemorySegment address = unix(arena, PATH + 1 + name.length);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH + 1, name.length);
        return address;
    }

    private static MemorySegment unix(Arena arena, int size) {
        MemorySegment address = arena.allocate(size, 8);
        address.set(JAVA_SHORT, 0, (short) SocketCalls.AF_UNIX);
        return address;
    }

    static MemorySegment internet(Arena arena, InetAddress host, int port) {
        byte[] number = host.getAddress();
        boolean is6 = host instanceof Inet6Address;
        MemorySegment address = arena.allocate(is6 ? SIZE_6 : SIZE_4, 8);
        address.set(JAVA_SHORT, 0, (short) (is6 ? SocketCalls.AF_INET6 : SocketCalls.AF_INET));
        address.set(JAVA_BYTE, PORT, (byte) (port >> Byte.SIZE));
        address.set(JAVA_BYTE, PORT + 1, (byte) port);
        MemorySegment.copy(number, 0, address, JAVA_BYTE, is6 ? HOST_6 : HOST_4, number.length);
        if (host instanceof Inet6Address scoped) {
            address.set(JAVA_INT, SCOPE_6, scoped.getScopeId());
        }
        return address;
    }

    static int port(MemorySegment address) {
        return Byte.toUnsignedInt(address.get(JAVA_BYTE, PORT)) << Byte.SIZE
                | Byte.toUnsignedInt(address.get(JAVA_BYTE, PORT + 1));
    }

    /** Empty for a Unix socket that is not bound. */
    static String text(MemorySegment address, int length) {
        return switch (address.get(JAVA_SHORT, 0)) {
            case SocketCalls.AF_UNIX ->
                    name(address.asSlice(PATH, Math.max(0, length - PATH)).toArray(JAVA_BYTE));
            case SocketCalls.AF_INET -> host(address, HOST_4, SIZE_OF_HOST_4) + ":" + port(address);
            case SocketCalls.AF_INET6 ->
                    "[" + host(address, HOST_6, SIZE_OF_HOST_6) + "]:" + port(address);
            default -> "";
        };
    }

    /** The name of a Unix socket, of the bytes that the kernel has for it. */
    static String name(byte[] bytes) {
        if (bytes.length == 0) {
            return "";
        }
        if (bytes[0] == 0) {
            return "@" + ByteText.decode(bytes, 1, bytes.length - 1);
        }
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return ByteText.decode(bytes, 0, length);
    }

    private static String host(MemorySegment address, int at, int size) {
        byte[] number = address.asSlice(at, size).toArray(JAVA_BYTE);
        return size == SIZE_OF_HOST_6 ? host6(number) : host4(number);
    }

    private static String host4(byte[] number) {
        return IntStream.range(0, number.length)
                .mapToObj(i -> Integer.toString(Byte.toUnsignedInt(number[i])))
                .collect(Collectors.joining("."));
    }

    /** The longest sequence of zeros becomes {@code ::}. Source: RFC 5952. */
    private static String host6(byte[] number) {
        int[] groups = new int[GROUPS_6];
        for (int i = 0; i < GROUPS_6; i++) {
            groups[i] =
                    Byte.toUnsignedInt(number[2 * i]) << Byte.SIZE
                            | Byte.toUnsignedInt(number[2 * i + 1]);
        }
        int begin = GROUPS_6;
        int longest = 1;
        for (int i = 0; i < GROUPS_6; i++) {
            int end = i;
            while (end < GROUPS_6 && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                begin = i;
                longest = end - i;
            }
        }
        return begin == GROUPS_6
                ? joined(groups, 0, GROUPS_6)
                : joined(groups, 0, begin) + "::" + joined(groups, begin + longest, GROUPS_6);
    }

    private static String joined(int[] groups, int from, int to) {
        return Arrays.stream(groups, from, to)
                .mapToObj(Integer::toHexString)
                .collect(Collectors.joining(":"));
    }
}
