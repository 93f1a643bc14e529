package org.procmon.config.check;

import java.util.List;
import java.util.Optional;
import org.procmon.config.InputSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.http.HttpSpec;

/** Finds an HTTP front to which passwords travel in the clear. */
final class ClearPasswords {
    private ClearPasswords() {}

    static List<ConfigFinding> findings(MonitorSpec spec) {
        Optional<HttpSpec> http = spec.http();
        boolean isClear =
                http.isPresent()
                        && http.get().access().auth().isPresent()
                        && http.get().access().tls().isEmpty()
                        && http.get().access().trustedProxies().isEmpty()
                        && HttpSpec.isOpen(http.get().listen());
        return isClear
                ? spec.processes().stream()
                        .filter(process -> process.stdin() instanceof InputSpec.Front)
                        .limit(1)
                        .map(process ->
                                new ConfigFinding(
                                        process.id(),
                                        List.of("auth"),
                                        "passwords travel in the clear: add 'tls', or listen on"
                                                + " this machine only"))
                        .toList()
                : List.of();
    }
}
