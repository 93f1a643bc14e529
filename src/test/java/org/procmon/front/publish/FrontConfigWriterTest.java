package org.procmon.front.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.MonitorSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.front.config.FrontAccess;
import org.procmon.front.config.FrontAuth;
import org.procmon.front.config.FrontConfig;
import org.procmon.front.config.FrontConfigReader;
import org.procmon.front.config.FrontLimits;
import org.procmon.front.config.FrontRoute;
import org.procmon.front.config.FrontTls;

/** What the monitor writes is what http_proc reads. */
class FrontConfigWriterTest {
    @TempDir Path folder = Path.of("");

    private FrontConfig written(String json) throws IOException {
        byte[] file = json.replace('\'', '"').getBytes(UTF_8);
        SpecResult result = SpecReader.read("procmon.json", file, Path.of("/srv"), Map.of());
        assertThat(result).isInstanceOf(SpecResult.Valid.class);
        MonitorSpec spec = ((SpecResult.Valid) result).spec();
        byte[] bytes = new FrontConfigWriter(spec).json(spec.http().orElseThrow());
        return FrontConfigReader.read(Files.write(folder.resolve("http.json"), bytes));
    }

    @Test
    void theFrontReadsEachRoute() throws IOException {
        FrontConfig config =
                written(
                        """
                        {'pools': [
                          {'id': 'php', 'exec': 'php-cgi', 'listen': '/run/php.sock'},
                          {'id': 'app', 'exec': 'app', 'listen': '/run/app-$(worker)',
                           'socket': 'per-worker', 'workers': 2}],
                         'http': {'listen': '127.0.0.1:8080', 'hosts': 'Www.Example.org',
                          'routes': [
                            {'path': '/procs', 'serve': 'control'},
                            {'host': '*.org', 'match': '*.php', 'pool': 'php', 'root': 'www',
                             'authorizer': 'php'},
                            {'path': '/app', 'pool': 'app', 'balance': 'sticky', 'strip': true},
                            {'path': '/far', 'members': ['10.0.0.1:9000', ':9001']},
                            {'static': {'directory': 'www', 'index': ['a', 'b'], 'listing': true},
                             'internal': true}],
                          'x_sendfile': ['/srv/files', 'more'], 'compress': true,
                          'limits': {'header': 1000, 'body': '2MB', 'request_timeout': '5s',
                                     'requests': 7, 'queue': 3, 'queue_timeout': 2,
                                     'header_timeout': 2, 'body_rate': 9},
                          'access_log': 'json'}}\
                        """);

        assertThat(config.routes())
                .containsExactly(
                        new FrontRoute(
                                null, "/procs", null, false, true, false, null, null, null, null,
                                false),
                        new FrontRoute(
                                "*.org",
                                "/",
                                "*.php",
                                false,
                                false,
                                false,
                                application(
                                        "php",
                                        FrontRoute.Balance.LEAST_CONNECTION,
                                        "/srv/www",
                                        "unix:/run/php.sock"),
                                null,
                                null,
                                List.of("unix:/run/php.sock"),
                                false),
                        new FrontRoute(
                                null,
                                "/app",
                                null,
                                true,
                                false,
                                false,
                                application(
                                        "app",
                                        FrontRoute.Balance.STICKY,
                                        null,
                                        "unix:/run/app-1",
                                        "unix:/run/app-2"),
                                null,
                                null,
                                null,
                                false),
                        new FrontRoute(
                                null,
                                "/far",
                                null,
                                false,
                                false,
                                false,
                                application(
                                        null,
                                        FrontRoute.Balance.LEAST_CONNECTION,
                                        null,
                                        "10.0.0.1:9000",
                                        "127.0.0.1:9001"),
                                null,
                                null,
                                null,
                                false),
                        new FrontRoute(
                                null,
                                "/",
                                null,
                                false,
                                false,
                                false,
                                null,
                                null,
                                new FrontRoute.Files("/srv/www", List.of("a", "b"), true, false),
                                null,
                                true));
        assertThat(config.limitsOrDefault())
                .isEqualTo(
                        new FrontLimits(
                                1000, 2_000_000, 5000, 60_000, 7, 3, 2000, 4096, 4096, 2000, 9));
        assertThat(config.accessLog()).isEqualTo(FrontConfig.AccessLogFormat.JSON);
        assertThat(config.compress()).isTrue();
        assertThat(config.sendable()).containsExactly("/srv/files", "/srv/more");
        assertThat(config.hosts()).containsExactly("www.example.org");
    }

    @Test
    void theFrontReadsHowClientsComeIn() throws IOException {
        FrontConfig config =
                written(
                        """
                        {'http': {'listen': '0.0.0.0:8443',
                          'tls': {'certificate': 'c.pem', 'key': '/k.pem'},
                          'auth': {'users': 'htpasswd', 'tokens': '/tokens', 'session': '1h'},
                          'trusted_proxies': ['10.0.0.0/8', 'unix'],
                          'routes': [{'path': '/procs', 'serve': 'control'},
                                     {'static': {'directory': 'www'}},
                                     {'static': {'directory': 'own'}, 'auth': true}]}}\
                        """);
        assertThat(config.accessOrDefault())
                .isEqualTo(
                        new FrontAccess(
                                new FrontTls("/srv/c.pem", "/k.pem"),
                                new FrontAuth("/srv/htpasswd", "/tokens", 3_600_000),
                                List.of("10.0.0.0/8", "unix")));
        assertThat(config.routes()).extracting(FrontRoute::auth).containsExactly(true, false, true);
    }

    private static FrontRoute.Application application(
            @Nullable String pool,
            FrontRoute.Balance balance,
            @Nullable String root,
            String... members) {
        return new FrontRoute.Application(pool, List.of(members), balance, root, null, null);
    }

    @Test
    void theDefaultsAreThoseOfTheFront() throws IOException {
        FrontConfig config =
                written("{'http': {'listen': '127.0.0.1:1', 'routes': [{'serve': 'control'}]}}");

        assertThat(config.limitsOrDefault()).isEqualTo(FrontLimits.DEFAULT);
        assertThat(config.accessLog()).isNull();
    }

    @Test
    void theFrontKnowsWhereToAskForAWorkerAndHowManyRequestsItMaySend() throws IOException {
        FrontConfig config =
                written(
                        """
                        {'pools': [
                          {'id': 'app', 'exec': 'app', 'listen': '/run/app.sock',
                           'pass': 'argument'}],
                         'http': {'listen': '127.0.0.1:8080', 'routes': [
                            {'path': '/app', 'pool': 'app', 'requests': 4},
                            {'path': '/far', 'members': [':9001'], 'requests': 5}]}}\
                        """);

        assertThat(config.routes().stream().map(FrontRoute::application))
                .containsExactly(
                        new FrontRoute.Application(
                                "app",
                                List.of("unix:/run/app.sock"),
                                FrontRoute.Balance.LEAST_CONNECTION,
                                null,
                                "unix:/run/.app.sock.bell",
                                4),
                        new FrontRoute.Application(
                                null,
                                List.of("127.0.0.1:9001"),
                                FrontRoute.Balance.LEAST_CONNECTION,
                                null,
                                null,
                                5));
    }
}
