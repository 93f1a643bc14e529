package org.procmon.app;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.procmon.config.http.HttpAccess;
import org.procmon.config.http.HttpSpec;
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
        return inspector.findings;
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
