package org.procmon.launch.plan;

import java.util.Optional;
import org.procmon.launch.plan.PathWalk.Purpose;
import org.procmon.posix.Errno;

/**
 * Finds a program as the process that is to execute it would: in its own root, in the directories
 * of its own {@code PATH}, and with its own rights. Source: execvp(3). One thread at a time.
 */
final class ProgramFinder {
    static final String KEY = "exec";
    private static final char SEPARATOR = '/';

    private final PathWalk walk;
    private final Shebang shebang = new Shebang();

    ProgramFinder(PathWalk walk) {
        this.walk = walk;
    }

    /**
     * The path by which to execute a program; empty if only the process itself can find it.
     *
     * @throws LaunchRefused if it cannot be executed
     */
    Optional<String> find(String program, FileView fileView) throws LaunchRefused {
        String tried = "cannot execute '" + program + "': ";
        if (program.indexOf(SEPARATOR) >= 0) {
            return switch (walk.look(fileView.absolute(program), Purpose.EXECUTE, fileView)) {
                case FoundFile.Good(String path) -> {
                    checkInterpreter(path, tried, fileView);
                    yield Optional.of(program);
                }
                case FoundFile.Unknown _ -> Optional.empty();
                case FoundFile.Bad bad -> throw refusal(tried, bad);
            };
        }
        Optional<FoundFile.Bad> worst = Optional.empty();
        for (String folder : fileView.searchPath().split(":", -1)) {
            String file = fileView.absolute(folder.isEmpty() ? program : folder + "/" + program);
            switch (walk.look(file, Purpose.EXECUTE, fileView)) {
                case FoundFile.Good(String path) -> {
                    checkInterpreter(path, tried, fileView);
                    return Optional.of(file);
                }
                case FoundFile.Unknown _ -> {
                    return Optional.empty();
                }
                case FoundFile.Bad bad -> worst = worse(worst, bad);
            }
        }
        if (worst.isPresent()) {
            throw refusal(tried, worst.get());
        }
        throw new LaunchRefused(
                KEY, tried + "not found in PATH, which is " + fileView.searchPath());
    }

    /**
     * Refuses a program that is found but that the kernel cannot execute. Tools would take it for a
     * shell script.
     */
    void checkFormat(String program, FileView fileView) throws LaunchRefused {
        Optional<String> path = find(program, fileView);
        if (path.isPresent()
                && fileView.isOfMonitor()
                && shebang.isOfNoFormat(fileView.absolute(path.get()))) {
            throw new LaunchRefused(
                    KEY,
                    "cannot execute '"
                            + program
                            + "': "
                            + Errno.NO_EXEC_FORMAT.words()
                            + ", it is no binary and has no '#!' line");
        }
    }

    /** A result that says more than that the program is not in a directory. */
    private static Optional<FoundFile.Bad> worse(
            Optional<FoundFile.Bad> before, FoundFile.Bad bad) {
        boolean isAbsence = bad.errno().equals(Errno.ENOENT) || bad.errno().equals(Errno.NO_FOLDER);
        return before.isPresent() || isAbsence ? before : Optional.of(bad);
    }

    private void checkInterpreter(String path, String tried, FileView fileView)
            throws LaunchRefused {
        Optional<String> interpreter = shebang.interpreter(path);
        if (interpreter.isPresent()
                && walk.look(fileView.absolute(interpreter.get()), Purpose.EXECUTE, fileView)
                        instanceof FoundFile.Bad bad) {
            // Scripts that were written on another system have one at the end of the line.
            String shown = interpreter.get().replace("\r", "\\r");
            String reason = tried + "its interpreter '" + shown + "'";
            if (bad.errno().equals(Errno.ENOENT)) {
                throw new LaunchRefused(KEY, reason + " does not exist");
            }
            throw refusal(reason + ": ", bad);
        }
    }

    private static LaunchRefused refusal(String tried, FoundFile.Bad bad) {
        String reason = tried + bad.words();
        return bad.errno().isLasting()
                ? new LaunchRefused(KEY, reason)
                : LaunchRefused.forNow(reason);
    }
}
