package org.procmon.http;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.TerminalSafe;

/**
 * Prevents web pages of other sites from changing anything, and from reading more than the list.
 *
 * <p>A page can omit almost every header that would reveal it, so a missing header proves nothing.
 * A request with any {@linkplain BrowserSigns sign} of a browser must prove that a page of this
 * server sent it: it is a POST whose {@code Sec-Fetch-Site} is {@code same-origin} or whose {@code
 * Origin} is the {@code Host}, and {@linkplain OwnHosts that host is this machine's}. A program
 * such as curl shows no sign and is not restricted.
 *
 * <p>Source: W3C Fetch Metadata Request Headers; RFC 6454, section 7 (Origin).
 */
public final class CsrfGuard {
    private static final int MOST_SHOWN = 100;

    /** The decision about a request that would change something. */
    public sealed interface Decision {
        record Allow() implements Decision {}

        /**
         * Nothing is changed.
         *
         * @param reason for the sender
         */
        record Refuse(String reason) implements Decision {}

        /**
         * A person must confirm it, on a page whose button no other page can press.
         *
         * @param typed whether the browser says that no page led to it
         */
        record Confirm(boolean typed) implements Decision {}
    }

    private final OwnHosts ownHosts;
    private final String remedy;

    /**
     * @param ownNames the names of this machine, in lower case, besides its addresses and {@code
     *     localhost}
     * @param remedy how to add a name, as words that follow "or"
     */
    public CsrfGuard(Set<String> ownNames, String remedy) {
        this.ownHosts = new OwnHosts(ownNames);
        this.remedy = remedy;
    }

    /**
     * Decides about a change.
     *
     * @param params the CGI variables of the request
     */
    public Decision change(Map<String, String> params) {
        Optional<String> sign = sign(params);
        if (sign.isEmpty()) {
            return new Decision.Allow();
        }
        Optional<String> foreignHost = foreignHost("change anything", sign.get(), params);
        if (foreignHost.isPresent()) {
            return new Decision.Refuse(foreignHost.get());
        }
        if (BrowserSigns.isPrefetch(params)) {
            return new Decision.Refuse("cannot change anything for a prefetch");
        }
        String site = params.get("HTTP_SEC_FETCH_SITE");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return new Decision.Refuse(
                    "cannot change anything for a page from elsewhere: its Sec-Fetch-Site is not"
                            + " same-origin; open the address itself in a new tab");
        }
        String origin = params.get("HTTP_ORIGIN");
        if (origin != null && !isOrigin(origin, params)) {
            return new Decision.Refuse(
                    "cannot change anything for a page from elsewhere: its Origin is not this Host");
        }
        return params.getOrDefault("REQUEST_METHOD", "").equals("POST")
                ? post(site, origin, sign.get())
                : get(site, origin, sign.get(), params);
    }

    private static Decision post(@Nullable String site, @Nullable String origin, String sign) {
        boolean proven = site == null ? origin != null : site.equals("same-origin");
        return proven
                ? new Decision.Allow()
                : new Decision.Refuse(
                        "cannot change anything for a browser that does not prove that a page of"
                                + " this server sent the request: there is neither"
                                + " 'Sec-Fetch-Site: same-origin' nor an Origin that is this Host."
                                + programs(sign));
    }

    private static Decision get(
            @Nullable String site,
            @Nullable String origin,
            String sign,
            Map<String, String> params) {
        if (origin == null && isNavigation(site, params) && isOwnReferer(site, params)) {
            return new Decision.Confirm(site != null);
        }
        return new Decision.Refuse(
                "cannot change anything for a browser by GET: use POST from a page of this server,"
                        + " or open the address itself."
                        + programs(sign));
    }

    private static String programs(String sign) {
        return " If a program sent it: leave out the header " + sign;
    }

    /**
     * Why the sender may see no more than the list, since the rest may hold secrets; empty if it
     * may.
     *
     * @param params the CGI variables of the request
     */
    public Optional<String> refusalToShow(Map<String, String> params) {
        Optional<String> sign = sign(params);
        if (sign.isEmpty()) {
            return Optional.empty();
        }
        String site = params.get("HTTP_SEC_FETCH_SITE");
        String origin = params.get("HTTP_ORIGIN");
        boolean elsewhere =
                (site != null && !site.equals("same-origin") && !site.equals("none"))
                        || (origin != null && !isOrigin(origin, params))
                        || (origin == null && !isOwnReferer(site, params));
        return elsewhere
                ? Optional.of(
                        "cannot show more than the list to a page from elsewhere; open the address"
                                + " itself in a new tab")
                : foreignHost("show more than the list", sign.get(), params);
    }

    /**
     * The first sign of a browser. Under a foreign host name, accepting compression counts as a
     * sign, although it is not one alone: to the browser a page there is of the same origin, and
     * may change the other signs.
     */
    private Optional<String> sign(Map<String, String> params) {
        Optional<String> sign = BrowserSigns.in(params);
        return sign.isEmpty() && !isOwn(params) && BrowserSigns.unpacks(params)
                ? Optional.of("Accept-Encoding")
                : sign;
    }

    private Optional<String> foreignHost(String what, String sign, Map<String, String> params) {
        if (isOwn(params)) {
            return Optional.empty();
        }
        String host =
                TerminalSafe.text(
                        OwnHosts.nameIn(params.getOrDefault("HTTP_HOST", "")), MOST_SHOWN);
        return Optional.of(
                "cannot "
                        + what
                        + " for a browser that knows this machine as '"
                        + host
                        + "': use its address, or "
                        + remedy
                        + "."
                        + programs(sign));
    }

    private boolean isOwn(Map<String, String> params) {
        return ownHosts.include(params.getOrDefault("HTTP_HOST", ""));
    }

    /** Whether the browser will show the answer as a page of its own, not as a part of another. */
    private static boolean isNavigation(@Nullable String site, Map<String, String> params) {
        String mode = params.get("HTTP_SEC_FETCH_MODE");
        String destination = params.getOrDefault("HTTP_SEC_FETCH_DEST", "document");
        if (!destination.equals("document") || (mode != null && !mode.equals("navigate"))) {
            return false;
        }
        if (site == null) {
            // From an older browser, or over plain http: it sends all of these headers or none.
            return mode == null && BrowserSigns.wantsPage(params);
        }
        return site.equals("none") || mode != null;
    }

    /**
     * Without Sec-Fetch-Site, the page that led here must be of this server, if there is a Referer.
     */
    private static boolean isOwnReferer(@Nullable String site, Map<String, String> params) {
        String referer = params.get("HTTP_REFERER");
        if (site != null || referer == null) {
            return true;
        }
        int path = referer.indexOf('/', referer.indexOf("://") + 3);
        return isOrigin(path < 0 ? referer : referer.substring(0, path), params);
    }

    /** Whether the origin is the host, port included; the scheme only supplies a missing port. */
    private static boolean isOrigin(String origin, Map<String, String> params) {
        String host = params.getOrDefault("HTTP_HOST", "");
        if (host.isEmpty()) {
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
