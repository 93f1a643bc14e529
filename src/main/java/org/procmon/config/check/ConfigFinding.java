package org.procmon.config.check;

import java.util.ArrayList;
import java.util.List;
import org.procmon.config.MonitorSpec;

/**
 * Something that is valid and will hardly do what is meant.
 *
 * @param process the name of the process or pool
 * @param keys the place in its object, outermost first
 * @param text in one line, without a full stop
 */
public record ConfigFinding(String process, List<String> keys, String text) {
    public ConfigFinding {
        keys = List.copyOf(keys);
    }

    /** All findings about a configuration, in no particular order. */
    public static List<ConfigFinding> of(MonitorSpec spec) {
        List<ConfigFinding> all = new ArrayList<>();
        all.addAll(ShellSyntax.findings(spec));
        all.addAll(SharedAddresses.findings(spec));
        all.addAll(ClearPasswords.findings(spec));
        all.addAll(FrontUser.findings(spec));
        all.addAll(IdleDependencies.findings(spec));
        return all;
    }
}
