package org.procmon.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.config.ProcessName;
import org.procmon.posix.Cgroup;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.FileStatus;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;

/**
 * A run of this monitor that exists, recognised by the marks that its processes carry.
 *
 * @param name its process
 * @param number which run of its process it is; {@link #UNKNOWN} if no mark says
 * @param pid its first process, or the number of the group that this has left
 * @param born when the kernel started that, in its clock ticks since boot; 0 if it has exited
 * @param uid the user that owns it
 * @param proven whether it carries a mark that only the monitor can give, rather than only
 *     variables, with which any user may start a program
 */
public record DiscoveredRun(String name, long number, int pid, long born, int uid, boolean proven) {
    /** The number of a run that is recognised only by its output. */
    public static final long UNKNOWN = 0;

    private static final Set<String> VARIABLES =
            Set.of(
                    PosixLauncher.ID_VARIABLE,
                    PosixLauncher.RUN_VARIABLE,
                    PosixLauncher.STATE_VARIABLE);

    private static final int[] OUTPUTS = {1, 2};

    /**
     * Searches once all processes of the machine for the marks of a monitor's runs: the variables
     * that a program started with, which it may have overwritten; the cgroup of its run; and the
     * fifos of its output. Any one of them is enough. A program that has none of the three, since
     * it cleared its environment, its output is not captured and there are no cgroups, is not
     * found.
     *
     * <p>Takes some milliseconds for a thousand processes. Any thread.
     *
     * @param state the state directory of the monitor
     * @param fifos its directory for fifos
     * @return by name, the latest run of each
     */
    public static Map<String, DiscoveredRun> all(Path state, Path fifos) {
        RunMarks marks = new RunMarks(state, fifos);
        Map<String, List<DiscoveredRun>> found = new HashMap<>();
        for (int pid : Processes.pids()) {
            Optional<ProcessStat> stat =
                    pid == CurrentProcess.pid() ? Optional.empty() : ProcessStat.of(pid);
            if (stat.isPresent() && !stat.get().hasEnded()) {
                marks.of(stat.get())
                        .ifPresent(run ->
                                found.computeIfAbsent(run.name(), _ -> new ArrayList<>()).add(run));
            }
        }
        Map<String, DiscoveredRun> latest = new HashMap<>();
        found.forEach((name, runs) -> latest.put(name, latest(runs)));
        return latest;
    }

    /**
     * Of everything that was found for one process: the first process of the latest run. What a run
     * starts in sessions of its own is younger.
     */
    private static DiscoveredRun latest(List<DiscoveredRun> runs) {
        long number = runs.stream().mapToLong(DiscoveredRun::number).max().orElse(UNKNOWN);
        DiscoveredRun first = null;
        for (DiscoveredRun run : runs) {
            boolean ofLatest = run.number == number || run.number == UNKNOWN;
            if (ofLatest && (first == null || run.isBefore(first))) {
                first = run;
            }
        }
        DiscoveredRun oldest = first == null ? runs.getFirst() : first;
        boolean proven = runs.stream().anyMatch(run -> run.pid == oldest.pid && run.proven);
        return new DiscoveredRun(oldest.name, number, oldest.pid, oldest.born, oldest.uid, proven);
    }

    private DiscoveredRun asProven() {
        return new DiscoveredRun(name, number, pid, born, uid, true);
    }

    /** A group whose leader has exited counts only where no leader is alive. */
    private boolean isBefore(DiscoveredRun other) {
        if (born == 0 || other.born == 0) {
            return other.born == 0 && born != 0;
        }
        return born < other.born;
    }

    /** The marks of the processes of one monitor. */
    private static final class RunMarks {
        private final String state;
        private final String fifos;
        private final String cgroup;
        private final FileStatus status = new FileStatus();

        RunMarks(Path state, Path fifos) {
            this.state = BytePath.text(state);
            this.fifos = BytePath.text(real(fifos)) + "/";
            this.cgroup = "/" + Cgroups.name(state) + "/";
        }

        /** The kernel shows paths without links in them. */
        private static Path real(Path folder) {
            try {
                return folder.toRealPath();
            } catch (IOException _) {
                return folder;
            }
        }

        /** Empty if it is no process of a run, or no longer in the session of one. */
        Optional<DiscoveredRun> of(ProcessStat stat) {
            if (stat.session() == 0) {
                // A thread of the kernel.
                return Optional.empty();
            }
            Optional<DiscoveredRun> proven =
                    stat.group() == stat.session()
                            ? byCgroup(stat).or(() -> byOutput(stat))
                            : Optional.empty();
            Optional<DiscoveredRun> claimed = byVariables(stat);
            if (claimed.isEmpty()) {
                return proven;
            }
            boolean agree = proven.filter(p -> p.name().equals(claimed.get().name())).isPresent();
            return claimed.map(run -> agree ? run.asProven() : run);
        }

        private Optional<DiscoveredRun> byVariables(ProcessStat stat) {
            Map<String, String> began = Processes.beginning(stat.pid(), VARIABLES);
            String name = began.getOrDefault(PosixLauncher.ID_VARIABLE, "");
            long number = number(began.getOrDefault(PosixLauncher.RUN_VARIABLE, ""));
            boolean ours = state.equals(began.get(PosixLauncher.STATE_VARIABLE));
            return ours && ProcessName.isValid(name) && number != UNKNOWN
                    ? leading(stat, name, number, false)
                    : Optional.empty();
        }

        private Optional<DiscoveredRun> byCgroup(ProcessStat stat) {
            String path = Cgroup.of(stat.pid()).orElse("");
            int start = path.indexOf(cgroup);
            if (start < 0) {
                return Optional.empty();
            }
            String run = path.substring(start + cgroup.length()).split("/", 2)[0];
            int dot = run.lastIndexOf('.');
            long number = number(run.substring(dot + 1));
            return dot > 0 && ProcessName.isValid(run.substring(0, dot)) && number != UNKNOWN
                    ? leading(stat, run.substring(0, dot), number, true)
                    : Optional.empty();
        }

        /**
         * A process whose first two descriptors are fifos of different processes is a tool, not a
         * run.
         */
        private Optional<DiscoveredRun> byOutput(ProcessStat stat) {
            if (!stat.leadsSession()) {
                return Optional.empty();
            }
            String name = "";
            for (int descriptor : OUTPUTS) {
                String file = Processes.file(stat.pid(), descriptor).orElse("");
                int dot = file.lastIndexOf('.');
                if (file.startsWith(fifos) && dot > fifos.length()) {
                    String owner = file.substring(fifos.length(), dot);
                    if (!name.isEmpty() && !name.equals(owner)) {
                        return Optional.empty();
                    }
                    name = owner;
                }
            }
            return !ProcessName.isValid(name)
                    ? Optional.empty()
                    : Optional.of(
                            new DiscoveredRun(
                                    name,
                                    UNKNOWN,
                                    stat.pid(),
                                    stat.born(),
                                    owner(stat.pid()),
                                    true));
        }

        /** The leader of its session, which is the run's first process, alive or not. */
        private Optional<DiscoveredRun> leading(
                ProcessStat stat, String name, long number, boolean proven) {
            int uid = owner(stat.pid());
            if (stat.leadsSession()) {
                return Optional.of(
                        new DiscoveredRun(name, number, stat.pid(), stat.born(), uid, proven));
            }
            Optional<ProcessStat> leader =
                    ProcessStat.of(stat.session()).filter(s -> !s.hasEnded() && s.leadsSession());
            if (leader.isPresent()) {
                return Optional.of(
                        new DiscoveredRun(
                                name,
                                number,
                                leader.get().pid(),
                                leader.get().born(),
                                owner(leader.get().pid()),
                                proven));
            }
            return stat.group() == stat.session()
                    ? Optional.of(new DiscoveredRun(name, number, stat.session(), 0, uid, proven))
                    : Optional.empty();
        }

        private int owner(int pid) {
            return status.read("/proc/" + pid) ? status.owner() : -1;
        }

        /** {@link #UNKNOWN} if it is none. */
        private static long number(String text) {
            boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
            return !digits || text.isEmpty() || text.length() > 18 ? UNKNOWN : Long.parseLong(text);
        }
    }
}
