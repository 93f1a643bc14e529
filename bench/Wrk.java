import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk, one thread. */
final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec: *([0-9.]+)");
    private static final Pattern BAD =
            Pattern.compile("Non-2xx or 3xx responses: *([0-9]+)|Socket errors: (.*)");

    private Wrk() {}

    /** Requests a second; none may fail. */
    static double rate(URI page, int connections, int seconds)
            throws IOException, InterruptedException {
        Path answer = Bench.work().resolve("wrk");
        Process wrk =
                new ProcessBuilder(
                                "wrk",
                                "-t1",
                                "-c" + connections,
                                "-d" + seconds + "s",
                                page.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(answer.toFile())
                        .start();
        wrk.waitFor();
        String text = Files.readString(answer);
        Matcher rate = RATE.matcher(text);
        if (!rate.find() || BAD.matcher(text).find()) {
            throw new IllegalStateException("wrk cannot measure %s: %s".formatted(page, text));
        }
        Bench.progress("%s: %s".formatted(page.getPath(), rate.group()));
        return Double.parseDouble(rate.group(1));
    }
}
