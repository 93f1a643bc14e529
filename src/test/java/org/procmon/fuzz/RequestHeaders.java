package org.procmon.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The headers of one request, of a browser or a program or something between, and what is true of
 * them.
 *
 * @param variables names and values of CGI variables
 * @param browser whether there is a sign of a browser
 * @param unpacks whether the sender can unpack what browsers can
 * @param elsewhere whether one says that the page is not of this server
 * @param proves whether one proves that it is
 * @param ownHost whether the host is a name of this machine
 */
record RequestHeaders(
        List<String> variables,
        boolean browser,
        boolean unpacks,
        boolean elsewhere,
        boolean proves,
        boolean ownHost) {
    private static final List<String> OWN_HOSTS =
            List.of(
                    "127.0.0.1:8080",
                    "localhost",
                    "a.localhost:1",
                    "[::1]:8080",
                    "10.1.2.3",
                    "own.example");
    private static final List<String> STRANGE_HOSTS =
            List.of("evil.example", "localhost.evil.example:8080", "[evil]", "", "127.0.0.1.x");

    /** Each is a sign, and tells nothing more. */
    private static final List<List<String>> SIGNS =
            List.of(
                    List.of("HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64)"),
                    List.of("HTTP_USER_AGENT", "Opera/9.80"),
                    List.of("HTTP_USER_AGENT", "Lynx/2.9"),
                    List.of("HTTP_ACCEPT_LANGUAGE", "en"),
                    List.of("HTTP_ACCEPT_LANGUAGE", ""),
                    List.of("HTTP_COOKIE", "a=b"),
                    List.of("HTTP_UPGRADE_INSECURE_REQUESTS", "1"),
                    List.of("HTTP_DNT", ""),
                    List.of("HTTP_SEC_GPC", "1"),
                    List.of("HTTP_SEC_CH_UA", ""),
                    List.of("HTTP_SEC_FETCH_MODE", "navigate"),
                    List.of("HTTP_SEC_FETCH_DEST", "document"),
                    List.of("HTTP_SEC_PURPOSE", "prefetch"),
                    List.of("HTTP_PURPOSE", "prefetch"),
                    List.of("HTTP_SEC_FETCH_SITE", "none"),
                    List.of("HTTP_ACCEPT", "text/html,*/*;q=0.8"),
                    List.of("HTTP_ACCEPT", "image/avif,*/*"),
                    List.of("HTTP_ACCEPT", "*/*, image/png;q=0.1"));

    private static final List<List<String>> NO_SIGNS =
            List.of(
                    List.of("HTTP_USER_AGENT", "curl/8.0"),
                    List.of("HTTP_USER_AGENT", "Go-http-client/1.1"),
                    List.of("HTTP_ACCEPT", "*/*"),
                    List.of("HTTP_ACCEPT", "application/json"),
                    List.of("HTTP_ACCEPT_ENCODING", "gzip"),
                    List.of("HTTP_ACCEPT_ENCODING", "identity;q=1, *;q=0"),
                    List.of("HTTP_CONNECTION", "keep-alive"),
                    List.of("HTTP_X_FORWARDED_HOST", "localhost"));

    private static final List<String> ELSEWHERE =
            List.of("cross-site", "same-site", "CROSS-SITE", "none-at-all", "");
    private static final List<String> FOREIGN =
            List.of("http://evil.example", "null", "", "http://", "https://localhost.evil.example");

    static RequestHeaders any(Random random) {
        boolean ownHost = random.nextInt(3) > 0;
        String host = any(ownHost ? OWN_HOSTS : STRANGE_HOSTS, random);
        List<String> variables = new ArrayList<>(List.of("HTTP_HOST", host));
        boolean browser = false;
        for (int i = random.nextInt(3); i > 0; i--) {
            // The last of one name wins: a sign must stay.
            if (random.nextBoolean()) {
                browser |= add(variables, any(SIGNS, random));
            } else {
                add(variables, any(NO_SIGNS, random));
            }
        }
        boolean unpacks = random.nextInt(4) == 0;
        if (unpacks) {
            variables.addAll(List.of("HTTP_ACCEPT_ENCODING", "gzip, deflate"));
        }
        boolean elsewhere = false;
        boolean proves = false;
        switch (random.nextInt(6)) {
            case 0 -> {
                elsewhere = true;
                variables.addAll(List.of("HTTP_SEC_FETCH_SITE", any(ELSEWHERE, random)));
            }
            case 1 -> {
                elsewhere = true;
                variables.addAll(List.of("HTTP_ORIGIN", any(FOREIGN, random)));
            }
            case 2 -> {
                proves = true;
                variables.addAll(List.of("HTTP_SEC_FETCH_SITE", "same-origin"));
            }
            case 3 -> {
                proves = true;
                variables.addAll(List.of("HTTP_ORIGIN", "http://" + host));
            }
            default -> {
                // Neither.
            }
        }
        return new RequestHeaders(
                List.copyOf(variables),
                browser || elsewhere || proves,
                unpacks,
                elsewhere,
                proves,
                ownHost);
    }

    /** Whether it may read more than the list, as far as it goes by these. */
    boolean mayRead() {
        return ownHost ? !elsewhere : !browser && !unpacks;
    }

    /** Whether it may change something. */
    boolean mayChange(String method) {
        return browser ? ownHost && proves && method.equals("POST") : ownHost || !unpacks;
    }

    private static boolean add(List<String> variables, List<String> one) {
        boolean there = variables.contains(one.getFirst());
        if (!there) {
            variables.addAll(one);
        }
        return !there;
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
