package org.procmon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.http.CsrfGuard.Decision;

class CsrfGuardTest {
    private static final CsrfGuard GUARD =
            new CsrfGuard(Set.of("procmon.example"), "allow the name with 'fcgi_proc --host NAME'");
    private static final String OWN = "127.0.0.1:8080";
    private static final String STRANGE = "evil.example:8080";
    private static final String MOZILLA =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156";
    private static final String PAGE =
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    private static final String IMAGE = "image/avif,image/webp,image/*,*/*;q=0.8";

    /** The CGI variables of a request with these headers. */
    private static Map<String, String> request(String method, String host, String... headers) {
        Map<String, String> params = new HashMap<>();
        params.put("REQUEST_METHOD", method);
        params.put("HTTP_HOST", host);
        for (int i = 0; i < headers.length; i += 2) {
            params.put(
                    "HTTP_" + headers[i].toUpperCase(Locale.ROOT).replace('-', '_'),
                    headers[i + 1]);
        }
        return params;
    }

    private static Decision change(String method, String host, String... headers) {
        return GUARD.change(request(method, host, headers));
    }

    private static boolean shows(String host, String... headers) {
        return GUARD.refusalToShow(request("GET", host, headers)).isEmpty();
    }

    private static void assertAllowed(Decision decision) {
        assertThat(decision).isEqualTo(new Decision.Allow());
    }

    private static String reason(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refuse.class);
        return ((Decision.Refuse) decision).reason();
    }

    /** What each of them sends, recorded. */
    static List<String[]> programs() {
        return List.of(
                new String[] {"User-Agent", "curl/7.88.1", "Accept", "*/*"},
                new String[] {
                    "User-Agent", "Wget/1.21.3", "Accept", "*/*", "Accept-Encoding", "identity"
                },
                new String[] {"User-Agent", "Python-urllib/3.11", "Accept-Encoding", "identity"},
                new String[] {"User-Agent", "Go-http-client/1.1", "Accept-Encoding", "gzip"},
                new String[] {"User-Agent", "HTTP-Tiny/0.080"},
                new String[] {"User-Agent", "Java-http-client/25.0.3", "Upgrade", "h2c"},
                new String[] {"User-Agent", "Java/25.0.3", "Accept", "*/*"},
                new String[] {});
    }

    /** These can unpack what browsers can. */
    static List<String[]> unpackingPrograms() {
        return List.of(
                new String[] {
                    "User-Agent",
                    "python-requests/2.34.2",
                    "Accept-Encoding",
                    "gzip, deflate",
                    "Accept",
                    "*/*"
                },
                new String[] {
                    "User-Agent",
                    "HTTPie/3.2.4",
                    "Accept-Encoding",
                    "gzip, deflate, br, zstd",
                    "Accept",
                    "application/json, */*;q=0.5"
                },
                new String[] {
                    "User-Agent",
                    "curl/7.88.1",
                    "Accept",
                    "*/*",
                    "Accept-Encoding",
                    "deflate, gzip, br, zstd"
                },
                new String[] {
                    "User-Agent",
                    "node",
                    "Accept",
                    "*/*",
                    "Accept-Language",
                    "*",
                    "Sec-Fetch-Mode",
                    "cors",
                    "Accept-Encoding",
                    "gzip, deflate"
                });
    }

    @Test
    void aProgramMayChangeAndReadUnderAnyName() {
        for (String[] program : programs()) {
            for (String host : List.of(OWN, STRANGE, "localhost", "")) {
                assertAllowed(change("GET", host, program));
                assertAllowed(change("POST", host, program));
                assertThat(shows(host, program)).isTrue();
            }
        }
        assertAllowed(GUARD.change(Map.of()));
    }

    @Test
    void aProgramThatUnpacksWhatBrowsersDoNeedsAnOwnName() {
        for (String[] program : unpackingPrograms()) {
            assertAllowed(change("GET", OWN, program));
            assertAllowed(change("POST", OWN, program));
            assertThat(shows(OWN, program)).isTrue();
            assertThat(reason(change("GET", STRANGE, program))).contains("fcgi_proc --host NAME");
            assertThat(shows(STRANGE, program)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "User-Agent, Mozilla/5.0 (compatible)",
        "User-Agent, Opera/9.80 (X11)",
        "User-Agent, Lynx/2.9.0",
        "User-Agent, w3m/0.5.3",
        "User-Agent, Links (2.29)",
        "User-Agent, 'Safari/20618 CFNetwork/1568'",
        "Accept-Language, en",
        "Accept-Language, ''",
        "Accept-Language, *",
        "Referer, http://127.0.0.1:8080/",
        "Origin, http://127.0.0.1:8080",
        "Cookie, a=b",
        "Sec-Fetch-Mode, cors",
        "Sec-Fetch-Site, same-origin",
        "Sec-CH-UA-Mobile, ?0",
        "Sec-GPC, 1",
        "Sec-Anything, ''",
        "Upgrade-Insecure-Requests, 1",
        "DNT, 1",
        "Priority, u=4",
        "Purpose, prefetch",
        "X-Moz, prefetch",
        "Ping-To, http://127.0.0.1:8080/",
        "Accept, 'image/*'",
        "Accept, 'text/css,*/*;q=0.1'",
        "Accept, 'text/plain;q=0.1, text/css'",
        "Accept, '*/*;q=0.8, image/webp;q=0.1'"
    })
    void oneSignOfABrowserIsEnoughToRefuseAGet(String header, String value) {
        String reason = reason(change("GET", OWN, header, value));
        assertThat(reason).startsWith("cannot change anything");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/json",
                "application/json, text/plain, */*",
                "text/html;q=0.5, application/json;q=0.9",
                "text/event-stream"
            })
    void whatProgramsAcceptIsNoSign(String accept) {
        assertAllowed(change("GET", OWN, "Accept", accept));
    }

    @Test
    void aRefusalNamesTheHeaderForAProgram() {
        assertThat(reason(change("GET", OWN, "Cookie", "a=b")))
                .isEqualTo(
                        "cannot change anything for a browser by GET: use POST from a page of this"
                                + " server, or open the address itself. If a program sent it:"
                                + " leave out the header Cookie");
        assertThat(reason(change("POST", OWN, "Accept-Language", "en")))
                .endsWith("If a program sent it: leave out the header Accept-Language");
        assertThat(reason(change("GET", OWN, "Sec-Ch-Ua", "x"))).endsWith("the header Sec-Ch-Ua");
    }

    @Test
    void onlyNodeMaySendWhatNodeSends() {
        String[] forged = {
            "User-Agent", "curl/8", "Accept-Language", "*", "Sec-Fetch-Mode", "cors"
        };
        reason(change("GET", OWN, forged));
        reason(
                change(
                        "GET",
                        OWN,
                        "User-Agent",
                        "node",
                        "Accept-Language",
                        "*",
                        "Sec-Fetch-Mode",
                        "cors",
                        "Sec-Fetch-Site",
                        "cross-site"));
        reason(change("GET", OWN, "User-Agent", "node", "Accept-Language", "en"));
        reason(change("GET", OWN, "User-Agent", "node", "Sec-Fetch-Mode", "no-cors"));
    }

    @Test
    void aReboundPageThatLeavesOutAllThatItMayIsRefused() {
        // Chromium, as lighttpd and as nginx pass it on.
        String[] left = {
            "User-Agent", MOZILLA, "Accept", "*/*", "Accept-Encoding", "gzip, deflate"
        };
        reason(change("GET", STRANGE, left));
        assertThat(shows(STRANGE, left)).isFalse();
        reason(change("GET", STRANGE, "Accept-Language", "", "Accept", "*/*"));
        // Firefox lets a page call it something else.
        String[] renamed = {
            "User-Agent", "curl/8.0", "Accept", "*/*", "Accept-Encoding", "gzip, deflate"
        };
        assertThat(reason(change("GET", STRANGE, renamed)))
                .startsWith(
                        "cannot change anything for a browser that knows this machine as"
                                + " 'evil.example': ");
        assertThat(shows(STRANGE, renamed)).isFalse();
    }

    @Test
    void aReboundPageIsRefusedThoughAllElseAgrees() {
        String[] agreeing = {"Origin", "http://evil.example:8080", "Sec-Fetch-Site", "same-origin"};
        reason(change("POST", STRANGE, agreeing));
        assertThat(shows(STRANGE, agreeing)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "LOCALHOST:8080, true",
        "localhost., true",
        "procs.localhost:8080, true",
        "127.0.0.1:8080, true",
        "192.168.1.7, true",
        "[::1]:8080, true",
        "[fe80::1], true",
        "[::ffff:10.0.0.1], true",
        "Procmon.Example:8080, true",
        "procmon.example., true",
        "evil.example:8080, false",
        "evil.example, false",
        "127.0.0.1.evil.example, false",
        "localhost.evil.example, false",
        "evillocalhost, false",
        "[evil.example], false",
        "[], false",
        "[::1, false",
        "'', false",
        "':8080', false",
        "'.', false",
    })
    void aBrowserMustKnowThisMachineByItsOwnName(String host, boolean may) {
        assertThat(change("POST", host, "Sec-Fetch-Site", "same-origin") instanceof Decision.Allow)
                .isEqualTo(may);
        assertThat(shows(host, "Sec-Fetch-Site", "same-origin")).isEqualTo(may);
        assertThat(shows(host, "User-Agent", MOZILLA)).isEqualTo(may);
        assertThat(change("GET", host, "Sec-Fetch-Site", "none") instanceof Decision.Confirm)
                .isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, true",
        "none, false",
        "same-site, false",
        "cross-site, false",
        "SAME-ORIGIN, false",
        "'', false",
        "whatever, false"
    })
    void theSiteOfABrowsersPostDecides(String site, boolean may) {
        assertThat(change("POST", OWN, "Sec-Fetch-Site", site) instanceof Decision.Allow)
                .isEqualTo(may);
        // Nothing else excuses it.
        assertThat(
                        change("POST", OWN, "Sec-Fetch-Site", site, "Origin", "http://" + OWN)
                                instanceof Decision.Allow)
                .isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, localhost:8080, true",
        "https://localhost:8080, localhost:8080, true",
        "http://LocalHost:8080, localhost:8080, true",
        "http://procmon.example, procmon.example, true",
        "http://procmon.example, procmon.example:80, true",
        "https://procmon.example, procmon.example:443, true",
        "http://[::1]:8080, [::1]:8080, true",
        "http://procmon.example, procmon.example:443, false",
        "http://localhost:8081, localhost:8080, false",
        "http://localhost, localhost:8080, false",
        "http://evil.example, localhost:8080, false",
        "http://localhost:8080.evil.example, localhost:8080, false",
        "http://evil.example/localhost:8080, localhost:8080, false",
        "null, null, false",
        "localhost:8080, localhost:8080, false",
        "'', '', false",
        "'http://', '', false",
        "file://localhost:8080, localhost:8080, false",
    })
    void theOriginOfABrowsersPostMustBeTheHost(String origin, String host, boolean may) {
        assertThat(
                        change("POST", host, "Origin", origin, "User-Agent", MOZILLA)
                                instanceof Decision.Allow)
                .isEqualTo(may);
        assertThat(
                        change("POST", host, "Origin", origin, "Sec-Fetch-Site", "same-origin")
                                instanceof Decision.Allow)
                .isEqualTo(may);
        assertThat(shows(host, "Origin", origin)).isEqualTo(may);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Referer", "Cookie", "Accept-Language", "Upgrade-Insecure-Requests"})
    void aBrowsersPostWithoutAProofIsRefused(String header) {
        String value = header.equals("Referer") ? "http://" + OWN + "/" : "1";
        reason(change("POST", OWN, header, value, "User-Agent", MOZILLA));
    }

    @Test
    void aGetIsRefusedAlsoWithAProof() {
        reason(change("GET", OWN, "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors"));
        reason(change("GET", OWN, "Sec-Fetch-Site", "same-origin"));
        reason(change("GET", OWN, "Origin", "http://" + OWN));
        reason(change("GET", OWN, "Sec-Fetch-Site", "none", "Origin", "http://" + OWN));
    }

    @Test
    void aTypedAddressIsToBeConfirmed() {
        Decision confirm = new Decision.Confirm(true);
        assertThat(change("GET", OWN, "Sec-Fetch-Site", "none")).isEqualTo(confirm);
        String[] navigation = {
            "Sec-Fetch-Site",
            "none",
            "Sec-Fetch-Mode",
            "navigate",
            "Sec-Fetch-Dest",
            "document",
            "Sec-Fetch-User",
            "?1",
            "User-Agent",
            MOZILLA,
            "Accept",
            PAGE,
            "Cookie",
            "a=b"
        };
        assertThat(change("GET", OWN, navigation)).isEqualTo(confirm);
        // A link on a page of this server.
        navigation[1] = "same-origin";
        assertThat(change("GET", OWN, navigation)).isEqualTo(confirm);
    }

    @ParameterizedTest
    @CsvSource({
        "cross-site, navigate, document",
        "same-site, navigate, document",
        "same-origin, navigate, iframe",
        "none, navigate, iframe",
        "none, no-cors, image",
        "none, cors, empty",
        "same-origin, no-cors, image"
    })
    void noOtherGetIsToBeConfirmed(String site, String mode, String destination) {
        reason(
                change(
                        "GET",
                        OWN,
                        "Sec-Fetch-Site",
                        site,
                        "Sec-Fetch-Mode",
                        mode,
                        "Sec-Fetch-Dest",
                        destination,
                        "Accept",
                        PAGE));
    }

    @Test
    void overPlainHttpAPageIsToBeConfirmedUnlessAnotherOneLedThere() {
        Decision confirm = new Decision.Confirm(false);
        String host = "procmon.example:8080";
        assertThat(change("GET", host, "User-Agent", MOZILLA, "Accept", PAGE)).isEqualTo(confirm);
        assertThat(
                        change(
                                "GET",
                                host,
                                "Accept",
                                PAGE,
                                "Referer",
                                "http://procmon.example:8080/index.html"))
                .isEqualTo(confirm);
        for (String referer :
                List.of(
                        "http://evil.example/",
                        "http://procmon.example/",
                        "http://procmon.example:8080.evil.example/",
                        "http://evil.example/http://procmon.example:8080/",
                        "http://procmon.example:8080@evil.example/",
                        "procmon.example:8080",
                        "")) {
            reason(change("GET", host, "Accept", PAGE, "Referer", referer));
        }
        reason(change("GET", host, "User-Agent", MOZILLA, "Accept", IMAGE));
        reason(change("GET", host, "User-Agent", MOZILLA, "Accept", "*/*"));
        reason(change("GET", host, "User-Agent", MOZILLA));
        reason(change("GET", host, "Accept", PAGE, "Sec-Fetch-Mode", "navigate"));
        reason(change("POST", host, "User-Agent", MOZILLA, "Accept", PAGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prefetch",
                "Prefetch",
                "prefetch;prerender",
                "prefetch;anonymous-client-ip"
            })
    void aPrefetchIsRefused(String purpose) {
        for (String header : List.of("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")) {
            assertThat(
                            reason(
                                    change(
                                            "GET",
                                            OWN,
                                            header,
                                            purpose,
                                            "Sec-Fetch-Site",
                                            "none",
                                            "Accept",
                                            PAGE)))
                    .isEqualTo("cannot change anything for a prefetch");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, same-origin, true",
        "Sec-Fetch-Site, none, true",
        "Sec-Fetch-Site, same-site, false",
        "Sec-Fetch-Site, cross-site, false",
        "Origin, http://127.0.0.1:8080, true",
        "Origin, http://evil.example, false",
        "Origin, null, false",
        "Referer, http://127.0.0.1:8080/index.html, true",
        "Referer, http://evil.example/, false",
        "User-Agent, Mozilla/5.0, true"
    })
    void moreThanTheListIsShownToItsOwnPagesOnly(String header, String value, boolean may) {
        assertThat(shows(OWN, header, value)).isEqualTo(may);
    }

    @Test
    void aProxyThatChangesTheHostHidesNothingFromItsOwnPages() {
        // The browser vouches for it, though the host that it knows is another.
        assertThat(shows(OWN, "Sec-Fetch-Site", "same-origin", "Referer", "https://procs.example/"))
                .isTrue();
    }
}
