package org.procmon.config.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.procmon.config.Dependency;
import org.procmon.config.MonitorSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;

/** Finds dependencies on processes that do not start with the others. */
final class IdleDependencies {
    private IdleDependencies() {}

    static List<ConfigFinding> findings(MonitorSpec spec) {
        Map<String, ProcessSpec> byName = new HashMap<>();
        spec.processes().forEach(process -> byName.put(process.id(), process));
        List<ConfigFinding> findings = new ArrayList<>();
        for (ProcessSpec process : spec.processes()) {
            if (!process.skip()) {
                add(process, byName, findings);
            }
        }
        for (PoolSpec pool : spec.pools()) {
            add(pool.template(), byName, findings);
        }
        return findings;
    }

    private static void add(
            ProcessSpec process, Map<String, ProcessSpec> byName, List<ConfigFinding> findings) {
        for (Dependency dependency : process.depends()) {
            ProcessSpec on = byName.get(dependency.on());
            if (on == null) {
                continue;
            }
            String name = "'" + on.id() + "'";
            if (on.skip()) {
                findings.add(
                        finding(
                                process,
                                name
                                        + " has 'skip': it is not started, and this does not wait for it"));
            } else if (on.triggers().startsByTime()) {
                findings.add(
                        finding(
                                process,
                                name + " starts by its schedule only, and this waits until then"));
            }
        }
    }

    private static ConfigFinding finding(ProcessSpec process, String text) {
        return new ConfigFinding(process.id(), List.of("depends"), text);
    }
}
