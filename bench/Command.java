import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A command that was run to its end.
 *
 * @param seconds from just before it was started until it had ended
 * @param answer what it said
 */
record Command(double seconds, String answer) {
    /** Runs it, with the environment of a supervisor's folder, where what it says is kept. */
    static Command run(Path folder, List<String> words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("PROCMON_STATE_DIR", Bench.stateFolder(folder).toString());
        Path answer = folder.resolve("answer");
        builder.redirectErrorStream(true).redirectOutput(answer.toFile());
        long before = System.nanoTime();
        int status = builder.start().waitFor();
        double seconds = (System.nanoTime() - before) / 1e9;
        String text = Files.readString(answer);
        if (status != 0) {
            throw new IllegalStateException("%s ended with %d: %s".formatted(words, status, text));
        }
        return new Command(seconds, text);
    }
}
