package org.procmon.config.reader;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.config.http.HttpAccess;
import org.procmon.http.AddressRange;

/** Reads the keys of {@code http} that say how clients come in. */
final class HttpAccessReader {
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    private final PathReader paths;
    private final Problems problems;

    HttpAccessReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.problems = problems;
    }

    HttpAccess read(ObjectReader http) {
        return new HttpAccess(tls(http), auth(http), trustedProxies(http));
    }

    private List<String> trustedProxies(ObjectReader http) {
        List<String> proxies = new ArrayList<>();
        for (JsonValue value : http.oneOrMore("trusted_proxies")) {
            JsonValue.Text text = http.asText(value, "trusted_proxies", "an address");
            if (text == null) {
                continue;
            }
            boolean isKnown =
                    text.value().equals(HttpAccess.UNIX)
                            || AddressRange.parse(text.value()).isPresent();
            if (isKnown) {
                proxies.add(text.value());
            } else {
                problems.badText(
                        "'trusted_proxies'",
                        "an address, a network such as \"10.0.0.0/8\", or \"unix\"",
                        text);
            }
        }
        return proxies;
    }

    private Optional<HttpAccess.Auth> auth(ObjectReader http) {
        JsonValue.Members object = http.object("auth");
        if (object == null) {
            return Optional.empty();
        }
        ObjectReader auth = new ObjectReader(object, Keys.HTTP_AUTH, problems);
        if (!auth.has("users") && !auth.has("tokens")) {
            problems.add(auth.offset(), "'auth' has neither 'users' nor 'tokens'");
        }
        Duration session = auth.duration("session", HttpAccess.Auth.USUAL_SESSION);
        if (session.compareTo(SHORTEST) < 0 || session.compareTo(LONGEST) > 0) {
            problems.add(auth.offset("session"), "'session' must be from 1 minute to 30 days");
        }
        return Optional.of(
                new HttpAccess.Auth(
                        paths.read(auth, "users"), paths.read(auth, "tokens"), session));
    }

    private Optional<HttpAccess.Tls> tls(ObjectReader http) {
        JsonValue.Members object = http.object("tls");
        if (object == null) {
            return Optional.empty();
        }
        ObjectReader tls = new ObjectReader(object, Keys.HTTP_TLS, problems);
        JsonValue _ = tls.required("certificate", "'tls' has no 'certificate'");
        Optional<Path> certificate = paths.read(tls, "certificate");
        Optional<Path> key = tls.has("key") ? paths.read(tls, "key") : certificate;
        return certificate.isEmpty() || key.isEmpty()
                ? Optional.empty()
                : Optional.of(new HttpAccess.Tls(certificate.get(), key.get(), http.has("user")));
    }
}
