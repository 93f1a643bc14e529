package org.procmon.http;

import java.util.Locale;
import java.util.Set;

/**
 * The hosts by which a browser may know this machine. A page can have the address of its own host
 * name changed to this machine's (DNS rebinding); then all headers of the browser agree, and only
 * the name is foreign. An address cannot be changed like that, nor can {@code localhost}, which
 * browsers do not look up; a configured name is trusted.
 *
 * <p>Source: RFC 6761, section 6.3 (localhost); the URL standard, "host parsing".
 */
final class OwnHosts {
    private final Set<String> names;

    /**
     * @param names of this machine, in lower case, besides its addresses and {@code localhost}
     */
    OwnHosts(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    /** Whether the value of a {@code Host} header is one of them. */
    boolean include(String authority) {
        String host = nameIn(authority);
        return isAddress6(host)
                || isAddress4(host)
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || names.contains(host);
    }

    /** The host without its port and without a trailing dot, in lower case. */
    static String nameIn(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']');
        String host = (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static boolean isAddress6(String host) {
        return host.startsWith("[")
                && host.endsWith("]")
                && consistsOf("0123456789abcdef:.", host.substring(1, host.length() - 1));
    }

    /** Whether it is an IPv4 address; no name ends in a number (RFC 1123, section 2.1). */
    private static boolean isAddress4(String host) {
        return consistsOf("0123456789.", host);
    }

    private static boolean consistsOf(String characters, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
