package org.procmon.launch;

import java.util.Optional;
import org.procmon.launch.PathWalk.Purpose;
import org.procmon.posix.Errno;

/**
 * Finds a program as the process that is to execute it would: in its own root, in the folders of
 * its own {@code PATH}, and with its own rights. Source: execvp(3). One thread at a time.
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
     * @throws Refusal if it cannot be executed
     */
    Optional<String> find(String program, Vantage vantage) throws Refusal {
        String tried = "cannot execute '" + program + "': ";
        if (program.indexOf(SEPARATOR) >= 0) {
            return switch (walk.look(vantage.absolute(program), Purpose.EXECUTE, vantage)) {
                case Sight.Good(String path) -> {
                    checkInterpreter(path, tried, vantage);
                    yield Optional.of(program);
                }
                case Sight.Unknown _ -> Optional.empty();
                case Sight.Bad bad -> throw refusal(tried, bad);
            };
        }
        Optional<Sight.Bad> worst = Optional.empty();
        for (String folder : vantage.searchPath().split(":", -1)) {
            String file = vantage.absolute(folder.isEmpty() ? program : folder + "/" + program);
            switch (walk.look(file, Purpose.EXECUTE, vantage)) {
                case Sight.Good(String path) -> {
                    checkInterpreter(path, tried, vantage);
                    return Optional.of(file);
                }
                case Sight.Unknown _ -> {
                    return Optional.empty();
                }
                case Sight.Bad bad -> worst = worse(worst, bad);
            }
        }
        if (worst.isPresent()) {
            throw refusal(tried, worst.get());
        }
        throw new Refusal(KEY, tried + "not found in PATH, which is " + vantage.searchPath());
    }

    /**
     * Refuses a program that is found and that the kernel cannot execute. Where tools execute it,
     * they take it for a script of the shell.
     */
    void checkFormat(String program, Vantage vantage) throws Refusal {
        Optional<String> path = find(program, vantage);
        if (path.isPresent()
                && vantage.isOfMonitor()
                && shebang.isOfNoFormat(vantage.absolute(path.get()))) {
            throw new Refusal(
                    KEY,
                    "cannot execute '"
                            + program
                            + "': "
                            + Errno.NO_EXEC_FORMAT.words()
                            + ", it is no binary and has no '#!' line");
        }
    }

    /** What says more than that it is not in a folder. */
    private static Optional<Sight.Bad> worse(Optional<Sight.Bad> before, Sight.Bad bad) {
        boolean isAbsence = bad.errno().equals(Errno.ENOENT) || bad.errno().equals(Errno.NO_FOLDER);
        return before.isPresent() || isAbsence ? before : Optional.of(bad);
    }

    private void checkInterpreter(String path, String tried, Vantage vantage) throws Refusal {
        Optional<String> interpreter = shebang.interpreter(path);
        if (interpreter.isPresent()
                && walk.look(vantage.absolute(interpreter.get()), Purpose.EXECUTE, vantage)
                        instanceof Sight.Bad bad) {
            // Scripts that were written on another system have one at the end of the line.
            String shown = interpreter.get().replace("\r", "\\r");
            String reason = tried + "its interpreter '" + shown + "'";
            if (bad.errno().equals(Errno.ENOENT)) {
                throw new Refusal(KEY, reason + " does not exist");
            }
            throw refusal(reason + ": ", bad);
        }
    }

    private static Refusal refusal(String tried, Sight.Bad bad) {
        String reason = tried + bad.words();
        return bad.errno().isLasting() ? new Refusal(KEY, reason) : Refusal.forNow(reason);
    }
}
