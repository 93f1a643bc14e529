package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
    private static final Guard GUARD = new Guard(Set.of("procmon.example"));

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "localhost:8080, true",
        "procs.localhost:8080, true",
        "127.0.0.1:8080, true",
        "192.168.1.7, true",
        "[::1]:8080, true",
        "[::1], true",
        "Procmon.Example:8080, true",
        "evil.example:8080, false",
        "evil.example, false",
        "127.0.0.1.evil.example, false",
        "localhost.evil.example, false",
        "'', false",
        "':8080', false",
    })
    void aBrowserMustKnowThisMachineByItsOwnName(String host, boolean may) {
        assertThat(GUARD.refusal(Map.of("HTTP_HOST", host, "HTTP_ACCEPT_LANGUAGE", "en")).isEmpty())
                .isEqualTo(may);
    }

    @Test
    void aProgramMayUseAnyName() {
        assertThat(GUARD.refusal(Map.of("HTTP_HOST", "any.example"))).isEmpty();
    }

    @Test
    void aPageWhoseNameWasGivenThisMachinesAddressIsRefusedThoughAllElseAgrees() {
        Map<String, String> rebound =
                Map.of(
                        "HTTP_HOST", "evil.example:8080",
                        "HTTP_ORIGIN", "http://evil.example:8080",
                        "HTTP_SEC_FETCH_SITE", "same-origin");
        assertThat(GUARD.refusal(rebound))
                .contains(
                        "cannot change anything for a browser that knows this machine as"
                                + " 'evil.example' (fcgi_proc --host)");
    }

    @Test
    void aProgramThatSendsNoneOfTheHeadersMayChange() {
        assertThat(GUARD.refusal(Map.of())).isEmpty();
        assertThat(GUARD.refusal(Map.of("HTTP_HOST", "localhost:8080"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, true",
        "none, true",
        "same-site, false",
        "cross-site, false",
        "'', false",
        "whatever, false"
    })
    void theSiteOfABrowsersRequestDecides(String site, boolean may) {
        assertThat(
                        GUARD.refusal(Map.of("HTTP_SEC_FETCH_SITE", site, "HTTP_HOST", "localhost"))
                                .isEmpty())
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
    void theOriginMustBeTheHost(String origin, String host, boolean may) {
        assertThat(GUARD.refusal(Map.of("HTTP_ORIGIN", origin, "HTTP_HOST", host)).isEmpty())
                .isEqualTo(may);
    }

    @Test
    void anOriginWithoutAHostIsRefused() {
        assertThat(GUARD.refusal(Map.of("HTTP_ORIGIN", "http://localhost"))).isPresent();
    }

    @Test
    void theSameOriginDoesNotExcuseAnotherSite() {
        assertThat(
                        GUARD.refusal(
                                Map.of(
                                        "HTTP_ORIGIN", "http://a.example",
                                        "HTTP_HOST", "a.example",
                                        "HTTP_SEC_FETCH_SITE", "cross-site")))
                .isPresent();
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
        assertThat(GUARD.refusal(Map.of("HTTP_SEC_PURPOSE", purpose))).isPresent();
        assertThat(GUARD.refusal(Map.of("HTTP_PURPOSE", purpose))).isPresent();
    }
}
