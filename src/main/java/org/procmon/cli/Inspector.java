package org.procmon.cli;

import java.util.List;
import java.util.Map;
import org.procmon.config.MonitorSpec;

/**
 * Looks at what a good configuration names, such as programs, users and files; given by whoever
 * wires the program together.
 */
@FunctionalInterface
public interface Inspector {
    /**
     * Something to say about a process.
     *
     * @param process its name
     * @param keys where it stands, from the outermost in
     * @param isWarning whether it would keep the process from being as it is meant; otherwise it is
     *     only good to know
     * @param ofKeyOnly whether it is of no interest unless all these keys are written out
     */
    record Remark(
            String process, List<String> keys, String text, boolean isWarning, boolean ofKeyOnly) {
        public Remark {
            keys = List.copyOf(keys);
        }

        /** Of interest in any case. */
        public Remark(String process, List<String> keys, String text, boolean isWarning) {
            this(process, keys, text, isWarning, false);
        }
    }

    /**
     * As the user who runs this would see it if this were the monitor. Blocks.
     *
     * @param environment the variables that every process would get
     */
    List<Remark> inspect(MonitorSpec spec, Map<String, String> environment);
}
