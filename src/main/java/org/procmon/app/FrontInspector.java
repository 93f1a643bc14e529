package org.procmon.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.procmon.config.http.HttpAccess;
import org.procmon.config.http.HttpSpec;
import org.procmon.front.access.PasswordFile;
import org.procmon.front.access.TokenFile;
import org.procmon.front.tls.TlsPair;

/** Reads what the HTTP front will read, to find what is wrong with it. One thread; blocks. */
final class FrontInspector {
    /**
     * Something that is wrong.
     *
     * @param keys the place in {@code http}, outermost first
     * @param text in one line, without a full stop
     */
    record Finding(List<String> keys, String text) {
        Finding {
            keys = List.copyOf(keys);
        }
    }

    private final List<Finding> findings = new ArrayList<>();

    private FrontInspector() {}

    static List<Finding> findings(HttpSpec http) {
        FrontInspector inspector = new FrontInspector();
        http.access().tls().ifPresent(inspector::inspect);
        http.access().auth().ifPresent(inspector::inspect);
        return inspector.findings;
    }

    private void inspect(HttpAccess.Auth auth) {
        auth.users()
                .ifPresent(file -> inspect("users", file, () -> PasswordFile.read(file).count()));
        auth.tokens()
                .ifPresent(file -> inspect("tokens", file, () -> TokenFile.read(file).count()));
    }

    /** Counts the entries of a file. */
    private interface Reading {
        int count() throws IOException;
    }

    private void inspect(String key, Path file, Reading reading) {
        List<String> keys = List.of("auth", key);
        try {
            if (reading.count() == 0) {
                findings.add(new Finding(keys, file + " has no entry, so nobody can log in by it"));
            }
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                findings.add(
                        new Finding(
                                keys, "everybody may read " + file + "; do chmod o-rwx " + file));
            }
        } catch (IOException e) {
            findings.add(new Finding(keys, String.valueOf(e.getMessage())));
        }
    }

    private void inspect(HttpAccess.Tls tls) {
        try {
            TlsPair.read(tls.certificate(), tls.key())
                    .trouble(Instant.now())
                    .ifPresent(
                            text -> findings.add(new Finding(List.of("tls", "certificate"), text)));
        } catch (IOException e) {
            findings.add(new Finding(List.of("tls"), String.valueOf(e.getMessage())));
        }
    }
}
