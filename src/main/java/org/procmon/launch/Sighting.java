package org.procmon.launch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;
import org.procmon.posix.Self;

/**
 * A run that is there, known by the variables that it began with.
 *
 * @param number which run of its process it is
 * @param pid its first process
 * @param born when the kernel started that
 */
public record Sighting(long number, int pid, long born) {
    private static final Set<String> VARIABLES =
            Set.of(
                    PosixLauncher.ID_VARIABLE,
                    PosixLauncher.RUN_VARIABLE,
                    PosixLauncher.STATE_VARIABLE);

    /**
     * The latest runs that are there of processes with these names: of each its first process,
     * which is the oldest that leads a session. Looks once at all processes of the machine, which
     * takes some milliseconds for a thousand. Any thread.
     *
     * @param state the state folder of their monitor
     */
    public static Map<String, Sighting> of(Set<String> names, String state) {
        Map<String, Sighting> latest = new HashMap<>();
        for (int pid : Processes.pids()) {
            Optional<ProcessStat> stat = ProcessStat.of(pid);
            if (pid == Self.pid()
                    || stat.isEmpty()
                    || stat.get().hasEnded()
                    || !stat.get().leadsSession()) {
                continue;
            }
            Map<String, String> began = Processes.beginning(pid, VARIABLES);
            String name = began.getOrDefault(PosixLauncher.ID_VARIABLE, "");
            long number = number(began.getOrDefault(PosixLauncher.RUN_VARIABLE, ""));
            boolean ours = state.equals(began.get(PosixLauncher.STATE_VARIABLE));
            if (ours && number > 0 && names.contains(name)) {
                latest.merge(name, new Sighting(number, pid, stat.get().born()), Sighting::first);
            }
        }
        return latest;
    }

    private Sighting first(Sighting other) {
        boolean later = number == other.number ? born <= other.born : number > other.number;
        return later ? this : other;
    }

    /** 0 if it is none. */
    private static long number(String text) {
        boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
        return !digits || text.isEmpty() || text.length() > 18 ? 0 : Long.parseLong(text);
    }
}
