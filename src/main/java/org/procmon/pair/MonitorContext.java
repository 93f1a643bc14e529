package org.procmon.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.cli.RunOptions;
import org.procmon.control.protocol.SocketLocation;

/**
 * Where a monitor works: the same for the primary, its backup and those that come after them.
 *
 * @param file the configuration, as it was named
 * @param state the state folder
 * @param uid the user that the monitor runs as
 * @param options what was asked for on the command line
 * @param environment this process's own
 */
public record MonitorContext(
        Path file, Path state, int uid, RunOptions options, Map<String, String> environment) {
    /** The folder for fifos, in the state folder. */
    public static final String FIFOS = "fifo";

    /** The folder for the proofs that runs were started, likewise. */
    public static final String START_MARKERS = "started";

    private static final String PROGRAM = "procmon.program";
    private static final Path ROOT_LOGS = Path.of("/var/log/procmon");
    private static final Path ROOT_PERMANENT = Path.of("/var/lib/procmon");

    public static MonitorContext of(
            Path file, RunOptions options, Map<String, String> environment, int uid) {
        Path state = SocketLocation.stateFolder(options.stateDir(), environment, uid);
        return new MonitorContext(file, BytePath.absolute(state), uid, options, environment);
    }

    public Path socket() {
        return state.resolve(SocketLocation.SOCKET);
    }

    /**
     * The folder for the children's output, unless the configuration names another: the user's
     * usual one, but one in the state folder where there is no such.
     */
    public Path logs() {
        Map<String, String> unnamed = new HashMap<>(environment);
        unnamed.remove(SocketLocation.VARIABLE);
        Path usual = SocketLocation.stateFolder(Optional.empty(), unnamed, uid);
        if (!state.equals(usual.toAbsolutePath())) {
            return state.resolve("log");
        }
        if (uid == 0) {
            return ROOT_LOGS;
        }
        return folder("XDG_STATE_HOME", "procmon")
                .or(() -> folder("HOME", ".local/state/procmon"))
                .orElseGet(() -> state.resolve("log"));
    }

    /** A folder of this user's below one that a variable names; empty if it cannot be. */
    private Optional<Path> folder(String variable, String below) {
        return Optional.of(BytePath.of(environment.getOrDefault(variable, "")))
                .filter(Path::isAbsolute)
                .map(folder -> folder.resolve(below))
                .filter(this::isOwn);
    }

    /**
     * Whether what is there of a path is this user's. So two users without an account and a home,
     * to whom a container gives the same one, never share a folder, and none is made where somebody
     * else could put a link instead.
     */
    private boolean isOwn(Path path) {
        for (Path at = path; at != null; at = at.getParent()) {
            try {
                return Files.getAttribute(at, "unix:uid").equals(uid)
                        && (!at.equals(path) || Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS));
            } catch (NoSuchFileException _) {
                // To be made.
            } catch (IOException _) {
                return false;
            }
        }
        return false;
    }

    /** The folder for what survives the boot. */
    public Path permanent() {
        Path logs = logs();
        return logs.equals(ROOT_LOGS)
                ? ROOT_PERMANENT
                : logs.equals(state.resolve("log")) ? state : logs;
    }

    /** For programs that this monitor starts: they find it by its state folder. */
    public Map<String, String> childEnvironment() {
        Map<String, String> all = new HashMap<>(environment);
        all.put(SocketLocation.VARIABLE, BytePath.text(state));
        // Those are the monitor's own, from whoever has started it.
        all.keySet().removeAll(NotifySettings.VARIABLES);
        return all;
    }

    /** For a further monitor, which notifies the same service manager. */
    Map<String, String> monitorEnvironment() {
        Map<String, String> all = childEnvironment();
        all.putAll(NotifySettings.in(environment));
        return all;
    }

    /** The program that a further monitor executes, which may be a newer one than this. */
    Path program() {
        return BytePath.absolute(Path.of(System.getProperty(PROGRAM, "procmon")));
    }

    /** A command line for a further monitor at the same place. */
    List<String> command(String... more) {
        List<String> words = new ArrayList<>();
        words.add(BytePath.text(program()));
        words.add("run");
        words.addAll(List.of(more));
        if (options.role() == RunOptions.Role.ALONE) {
            words.add("--no-backup");
        }
        if (options.verbose()) {
            words.add("-v");
        }
        words.add("--state-dir");
        words.add(BytePath.text(state));
        words.add("--");
        words.add(BytePath.text(BytePath.absolute(file)));
        return words;
    }
}
