package org.procmon.cli;

import java.util.List;
import java.util.Map;
import org.procmon.config.MonitorSpec;

/**
 * Checks what a valid configuration names, such as programs, users and files. The program's main
 * class supplies it.
 */
@FunctionalInterface
public interface Inspector {
    /**
     * A finding about a process.
     *
     * @param process its name
     * @param keys its place in the configuration, outermost first
     * @param isWarning whether it would keep the process from working as configured; otherwise it
     *     is information
     * @param ofKeyOnly whether it matters only if all these keys are written out
     */
    record Remark(
            String process, List<String> keys, String text, boolean isWarning, boolean ofKeyOnly) {
        public Remark {
            keys = List.copyOf(keys);
        }

        /** A finding that always matters. */
        public Remark(String process, List<String> keys, String text, boolean isWarning) {
            this(process, keys, text, isWarning, false);
        }
    }

    /**
     * Checks as the calling user would see it if this were the monitor. Blocks.
     *
     * @param environment the variables that every process would get
     */
    List<Remark> inspect(MonitorSpec spec, Map<String, String> environment);
}
