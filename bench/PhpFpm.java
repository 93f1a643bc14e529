import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** php-fpm with a configuration of its own, as whoever runs the benchmarks. */
final class PhpFpm {
    static final String TITLE = "php-fpm";
    private static final String USER = System.getProperty("user.name");

    private PhpFpm() {}

    static Table.Column column() {
        return new Table.Column(TITLE, installed());
    }

    static boolean installed() {
        return !Bench.comparesBuilds() && !program().isEmpty();
    }

    /** Debian's name for it has the version in it. */
    private static String program() {
        return System.getenv().getOrDefault("BENCH_PHP_FPM", "");
    }

    /** What the kernel calls it, master and children. */
    static String processName() {
        return Path.of(program()).getFileName().toString();
    }

    /** The part of the configuration for a pool that listens at FOLDER/NAME.sock. */
    static String pool(Path folder, String name, String... keys) {
        List<String> lines = new ArrayList<>(List.of("[" + name + "]"));
        lines.add("user = " + USER);
        lines.add("group = " + USER);
        lines.add("listen = %s/%s.sock".formatted(folder, name));
        lines.addAll(List.of(keys));
        return String.join("\n", lines);
    }

    static Running start(Path folder, List<String> pools) throws IOException {
        Bench.progress("php-fpm with %d pools".formatted(pools.size()));
        Path file = folder.resolve("php-fpm.conf");
        Files.writeString(
                file,
                "[global]\npid = %1$s/php-fpm.pid\nerror_log = %1$s/php-fpm.log\ndaemonize = no\n%2$s\n"
                        .formatted(folder, String.join("\n", pools)));
        List<String> command = new ArrayList<>(List.of(program(), "-F", "-y", file.toString()));
        if (USER.equals("root")) {
            command.add("-R");
        }
        return Running.start(folder, "TERM", command);
    }
}
