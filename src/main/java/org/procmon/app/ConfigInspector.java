package org.procmon.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.procmon.cli.Inspector;
import org.procmon.config.InputSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.check.ConfigFinding;
import org.procmon.launch.LaunchCheck;
import org.procmon.output.log.LogCheck;
import org.procmon.pool.listen.ListenCheck;

/** Checks what a configuration names with the same code that starts it. One thread; blocks. */
final class ConfigInspector implements Inspector {
    private static final String PHP_CHILDREN = "PHP_FCGI_CHILDREN";

    private final LogCheck logs = new LogCheck();
    private final List<Remark> remarks = new ArrayList<>();

    /** The streams that write regular files, by the paths of these. */
    private final Map<String, String> writers = new HashMap<>();

    /** The streams whose files are rotated to these paths. */
    private final Map<String, String> rotations = new HashMap<>();

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
        for (PoolSpec pool : spec.pools()) {
            for (LaunchCheck.Finding finding : launchCheck.findings(pool.worker(1))) {
                remarks.add(new Remark(pool.id(), finding.keys(), finding.reason(), true));
            }
            for (ListenCheck.Finding finding : ListenCheck.findings(pool, environment)) {
                remarks.add(new Remark(pool.id(), List.of(finding.key()), finding.text(), true));
            }
            inspectChildren(pool);
        }
        spec.processes().stream()
                .filter(process -> process.stdin() instanceof InputSpec.Front)
                .findFirst()
                .ifPresent(process -> inspectFront(process.id(), spec));
        for (ConfigFinding finding : ConfigFinding.of(spec)) {
            remarks.add(new Remark(finding.process(), finding.keys(), finding.text(), true));
        }
        return remarks;
    }

    private void inspectFront(String process, MonitorSpec spec) {
        for (FrontInspector.Finding finding : FrontInspector.findings(spec.http().orElseThrow())) {
            remarks.add(new Remark(process, finding.keys(), finding.text(), true));
        }
    }

    /** With this variable, php-cgi starts several processes that accept connections. */
    private void inspectChildren(PoolSpec pool) {
        String children = pool.template().env().getOrDefault(PHP_CHILDREN, "0");
        if (!children.equals("0")) {
            remarks.add(
                    new Remark(
                            pool.id(),
                            List.of("env", PHP_CHILDREN),
                            PHP_CHILDREN
                                    + " makes php-cgi start processes that the pool does not count;"
                                    + " leave it out and set 'workers'",
                            true));
        }
    }

    /** Whether another stream writes the same file, or is rotated there. */
    private void inspect(String process, String stream, String file, int keep) {
        String name = "'" + stream + "' of '" + process + "'";
        String other = writers.putIfAbsent(file, name);
        if (other != null) {
            warn(process, stream, other + " is written to the same file, " + file);
            return;
        }
        String rotated = rotations.get(file);
        if (rotated != null) {
            warn(process, stream, rotated + " is rotated to the same file, " + file);
        }
        for (int number = 1; number <= keep; number++) {
            String next = file + "." + number;
            rotations.putIfAbsent(next, name);
            String writer = writers.get(next);
            if (writer != null) {
                warn(process, stream, "it is rotated to the file of " + writer + ", " + next);
            }
        }
    }

    private void warn(String process, String stream, String text) {
        remarks.add(new Remark(process, List.of(stream, "file"), text, true));
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
        logs.file(captured).ifPresent(file -> inspect(process, stream, file, captured.keep()));
    }
}
