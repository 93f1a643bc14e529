import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** procmon with pools of FastCGI workers, and the folder that it was configured in. */
record PoolMonitor(Path folder, Running running) implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** The thread that runs all pools. */
    static final String THREAD = "pools";

    /** One monitor. */
    static PoolMonitor alone(List<String> pools) throws IOException {
        return start(pools, Bench.procmon(), "run", "--no-backup");
    }

    /** Both monitors. */
    static PoolMonitor pair(List<String> pools) throws IOException {
        return start(pools, Bench.procmon(), "-f");
    }

    /** One monitor, which a debugger may attach to. */
    static PoolMonitor attachable(List<String> pools) throws IOException {
        return start(
                pools,
                "env",
                "PROCMON_JAVA_OPTIONS=-XX:-DisableAttachMechanism -XX:+StartAttachListener",
                Bench.procmon(),
                "run",
                "--no-backup");
    }

    private static PoolMonitor start(List<String> pools, String... command) throws IOException {
        Bench.progress("procmon with %d pools".formatted(pools.size()));
        Path folder = Bench.newFolder("p");
        Path file = folder.resolve("procmon.json");
        Files.writeString(file, "{\"pools\": [" + String.join(",\n", pools) + "]}\n");
        List<String> words = new ArrayList<>(List.of(command));
        words.add(file.toString());
        return new PoolMonitor(folder, Running.start(folder, "TERM", words));
    }

    /**
     * An entry of the configuration, for a pool that listens at {@link #socket}.
     *
     * @param keys what is added, in JSON
     */
    static String pool(String name, String exec, String keys) {
        return """
               {"id": "%s", "exec": "%s", "listen": "./%1$s.sock",
                "env": {"PHP_FCGI_MAX_REQUESTS": "0"}, %3$s}"""
                .formatted(name, exec, keys);
    }

    /** The keys of a pool on demand that soon stops idle workers. */
    static String onDemand(int workers) {
        return "\"mode\": \"ondemand\", \"workers\": %d, \"idle_timeout\": \"1s\""
                .formatted(workers);
    }

    static String always(int workers) {
        return "\"mode\": \"static\", \"workers\": " + workers;
    }

    Path socket(String pool) {
        return folder.resolve(pool + ".sock");
    }

    Path controlSocket() {
        return Bench.stateFolder(folder).resolve("control.sock");
    }

    /** The pids of the monitors, one or two, and of the process that keeps their sockets. */
    List<Long> supervisors(String program) {
        return running.tree().stream().filter(pid -> !Proc.name(pid).equals(program)).toList();
    }

    /** The pids of the processes that execute this program now. */
    Set<Long> workers(String program) {
        return workers(running, program);
    }

    static Set<Long> workers(Running running, String program) {
        return running.tree().stream()
                .skip(1)
                .filter(pid -> Proc.name(pid).equals(program))
                .collect(Collectors.toSet());
    }

    /** Waits until exactly so many execute this program. */
    static void await(Running running, String program, int count) throws InterruptedException {
        long begin = System.nanoTime();
        while (workers(running, program).size() != count) {
            if (System.nanoTime() - begin > LONGEST.toNanos() || !running.alive()) {
                throw new IllegalStateException(
                        "%d and not %d of %s run"
                                .formatted(
                                        workers(running, program).size(), count, program));
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        running.close();
    }
}
