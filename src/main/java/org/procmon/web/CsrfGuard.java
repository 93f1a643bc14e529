package org.procmon.web;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.control.protocol.TerminalSafe;

/**
 * Keeps web pages from other places from changing anything, and from reading more than the list.
 *
 * <p>A page can leave out almost every header that would give it away, so what is not there proves
 * nothing. A request that shows any {@linkplain BrowserSigns sign} of a browser has to prove that a
 * page of this server sent it: it is a POST whose {@code Sec-Fetch-Site} is {@code same-origin} or
 * whose {@code Origin} is the {@code Host}, and {@linkplain OwnHosts that host is this machine's}.
 * A program such as curl shows no sign, and may do what it could always do.
 *
 * <p>Source: W3C Fetch Metadata Request Headers; RFC 6454, section 7 (Origin).
 */
final class CsrfGuard {
    private static final int MOST_SHOWN = 100;

    /** What becomes of a request that would change something. */
    sealed interface Decision {
        record Allow() implements Decision {}

        /**
         * Nothing is done.
         *
         * @param reason for the sender
         */
        record Refuse(String reason) implements Decision {}

        /**
         * A person has to confirm it, on a page that no other page can press.
         *
         * @param typed whether the browser says that no page led to it
         */
        record Confirm(boolean typed) implements Decision {}
    }

    private final OwnHosts ownHosts;

    /**
     * @param ownNames the names of this machine, in lower case, beside its addresses and {@code
     *     localhost}
     */
    CsrfGuard(Set<String> ownNames) {
        this.ownHosts = new OwnHosts(ownNames);
    }

    /**
     * Decides about a change.
     *
     * @param params the CGI variables of the request
     */
    Decision change(Map<String, String> params) {
        Optional<String> sign = sign(params);
        if (sign.isEmpty()) {
            return new Decision.Allow();
        }
        Optional<String> strange = strange("change anything", sign.get(), params);
        if (strange.isPresent()) {
            return new Decision.Refuse(strange.get());
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
     * Why more than the list, which may hold secrets, is not shown; empty if it is.
     *
     * @param params the CGI variables of the request
     */
    Optional<String> refusalToShow(Map<String, String> params) {
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
                : strange("show more than the list", sign.get(), params);
    }

    /**
     * The first sign of a browser. Under a strange name even that counts which is not one alone: a
     * page there is taken for the same origin, and may change what else would tell.
     */
    private Optional<String> sign(Map<String, String> params) {
        Optional<String> sign = BrowserSigns.in(params);
        return sign.isEmpty() && !isOwn(params) && BrowserSigns.unpacks(params)
                ? Optional.of("Accept-Encoding")
                : sign;
    }

    private Optional<String> strange(String what, String sign, Map<String, String> params) {
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
                        + "': use its address, or allow the name with 'fcgi_proc --host NAME'."
                        + programs(sign));
    }

    private boolean isOwn(Map<String, String> params) {
        return ownHosts.include(params.getOrDefault("HTTP_HOST", ""));
    }

    /** Whether the browser is to show the answer as a page of its own, not as a part of another. */
    private static boolean isNavigation(@Nullable String site, Map<String, String> params) {
        String mode = params.get("HTTP_SEC_FETCH_MODE");
        String destination = params.getOrDefault("HTTP_SEC_FETCH_DEST", "document");
        if (!destination.equals("document") || (mode != null && !mode.equals("navigate"))) {
            return false;
        }
        if (site == null) {
            // Of an older browser, or one that asks over plain http: it sends all of them or none.
            return mode == null && BrowserSigns.wantsPage(params);
        }
        return site.equals("none") || mode != null;
    }

    /** Without a better mark, the page that led here must be of this server, if it is told. */
    private static boolean isOwnReferer(@Nullable String site, Map<String, String> params) {
        String referer = params.get("HTTP_REFERER");
        if (site != null || referer == null) {
            return true;
        }
        int path = referer.indexOf('/', referer.indexOf("://") + 3);
        return isOrigin(path < 0 ? referer : referer.substring(0, path), params);
    }

    /** Whether the origin is the host, port included; its scheme only tells the port left out. */
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
