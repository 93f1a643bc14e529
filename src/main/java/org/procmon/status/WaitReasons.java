package org.procmon.status;

import java.util.ArrayList;
import java.util.List;
import org.procmon.config.Dependency;
import org.procmon.config.Exec;
import org.procmon.config.Probe;
import org.procmon.config.ReadySignal;

/** What a process waits for, in words for people. */
final class WaitReasons {
    private WaitReasons() {}

    /** For a waiting process: {@code db, cache to be healthy}. */
    static String names(ProcessView view) {
        List<String> all = new ArrayList<>();
        for (String name : view.waitsFor()) {
            List<String> more = conditions(view, name);
            all.add(more.isEmpty() ? name : name + " to be " + String.join(" and ", more));
        }
        return String.join(", ", all);
    }

    /** For a waiting process: {@code db is up, cache is healthy}. */
    static String outlook(ProcessView view) {
        boolean plain = true;
        List<String> all = new ArrayList<>();
        for (String name : view.waitsFor()) {
            List<String> more = conditions(view, name);
            plain &= more.isEmpty();
            all.add(name + " is " + (more.isEmpty() ? "up" : String.join(" and ", more)));
        }
        return plain && all.size() > 1
                ? String.join(", ", view.waitsFor()) + " are up"
                : String.join(", ", all);
    }

    /** The condition that a dependency must meet besides being up. */
    private static List<String> conditions(ProcessView view, String name) {
        List<String> conditions = new ArrayList<>();
        for (Dependency dependency : view.spec().depends()) {
            if (dependency.on().equals(name)) {
                switch (dependency.when()) {
                    case READY -> conditions.add("ready");
                    case HEALTHY -> conditions.add("healthy");
                    case COMPLETED -> conditions.add("completed");
                    case STARTED -> {}
                }
            }
        }
        return conditions;
    }

    /** The condition for being ready, as the end of a sentence. */
    static String sign(ReadySignal readySignal) {
        return switch (readySignal) {
            case ReadySignal.Notify _ -> "it says READY=1";
            case ReadySignal.Newline line -> "it writes a newline to descriptor " + line.number();
            case ReadySignal.Output output ->
                    "its output has a line that matches " + output.regex();
            case ReadySignal.Appears appears -> "it makes " + appears.file();
            case ReadySignal.Answers answers -> question(answers.probe());
            case ReadySignal.Accepts _ -> "it waits for connections";
        };
    }

    private static String question(Probe probe) {
        return switch (probe) {
            case Probe.Tcp tcp -> "it accepts connections on " + tcp.host() + ":" + tcp.port();
            case Probe.Unix unix -> "it accepts connections on " + unix.socket();
            case Probe.Http http -> "it answers on " + http.url();
            case Probe.Run(Exec exec) -> "'" + exec.text() + "' is content";
        };
    }
}
