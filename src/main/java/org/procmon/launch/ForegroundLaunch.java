package org.procmon.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.Exec;
import org.procmon.config.ProcessSpec;
import org.procmon.launch.plan.ChainTools;
import org.procmon.launch.plan.LaunchPlan;
import org.procmon.launch.plan.LaunchPlanner;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.launch.plan.OwnPrivileges;
import org.procmon.launch.plan.RemoteFilesystems;
import org.procmon.posix.Environment;
import org.procmon.posix.Errno;
import org.procmon.posix.MountTable;
import org.procmon.posix.ProgramReplacement;
import org.procmon.posix.WorkingFolder;
import org.procmon.supervise.port.HelperCommand;

/**
 * Makes this program a command that has the user, the limits, the directory and the variables of a
 * process, as far as this user may set them, and keeps the terminal. It has no {@code PROCMON_RUN},
 * so no monitor takes it for a run.
 */
public final class ForegroundLaunch {
    private ForegroundLaunch() {}

    /**
     * Executes a command; does not return on success.
     *
     * @param spec the process that it is like
     * @param command the words of the command
     * @param environment the variables that it has unless the process has others
     * @return why it could not be executed
     */
    public static String become(ProcessSpec spec, Exec command, Map<String, String> environment) {
        LaunchPlan plan;
        try {
            plan = plan(spec, command, environment);
        } catch (LaunchRefused e) {
            return e.reason();
        }
        Optional<Errno> bad = plan.cwd().flatMap(WorkingFolder::change);
        if (bad.isPresent()) {
            return "cannot change to folder '" + plan.cwd().orElse("") + "': " + bad.get().words();
        }
        Errno errno =
                ProgramReplacement.replace(
                        plan.argv(), plan.environment(), plan.more(), List.of(), List.of());
        return "cannot execute '" + command.argv().getFirst() + "': " + errno.words();
    }

    private static LaunchPlan plan(ProcessSpec spec, Exec command, Map<String, String> environment)
            throws LaunchRefused {
        LaunchPlanner planner =
                new LaunchPlanner(
                        environment,
                        Environment.of(environment),
                        OwnPrivileges::own,
                        new ChainTools(Path.of("/"), ChainTools.FOLDERS),
                        new RemoteFilesystems(
                                MountTable.open()::mounts, LaunchPlanner.searchPath(environment)));
        Map<String, String> own = new HashMap<>(PosixLauncher.ownVariables(spec, 1));
        own.remove(PosixLauncher.RUN_VARIABLE);
        return planner.of(new HelperCommand(spec, command, Duration.ofDays(1)), own);
    }
}
