package org.procmon.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages from other places from changing anything: a browser sends what its user never
 * asked for, and says so in headers that a page cannot forge. Programs such as curl send none of
 * them and are not concerned.
 *
 * <p>A page may also have its own name's address changed to this machine's (DNS rebinding). Then
 * every header agrees, and only the name in {@code Host} is a stranger's; so a browser must know
 * this machine by its address, as {@code localhost}, or by a name that was given.
 *
 * <p>Source: W3C Fetch Metadata Request Headers; RFC 6454, section 7 (Origin).
 */
final class Guard {
    /** What browsers send and programs do not. */
    private static final List<String> BROWSER_MARKS =
            List.of(
                    "HTTP_ORIGIN",
                    "HTTP_SEC_FETCH_SITE",
                    "HTTP_ACCEPT_LANGUAGE",
                    "HTTP_REFERER",
                    "HTTP_COOKIE");

    private final Set<String> ownNames;

    /**
     * @param ownNames the names of this machine, in lower case, beside its addresses and {@code
     *     localhost}
     */
    Guard(Set<String> ownNames) {
        this.ownNames = Set.copyOf(ownNames);
    }

    /**
     * Why a change is refused; empty if it is not.
     *
     * @param params the CGI variables of the request
     */
    Optional<String> refusal(Map<String, String> params) {
        if (prefetch(params.get("HTTP_SEC_PURPOSE")) || prefetch(params.get("HTTP_PURPOSE"))) {
            return Optional.of("cannot change anything for a prefetch");
        }
        String site = params.get("HTTP_SEC_FETCH_SITE");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return Optional.of("cannot change anything for a page from elsewhere");
        }
        String origin = params.get("HTTP_ORIGIN");
        if (origin != null && !isOf(origin, params.get("HTTP_HOST"))) {
            return Optional.of(
                    "cannot change anything for a page from elsewhere: its Origin is not this Host");
        }
        return strange("change anything", params);
    }

    /**
     * Why output, which may hold secrets, is not shown; empty if it is. Another place's page cannot
     * read what it asks for, unless its own name's address was changed to this machine's.
     *
     * @param params the CGI variables of the request
     */
    Optional<String> refusalToShow(Map<String, String> params) {
        return strange("show output", params);
    }

    /**
     * Why events, which tell of users and their addresses, are not told; empty if they are.
     *
     * @param params the CGI variables of the request
     */
    Optional<String> refusalToTell(Map<String, String> params) {
        return strange("tell events", params);
    }

    private Optional<String> strange(String what, Map<String, String> params) {
        String host = nameIn(params.getOrDefault("HTTP_HOST", ""));
        if (BROWSER_MARKS.stream().anyMatch(params::containsKey) && !isOwn(host)) {
            return Optional.of(
                    "cannot "
                            + what
                            + " for a browser that knows this machine as '"
                            + host
                            + "' (fcgi_proc --host)");
        }
        return Optional.empty();
    }

    private boolean isOwn(String host) {
        return host.startsWith("[")
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || isAddress(host)
                || ownNames.contains(host);
    }

    /** Whether it is an IPv4 address; no name ends in a number (RFC 1123, section 2.1). */
    private static boolean isAddress(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (host.charAt(i) != '.' && (host.charAt(i) < '0' || host.charAt(i) > '9')) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    /** The host without its port, in lower case. */
    private static String nameIn(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']');
        return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
    }

    private static boolean prefetch(@Nullable String purpose) {
        return purpose != null && purpose.toLowerCase(Locale.ROOT).contains("prefetch");
    }

    /** Whether the origin is the host, port included; its scheme only tells the port left out. */
    private static boolean isOf(String origin, @Nullable String host) {
        if (host == null || host.isEmpty()) {
            return false;
        }
        if (origin.startsWith("http://")) {
            return same(origin.substring("http://".length()), host, ":80");
        }
        return origin.startsWith("https://")
                && same(origin.substring("https://".length()), host, ":443");
    }

    private static boolean same(String authority, String host, String usualPort) {
        return without(usualPort, authority).equalsIgnoreCase(without(usualPort, host));
    }

    private static String without(String port, String authority) {
        return authority.endsWith(port)
                ? authority.substring(0, authority.length() - port.length())
                : authority;
    }
}
