import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/** What run.sh hands to every part, and small tools that all parts use. */
final class Bench {
    private Bench() {}

    /** The folder of this run, which run.sh removes. */
    static Path work() {
        return Path.of(environment("BENCH_WORK"));
    }

    static String procmon() {
        return environment("BENCH_PRODUCT") + "/bin/procmon";
    }

    static String fcgiProc() {
        return environment("BENCH_PRODUCT") + "/bin/fcgi_proc";
    }

    /** Whether this is one of many runs in which two builds of procmon take turns, without peers. */
    static boolean comparesBuilds() {
        return System.getenv("BENCH_FIGURES") != null;
    }

    /** How often a part measures the same; less often where its runs are repeated in turns. */
    static int rounds(int usual) {
        return comparesBuilds() ? Math.ceilDiv(usual, 4) : usual;
    }

    /** procmon's own, for the monitor that is configured in a folder. */
    static Path stateFolder(Path folder) {
        return folder.resolve("s");
    }

    /**
     * A new folder for one measurement; its name is short, since Unix sockets come to lie in it.
     */
    static Path newFolder(String name) throws IOException {
        return Files.createTempDirectory(work(), name);
    }

    /** A TCP port of this machine's own address that nobody listens at. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** As many children, named c0, c1 and so on. */
    static Map<String, String> children(int count, IntFunction<String> command) {
        Map<String, String> children = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            children.put("c" + i, command.apply(i));
        }
        return children;
    }

    /** The value below which this share of all values lies; 0.5 is the median. */
    static double quantile(LongStream values, double share) {
        long[] sorted = values.sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    static double worst(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Tells on stderr what goes on; the tables alone go to stdout. */
    static void progress(String text) {
        System.err.println("bench: " + text);
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(
                    name + " is not set: start the benchmarks with ./build.sh bench");
        }
        return value;
    }
}
