package org.procmon.config.check;

import java.util.List;
import org.procmon.config.InputSpec;
import org.procmon.config.MonitorSpec;

/** Finds an HTTP front whose user reaches neither the monitor nor what it is to serve. */
final class FrontUser {
    private FrontUser() {}

    static List<ConfigFinding> findings(MonitorSpec spec) {
        return spec.control().socketGroup().isPresent()
                ? List.of()
                : spec.processes().stream()
                        .filter(process -> process.stdin() instanceof InputSpec.Front)
                        .filter(process -> process.identity().user().isPresent())
                        .limit(1)
                        .map(process ->
                                new ConfigFinding(
                                        process.id(),
                                        List.of("user"),
                                        "the user '"
                                                + process.identity().user().get()
                                                + "' may not read the state directory; set"
                                                + " \"socket_group\" of \"control\" to one of its groups"))
                        .toList();
    }
}
