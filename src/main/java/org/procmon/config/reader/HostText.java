package org.procmon.config.reader;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** The syntax of names and addresses of machines. Never looks a name up. */
final class HostText {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
    private static final Pattern IP4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IP6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

    private HostText() {}

    /**
     * What is before the port: "" for all addresses, a name, an IPv4 address, or an IPv6 address in
     * brackets, which the result does not have. Empty if it is none of these.
     */
    static Optional<String> parse(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            String address = text.substring(1, text.length() - 1);
            return address(address).filter(Inet6Address.class::isInstance).map(_ -> address);
        }
        boolean good =
                NUMBERS.matcher(text).matches()
                        ? address(text).isPresent()
                        : text.isEmpty() || NAME.matcher(text).matches();
        return good ? Optional.of(text) : Optional.empty();
    }

    /** An IPv4 or IPv6 address; empty for any other text. */
    static Optional<InetAddress> address(String text) {
        try {
            if (IP4.matcher(text).matches()) {
                return Optional.of(Inet4Address.ofLiteral(text));
            }
            return IP6.matcher(text).matches()
                    ? Optional.of(InetAddress.ofLiteral(text))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
