package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.Optional;
import org.procmon.config.http.HttpAccess;

/** Reads the keys of {@code http} that say how clients come in. */
final class HttpAccessReader {
    private final PathReader paths;
    private final Problems problems;

    HttpAccessReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.problems = problems;
    }

    HttpAccess read(ObjectReader http) {
        return new HttpAccess(tls(http));
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
