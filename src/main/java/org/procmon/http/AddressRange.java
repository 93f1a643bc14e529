package org.procmon.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** An address, or all addresses with the same first bits. Immutable. Source: RFC 4632. */
public final class AddressRange {
    private static final Pattern FOUR_NUMBERS =
            Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private final byte[] address;
    private final int bits;

    private AddressRange(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** Reads {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code ::1} or {@code fd00::/8}; else empty. */
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> parsed = address(literal);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] address = parsed.get().getAddress();
            int all = address.length * Byte.SIZE;
            int bits = slash < 0 ? all : Integer.parseInt(text, slash + 1, text.length(), 10);
            return bits < 0 || bits > all
                    ? Optional.empty()
                    : Optional.of(new AddressRange(address, bits));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Reads an address; an IPv4 address has four numbers. Empty if it is none. */
    public static Optional<InetAddress> address(String text) {
        if (text.indexOf(':') < 0 && !FOUR_NUMBERS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Whether an address is in it. */
    public boolean includes(InetAddress other) {
        byte[] bytes = other.getAddress();
        int whole = bits / Byte.SIZE;
        if (bytes.length != address.length || !Arrays.equals(bytes, 0, whole, address, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        int mask = 0xff << (Byte.SIZE - rest) & 0xff;
        return rest == 0 || (bytes[whole] & mask) == (address[whole] & mask);
    }
}
