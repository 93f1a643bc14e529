package org.procmon.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.procmon.cli.Inspector;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.launch.LaunchCheck;
import org.procmon.output.log.LogCheck;

/** Checks what a configuration names with the same code that starts it. One thread; blocks. */
final class ConfigInspector implements Inspector {
    private final LogCheck logs = new LogCheck();
    private final List<Remark> remarks = new ArrayList<>();

    /** The streams that write regular files, by the paths of these. */
    private final Map<String, String> writers = new HashMap<>();

    @Override
    public List<Remark> inspect(MonitorSpec spec, Map<String, String> environment) {
        LaunchCheck launchCheck = new LaunchCheck(environment);
        for (ProcessSpec process : spec.processes()) {
            for (LaunchCheck.Finding finding : launchCheck.findings(process)) {
                remarks.add(new Remark(process.id(), finding.keys(), finding.reason(), true));
            }
            inspect(process.id(), "stdout", process.stdout());
            inspect(process.id(), "stderr", process.stderr());
        }
        return remarks;
    }

    private void inspect(String process, String stream, OutputSpec output) {
        if (output instanceof OutputSpec.Inherited inherited) {
            int descriptor = inherited.descriptor().orElse(stream.equals("stdout") ? 1 : 2);
            String text = LogCheck.monitors(descriptor);
            remarks.add(new Remark(process, List.of(stream, "file"), text, false, true));
        }
        if (!(output instanceof OutputSpec.Captured captured)) {
            return;
        }
        for (LogCheck.Finding finding : logs.findings(captured)) {
            List<String> keys = List.of(stream, finding.key());
            remarks.add(new Remark(process, keys, finding.text(), finding.isTrouble()));
        }
        logs.file(captured)
                .ifPresent(file -> {
                    String name = "'" + stream + "' of '" + process + "'";
                    String other = writers.putIfAbsent(file, name);
                    if (other != null) {
                        String text = other + " is written to the same file, " + file;
                        remarks.add(new Remark(process, List.of(stream, "file"), text, true));
                    }
                });
    }
}
