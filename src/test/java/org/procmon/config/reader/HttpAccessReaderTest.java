package org.procmon.config.reader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.config.InputSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Problem;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.http.HttpAccess;
import org.procmon.config.http.HttpRoute;

/** The keys of {@code http} that say how clients come in. */
class HttpAccessReaderTest {
    private static final String WWW = "{'static': {'directory': 'www'}}";

    private static SpecResult read(String listen, String keys, String routes) {
        String file = "{'http': {'listen': %s, %s 'routes': [%s]}}".formatted(listen, keys, routes);
        return SpecReader.read(
                "procmon.json", file.replace('\'', '"').getBytes(UTF_8), Path.of("/srv"), Map.of());
    }

    private static MonitorSpec valid(String listen, String keys, String routes) {
        return ((SpecResult.Valid) read(listen, keys, routes)).spec();
    }

    private static List<String> problems(String listen, String keys, String routes) {
        return ((SpecResult.Invalid) read(listen, keys, routes))
                .problems().stream().map(Problem::message).toList();
    }

    private static ProcessSpec front(MonitorSpec spec) {
        return spec.processes().getFirst();
    }

    @Test
    void theFrontReadsItsCertificateItself() {
        MonitorSpec spec =
                valid(
                        "[':8443', '/run/http.sock']",
                        "'tls': {'certificate': 'a.pem', 'key': '/k.pem'},",
                        WWW);
        assertThat(spec.http().orElseThrow().access().tls())
                .contains(new HttpAccess.Tls(Path.of("/srv/a.pem"), Path.of("/k.pem"), false));
        assertThat(front(spec).exec().argv())
                .containsSubsequence("--inherit", "tls,unix")
                .doesNotContain("--tls-fds");
        assertThat(front(spec).triggers().watch()).isEmpty();
    }

    @Test
    void theMonitorOpensAndWatchesTheCertificateOfAnotherUser() {
        MonitorSpec spec =
                valid("':8443'", "'user': 'www-data', 'tls': {'certificate': 'a.pem'},", WWW);
        Path file = Path.of("/srv/a.pem");
        assertThat(front(spec).exec().argv()).contains("--tls-fds");
        assertThat(front(spec).stdin())
                .isInstanceOfSatisfying(
                        InputSpec.Front.class,
                        input -> assertThat(input.files()).containsExactly(file, file));
        assertThat(front(spec).triggers().watch().orElseThrow().paths())
                .containsExactly(file, file);
    }

    @Test
    void withAuthTheQueriesMayBeReachedFromElsewhere() {
        String auth = "'auth': {'users': 'htpasswd', 'session': '1h'},";
        String control = "{'path': '/procs', 'serve': 'control'%s}";
        MonitorSpec spec = valid("'0.0.0.0:8080'", auth, control.formatted("") + "," + WWW);
        assertThat(spec.http().orElseThrow().access().auth())
                .contains(
                        new HttpAccess.Auth(
                                Optional.of(Path.of("/srv/htpasswd")),
                                Optional.empty(),
                                Duration.ofHours(1)));
        assertThat(spec.http().orElseThrow().routes())
                .extracting(HttpRoute::auth)
                .containsExactly(true, false);
        assertThat(problems("'0.0.0.0:8080'", auth, control.formatted(", 'auth': false")))
                .singleElement()
                .asString()
                .contains("without 'auth', 'http' listens on this machine only");
        assertThat(problems("'0.0.0.0:8080'", "", control.formatted(""))).hasSize(1);
    }

    @Test
    void aRouteNeedsSomebodyThatCanLogIn() {
        String route = "{'static': {'directory': 'www'}, 'auth': true}";
        assertThat(problems("':8080'", "", route))
                .containsExactly(
                        "'auth' of a route needs 'auth' of 'http', with the users or the tokens");
        assertThat(problems("':8080'", "'auth': {},", WWW))
                .containsExactly("'auth' has neither 'users' nor 'tokens'");
        assertThat(problems("':8080'", "'auth': {'users': 'a', 'session': '31d'},", WWW))
                .containsExactly("'session' must be from 1 minute to 30 days");
    }

    @Test
    void aTrustedProxyIsAnAddressANetworkOrUnix() {
        for (String bad :
                List.of("proxy", "10.0.0.0/33", "10.0.0/8", "::1/129", "1.2.3.4/-1", "/8")) {
            assertThat(problems("':8080'", "'trusted_proxies': ['::1', '%s'],".formatted(bad), WWW))
                    .as(bad)
                    .singleElement()
                    .asString()
                    .contains("'trusted_proxies'", bad);
        }
    }

    @Test
    void aCertificateIsNeeded() {
        assertThat(problems("':8443'", "'tls': {'key': 'a.pem'},", WWW))
                .containsExactly("'tls' has no 'certificate'");
    }
}
