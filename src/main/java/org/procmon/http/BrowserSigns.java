package org.procmon.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The signs that a browser sent a request. One sign is enough: a page can make its browser omit or
 * change most of them, but not all at the same time.
 *
 * <p>A page elsewhere cannot change {@code User-Agent} without a preflight request, nor can any
 * page change {@code Accept-Encoding} or {@code Sec-Fetch-Site}. The signs of browsers were
 * recorded from Chromium 156, the headers of programs from curl, wget, Python, Node and Java.
 *
 * <p>Source: the Fetch standard, "forbidden request-header" and "CORS-safelisted request-header";
 * W3C Fetch Metadata Request Headers.
 */
public final class BrowserSigns {
    /** Headers that only browsers send, with any value. */
    private static final List<String> HEADERS =
            List.of(
                    "HTTP_ORIGIN",
                    "HTTP_REFERER",
                    "HTTP_COOKIE",
                    "HTTP_UPGRADE_INSECURE_REQUESTS",
                    "HTTP_DNT",
                    "HTTP_SAVE_DATA",
                    "HTTP_PRIORITY",
                    "HTTP_PING_FROM",
                    "HTTP_PING_TO",
                    "HTTP_PURPOSE",
                    "HTTP_X_PURPOSE",
                    "HTTP_X_MOZ");

    private static final String SEC = "HTTP_SEC_";

    /** Parts of browser names. */
    private static final List<String> IN_NAMES =
            List.of("mozilla/", "webkit", "gecko", "safari", "chrome", "opera");

    /** Name prefixes of browsers that do not call themselves Mozilla. */
    private static final List<String> NAMES =
            List.of("lynx/", "links ", "elinks", "w3m/", "dillo/", "netsurf/");

    /** Media types of the parts of a page. */
    private static final List<String> OF_PAGES =
            List.of(
                    "text/html",
                    "application/xhtml",
                    "text/css",
                    "image/",
                    "video/",
                    "audio/",
                    "font/",
                    "application/signed-exchange");

    /** Programs whose {@code fetch} sends headers as a browser's does. */
    private static final Set<String> RUNTIMES = Set.of("node", "undici");

    private BrowserSigns() {}

    /**
     * The header that is the first sign; empty if there is none.
     *
     * @param params the CGI variables of the request
     */
    static Optional<String> in(Map<String, String> params) {
        boolean runtime = isRuntime(params);
        if (isBrowser(params.getOrDefault("HTTP_USER_AGENT", ""))) {
            return Optional.of("User-Agent");
        }
        for (String name : HEADERS) {
            if (params.containsKey(name)) {
                return Optional.of(header(name));
            }
        }
        String language = params.get("HTTP_ACCEPT_LANGUAGE");
        if (language != null && !(runtime && language.equals("*"))) {
            return Optional.of("Accept-Language");
        }
        for (String name : params.keySet()) {
            if (name.startsWith(SEC) && !(runtime && name.equals("HTTP_SEC_FETCH_MODE"))) {
                return Optional.of(header(name));
            }
        }
        return isForAPage(params.get("HTTP_ACCEPT")) ? Optional.of("Accept") : Optional.empty();
    }

    /**
     * Whether the sender accepts the compression that browsers accept. Many programs do, too; but
     * it is the one sign that is always there and that no page can change.
     */
    static boolean unpacks(Map<String, String> params) {
        String accepted = params.getOrDefault("HTTP_ACCEPT_ENCODING", "").toLowerCase(Locale.ROOT);
        for (String coding : accepted.split(",", -1)) {
            String name = coding.split(";", 2)[0].strip();
            if (name.equals("deflate") || name.equals("br") || name.equals("zstd")) {
                return true;
            }
        }
        return false;
    }

    /** Whether the sender prefers a page to any other type. */
    public static boolean wantsPage(Map<String, String> params) {
        String best = preferred(params.getOrDefault("HTTP_ACCEPT", ""));
        return best.startsWith("text/html") || best.startsWith("application/xhtml");
    }

    /** Whether the browser sent it before its user asked for it. */
    static boolean isPrefetch(Map<String, String> params) {
        return isPrefetch(params.get("HTTP_SEC_PURPOSE"))
                || isPrefetch(params.get("HTTP_PURPOSE"))
                || isPrefetch(params.get("HTTP_X_PURPOSE"))
                || isPrefetch(params.get("HTTP_X_MOZ"));
    }

    private static boolean isPrefetch(@Nullable String purpose) {
        String lower = purpose == null ? "" : purpose.toLowerCase(Locale.ROOT);
        return lower.contains("prefetch") || lower.contains("preview");
    }

    /**
     * Node sends {@code Accept-Language: *} and {@code Sec-Fetch-Mode: cors} under a name that no
     * browser has. A browser that sends the mode also sends the site.
     */
    private static boolean isRuntime(Map<String, String> params) {
        return RUNTIMES.contains(params.getOrDefault("HTTP_USER_AGENT", ""))
                && params.getOrDefault("HTTP_SEC_FETCH_MODE", "cors").equals("cors");
    }

    private static boolean isBrowser(String userAgent) {
        String name = userAgent.toLowerCase(Locale.ROOT);
        return IN_NAMES.stream().anyMatch(name::contains)
                || NAMES.stream().anyMatch(name::startsWith);
    }

    private static boolean isForAPage(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        String best = preferred(accept);
        return accept.toLowerCase(Locale.ROOT).contains("image/")
                || OF_PAGES.stream().anyMatch(best::startsWith);
    }

    /** The first media type of the highest weight, in lower case (RFC 9110, section 12.5.1). */
    private static String preferred(String accept) {
        String best = "";
        double most = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            double weight = weight(range);
            if (weight > most) {
                most = weight;
                best = range.split(";", 2)[0].strip();
            }
        }
        return best;
    }

    private static double weight(String range) {
        for (String parameter : range.split(";", -1)) {
            String stripped = parameter.strip();
            if (stripped.startsWith("q=")) {
                try {
                    return Double.parseDouble(stripped.substring(2));
                } catch (NumberFormatException e) {
                    // An invalid weight does not lower the preference for the type.
                    return 1;
                }
            }
        }
        return 1;
    }

    /** {@code HTTP_SEC_FETCH_SITE} is {@code Sec-Fetch-Site}. */
    private static String header(String variable) {
        StringBuilder header = new StringBuilder(variable.length());
        boolean begins = true;
        for (char c : variable.substring("HTTP_".length()).toCharArray()) {
            header.append(c == '_' ? '-' : begins ? c : Character.toLowerCase(c));
            begins = c == '_';
        }
        return header.toString();
    }
}
